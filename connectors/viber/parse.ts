/** Callbacks as canonical events: https://developers.viber.com/docs/api/rest-bot-api/#callbacks. Pure and total. */
import { createHash } from "node:crypto";
import type { InboundEvent, Peer } from "../contract.ts";
import { contentOf } from "./content.ts";
import { decode } from "./json.ts";
import { callback, type WireCallback, type WirePerson } from "./wire.ts";

type Base = Pick<InboundEvent, "dedupKey" | "orderKey" | "threadKey" | "at">;

/** Begins the key of what happens when somebody opens the chat. */
export const startedPrefix = "conversation_started:";

/** Every callback gives one event; what cannot be read becomes `unknown`. Ids of people are of this account alone. */
export function parseUpdate(body: Uint8Array, receivedAt: Date, account = ""): InboundEvent[] {
  const { data } = callback.safeParse(decode(new TextDecoder().decode(body)));
  if (!data) return [unreadable(body, receivedAt)];
  const base = baseOf(data, receivedAt);
  const event = readers.get(data.event)?.(data, base, account);
  return [event ?? { ...base, type: "unknown", nativeType: data.event.slice(0, 60) }];
}

type Reader = (data: WireCallback, base: Base, account: string) => InboundEvent | undefined;
const readers = new Map(
  Object.entries<Reader>({
    message: (data, base, account) => {
      const content = contentOf(data.message);
      if (!data.sender || !content) return undefined;
      const { sender: from, message_token: externalId } = data;
      return { ...base, type: "message", externalId, peer: peerOf(from, account), content };
    },
    conversation_started: readStart,
    subscribed: ({ user }, base, account) =>
      user && { ...base, type: "unblocked", peer: peerOf(user, account) },
    unsubscribed: ({ user_id: id }, base, account) =>
      id ? { ...base, type: "blocked", peer: peerOf({ id }, account) } : undefined,
    delivered: ({ message_token: id }, base) => ({
      ...base,
      type: "delivery",
      state: "delivered",
      externalIds: [id],
    }),
    seen: ({ message_token: id }, base) => ({ ...base, type: "delivery", state: "read", externalIds: [id] }),
    failed: ({ message_token: id, desc }, base) => ({
      ...base,
      type: "delivery",
      state: "failed",
      externalIds: [id],
      failure: { class: "permanent", code: "not_delivered", message: (desc ?? "").slice(0, 200) },
    }),
  }),
);

/**
 * Somebody opened the chat. Without the parameter of a link nothing was said and nobody can be written to yet: it only
 * tells more of a person who is known.
 */
function readStart({ user, context }: WireCallback, base: Base, account: string): InboundEvent | undefined {
  if (!user) return undefined;
  const peer = peerOf(user, account);
  if (!context) return { ...base, type: "peer", peer };
  const payload = context.slice(0, 200);
  const content = { service: { what: "start", data: { payload } } };
  return { ...base, type: "message", peer, content, referral: payload };
}

function peerOf({ id, name, language }: Partial<WirePerson> & { id: string }, scope: string): Peer {
  return {
    aliases: [{ scheme: "viber_user", scope, value: id }],
    name: (name?.trim() || "Viber").slice(0, 255),
    ...(language && { locale: language.slice(0, 20) }),
  };
}

/** A token may come in several events, and an event for several people. */
function baseOf(data: WireCallback, receivedAt: Date): Base {
  const who = data.sender?.id ?? data.user?.id ?? data.user_id ?? "";
  const known = data.timestamp > 0 && data.timestamp < 32_503_680_000_000;
  const at = known ? new Date(data.timestamp) : receivedAt;
  return {
    dedupKey: `${data.event}:${data.message_token}:${who}`.slice(0, 300),
    orderKey: `${String(at.getTime()).padStart(16, "0")}:${data.message_token.padStart(20, "0")}`,
    threadKey: who,
    at,
  };
}

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
