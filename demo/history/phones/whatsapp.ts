/** WhatsApp, without formatting and albums; what stands outside the day's window is a template. */
import type {
  SimMessage,
  SimNumber,
  WhatsappCustomer,
  WhatsappSimulator,
} from "../../simulators/whatsapp.ts";
import type { Story } from "../../story.ts";
import type { Supply } from "../../supplies.ts";
import { suppliesOf } from "../../supplies.ts";
import { answered, pressed, valueOf, withText, type Beat, type Phone } from "../play.ts";

type Outgoing = Parameters<WhatsappSimulator["accept"]>[1];

const dayMs = 86_400_000;

export function whatsappPhone(
  simulator: WhatsappSimulator,
  number: SimNumber,
  { customer: { name, phone } }: Story,
): Phone {
  if (!phone) throw new Error(`${name} needs a phone number for WhatsApp`);
  const customer = simulator.addCustomer({ name, phone: phone.replace(/\D/g, "") });
  const chat = customer.chat(number);
  return {
    threadKey: customer.phone,
    aliases: [{ scheme: "wa_phone", scope: "", value: customer.phone, label: `+${customer.phone}` }],
    block: () => void (chat.blocked = true),
    reach: (read) => (read ? "read" : "delivered"),
    say: (beat, before) => say(customer, number, beat, before),
    async hear(beat, before) {
      const id = simulator.accept(number.id, await outgoingOf(simulator, beat, customer, before));
      return told(beat, find(chat.messages, id));
    },
    settle(beats) {
      for (const { externalId, state } of beats)
        if (state && externalId) find(chat.messages, externalId).state = state;
      const last = chat.messages.findLast(({ by }) => by === "customer");
      chat.closed = Date.now() - (last?.at.getTime() ?? 0) > dayMs;
    },
  };
}

function find(messages: SimMessage[], id: string): SimMessage {
  const message = messages.find((one) => one.id === id);
  if (!message) throw new Error("the message is not on the phone");
  return message;
}

function told(beat: Beat, message: SimMessage): Beat {
  message.at = beat.at;
  if (message.by === "customer") message.state = "read";
  message.edited = beat.line.edited ?? false;
  message.reaction = beat.line.reaction?.emoji ?? "";
  return { ...beat, externalId: message.id };
}

async function say(
  customer: WhatsappCustomer,
  number: SimNumber,
  beat: Beat,
  before: Beat[],
): Promise<Beat[]> {
  const { line } = beat;
  const { messages } = customer.chat(number);
  if (line.kind === "press") {
    const { target, index, content } = pressed(line, before);
    const targetExternalId = target.externalId ?? "";
    const message = customer.pressAt(number, find(messages, targetExternalId), index);
    return [told({ ...beat, content: { action: { ...content.action, targetExternalId } } }, message)];
  }
  const supplies = suppliesOf(line);
  const replyTo = answered(line, before);
  if (supplies.length > 0) {
    const beats: Beat[] = [];
    for (const [index, supply] of supplies.entries())
      beats.push(await sendSupply(customer, number, part(beat, supply, index), replyTo));
    return beats;
  }
  if (line.place) {
    const { title, ...place } = line.place;
    const location = { ...place, ...(title && { name: title }) };
    return [told(beat, customer.send(number, "location", { location }))];
  }
  if (line.card) return [told(beat, customer.sendContact(number, line.card))];
  const text = line.text ?? "";
  const message = replyTo
    ? customer.reply(number, find(messages, replyTo), text)
    : customer.say(number, text);
  return [told(withText(beat), message)];
}

/** Pictures that are sent together are messages of their own; the first has the words. */
function part(beat: Beat, supply: Supply, index: number): Beat & { supply: Supply } {
  const { text } = beat.line;
  return {
    ...beat,
    supply,
    ...(index === 0 && text !== undefined ? { text } : {}),
    at: new Date(beat.at.getTime() + index * 1000),
  };
}

async function sendSupply(
  customer: WhatsappCustomer,
  number: SimNumber,
  beat: Beat & { supply: Supply },
  replyTo: string | undefined,
): Promise<Beat> {
  const { kind, details, file } = await parcelOf(beat.supply, beat.text);
  const message = customer.sendFile(number, kind, file, details, replyTo);
  const source = { type: "media_id", value: (message.body[kind] as { id: string }).id };
  return told({ ...beat, source }, message);
}

const kinds = {
  image: "image",
  voice: "audio",
  video: "video",
  video_note: "video",
  document: "document",
  sticker: "sticker",
} as const;

async function parcelOf(supply: Supply, caption: string | undefined) {
  const { kind, mime, fileName, key } = supply;
  return {
    kind: kinds[kind],
    file: { bytes: await supply.bytes(), mime, name: fileName ?? key },
    details: {
      ...(caption && { caption }),
      ...(kind === "voice" && { voice: true }),
      ...(kind === "document" && fileName && { filename: fileName }),
    },
  };
}

async function outgoingOf(
  simulator: WhatsappSimulator,
  { line, text = "", supply }: Beat,
  { phone: to }: WhatsappCustomer,
  before: Beat[],
): Promise<Outgoing> {
  const replyTo = answered(line, before);
  const base = {
    messaging_product: "whatsapp" as const,
    to,
    ...(replyTo ? { context: { message_id: replyTo } } : {}),
  };
  if (line.template) {
    const { name, language, params } = line.template;
    const parameters = params.map((param) => ({ type: "text" as const, text: param }));
    const components = [{ type: "body", parameters }];
    return { ...base, type: "template", template: { name, language: { code: language }, components } };
  }
  if (line.buttons) {
    const buttons = line.buttons.map((title, index) => ({
      type: "reply" as const,
      reply: { id: valueOf(index), title },
    }));
    const interactive = { type: "button" as const, body: { text }, action: { buttons } };
    return { ...base, type: "interactive", interactive };
  }
  if (supply) {
    const { kind, file, details } = await parcelOf(supply, text);
    return { ...base, type: kind, [kind]: { id: simulator.media.add(file).id, ...details } };
  }
  if (line.place) {
    const { title, ...place } = line.place;
    return { ...base, type: "location", location: { ...place, ...(title && { name: title }) } };
  }
  return { ...base, type: "text", text: { body: text } };
}
