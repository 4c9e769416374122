/** What surrounds an event: the delivery's entries, the account, the thread, the keys and the time. */
import { createHash } from "node:crypto";
import type { InboundEvent } from "../contract.ts";
import type { Platform } from "./platform.ts";
import { delivery, entry, item } from "./wire.ts";
import type { WireItem } from "./wire.ts";

export type EventBase = Pick<
  InboundEvent,
  "dedupKey" | "orderKey" | "threadKey" | "at" | "accountExternalId"
>;

/** One thing that a delivery tells, with the customer's id beside it. */
export interface Told {
  item: WireItem;
  accountId: string;
  /** Empty where the event names nobody. */
  customerId: string;
  base: EventBase;
}

/** Every item of every entry; what cannot be read is an event of its own already. */
export function openDelivery(
  { object }: Platform,
  body: Uint8Array,
  receivedAt: Date,
): (Told | InboundEvent)[] {
  const read = delivery.safeParse(decode(body)).data;
  if (!read) return [unknown("unreadable", body, receivedAt)];
  if (read.object !== object) return read.entry.map((one) => ofAnother(read.object, one, receivedAt));
  return read.entry.flatMap((one) => openEntry(one, receivedAt));
}

/** The other messenger's events come to the address of this one too: they name their account alone. */
function ofAnother(object: string, raw: unknown, receivedAt: Date): InboundEvent {
  const event = unknown(`object:${object}`, raw, receivedAt);
  const named = entry.safeParse(raw).data;
  return named ? { ...event, accountExternalId: named.id } : event;
}

function openEntry(raw: unknown, receivedAt: Date): (Told | InboundEvent)[] {
  const read = entry.safeParse(raw).data;
  if (!read) return [unknown("entry", raw, receivedAt)];
  const { id: accountId, messaging = [], standby = [] } = read;
  const told = messaging.map((one) => openItem(one, accountId, receivedAt));
  const stood = standby.map((one) => ({
    ...unknown("standby", one, receivedAt),
    accountExternalId: accountId,
  }));
  if (told.length + stood.length > 0) return [...told, ...stood];
  return [{ ...unknown("entry", raw, receivedAt), accountExternalId: accountId }];
}

function openItem(raw: unknown, accountId: string, receivedAt: Date): Told | InboundEvent {
  const read = item.safeParse(raw).data;
  if (!read) return { ...unknown("item", raw, receivedAt), accountExternalId: accountId };
  const { sender, recipient } = read;
  const customerId = (sender?.id === accountId ? recipient?.id : sender?.id) ?? "";
  const at = timeOf(read.timestamp, receivedAt);
  const base: EventBase = {
    dedupKey: hashOf(raw),
    orderKey: orderOf(at),
    threadKey: customerId,
    at,
    accountExternalId: accountId,
  };
  return { item: read, accountId, customerId, base };
}

/** Milliseconds since 1970; a time after the year 3000 is not one. */
export function timeOf(milliseconds: number | undefined, receivedAt: Date): Date {
  const known = milliseconds !== undefined && milliseconds > 0 && milliseconds < 32_503_680_000_000;
  return known ? new Date(milliseconds) : receivedAt;
}

function orderOf(at: Date): string {
  return String(at.getTime()).padStart(16, "0");
}

function decode(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Kept under the hash of what it is made of, so that a repetition has the same key. */
function unknown(nativeType: string, of: unknown, receivedAt: Date): InboundEvent {
  return {
    type: "unknown",
    nativeType: nativeType.slice(0, 100),
    dedupKey: hashOf(of),
    orderKey: orderOf(receivedAt),
    threadKey: "",
    at: receivedAt,
  };
}

function hashOf(of: unknown): string {
  const bytes = of instanceof Uint8Array ? of : (JSON.stringify(of) ?? "");
  return `hash:${createHash("sha256").update(bytes).digest("hex")}`;
}
