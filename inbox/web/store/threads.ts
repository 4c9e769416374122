// Messages of the conversations opened lately. A thread is a run without holes: pages are added at its ends, changes
// come by `rev`, and what is missing after a lost connection is asked for.
import { shallowReactive } from "vue";
import { ApiError } from "../../../ui/api.ts";
import type { Conversation, Message } from "../types.ts";
import { conversationOf, paintConversation } from "./conversations.ts";
import { inboxApi } from "./inbox-api.ts";
import { keep, readOne } from "./local-store.ts";

export interface Thread {
  conversationId: string;
  /** By `seq`. */
  messages: Message[];
  /** The newest change known; the catch-up asks for what is above it. */
  rev: number;
  hasOlder: boolean;
  hasNewer: boolean;
  state: "new" | "loading" | "ready" | "failed";
  error: unknown;
  /** Grows when messages were put before the first one, so that the screen can hold its place. */
  prepended: number;
}

const threads = new Map<string, Thread>();
const kept = 30;
const pageSize = 50;

export function threadOf(conversationId: string): Thread {
  const known = threads.get(conversationId);
  if (known) return touch(known);
  const made = shallowReactive<Thread>({
    conversationId,
    messages: [],
    rev: 0,
    hasOlder: true,
    hasNewer: false,
    state: "new",
    error: undefined,
    prepended: 0,
  });
  threads.set(conversationId, made);
  forgetOldest();
  return made;
}

/** Shows what the last visit left in this browser, if the thread is not known yet. */
export async function paintThread(conversationId: string): Promise<void> {
  const thread = threadOf(conversationId);
  if (thread.state === "new") await paintSnapshot(thread);
}

/** Opens at the first unread message, or at `seq`; what is known is shown at once and brought up to date. */
export async function openThread(conversationId: string, seq?: number): Promise<Thread> {
  const thread = threadOf(conversationId);
  const jumps = seq !== undefined && !thread.messages.some((message) => message.seq === seq);
  if (thread.messages.length > 0 && !jumps && !isFarBehind(thread)) await catchUp(thread);
  else await loadAround(thread, seq ?? firstUnread(conversationId));
  return thread;
}

/**
 * Where a message stands, however old: known already, else read by one request with what is around it. One of another
 * conversation leaves the thread as it is.
 */
export async function findMessage(
  thread: Thread,
  messageId: string,
): Promise<{ conversationId: string; seq: number }> {
  let found = thread.messages.find(({ id }) => id === messageId);
  if (!found)
    await fill(thread, async () => {
      const { items } = await inboxApi.around(messageId, pageSize);
      found = items.find(({ id }) => id === messageId);
      return found?.conversationId === thread.conversationId ? items : undefined;
    });
  if (!found) throw new ApiError("not_found", 404, "The message is not in its own page.");
  return found;
}

/** Fetches a thread that is likely to be opened next; failures show when it is opened. */
export async function prefetchThread(conversationId: string): Promise<void> {
  const thread = threadOf(conversationId);
  if (thread.state === "new") await loadAround(thread, firstUnread(conversationId)).catch(() => undefined);
}

export async function loadOlder(thread: Thread): Promise<void> {
  const first = thread.messages[0];
  if (!first || !thread.hasOlder || busy.has(thread)) return;
  await exclusively(thread, async () => {
    const page = await inboxApi.messages(thread.conversationId, { before: first.seq }, pageSize);
    const older = page.items.filter((message) => message.seq < first.seq);
    thread.hasOlder = page.hasMore;
    thread.prepended += older.length;
    thread.messages = [...older, ...thread.messages];
  });
}

export async function loadNewer(thread: Thread): Promise<void> {
  const last = thread.messages.at(-1);
  if (!last || !thread.hasNewer || busy.has(thread)) return;
  await exclusively(thread, async () => {
    const page = await inboxApi.messages(thread.conversationId, { after: last.seq }, pageSize);
    merge(thread, page.items);
    thread.hasNewer = page.hasMore;
  });
}

/** The newest page in place of a run that ends earlier. */
export async function loadNewest(thread: Thread): Promise<void> {
  if (thread.hasNewer) await loadAround(thread, undefined);
}

/** Takes one live message in. One that would leave a hole is fetched with what comes before it. */
export function putMessage(message: Message): void {
  const thread = threads.get(message.conversationId);
  for (const load of loads) if (load.thread === thread) load.came.push(message);
  if (!thread || thread.state !== "ready") return;
  const last = thread.messages.at(-1);
  const known = thread.messages.some((one) => one.id === message.id);
  if (!known && thread.hasNewer && message.seq > (last?.seq ?? 0)) return;
  if (message.rev > thread.rev + 1) return fetchBefore(thread, message);
  merge(thread, [message]);
  store(thread);
}

/** Many may come while one request runs: it serves all of them. Without a connection the next one catches up. */
function fetchBefore(thread: Thread, message: Message): void {
  const run = catching.get(thread) ?? catchUp(thread);
  void run.then(
    () => putMessage(message),
    () => undefined,
  );
}

const catching = new Map<Thread, Promise<void>>();

/** Asks for every change after the last one known, one request at a time. */
export function catchUp(thread: Thread): Promise<void> {
  const before = catching.get(thread)?.catch(() => undefined) ?? Promise.resolve();
  const run = before
    .then(() => readChanges(thread))
    .finally(() => {
      if (catching.get(thread) === run) catching.delete(thread);
    });
  catching.set(thread, run);
  return run;
}

async function readChanges(thread: Thread): Promise<void> {
  for (let more = true; more;) {
    const page = await inboxApi.messages(thread.conversationId, { afterRev: thread.rev }, 100);
    const last = thread.messages.at(-1)?.seq ?? 0;
    merge(thread, thread.hasNewer ? page.items.filter((message) => message.seq <= last) : page.items);
    thread.rev = Math.max(thread.rev, ...page.items.map((message) => message.rev));
    more = page.hasMore && page.items.length > 0;
  }
  thread.state = "ready";
  store(thread);
}

/** After a lost connection: every thread that is kept, and those that are being read, which may miss what came before. */
export function catchUpAll(): void {
  for (const load of loads) load.again = true;
  for (const thread of threads.values())
    if (thread.state === "ready") void catchUp(thread).catch(() => undefined);
}

export function messageOf(conversationId: string, messageId: string): Message | undefined {
  return threads.get(conversationId)?.messages.find((message) => message.id === messageId);
}

const busy = new Set<Thread>();

async function exclusively(thread: Thread, act: () => Promise<void>): Promise<void> {
  busy.add(thread);
  try {
    await act();
  } finally {
    busy.delete(thread);
  }
}

/** Reads on their way, with what the socket brought meanwhile: the answer may be older than that. */
const loads = new Set<{ thread: Thread; came: Message[]; again: boolean }>();

function loadAround(thread: Thread, seq: number | undefined): Promise<void> {
  const range = seq === undefined ? {} : { around: seq };
  const read = async () => (await inboxApi.messages(thread.conversationId, range, pageSize)).items;
  return fill(thread, read, seq === undefined);
}

/** Puts a page in place of the run that was there; without one the run stays. */
async function fill(
  thread: Thread,
  read: () => Promise<Message[] | undefined>,
  newest = false,
): Promise<void> {
  if (thread.messages.length === 0) thread.state = "loading";
  // the answer is not older than what is known now, whichever part of the thread it shows
  const known = conversationOf(thread.conversationId)?.lastRev ?? 0;
  const load = { thread, came: [] as Message[], again: false };
  loads.add(load);
  try {
    const messages = await read();
    if (messages) take(thread, messages, known, newest);
  } catch (error) {
    thread.error = error;
    thread.state = thread.messages.length > 0 ? "ready" : "failed";
    throw error;
  } finally {
    loads.delete(load);
  }
  load.came.forEach(putMessage);
  if (load.again && thread.state === "ready") void catchUp(thread).catch(() => undefined); // the next connection asks again
}

function take(thread: Thread, messages: Message[], rev: number, newest = false): void {
  const last = messages.at(-1)?.seq ?? 0;
  thread.messages = messages;
  thread.rev = Math.max(rev, ...messages.map((message) => message.rev));
  thread.hasOlder = (messages[0]?.seq ?? 1) > 1;
  // what comes after the newest page was said where this person may not read
  thread.hasNewer = !newest && last < (conversationOf(thread.conversationId)?.lastSeq ?? last);
  thread.state = "ready";
  store(thread);
}

/** So much is missing that the newest page is had sooner than every change. */
function isFarBehind(thread: Thread): boolean {
  const newest = conversationOf(thread.conversationId)?.lastSeq ?? 0;
  return !thread.hasNewer && newest - (thread.messages.at(-1)?.seq ?? 0) > 4 * pageSize;
}

/** Undefined while the newest page holds it anyway. */
function firstUnread(conversationId: string): number | undefined {
  const one = conversationOf(conversationId);
  return one && one.unread > 0 && one.lastSeq - one.readSeq > pageSize - 10 ? one.readSeq + 1 : undefined;
}

function merge(thread: Thread, changed: Message[]): void {
  if (changed.length === 0) return;
  const byId = new Map(thread.messages.map((message) => [message.id, message]));
  const first = thread.messages[0]?.seq ?? 0;
  for (const message of changed) {
    const before = byId.get(message.id);
    if (before ? message.rev >= before.rev : message.seq >= first) byId.set(message.id, message);
  }
  thread.messages = [...byId.values()].sort((a, b) => a.seq - b.seq);
  thread.rev = Math.max(thread.rev, ...changed.map((message) => message.rev));
}

/** Used last, forgotten last. */
function touch(thread: Thread): Thread {
  threads.delete(thread.conversationId);
  threads.set(thread.conversationId, thread);
  return thread;
}

function forgetOldest(): void {
  if (threads.size <= kept) return;
  const oldest = threads.keys().next().value;
  if (oldest !== undefined) threads.delete(oldest);
}

function store(thread: Thread): void {
  if (thread.hasNewer) return;
  const conversation = conversationOf(thread.conversationId);
  const snapshot: Snapshot = { messages: thread.messages.slice(-40), rev: thread.rev, conversation };
  void keep("snapshots", `thread ${thread.conversationId}`, snapshot);
}

interface Snapshot {
  messages: Message[];
  rev: number;
  conversation?: Conversation | undefined;
}

async function paintSnapshot(thread: Thread): Promise<void> {
  const stored = await readOne<Snapshot>("snapshots", `thread ${thread.conversationId}`);
  if (!stored || thread.messages.length > 0 || stored.messages.length === 0) return;
  if (stored.conversation) paintConversation(stored.conversation);
  thread.messages = stored.messages;
  thread.rev = stored.rev;
  thread.hasOlder = (stored.messages[0]?.seq ?? 1) > 1;
  thread.state = "ready";
}
