/** Messenger and Instagram: words and files apart, quick replies, answers to stories. */
import type {
  MessengerCustomer,
  MessengerSimulator,
  Platform,
  SimMessage,
  SimPage,
} from "../../simulators/messenger.ts";
import { pictureOf } from "../../pictures.ts";
import type { Story } from "../../story.ts";
import type { Supply } from "../../supplies.ts";
import { answered, pressed, valueOf, withText, type Beat, type Phone } from "../play.ts";

type Kept = Omit<SimMessage, "mid" | "at">;

export async function messengerPhone(
  simulator: MessengerSimulator,
  page: SimPage,
  object: Platform,
  { customer: { name, username, picture } }: Story,
): Promise<Phone> {
  const photo = picture && (await pictureOf(picture));
  const person = simulator.addPerson({
    name,
    ...(username ? { username } : {}),
    ...(photo ? { photo } : {}),
  });
  const customer = simulator.customer(page, person, object);
  const onPage = object === "page";
  const scope = onPage ? page.id : (page.instagram?.id ?? "");
  const label = !onPage && username ? `@${username}` : "";
  return {
    threadKey: customer.id,
    aliases: [{ scheme: onPage ? "facebook_psid" : "instagram_igsid", scope, value: customer.id, label }],
    block: () => customer.block(),
    reach: (read) => (read ? "read" : onPage ? "delivered" : "sent"),
    say: async (beat, before) => [await say(simulator, customer, beat, before)],
    async hear(beat, before) {
      const { line, text } = beat;
      const replyTo = answered(line, before);
      const quickReplies = line.buttons?.map((title, index) => ({ title, payload: valueOf(index) }));
      return keep(customer, beat, {
        from: "page",
        ...(text && { text }),
        ...(beat.supply && (await fileOf(simulator, beat.supply))),
        ...(replyTo && { replyTo }),
        ...(quickReplies && { quickReplies }),
        state: "delivered",
      });
    },
    settle(beats) {
      for (const { externalId, state } of beats)
        for (const message of customer.messages)
          if (message.mid === externalId && state) message.state = state;
    },
  };
}

async function say(
  simulator: MessengerSimulator,
  customer: MessengerCustomer,
  beat: Beat,
  before: Beat[],
): Promise<Beat> {
  const { line } = beat;
  customer.thread.lastFromCustomer = beat.at.getTime();
  if (line.kind === "press") {
    const { content } = pressed(line, before);
    const text = line.text ?? "";
    return keep(customer, { ...beat, content }, { from: "customer", text, pressed: true });
  }
  if (line.kind === "start") {
    const action = { title: "Get started", value: "GET_STARTED" };
    const text = action.title;
    return keep(customer, { ...beat, content: { action } }, { from: "customer", text, pressed: true });
  }
  const full = withText(beat);
  const replyTo = answered(line, before);
  const file = full.supply && (await fileOf(simulator, full.supply));
  return keep(
    customer,
    {
      ...full,
      ...(file && { source: { type: "url", value: file.attachment.payload.url } }),
      ...(line.story && {
        content: { card: { what: "story_reply", url: await storyOf(simulator, line.story) } },
      }),
    },
    {
      from: "customer",
      ...(full.text !== undefined && { text: full.text }),
      ...file,
      ...(full.supply?.kind === "sticker" && { sticker: true }),
      ...(replyTo && { replyTo }),
      ...(line.story && { story: true }),
    },
  );
}

/** The message gets its time, its marks and its id. */
function keep(customer: MessengerCustomer, beat: Beat, kept: Kept): Beat {
  const { edited, reaction } = beat.line;
  const message = customer.keep({
    ...kept,
    ...(edited && { edited }),
    ...(reaction && { [reaction.by === "contact" ? "emoji" : "reaction"]: reaction.emoji }),
  });
  message.at = beat.at.getTime();
  return { ...beat, externalId: message.mid };
}

const types: Partial<Record<Supply["kind"], string>> = { image: "image", sticker: "image", voice: "audio" };

async function fileOf({ graph, url: origin }: MessengerSimulator, supply: Supply) {
  const { kind, key, mime, fileName = key } = supply;
  const stored = graph.media.add({ bytes: await supply.bytes(), mime, name: fileName }, { open: true });
  const payload = { url: graph.media.linkOf(stored, origin) };
  return { attachment: { type: types[kind] ?? "file", payload }, fileId: stored.id };
}

async function storyOf(
  { graph, url: origin }: MessengerSimulator,
  name: Parameters<typeof pictureOf>[0],
): Promise<string> {
  const file = { bytes: await pictureOf(name), mime: "image/jpeg", name: `${name}.jpg` };
  return graph.media.linkOf(graph.media.add(file, { open: true }), origin);
}
