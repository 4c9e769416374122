/** Telegram: the customer's side by the simulator, the studio's through the Bot API, as the hub will later. */
import { readMarkup } from "../../markup.ts";
import { pictureOf } from "../../pictures.ts";
import type { SimBot, SimMessage, TelegramCustomer, TelegramSimulator } from "../../simulators/telegram.ts";
import type { Line, Story } from "../../story.ts";
import { suppliesOf, type Supply } from "../../supplies.ts";
import type { HistoryContent } from "../messages.ts";
import { answered, pressed, withText, type Beat, type Phone } from "../play.ts";
import type { BotDoor } from "./bot-door.ts";

export async function telegramPhone(
  simulator: TelegramSimulator,
  bot: SimBot,
  door: BotDoor,
  { customer: { name, username, language, picture } }: Story,
): Promise<Phone> {
  const photo = picture && (await pictureOf(picture));
  const customer = await simulator.addCustomer({ name, username, languageCode: language, photo });
  const threadKey = String(customer.id);
  const label = username ? `@${username}` : "";
  return {
    threadKey,
    aliases: [{ scheme: "telegram_user", scope: "", value: threadKey, label }],
    block: () => customer.block(bot),
    reach: () => "sent",
    say: (beat, before) => say(customer, bot, beat, before),
    async hear(beat, before) {
      const id = await door.say(customer.id, beat, numberOf(answered(beat.line, before)));
      const sim = customer.chat(bot).find(id);
      if (!sim) throw new Error("the bot's message is not on the phone");
      return told(beat, sim);
    },
  };
}

/** The message gets its time, its marks and its id. */
function told(beat: Beat, sim: SimMessage, marked = true): Beat {
  sim.message.date = Math.floor(beat.at.getTime() / 1000);
  if (marked) leaveMarks(sim, beat.line);
  const source = sim.by === "customer" && sim.file ? { type: "file_id", value: sim.file.fileId } : undefined;
  return { ...beat, externalId: String(sim.id), ...(source ? { source } : {}) };
}

function leaveMarks(sim: SimMessage, { edited, reaction }: Line): void {
  if (edited) sim.message.edit_date = sim.message.date;
  if (reaction) sim.reactions[reaction.by === "contact" ? "customer" : "bot"] = [reaction.emoji];
}

async function say(customer: TelegramCustomer, bot: SimBot, beat: Beat, before: Beat[]): Promise<Beat[]> {
  const { line } = beat;
  if (line.kind === "press") return [press(customer, bot, beat, before)];
  if (line.kind === "start")
    return [told({ ...beat, content: startOf(line.text ?? "") }, customer.start(bot, line.text))];
  const supplies = suppliesOf(line);
  const { text, entities } = readMarkup(line.text ?? "");
  const replyTo = numberOf(answered(line, before));
  const extra = { bot, ...(replyTo === undefined ? {} : { replyTo }), ...(text && { caption: text }) };
  if (supplies.length > 1) {
    const sims = await customer.sendAlbum(await Promise.all(supplies.map((one) => one.bytes())), extra);
    return sims.map((sim, index) => told(albumPart(beat, supplies[index], sim, index), sim, index === 0));
  }
  const [supply] = supplies;
  const full = withText(beat);
  if (supply) return [told(full, await sendSupply(customer, supply, extra))];
  if (line.place?.title) {
    const venue = { address: "", ...line.place, title: line.place.title };
    return [told(beat, customer.sendVenue(venue, { bot }))];
  }
  if (line.place)
    return [told(beat, customer.sendLocation(line.place.latitude, line.place.longitude, { bot }))];
  if (line.card) return [told(beat, customer.sendContact(line.card, { bot }))];
  if (line.forwardedFrom) return [told(full, customer.forward(line.forwardedFrom, text, { bot }))];
  return [told(full, customer.say(text, { ...extra, entities: entities.map(asTelegrams) }))];
}

function albumPart(beat: Beat, supply: Supply | undefined, sim: SimMessage, index: number): Beat {
  const { text } = beat.line;
  const albumId = sim.message.media_group_id;
  return {
    ...beat,
    ...(supply ? { supply } : {}),
    ...(index === 0 && text !== undefined ? { text } : {}),
    ...(albumId ? { albumId } : {}),
    at: new Date(beat.at.getTime() + index * 1000),
  };
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

/** A press has no message of its own; it names the one whose button it was. */
function press(customer: TelegramCustomer, bot: SimBot, beat: Beat, before: Beat[]): Beat {
  const { target, index, content } = pressed(beat.line, before);
  customer.press(Number(target.externalId), index, { bot });
  for (const one of customer.chat(bot).presses) one.answered = true;
  const targetExternalId = target.externalId ?? "";
  return { ...beat, content: { action: { ...content.action, targetExternalId } } };
}

function startOf(payload: string): HistoryContent {
  return {
    text: `/start ${payload}`,
    entities: [{ type: "bot_command", offset: 0, length: "/start".length }],
    service: { what: "start", data: { payload } },
  };
}

function numberOf(id: string | undefined): number | undefined {
  return id === undefined ? undefined : Number(id);
}

/** The types that stories use bear the same names on Telegram. */
function asTelegrams({ type, offset, length, url }: ReturnType<typeof readMarkup>["entities"][number]) {
  if (type === "text_link") return { type: "text_link" as const, offset, length, url: url ?? "" };
  return { type: type as "bold" | "italic" | "code" | "strikethrough" | "spoiler", offset, length };
}
