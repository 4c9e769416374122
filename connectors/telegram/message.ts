/** One message, new or edited, as canonical events; and the people and quotes in it. */
import { z } from "zod";
import type { InboundEvent, Peer, Quote } from "../contract.ts";
import { contentOf, ownPhone, wordsOf } from "./content.ts";
import type { EventBase } from "./envelope.ts";
import { startPayload } from "./service.ts";
import type { WireMessage, WireOrigin, WireSaid, WireUser } from "./wire.ts";

/** Of the ids of people: a Telegram user is the same for every bot. */
export const userScheme = "telegram_user";

export function readMessage(data: WireMessage, raw: unknown, base: EventBase): InboundEvent | undefined {
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

export function readEdit(data: WireMessage, raw: unknown, base: EventBase): InboundEvent | undefined {
  const content = contentOf(data) ?? unsupported(data, raw);
  if (!content) return undefined;
  const dedupKey = `${base.dedupKey}:edit:${data.edit_date ?? data.date}`;
  return { ...base, dedupKey, type: "edit", externalId: String(data.message_id), content };
}

export function peerOf(from: WireUser): Peer {
  return {
    aliases: [{ scheme: userScheme, scope: "", value: String(from.id) }],
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
