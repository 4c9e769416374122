/**
 * A business account that lets the bot answer in its private chats: https://core.telegram.org/bots/features#business.
 * The bot sees what both sides write there, and writes in the owner's name.
 */
import type { InboundEvent, Peer } from "../contract.ts";
import type { EventBase } from "./envelope.ts";
import { peerOf, readEdit, readMessage } from "./message.ts";
import { businessConnection, businessDeleted, message } from "./wire.ts";
import type { WireMessage } from "./wire.ts";

export function readBusinessMessage(payload: unknown, base: EventBase): InboundEvent | undefined {
  const { data } = message.safeParse(payload);
  if (!data) return undefined;
  if (data.sender_business_bot) return ownSend(data, base);
  const event = readMessage(data, payload, base);
  if (event?.type !== "message" || data.from.id === data.chat.id) return event;
  return { ...event, echo: true, peer: customerOf(data) };
}

export function readBusinessEdit(payload: unknown, base: EventBase): InboundEvent | undefined {
  const { data } = message.safeParse(payload);
  return data && !data.sender_business_bot ? readEdit(data, payload, base) : undefined;
}

export function readBusinessDeleted(payload: unknown, base: EventBase): InboundEvent | undefined {
  const { data } = businessDeleted.safeParse(payload);
  return data && { ...base, type: "delete", externalIds: data.message_ids.map(String) };
}

/** The owner connected the bot, changed what it may do, or took the chats away from it. */
export function readConnection(payload: unknown, base: EventBase): InboundEvent | undefined {
  const { data } = businessConnection.safeParse(payload);
  if (!data) return undefined;
  const { first_name, last_name, username, id } = data.user;
  const owner = [first_name, last_name].filter(Boolean).join(" ") || username || String(id);
  const about = { ...base, type: "account", message: owner.slice(0, 255) } as const;
  if (!data.is_enabled) return { ...about, code: "business_off" };
  if (data.rights?.can_reply) return { ...about, code: "business_on", state: "connected" };
  return { ...about, code: "business_read_only" };
}

/** What the hub sent comes by as a message of the account: it has arrived, under this id. */
function ownSend({ message_id }: WireMessage, base: EventBase): InboundEvent {
  return { ...base, type: "delivery", state: "sent", externalIds: [String(message_id)] };
}

/** Who the owner writes to is told by the chat alone. */
function customerOf({ chat: { id, first_name = "", last_name, username } }: WireMessage): Peer {
  return peerOf({ id, is_bot: false, first_name, last_name, username, language_code: undefined });
}
