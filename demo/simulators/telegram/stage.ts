/** Telegram on the customers' page: private chats with bots. */
import type { ReactionTypeEmoji } from "grammy/types";
import { found, type Act, type ActName, type Place, type Stage, type StageMessage } from "../stage.ts";
import type { TelegramSimulator } from "../telegram.ts";
import type { SimBot, SimChat, SimMessage, ShownMessage } from "./chat.ts";
import type { Extra, TelegramCustomer } from "./customer.ts";
import type { FailureOrder } from "./failures.ts";
import { voiceOf } from "../voice.ts";

const emojis = ["👍", "❤", "🔥", "😁", "🎉", "🙏"];
const failures: Record<string, Pick<FailureOrder, "kind" | "retryAfter">> = {
  "429": { kind: "429", retryAfter: 3 },
  "5xx": { kind: "5xx" },
  no_answer: { kind: "drop_after_accept" },
  refused: { kind: "400" },
};

export function telegramStage(simulator: TelegramSimulator): Stage {
  const at = ({ account, person }: Place): { bot: SimBot; customer: TelegramCustomer } => ({
    bot: found(
      simulator.bots.find(({ user }) => user.username === account),
      "bot",
    ),
    customer: found(simulator.customer(Number(person)), "customer"),
  });
  return {
    kind: "telegram",
    title: "Telegram",
    failures: ["429", "5xx", "no_answer", "refused"],
    asks: "username",
    accounts: () =>
      simulator.bots.map(({ user, avatar }) => ({
        id: user.username,
        name: user.first_name,
        photo: avatar?.at(-1)?.file_id,
      })),
    people: () => simulator.customers.map((customer) => personOf(simulator, customer)),
    chat: (place) => {
      const { bot, customer } = at(place);
      return chatOf(customer.chat(bot));
    },
    perform: (place, act, bytes) => {
      const { bot, customer } = at(place);
      return perform(customer, bot, act, bytes);
    },
    add: async ({ name, handle }) => {
      const username = handle?.replace(/^@/, "") || undefined;
      return String((await simulator.addCustomer({ name, username })).id);
    },
    file: (id) => simulator.file(id),
    failNext: (kind) => simulator.failNext({ method: "send", ...found(failures[kind], "failure") }),
    follow(listener) {
      const { events } = simulator;
      events.on("change", listener).on("people", listener);
      return () => void events.off("change", listener).off("people", listener);
    },
  };
}

function personOf(simulator: TelegramSimulator, customer: TelegramCustomer) {
  const [last] = simulator.bots
    .flatMap((bot) =>
      customer
        .chat(bot)
        .messages.slice(-1)
        .map(({ message }) => ({ bot, message })),
    )
    .toSorted((a, b) => b.message.date - a.message.date);
  return {
    id: String(customer.id),
    name: customer.name,
    handle: customer.user.username && `@${customer.user.username}`,
    photo: simulator.photoOf(customer),
    last: last && {
      text: last.message.text ?? last.message.caption ?? "",
      kind: kindOf(last.message),
      at: last.message.date * 1000,
      account: last.bot.user.username,
    },
  };
}

function chatOf(chat: SimChat): ReturnType<Stage["chat"]> {
  const { blocked, started, typingAt } = chat;
  const typing = typingAt !== undefined && Date.now() - typingAt.getTime() < 5000;
  const talks: ActName[] = ["say", "send", "location", "contact", "block"];
  return {
    status: blocked ? "blocked" : typing ? "typing" : "online",
    acts: blocked ? ["unblock"] : started ? talks : ["start"],
    files: ["photo", "video", "voice", "audio", "document", "sticker"],
    emojis,
    replies: true,
    letters: false,
    pressed: chat.presses.filter(({ answered }) => !answered).map(({ messageId }) => String(messageId)),
    messages: chat.messages.filter(({ deleted }) => !deleted).map(messageOf),
  };
}

function messageOf({ id, by, message, file, reactions }: SimMessage): StageMessage {
  const { location, venue, contact, reply_to_message: answered } = message;
  const origin = forwardedFrom(message);
  const mine = by === "customer";
  const text = message.text ?? message.caption ?? "";
  return {
    id: String(id),
    by: mine ? "customer" : "business",
    at: message.date * 1000,
    text,
    entities: message.entities ?? message.caption_entities ?? [],
    ...(file && {
      media: [
        {
          kind: kindOf(message),
          id: file.fileId,
          name: file.name,
          size: file.bytes.byteLength,
          spoiler: message.has_media_spoiler ?? false,
        },
      ],
    }),
    ...(location && { place: { ...location, title: venue?.title, address: venue?.address } }),
    ...(contact && { contact: { name: contact.first_name, phone: contact.phone_number } }),
    ...(answered && { quote: quoteOf(answered, message.quote?.text) }),
    ...(origin !== undefined && { origin: { what: "forwarded" as const, of: origin } }),
    buttons: message.reply_markup?.inline_keyboard.map((row) =>
      row.map((button) => ({ title: button.text, url: "url" in button ? button.url : undefined })),
    ),
    reactions: [...reactions.customer, ...reactions.bot],
    reaction: reactions.customer[0],
    edited: message.edit_date !== undefined,
    acts: ["react", ...(mine && text ? (["edit"] as const) : []), "press"],
  };
}

const kinds = ["photo", "animation", "video", "video_note", "voice", "audio", "sticker", "document"] as const;

function kindOf(message: ShownMessage): string {
  if (message.location) return "location";
  if (message.contact) return "contact";
  return kinds.find((kind) => message[kind] !== undefined) ?? "document";
}

function quoteOf(target: ShownMessage, part: string | undefined): { name: string; text: string } {
  return { name: target.from?.first_name ?? "", text: part ?? target.text ?? target.caption ?? "…" };
}

function forwardedFrom({ forward_origin: origin }: ShownMessage): string | undefined {
  if (!origin) return undefined;
  if (origin.type === "hidden_user") return origin.sender_user_name;
  return origin.type === "user" ? origin.sender_user.first_name : undefined;
}

function perform(
  customer: TelegramCustomer,
  bot: SimBot,
  act: Act,
  bytes: Uint8Array | undefined,
): void | Promise<void> {
  switch (act.do) {
    case "start":
      return void customer.start(bot, act.payload);
    case "say":
      return void customer.say(act.text, { bot, ...replyOf(act) });
    case "send":
      return sendFile(customer, bot, act, found(bytes, "file"));
    case "edit":
      return void customer.edit(Number(act.message), act.text, { bot });
    case "react":
      return customer.react(Number(act.message), act.emoji ? [act.emoji as ReactionTypeEmoji["emoji"]] : [], {
        bot,
      });
    case "press":
      return void customer.press(Number(act.message), act.button, { bot });
    case "location":
      return void customer.sendLocation(act.latitude, act.longitude, { bot });
    case "contact":
      return void customer.sendContact({ name: customer.name, phone: act.phone, own: true }, { bot });
    case "block":
      return customer.block(bot);
    case "unblock":
      return customer.unblock(bot);
    default:
      return found<void>(undefined, "act");
  }
}

async function sendFile(
  customer: TelegramCustomer,
  bot: SimBot,
  act: Extract<Act, { do: "send" }>,
  bytes: Uint8Array,
): Promise<void> {
  const { name, caption, emoji, duration = 1 } = act;
  const file = { bytes, ...(name !== undefined && { name }) };
  const extra: Extra = { bot, ...(caption && { caption }), ...replyOf(act) };
  switch (act.as) {
    case "photo":
      return void (await customer.sendPhoto(bytes, extra));
    case "video":
      return void customer.sendVideo(file, extra);
    case "voice":
      return void customer.sendVoice({ bytes: await voiceOf(bytes) }, { ...extra, duration });
    case "audio":
      return void customer.sendAudio(file, extra);
    case "document":
      return void customer.sendDocument(file, extra);
    case "sticker":
      return void customer.sendSticker(file, { ...extra, ...(emoji !== undefined && { emoji }) });
  }
}

function replyOf({ replyTo }: { replyTo?: string | undefined }): { replyTo?: number } {
  return replyTo === undefined ? {} : { replyTo: Number(replyTo) };
}
