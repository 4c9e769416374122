/** Updates as canonical events: https://core.telegram.org/bots/api#update. Pure and total. */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { InboundEvent, Peer, Quote } from "../contract.ts";
import { contentOf, ownPhone, wordsOf } from "./content.ts";
import { startPayload } from "./service.ts";
import { threadKeyOf } from "./thread.ts";
import { callbackQuery, chat, chatMember, message, messageReaction } from "./wire.ts";
import type { WireCallbackQuery, WireMessage, WireOrigin, WireSaid, WireUser } from "./wire.ts";

type Update = Record<string, unknown> & { update_id: number };
type EventBase = Pick<InboundEvent, "dedupKey" | "orderKey" | "threadKey" | "at">;

const update = z.looseObject({ update_id: z.number().int().min(0) });

/** Every update gives exactly one event; what cannot be read or shown becomes `unknown`, never nothing. */
export function parseUpdate(body: Uint8Array, receivedAt: Date): InboundEvent[] {
  const parsed = update.safeParse(decode(body));
  if (!parsed.success) return [unreadable(body, receivedAt)];
  return [readUpdate(parsed.data, receivedAt)];
}

function readUpdate(raw: Update, receivedAt: Date): InboundEvent {
  const [kind = "empty"] = Object.keys(raw).filter((key) => key !== "update_id");
  const payload = raw[kind];
  const base = baseOf(raw.update_id, payload, receivedAt);
  const group = groupChat.safeParse(payload);
  if (group.success) return { ...base, type: "unknown", nativeType: `group:${kind}` };
  const event = readers[kind]?.(payload, base);
  return event ?? { ...base, type: "unknown", nativeType: nativeName(kind, payload) };
}

const readers: Record<string, (payload: unknown, base: EventBase) => InboundEvent | undefined> = {
  message: (payload, base) => {
    const { data } = message.safeParse(payload);
    return data && !data.from.is_bot ? readMessage(data, payload, base) : undefined;
  },
  edited_message: (payload, base) => {
    const { data } = message.safeParse(payload);
    return data && !data.from.is_bot ? readEdit(data, payload, base) : undefined;
  },
  callback_query: (payload, base) => {
    const { data } = callbackQuery.safeParse(payload);
    return data && readAction(data, base);
  },
  message_reaction: readReaction,
  my_chat_member: readMembership,
};

function readMessage(data: WireMessage, raw: unknown, base: EventBase): InboundEvent | undefined {
  const content = contentOf(data) ?? unsupported(data, raw);
  if (!content) return undefined;
  const referral = startPayload(data);
  const replyTo = quoteOf(data);
  const phone = ownPhone(data);
  return {
    ...base,
    type: "message",
    externalId: String(data.message_id),
    peer: { ...peerOf(data.from), ...(phone !== undefined && { phone }) },
    content,
    ...(data.media_group_id !== undefined && { albumId: data.media_group_id }),
    ...(replyTo && { replyTo }),
    ...(data.forward_origin && { forwardedFrom: originName(data.forward_origin) }),
    ...(referral && { referral }),
  };
}

function readEdit(data: WireMessage, raw: unknown, base: EventBase): InboundEvent | undefined {
  const content = contentOf(data) ?? unsupported(data, raw);
  if (!content) return undefined;
  const dedupKey = `${base.dedupKey}:edit:${data.edit_date ?? data.date}`;
  return { ...base, dedupKey, type: "edit", externalId: String(data.message_id), content };
}

function readAction({ id, from, data, message: target }: WireCallbackQuery, base: EventBase): InboundEvent {
  const buttons = target.reply_markup?.inline_keyboard.flat() ?? [];
  const title = buttons.find((button) => button.callback_data === data)?.text;
  const action = {
    targetExternalId: String(target.message_id),
    ...(title !== undefined && { title }),
    ...(data !== undefined && { value: data }),
  };
  return { ...base, type: "message", peer: peerOf(from), content: { action }, ackToken: id };
}

/** Custom and paid reactions have no emoji of their own: a star stands for them, so that they do not look removed. */
function readReaction(payload: unknown, base: EventBase): InboundEvent | undefined {
  const { data } = messageReaction.safeParse(payload);
  if (!data || data.user.is_bot) return undefined;
  const emojis = data.new_reaction.map((reaction) => reaction.emoji ?? "⭐");
  return { ...base, type: "reaction", externalId: String(data.message_id), actor: "contact", emojis };
}

/** In a private chat the bot is `kicked` when the person blocks it and a `member` again when they come back. */
function readMembership(payload: unknown, base: EventBase): InboundEvent | undefined {
  const { data } = chatMember.safeParse(payload);
  if (!data) return undefined;
  const was = data.old_chat_member.status === "kicked";
  const is = data.new_chat_member.status === "kicked";
  if (was === is) return undefined;
  return { ...base, type: is ? "blocked" : "unblocked", peer: peerOf(data.from) };
}

// ---- parts --------------------------------------------------------------------------------------------------------

function peerOf(from: WireUser): Peer {
  return {
    aliases: [{ scheme: "telegram_user", scope: "", value: String(from.id) }],
    name: userName(from),
    ...(from.username !== undefined && { username: from.username }),
    ...(from.language_code !== undefined && { locale: from.language_code }),
  };
}

function userName(from: WireUser): string {
  const name = [from.first_name, from.last_name].filter(Boolean).join(" ");
  return (name || from.username || String(from.id)).slice(0, 255);
}

/** A reply inside the chat names its message; one to another chat has words and a name alone. */
function quoteOf({
  reply_to_message: target,
  external_reply: outside,
  quote,
}: WireMessage): Quote | undefined {
  if (!target && !outside && !quote) return undefined;
  const text = quote?.text ?? (target && wordsOf(target));
  const senderName = outside ? originName(outside.origin) : target?.from && userName(target.from);
  return {
    ...(target && { externalId: String(target.message_id) }),
    ...(text !== undefined && { text: text.slice(0, 4096) }),
    ...(senderName !== undefined && { senderName }),
  };
}

function originName(origin: WireOrigin): string {
  if (origin.sender_user) return userName(origin.sender_user);
  return origin.sender_user_name ?? origin.chat?.title ?? origin.sender_chat?.title ?? "";
}

/** A kind that people can send but this version cannot show. Service kinds of groups and topics stay unknown events. */
function unsupported(data: WireSaid, raw: unknown) {
  const nativeType = nativeContent(raw);
  if (nativeType === undefined) return undefined;
  const text = wordsOf(data)?.slice(0, 4096);
  return { unsupported: { nativeType }, ...(text !== undefined && { text }) };
}

const unsupportedKinds = [
  "rich_message",
  "paid_media",
  "story",
  "checklist",
  "game",
  "poll",
  "invoice",
  "successful_payment",
  "refunded_payment",
  "gift",
  "unique_gift",
  "giveaway",
  "giveaway_winners",
  "users_shared",
  "chat_shared",
  "passport_data",
  "photo",
  "animation",
  "video",
  "video_note",
  "audio",
  "voice",
  "document",
  "sticker",
  "location",
  "venue",
  "contact",
  "live_photo",
  "dice",
];

function nativeContent(raw: unknown): string | undefined {
  const fields = z.record(z.string(), z.unknown()).safeParse(raw).data ?? {};
  return unsupportedKinds.find((kind) => fields[kind] !== undefined);
}

// ---- envelope -----------------------------------------------------------------------------------------------------

const placed = z.looseObject({
  chat: chat.optional().catch(undefined),
  message: z.object({ chat }).loose().optional().catch(undefined),
  business_connection_id: z.string().optional().catch(undefined),
  message_thread_id: z.number().optional().catch(undefined),
  is_topic_message: z.boolean().optional().catch(undefined),
  date: z.number().optional().catch(undefined),
  edit_date: z.number().optional().catch(undefined),
});

const groupChat = z.union([
  z.object({ chat: chat.refine(({ type }) => type !== "private") }),
  z.object({ message: z.object({ chat: chat.refine(({ type }) => type !== "private") }) }),
]);

function baseOf(updateId: number, payload: unknown, receivedAt: Date): EventBase {
  return {
    dedupKey: `update:${updateId}`,
    orderKey: String(updateId).padStart(16, "0"),
    threadKey: threadOf(payload),
    at: timeOf(payload, receivedAt),
  };
}

function threadOf(payload: unknown): string {
  const outer = placed.safeParse(payload).data;
  const inner = outer?.chat ? outer : placed.safeParse(outer?.message).data;
  if (!inner?.chat) return "";
  const topic = inner.is_topic_message ? inner.message_thread_id : undefined;
  const key = threadKeyOf(inner.chat.id, topic);
  return outer?.business_connection_id === undefined
    ? key
    : `business:${outer.business_connection_id}:${key}`;
}

/** Seconds since 1970; a time after the year 3000 is not one. */
function timeOf(payload: unknown, receivedAt: Date): Date {
  const { data } = placed.safeParse(payload);
  const seconds = data?.edit_date ?? data?.date ?? 0;
  return seconds > 0 && seconds < 32_503_680_000 ? new Date(seconds * 1000) : receivedAt;
}

function nativeName(kind: string, payload: unknown): string {
  if (kind !== "message") return kind.slice(0, 100);
  const fields = z.record(z.string(), z.unknown()).safeParse(payload).data ?? {};
  const telling = Object.keys(fields).find((key) => !commonFields.has(key));
  return telling === undefined ? kind : `message:${telling}`.slice(0, 100);
}

const commonFields = new Set(["message_id", "message_thread_id", "is_topic_message", "from", "chat", "date"]);

function unreadable(body: Uint8Array, receivedAt: Date): InboundEvent {
  const hash = createHash("sha256").update(body).digest("hex");
  return {
    type: "unknown",
    nativeType: "unreadable",
    dedupKey: `hash:${hash}`,
    orderKey: String(receivedAt.getTime()).padStart(16, "0"),
    threadKey: "",
    at: receivedAt,
  };
}

function decode(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
