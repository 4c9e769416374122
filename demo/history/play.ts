/** Plays the stories in the simulated Telegram, so that the customers' phones hold what the hub's history tells. */
import type { SimBot, SimMessage, TelegramCustomer, TelegramSimulator } from "../simulators/telegram.ts";
import { readMarkup } from "../markup.ts";
import { pictureOf } from "../pictures.ts";
import { Seeded } from "../random.ts";
import { suppliesOf, type Supply } from "../supplies.ts";
import type { Desk, Line, Story } from "../story.ts";
import type { BotDoor } from "./bot-door.ts";
import { schedule } from "./schedule.ts";

/** One message, or one thing that happened. An album's line gives several beats. */
export interface Beat {
  line: Line;
  /** Place of the line in its story. */
  index: number;
  at: Date;
  supply?: Supply;
  /** Only the first message of an album carries the words. */
  text?: string;
  albumId?: string;
  sim?: SimMessage;
}

export interface Played {
  story: Story;
  customer: TelegramCustomer;
  beats: Beat[];
}

export interface Stage {
  simulator: TelegramSimulator;
  bots: Record<Desk, SimBot>;
  doors: Record<Desk, BotDoor>;
}

/** Story after story; the bots are told nothing of it, since the hub gets its history by another way. */
export async function playStories(stage: Stage, stories: Story[], now: Date): Promise<Played[]> {
  const random = new Seeded(2291);
  const played: Played[] = [];
  for (const story of stories) played.push(await playStory(stage, story, schedule(story, now, random)));
  for (const bot of stage.simulator.bots) bot.queue.dropPending();
  return played;
}

async function playStory(stage: Stage, story: Story, times: Date[]): Promise<Played> {
  const { name, username, language, picture } = story.customer;
  const customer = await stage.simulator.addCustomer({
    name,
    username,
    languageCode: language,
    ...(picture ? { photo: await pictureOf(picture) } : {}),
  });
  const beats: Beat[] = [];
  for (const [index, line] of story.lines.entries()) {
    const at = times[index] ?? new Date();
    const said = await playLine(stage, story, customer, { line, index, at }, beats);
    for (const beat of said) if (beat.sim) beat.sim.message.date = Math.floor(beat.at.getTime() / 1000);
    beats.push(...said);
  }
  return { story, customer, beats };
}

async function playLine(
  stage: Stage,
  story: Story,
  customer: TelegramCustomer,
  beat: Beat,
  before: Beat[],
): Promise<Beat[]> {
  const { line } = beat;
  const bot = stage.bots[story.desk];
  if (line.event?.what === "blocked") customer.block(bot);
  if (line.kind === "event" || line.kind === "note" || line.state === "failed") return [withText(beat)];
  if (line.kind === "press") return [pressButton(customer, bot, beat, before)];
  if (line.kind === "start") return [{ ...beat, sim: customer.start(bot, line.text) }];
  const said =
    line.by === "customer"
      ? await sayAsCustomer(customer, bot, beat, before)
      : [await sayAsStaff(stage.doors[story.desk], customer, bot, beat, before)];
  for (const { sim } of said.slice(0, 1)) if (sim) leaveMarks(sim, line);
  return said;
}

function withText(beat: Beat): Beat {
  const [supply] = suppliesOf(beat.line);
  return {
    ...beat,
    ...(beat.line.text === undefined ? {} : { text: beat.line.text }),
    ...(supply ? { supply } : {}),
  };
}

async function sayAsCustomer(
  customer: TelegramCustomer,
  bot: SimBot,
  beat: Beat,
  before: Beat[],
): Promise<Beat[]> {
  const { line } = beat;
  const supplies = suppliesOf(line);
  const { text, entities } = readMarkup(line.text ?? "");
  const replyTo = simOf(line, before)?.id;
  const extra = { bot, ...(replyTo === undefined ? {} : { replyTo }), ...(text && { caption: text }) };
  if (supplies.length > 1) {
    const sims = await customer.sendAlbum(await Promise.all(supplies.map((one) => one.bytes())), extra);
    return supplies.map((supply, index) => ({ ...albumPart(beat, supply, index), ...simAt(sims, index) }));
  }
  const [supply] = supplies;
  if (supply) return [{ ...withText(beat), sim: await sendSupply(customer, supply, extra) }];
  if (line.place?.title)
    return [
      {
        ...beat,
        sim: customer.sendVenue({ address: "", ...line.place, title: line.place.title }, { bot }),
      },
    ];
  if (line.place)
    return [{ ...beat, sim: customer.sendLocation(line.place.latitude, line.place.longitude, { bot }) }];
  if (line.card) return [{ ...beat, sim: customer.sendContact(line.card, { bot }) }];
  if (line.forwardedFrom)
    return [{ ...withText(beat), sim: customer.forward(line.forwardedFrom, text, { bot }) }];
  return [{ ...withText(beat), sim: customer.say(text, { ...extra, entities: entities.map(asTelegrams) }) }];
}

function albumPart(beat: Beat, supply: Supply, index: number): Beat {
  const { text } = beat.line;
  return {
    ...beat,
    supply,
    ...(index === 0 && text !== undefined ? { text } : {}),
    at: new Date(beat.at.getTime() + index * 1000),
  };
}

function simAt(sims: SimMessage[], index: number): Pick<Beat, "sim" | "albumId"> {
  const sim = sims[index];
  if (!sim) return {};
  const albumId = sim.message.media_group_id;
  return { sim, ...(albumId ? { albumId } : {}) };
}

async function sendSupply(
  customer: TelegramCustomer,
  supply: Supply,
  extra: { bot: SimBot; caption?: string; replyTo?: number },
): Promise<SimMessage> {
  const bytes = await supply.bytes();
  const file = { bytes, ...(supply.fileName === undefined ? {} : { name: supply.fileName }) };
  switch (supply.kind) {
    case "image":
      return customer.sendPhoto(bytes, extra);
    case "voice":
      return customer.sendVoice({ bytes }, { ...extra, duration: (supply.durationMs ?? 0) / 1000 });
    case "video":
      return customer.sendVideo(file, extra);
    case "video_note":
      return customer.sendVideoNote(file, extra);
    case "document":
      return customer.sendDocument(file, extra);
    case "sticker":
      return customer.sendSticker(file, { ...extra, ...(supply.emoji ? { emoji: supply.emoji } : {}) });
  }
}

async function sayAsStaff(
  door: BotDoor,
  customer: TelegramCustomer,
  bot: SimBot,
  beat: Beat,
  before: Beat[],
): Promise<Beat> {
  const full = withText(beat);
  const replyTo = simOf(beat.line, before)?.id;
  const id = await door.say(customer.id, full, replyTo);
  const sim = customer.chat(bot).find(id);
  return { ...full, ...(sim ? { sim } : {}) };
}

/** The first message of the line that this one answers. */
function simOf({ replyTo }: Line, before: Beat[]): SimMessage | undefined {
  return before.find(({ index }) => index === replyTo)?.sim;
}

/** An edit and a reaction, as the phones show them. */
function leaveMarks(sim: SimMessage, { edited, reaction }: Line): void {
  if (edited) sim.message.edit_date = sim.message.date;
  if (reaction) sim.reactions[reaction.by === "contact" ? "customer" : "bot"] = [reaction.emoji];
}

/** A press has no message of its own; it names the one whose button it was. */
function pressButton(customer: TelegramCustomer, bot: SimBot, beat: Beat, before: Beat[]): Beat {
  const target = before.findLast(({ line }) => line.buttons)?.sim;
  const titles = target?.message.reply_markup?.inline_keyboard.flat().map((button) => button.text) ?? [];
  if (!target) throw new Error("there is no button to press");
  customer.press(target.id, titles.indexOf(beat.line.text ?? ""), { bot });
  for (const press of customer.chat(bot).presses) press.answered = true;
  return beat;
}

/** The types that stories use bear the same names on Telegram. */
function asTelegrams({ type, offset, length, url }: ReturnType<typeof readMarkup>["entities"][number]) {
  if (type === "text_link") return { type: "text_link" as const, offset, length, url: url ?? "" };
  return { type: type as "bold" | "italic" | "code" | "strikethrough" | "spoiler", offset, length };
}
