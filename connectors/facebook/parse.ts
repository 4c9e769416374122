/** Deliveries as canonical events. Pure and total. */
import type { InboundEvent, Peer, Quote } from "../contract.ts";
import { contentOf } from "./content.ts";
import { openDelivery, timeOf } from "./envelope.ts";
import type { Told } from "./envelope.ts";
import { isOwnKey } from "./own-key.ts";
import type { Platform } from "./platform.ts";
import type { WireItem, WireMessage } from "./wire.ts";

/** Every item of a delivery gives one event; what cannot be read or shown becomes `unknown`, never nothing. */
export function parseFor(platform: Platform) {
  return (body: Uint8Array, receivedAt: Date): InboundEvent[] =>
    openDelivery(platform, body, receivedAt).map((told) =>
      "type" in told ? told : (read(told, platform, receivedAt) ?? unread(told)),
    );
}

function read(told: Told, platform: Platform, receivedAt: Date): InboundEvent | undefined {
  const { item, customerId } = told;
  if (!customerId) return undefined;
  if (item.message) return readMessage(told, item.message, platform);
  if (item.message_edit) return readEdit(told, item.message_edit);
  if (item.reaction) return readReaction(told, item.reaction);
  if (item.delivery) return readDelivered(told, item.delivery, receivedAt);
  if (item.read) return readSeen(told, item.read, receivedAt);
  if (item.postback) return readPostback(told, item.postback, platform);
  if (item.referral) return readReferral(told, item.referral, platform);
  if (item.optin) return readOptin(told, item.optin, platform);
  return undefined;
}

function readMessage(told: Told, message: WireMessage, platform: Platform): InboundEvent {
  const { base } = told;
  const { mid } = message;
  if (message.is_deleted) return { ...base, dedupKey: `${mid}:deleted`, type: "delete", externalIds: [mid] };
  const dedupKey = `mid:${mid}`;
  if (message.is_echo && isOwnKey(message.metadata))
    return {
      ...base,
      dedupKey,
      type: "delivery",
      state: "sent",
      externalIds: [mid],
      idempotencyKey: message.metadata,
    };
  const replyTo = quoteOf(message);
  const referral = message.referral?.ref || message.referral?.ads_context_data?.ad_title;
  return {
    ...base,
    dedupKey,
    type: "message",
    externalId: mid,
    peer: peerOf(told, platform),
    content: contentOf(message),
    ...(replyTo ? { replyTo } : {}),
    ...(referral ? { referral: referral.slice(0, 500) } : {}),
    ...(message.is_echo ? { echo: true } : {}),
  };
}

function readEdit({ base }: Told, edit: NonNullable<WireItem["message_edit"]>): InboundEvent {
  const { mid, text, num_edit = 0 } = edit;
  const at = `${num_edit}:${base.at.getTime()}`;
  return {
    ...base,
    dedupKey: `${mid}:edit:${at}`,
    type: "edit",
    externalId: mid,
    content: { text: text.slice(0, 20_000) },
  };
}

/** Kinds of reactions by their names, for events that come without the emoji. */
const emojiOf = new Map(
  Object.entries({
    smile: "😆",
    angry: "😠",
    sad: "😢",
    wow: "😮",
    love: "❤️",
    like: "👍",
    dislike: "👎",
  }),
);

function readReaction({ base }: Told, reaction: NonNullable<WireItem["reaction"]>): InboundEvent {
  const { mid, action, emoji = emojiOf.get(reaction.reaction ?? "") ?? "⭐" } = reaction;
  return {
    ...base,
    dedupKey: `${mid}:${action}:${base.at.getTime()}`,
    type: "reaction",
    externalId: mid,
    actor: "contact",
    emojis: action === "react" ? [emoji.slice(0, 40)] : [],
  };
}

/** The watermark says that everything before it has arrived, whether messages are named or not. */
function readDelivered(
  { base, customerId }: Told,
  { mids = [], watermark }: NonNullable<WireItem["delivery"]>,
  receivedAt: Date,
): InboundEvent | undefined {
  if (mids.length === 0 && watermark === undefined) return undefined;
  return {
    ...base,
    dedupKey: `delivered:${customerId}:${watermark ?? ""}:${mids.join(",")}`,
    type: "delivery",
    state: "delivered",
    externalIds: mids,
    ...(watermark === undefined ? {} : { upTo: timeOf(watermark, receivedAt) }),
  };
}

/** Messenger gives a time, Instagram the newest message that was read. */
function readSeen(
  { base, customerId }: Told,
  { mid, watermark }: NonNullable<WireItem["read"]>,
  receivedAt: Date,
): InboundEvent | undefined {
  const upTo = watermark === undefined ? base.at : timeOf(watermark, receivedAt);
  return {
    ...base,
    dedupKey: `read:${customerId}:${mid ?? upTo.getTime()}`,
    type: "delivery",
    state: "read",
    externalIds: mid ? [mid] : [],
    upTo,
  };
}

function readPostback(
  told: Told,
  { mid, title, payload, referral }: NonNullable<WireItem["postback"]>,
  platform: Platform,
): InboundEvent {
  const { base } = told;
  const action = { ...(title ? { title } : {}), ...(payload ? { value: payload.slice(0, 2000) } : {}) };
  return {
    ...base,
    ...(mid ? { dedupKey: `mid:${mid}`, externalId: mid } : {}),
    type: "message",
    peer: peerOf(told, platform),
    content: { action },
    ...(referral?.ref ? { referral: referral.ref.slice(0, 500) } : {}),
  };
}

/** A link with a parameter was opened in a conversation that exists. */
function readReferral(
  told: Told,
  { ref, source = "link" }: NonNullable<WireItem["referral"]>,
  platform: Platform,
): InboundEvent {
  const data: Record<string, string> = { source, ...(ref ? { payload: ref } : {}) };
  return {
    ...told.base,
    type: "message",
    peer: peerOf(told, platform),
    content: { service: { what: "start", data } },
    ...(ref ? { referral: ref.slice(0, 500) } : {}),
  };
}

function readOptin(
  told: Told,
  { ref, type = "optin" }: NonNullable<WireItem["optin"]>,
  platform: Platform,
): InboundEvent {
  return {
    ...told.base,
    type: "message",
    peer: peerOf(told, platform),
    content: { service: { what: "optin", data: { source: type } } },
    ...(ref ? { referral: ref.slice(0, 500) } : {}),
  };
}

/** Handovers, account linking, payments: kept under the name of the field that tells. */
function unread({ item, base }: Told): InboundEvent {
  const telling = Object.keys(item).find((key) => !common.has(key)) ?? "item";
  return { ...base, type: "unknown", nativeType: telling.slice(0, 100) };
}

const common = new Set(["sender", "recipient", "timestamp"]);

/** Every page and account sees an id of its own of the same person, and events name nobody. */
function peerOf({ customerId, accountId }: Told, { aliasScheme }: Platform): Peer {
  return { aliases: [{ scheme: aliasScheme, scope: accountId, value: customerId }], name: "" };
}

function quoteOf({ reply_to }: WireMessage): Quote | undefined {
  return reply_to?.mid ? { externalId: reply_to.mid.slice(0, 500) } : undefined;
}
