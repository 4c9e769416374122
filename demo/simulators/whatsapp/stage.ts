/** WhatsApp on the customers' page: chats of phones with the numbers of the business. */
import { z } from "zod";
import type { GraphFailure } from "../graph.ts";
import { found, type Act, type ActName, type Failure, type Place, type Stage } from "../stage.ts";
import type { StageMessage } from "../stage.ts";
import { voiceOf } from "../voice.ts";
import type { WhatsappSimulator } from "../whatsapp.ts";
import type { WhatsappCustomer } from "./customer.ts";
import { newPhone } from "./world.ts";
import type { SimChat, SimMessage, SimNumber } from "./world.ts";

/** Every message has a type; what the business only marks as read has none. */
const sends = { path: "/messages", having: "type" };
const failures: Record<Failure, GraphFailure> = {
  "429": { ...sends, kind: "error", error: { code: 130_429, status: 429, message: "Rate limit hit" } },
  "5xx": { ...sends, kind: "5xx" },
  no_answer: { ...sends, kind: "drop_after_accept" },
  refused: { ...sends, kind: "error", error: { code: 100, message: "Invalid parameter" } },
};

export function whatsappStage(simulator: WhatsappSimulator): Stage {
  const at = ({ account, person }: Place): { number: SimNumber; customer: WhatsappCustomer } => ({
    number: found(
      simulator.numbers.find(({ id }) => id === account),
      "number",
    ),
    customer: found(
      simulator.people.find(({ phone }) => phone === person),
      "customer",
    ),
  });
  return {
    kind: "whatsapp",
    title: "WhatsApp",
    failures: ["429", "5xx", "no_answer", "refused"],
    asks: "phone",
    accounts: () => simulator.numbers.map(({ id, name }) => ({ id, name })),
    people: () => simulator.people.map((customer) => personOf(simulator, customer)),
    chat: (place) => {
      const { number, customer } = at(place);
      return chatOf(simulator, customer.chat(number));
    },
    perform: (place, act, bytes) => {
      const { number, customer } = at(place);
      return perform(customer, number, act, bytes);
    },
    add: ({ name, handle }) => {
      const phone = handle?.replace(/\D/g, "") || newPhone();
      return simulator.addCustomer({ name, phone }).phone;
    },
    file: (id) => simulator.media.get(id),
    failNext: (failure) => simulator.failNext(failures[failure]),
    follow(listener) {
      simulator.events.on("change", listener);
      return () => void simulator.events.off("change", listener);
    },
  };
}

function personOf(simulator: WhatsappSimulator, customer: WhatsappCustomer) {
  const last = simulator.numbers
    .flatMap((number) => customer.chat(number).messages.slice(-1))
    .toSorted((a, b) => b.at.getTime() - a.at.getTime())[0];
  const { phone, name } = customer;
  return {
    id: phone,
    name,
    handle: `+${phone}`,
    last: last && {
      text: textOf(simulator, last),
      kind: mediaOf(simulator, last.body)[0]?.kind ?? last.type,
      at: last.at.getTime(),
    },
  };
}

function chatOf(simulator: WhatsappSimulator, chat: SimChat): ReturnType<Stage["chat"]> {
  const { blocked, closed, typingAt, messages } = chat;
  const typing = typingAt !== undefined && Date.now() - typingAt.getTime() < 5000;
  const unread = messages.some(
    ({ by, state }) => by === "business" && (state === "sent" || state === "delivered"),
  );
  const talks: ActName[] = ["say", "send", "location", "contact", "block"];
  return {
    status: blocked ? "blocked" : closed && messages.length > 0 ? "closed" : typing ? "typing" : "online",
    acts: blocked
      ? ["unblock"]
      : [...talks, ...(unread ? (["read"] as const) : []), ...(closed ? [] : (["wait"] as const))],
    files: ["photo", "video", "voice", "audio", "document", "sticker"],
    emojis: ["👍", "❤️", "😂", "😮", "😢", "🙏"],
    replies: true,
    letters: false,
    pressed: [],
    messages: messages
      .filter(({ deleted, state, by }) => !deleted && !(by === "business" && state === "failed"))
      .map((message) => messageOf(simulator, chat, message)),
  };
}

const file = z.object({ id: z.string(), filename: z.string().optional(), voice: z.boolean().optional() });
const kinds = { image: "photo", video: "video", audio: "audio", document: "document", sticker: "sticker" };

/** Of a message either way: the API and the webhook name the parts alike. */
const said = z.object({
  context: z.object({ message_id: z.string().optional(), id: z.string().optional() }).optional(),
  location: z
    .object({
      latitude: z.number(),
      longitude: z.number(),
      name: z.string().optional(),
      address: z.string().optional(),
    })
    .optional(),
  contacts: z
    .array(
      z.object({
        name: z.object({ formatted_name: z.string() }),
        phones: z.array(z.object({ phone: z.string() })).default([]),
      }),
    )
    .optional(),
  template: z.object({ name: z.string() }).optional(),
  interactive: z
    .object({
      button_reply: z.object({ title: z.string() }).optional(),
      action: z.object({ buttons: z.array(z.object({ reply: z.object({ title: z.string() }) })) }).optional(),
      header: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
});

function messageOf(simulator: WhatsappSimulator, chat: SimChat, message: SimMessage): StageMessage {
  const { id, by, body, at, state, reaction, edited } = message;
  const { context, location, contacts, template, interactive } = said.parse(body);
  const answered = chat.messages.find((one) => one.id === (context?.message_id ?? context?.id));
  const [contact] = contacts ?? [];
  const mine = by === "customer";
  const text = textOf(simulator, message);
  const buttons = interactive?.action?.buttons.map(({ reply: { title } }) => [{ title }]);
  return {
    id,
    by,
    at: at.getTime(),
    text,
    media: mediaOf(simulator, interactive?.header ?? body),
    ...(location && {
      place: { ...location, title: location.name },
    }),
    ...(contact && {
      contact: { name: contact.name.formatted_name, phone: contact.phones[0]?.phone ?? "" },
    }),
    ...(answered && !interactive?.button_reply && { quote: quoteOf(simulator, chat, answered) }),
    ...(template && { origin: { what: "template" as const, of: "" } }),
    ...(interactive?.button_reply && { origin: { what: "pressed" as const, of: "" } }),
    buttons,
    reactions: reaction ? [reaction] : [],
    reaction: mine ? undefined : reaction,
    edited,
    ...(state !== "accepted" && { state }),
    acts: mine ? [...(body["text"] ? (["edit"] as const) : []), "unsend"] : ["react", "press"],
  };
}

function mediaOf(
  { media }: WhatsappSimulator,
  body: Record<string, unknown>,
): NonNullable<StageMessage["media"]> {
  return Object.entries(kinds).flatMap(([name, kind]) => {
    const part = file.safeParse(body[name]).data;
    const stored = part && media.get(part.id);
    if (!stored) return [];
    const shown = part.voice ? "voice" : kind;
    return [{ kind: shown, id: part.id, name: part.filename ?? stored.name, size: stored.bytes.byteLength }];
  });
}

const words = z.object({
  text: z.object({ body: z.string() }).optional(),
  interactive: z
    .object({
      body: z.object({ text: z.string() }).optional(),
      button_reply: z.object({ title: z.string() }).optional(),
    })
    .optional(),
  template: z
    .object({
      name: z.string(),
      language: z.object({ code: z.string() }),
      components: z.array(z.object({ parameters: z.array(z.object({ text: z.string() })) })).default([]),
    })
    .optional(),
});

function textOf(simulator: WhatsappSimulator, { body }: SimMessage): string {
  const { text, interactive, template } = words.parse(body);
  if (template) return filled(simulator, template);
  const caption = Object.keys(kinds)
    .map((kind) => z.object({ caption: z.string() }).safeParse(body[kind]).data?.caption)
    .find(Boolean);
  return text?.body ?? interactive?.button_reply?.title ?? interactive?.body?.text ?? caption ?? "";
}

function filled(
  { templates }: WhatsappSimulator,
  { name, language, components }: NonNullable<z.infer<typeof words>["template"]>,
): string {
  const known = templates.find((one) => one.name === name && one.language === language.code);
  const body = z
    .array(z.object({ type: z.string(), text: z.string().optional() }))
    .parse(known?.components ?? [])
    .find(({ type }) => type === "BODY");
  const given = components.flatMap(({ parameters }) => parameters.map(({ text }) => text));
  return (body?.text ?? name).replace(/\{\{\w+\}\}/g, () => given.shift() ?? "");
}

function quoteOf(simulator: WhatsappSimulator, { number }: SimChat, answered: SimMessage) {
  const name = answered.by === "business" ? number.name : "";
  return { name, text: textOf(simulator, answered) || "…" };
}

function perform(
  customer: WhatsappCustomer,
  number: SimNumber,
  act: Act,
  bytes: Uint8Array | undefined,
): void | Promise<void> {
  const chat = customer.chat(number);
  const target = (id: string): SimMessage =>
    found(
      chat.messages.find((message) => message.id === id),
      "message",
    );
  switch (act.do) {
    case "say":
      return void (act.replyTo === undefined
        ? customer.say(number, act.text)
        : customer.reply(number, target(act.replyTo), act.text));
    case "send":
      return sendFile(customer, number, act, found(bytes, "file"));
    case "location": {
      const { latitude, longitude } = act;
      return void customer.send(number, "location", { location: { latitude, longitude } });
    }
    case "contact":
      return void customer.sendContact(number, { name: customer.name, phone: act.phone });
    case "edit":
      return customer.edit(number, target(act.message), act.text);
    case "unsend":
      return customer.revoke(number, target(act.message));
    case "react":
      return customer.react(number, target(act.message), act.emoji);
    case "press":
      return void customer.pressAt(number, target(act.message), act.button);
    case "read":
      return customer.read(number);
    case "wait":
    case "block":
    case "unblock":
      if (act.do === "wait") chat.closed = true;
      else chat.blocked = act.do === "block";
      return customer.changed();
    default:
      return found<void>(undefined, "act");
  }
}

/** With what the phone says of the file; a voice is always the same. */
const mimes = {
  photo: ["image", "image/jpeg"],
  video: ["video", "video/mp4"],
  voice: ["audio", "audio/ogg; codecs=opus"],
  audio: ["audio", "audio/mpeg"],
  document: ["document", "application/pdf"],
  sticker: ["sticker", "image/webp"],
} as const;

async function sendFile(
  customer: WhatsappCustomer,
  number: SimNumber,
  { as, name, caption, replyTo, ...given }: Extract<Act, { do: "send" }>,
  content: Uint8Array,
): Promise<void> {
  const [kind, usual] = mimes[as];
  const mime = as === "voice" ? usual : (given.mime ?? usual);
  const bytes = as === "voice" ? await voiceOf(content) : content;
  const captioned = as === "photo" || as === "video" || as === "document";
  customer.sendFile(
    number,
    kind,
    { bytes, name: name ?? as, mime },
    {
      ...(caption && captioned && { caption }),
      ...(as === "document" && { filename: name ?? "file.pdf" }),
      ...(as === "voice" && { voice: true }),
    },
    replyTo,
  );
}
