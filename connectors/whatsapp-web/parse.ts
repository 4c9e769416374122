/** Updates of the child process as canonical events. Pure and total. */
import { createHash } from "node:crypto";
import {
  attachmentsMax,
  type InboundAttachment,
  type InboundContent,
  type InboundEvent,
  type MediaKind,
  type Peer,
} from "../contract.ts";
import { parseVCard } from "./vcard.ts";
import { wireUpdate, type WireMessage, type WireUpdate } from "./wire.ts";

type Base = Omit<Extract<InboundEvent, { type: "unknown" }>, "type" | "nativeType">;
type Update<Event extends WireUpdate["event"]> = Extract<WireUpdate, { event: Event }>;

export function parseUpdate(body: Uint8Array, receivedAt: Date): InboundEvent[] {
  const update = wireUpdate.safeParse(decode(body)).data;
  return [update ? read(update, receivedAt) : unreadable(body, receivedAt)];
}

function read(update: WireUpdate, receivedAt: Date): InboundEvent {
  const base = (key: string, chat: string, at: number): Base => {
    const when = dateOf(at, receivedAt);
    const orderKey = String(Math.floor(when.getTime() / 1000)).padStart(12, "0");
    return { dedupKey: key, orderKey, threadKey: chat, at: when };
  };
  switch (update.event) {
    case "message":
      return readMessage(
        update.message,
        base(`message:${update.message.id}`, update.message.chat, update.message.timestamp),
      );
    case "edit": {
      const { message, at } = update;
      const content = contentOf(message);
      const edited = base(`edit:${message.id}:${at}`, message.chat, at);
      return { ...edited, type: "edit", externalId: message.id, content };
    }
    case "revoke":
      return {
        ...base(`revoke:${update.id}`, update.chat, update.at),
        type: "delete",
        externalIds: [update.id],
      };
    case "reaction":
      return readReaction(
        update,
        base(`reaction:${update.id}:${update.at}:${update.emoji}`, update.chat, update.at),
      );
    case "ack":
      return readAck(update, base(`ack:${update.id}:${update.ack}`, update.chat, update.at));
    case "sent": {
      const { id, key, chat, at } = update;
      return {
        ...base(`sent:${id}`, chat, at),
        type: "delivery",
        state: "sent",
        externalIds: [id],
        idempotencyKey: key,
      };
    }
    case "number":
      return {
        ...base(`number:${update.chat}:${update.next}`, update.chat, update.at),
        type: "peer",
        peer: { name: "", aliases: [aliasOf(update.chat), aliasOf(update.next)], ...phoneOf(update.next) },
      };
    case "call":
      return {
        ...base(`call:${update.id}`, update.chat, update.at),
        type: "message",
        externalId: update.id,
        peer: peerOf(update.chat, {}),
        content: { card: { what: "call" } },
      };
  }
}

function readMessage(message: WireMessage, base: Base): InboundEvent {
  return {
    ...base,
    type: "message",
    externalId: message.id,
    peer: peerOf(message.chat, message),
    content: contentOf(message),
    ...(message.quotedId && { replyTo: { externalId: message.quotedId } }),
    ...(message.forwarded && { forwardedFrom: "" }),
    ...(message.fromMe && { echo: true }),
  };
}

function readReaction({ id, emoji }: Update<"reaction">, base: Base): InboundEvent {
  return { ...base, type: "reaction", externalId: id, actor: "contact", emojis: emoji ? [emoji] : [] };
}

/** -1 failed, 0 waiting, 1 at WhatsApp, 2 on the customer's device, 3 read, 4 played. */
function readAck({ id, ack }: Update<"ack">, base: Base): InboundEvent {
  const externalIds = [id];
  if (ack < 0)
    return {
      ...base,
      type: "delivery",
      state: "failed",
      externalIds,
      failure: { class: "permanent", code: "undelivered", message: "ack -1" },
    };
  if (ack === 0) return { ...base, type: "unknown", nativeType: "ack:0" };
  const state = ack === 1 ? "sent" : ack === 2 ? "delivered" : "read";
  return { ...base, type: "delivery", state, externalIds };
}

// ---- people -------------------------------------------------------------------------------------------------------

/** A chat is named by the phone (`…@c.us`) or, where WhatsApp hides it, by an id of its own (`…@lid`). */
function aliasOf(chat: string): Peer["aliases"][0] {
  const [value = chat, server] = chat.split("@");
  return { scheme: server === "lid" ? "wa_lid" : "wa_phone", scope: "", value: value || chat };
}

function peerOf(
  chat: string,
  { name, phone }: { name?: string | undefined; phone?: string | undefined },
): Peer {
  const first = aliasOf(chat);
  const further = phone && first.scheme === "wa_lid" ? [aliasOf(`${phone}@c.us`)] : [];
  const known = phoneOf(phone ? `${phone}@c.us` : chat);
  return { aliases: [first, ...further], name: (name || known.phone || first.value).slice(0, 255), ...known };
}

function phoneOf(chat: string): { phone?: string } {
  const digits = /^(\d{5,16})@c\.us$/.exec(chat)?.[1];
  return digits === undefined ? {} : { phone: `+${digits}` };
}

// ---- content ------------------------------------------------------------------------------------------------------

const kinds = new Map(
  Object.entries<MediaKind>({
    image: "image",
    video: "video",
    audio: "audio",
    ptt: "voice",
    ptv: "video_note",
    document: "document",
    sticker: "sticker",
  }),
);

function contentOf(message: WireMessage): InboundContent {
  const { type, body } = message;
  const kind = kinds.get(type);
  if (kind) return { ...textOf(body), attachments: [fileOf(message.gif ? "animation" : kind, message)] };
  if (type === "chat" && body !== "") return textOf(body);
  if (type === "location" && isPlace(message)) return { attachments: [placeOf(message)] };
  const cards = (message.vCards ?? []).slice(0, attachmentsMax).map(parseVCard);
  if (cards.length > 0) return { attachments: cards };
  return { ...(body && type !== "vcard" && textOf(body)), unsupported: { nativeType: type } };
}

function textOf(body: string): { text?: string } {
  return body === "" ? {} : { text: body.slice(0, 20_000) };
}

function fileOf(
  kind: MediaKind,
  { id, hasFile, mime, fileName, size, seconds }: WireMessage,
): InboundAttachment {
  const media = {
    state: hasFile ? ("pending" as const) : ("failed" as const),
    ...(mime !== undefined && { mime: mime.split(";")[0] ?? mime }),
    ...(fileName && { fileName: fileName.slice(0, 255) }),
    ...(size !== undefined && Number.isInteger(size) && size >= 0 && { size }),
    ...(seconds !== undefined && seconds >= 0 && seconds < 1e6 && { durationMs: Math.round(seconds * 1000) }),
  };
  return { kind, media, ...(hasFile && { source: { type: "message", value: id } }) };
}

type Place = WireMessage & { latitude: number; longitude: number };

function isPlace(message: WireMessage): message is Place {
  const { latitude = Number.NaN, longitude = Number.NaN } = message;
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
}

function placeOf({ latitude, longitude, place, address }: Place): InboundAttachment {
  return {
    kind: "location",
    latitude,
    longitude,
    ...(place && { name: place.slice(0, 255) }),
    ...(address && { address: address.slice(0, 500) }),
  };
}

// ---- the envelope -------------------------------------------------------------------------------------------------

function unreadable(body: Uint8Array, receivedAt: Date): InboundEvent {
  const digest = createHash("sha256").update(body).digest("base64url").slice(0, 22);
  return {
    type: "unknown",
    nativeType: "unreadable",
    dedupKey: `unknown:${digest}`,
    orderKey: String(receivedAt.getTime()),
    threadKey: "account",
    at: receivedAt,
  };
}

function dateOf(seconds: number, otherwise: Date): Date {
  return seconds > 0 && seconds < 1e11 ? new Date(Math.floor(seconds) * 1000) : otherwise;
}

function decode(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
