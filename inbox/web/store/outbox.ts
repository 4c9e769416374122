// Messages on their way to the server. They are on disk before they are tried, survive a reload, go out in order within
// a conversation, and reach the server once: the client id makes a repeated POST answer with the first message.
import { reactive } from "vue";
import { ApiError } from "../../../ui/api.ts";
import { onConnected } from "../../../ui/socket.ts";
import type { LocalState, Message, PostMessageRequest } from "../types.ts";
import { inboxApi } from "./inbox-api.ts";
import { forget, keep, readAll } from "./local-store.ts";
import { putMessage } from "./threads.ts";

export interface OutboxEntry {
  clientId: string;
  conversationId: string;
  request: PostMessageRequest;
  createdAt: string;
  state: LocalState["state"];
  code?: string | undefined;
  /** How it looks until the server's own message is here. */
  shown: Pick<Message, "content" | "replyTo" | "sender" | "forwardedFrom">;
}

const entries = reactive<OutboxEntry[]>([]);
const sending = new Set<string>();
const refusalListeners = new Set<(entry: OutboxEntry) => void>();
let retryTimer: ReturnType<typeof setTimeout> | undefined;

/** Reads what a reload left behind and begins to send; called once. */
export async function openOutbox(): Promise<void> {
  const stored = await readAll<OutboxEntry>("outbox");
  entries.splice(0, entries.length, ...stored.sort((a, b) => a.createdAt.localeCompare(b.createdAt)));
  for (const entry of entries) if (entry.state === "sending") entry.state = "waiting";
  onConnected(drainAll);
  window.addEventListener("online", drainAll);
  drainAll();
}

/** Told of each message that does not go out by itself any more: refused by the server, or held for a decision. */
export function onRefused(listener: (entry: OutboxEntry) => void): () => void {
  refusalListeners.add(listener);
  return () => void refusalListeners.delete(listener);
}

export const isRefused = ({ state }: OutboxEntry): boolean => state === "failed" || state === "held";

export function entriesOf(conversationId: string): OutboxEntry[] {
  return entries.filter((entry) => entry.conversationId === conversationId);
}

/** Shown at once; resolves when it is on disk, where the disk takes it. */
export async function enqueue(entry: Omit<OutboxEntry, "state" | "createdAt" | "clientId">): Promise<void> {
  const made: OutboxEntry = {
    ...entry,
    clientId: entry.request.clientId,
    createdAt: new Date().toISOString(),
    state: "waiting",
  };
  entries.push(made);
  await keep("outbox", made.clientId, made);
  void drain(entry.conversationId);
}

/** Tries a failed one again; `anyway` sends although somebody answered meanwhile. */
export async function retryEntry(clientId: string, anyway = false): Promise<void> {
  const entry = entries.find((one) => one.clientId === clientId);
  if (!entry) return;
  if (anyway) entry.request = { ...entry.request, seenSeq: undefined, begunSeq: undefined };
  await change(entry, { state: "waiting", code: undefined });
  void drain(entry.conversationId);
}

export async function discardEntry(clientId: string): Promise<void> {
  const index = entries.findIndex((entry) => entry.clientId === clientId);
  if (index >= 0) entries.splice(index, 1);
  await forget("outbox", clientId);
}

/** The server knows it: its message takes the place of ours. */
export function settleEntry(clientId: string | undefined): void {
  if (clientId && entries.some((entry) => entry.clientId === clientId)) void discardEntry(clientId);
}

export function drainAll(): void {
  clearTimeout(retryTimer);
  for (const id of new Set(entries.map((entry) => entry.conversationId))) void drain(id);
}

/** One after the other within a conversation, in one tab at a time. */
async function drain(conversationId: string): Promise<void> {
  if (sending.has(conversationId)) return;
  sending.add(conversationId);
  try {
    await inOneTab(`outbox ${conversationId}`, () => sendWaiting(conversationId));
  } finally {
    sending.delete(conversationId);
  }
}

/** A page that came over plain http has no locks: two tabs may try the same message, and its client id makes it one. */
async function inOneTab(name: string, act: () => Promise<void>): Promise<void> {
  if ("locks" in navigator) await navigator.locks.request(name, act);
  else await act();
}

async function sendWaiting(conversationId: string): Promise<void> {
  for (;;) {
    const entry = entries.find((one) => one.conversationId === conversationId && one.state === "waiting");
    if (!entry || !(await sendEntry(entry))) return;
  }
}

/** False when there is no use in going on now. */
async function sendEntry(entry: OutboxEntry): Promise<boolean> {
  await change(entry, { state: "sending" });
  try {
    putMessage(await inboxApi.postMessage(entry.conversationId, entry.request));
    await discardEntry(entry.clientId);
    return true;
  } catch (error) {
    return settleFailure(entry, error);
  }
}

async function settleFailure(entry: OutboxEntry, error: unknown): Promise<boolean> {
  const code = error instanceof ApiError ? error.code : "unexpected";
  if (!(error instanceof ApiError) || !isTransient(error)) {
    await change(entry, { state: code === "answered_meanwhile" ? "held" : "failed", code });
    refusalListeners.forEach((listener) => listener(entry));
    return code !== "answered_meanwhile";
  }
  await change(entry, { state: "waiting" });
  retryTimer = setTimeout(drainAll, 5000);
  return false;
}

/** No answer, an overloaded server, or a session that has to be renewed: the message waits. */
function isTransient(error: ApiError): boolean {
  return (
    error.status === 0 ||
    error.status === 401 ||
    error.code === "csrf" ||
    error.status === 429 ||
    error.status >= 500
  );
}

async function change(entry: OutboxEntry, update: Partial<OutboxEntry>): Promise<void> {
  const known = entries.find((one) => one.clientId === entry.clientId);
  if (!known) return;
  Object.assign(known, update);
  await keep("outbox", known.clientId, known);
}
