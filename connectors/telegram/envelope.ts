/** What surrounds the content of an update: its keys, its chat and its time. */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { InboundEvent } from "../contract.ts";
import { threadKeyOf } from "./thread.ts";
import { chat } from "./wire.ts";

export type Update = Record<string, unknown> & { update_id: number };
export type EventBase = Pick<InboundEvent, "dedupKey" | "orderKey" | "threadKey" | "at">;

const update = z.looseObject({ update_id: z.number().int().min(0) });

/** The update as JSON; undefined for anything that is none. */
export function decodeUpdate(body: Uint8Array): Update | undefined {
  try {
    return update.safeParse(JSON.parse(new TextDecoder().decode(body))).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Groups and channels are kept, but not read. */
export function isGroup(payload: unknown): boolean {
  return groupChat.safeParse(payload).success;
}

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

/** What every event has, whatever it says. */
export function baseOf(updateId: number, payload: unknown, receivedAt: Date): EventBase {
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
  return threadKeyOf(inner.chat.id, topic, inner.business_connection_id ?? outer?.business_connection_id);
}

/** Seconds since 1970; a time after the year 3000 is not one. */
function timeOf(payload: unknown, receivedAt: Date): Date {
  const { data } = placed.safeParse(payload);
  const seconds = data?.edit_date ?? data?.date ?? 0;
  return seconds > 0 && seconds < 32_503_680_000 ? new Date(seconds * 1000) : receivedAt;
}

/** The name under which a kind is kept that this version cannot read. */
export function nativeName(kind: string, payload: unknown): string {
  if (kind !== "message") return kind.slice(0, 100);
  const fields = z.record(z.string(), z.unknown()).safeParse(payload).data ?? {};
  const telling = Object.keys(fields).find((key) => !commonFields.has(key));
  return telling === undefined ? kind : `message:${telling}`.slice(0, 100);
}

const commonFields = new Set(["message_id", "message_thread_id", "is_topic_message", "from", "chat", "date"]);

/** Bytes that are no update: kept under their hash. */
export function unreadable(body: Uint8Array, receivedAt: Date): InboundEvent {
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
