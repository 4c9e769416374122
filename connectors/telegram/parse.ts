/** Updates as canonical events: https://core.telegram.org/bots/api#update. Pure and total. */
import { z } from "zod";
import type { InboundEvent, Peer, Quote } from "../contract.ts";
import { contentOf, ownPhone, wordsOf } from "./content.ts";
import { baseOf, decodeUpdate, isGroup, nativeName, unreadable } from "./envelope.ts";
import type { EventBase, Update } from "./envelope.ts";
import { startPayload } from "./service.ts";
import { callbackQuery, chatMember, message, messageReaction } from "./wire.ts";
import type { WireCallbackQuery, WireMessage, WireOrigin, WireSaid, WireUser } from "./wire.ts";

/** Every update gives exactly one event; what cannot be read or shown becomes `unknown`, never nothing. */
export function parseUpdate(body: Uint8Array, receivedAt: Date): InboundEvent[] {
  const update = decodeUpdate(body);
  return [update ? readUpdate(update, receivedAt) : unreadable(body, receivedAt)];
}

function readUpdate(raw: Update, receivedAt: Date): InboundEvent {
  const [kind = "empty"] = Object.keys(raw).filter((key) => key !== "update_id");
  const payload = raw[kind];
  const base = baseOf(raw.update_id, payload, receivedAt);
  if (isGroup(payload)) return { ...base, type: "unknown", nativeType: `group:${kind}` };
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
