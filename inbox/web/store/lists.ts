// Pages of conversations by view. A list holds still while somebody points at it: changes show in place, arrivals wait.
import { computed, reactive, toRaw } from "vue";
import { ApiError } from "../../../ui/api.ts";
import type { Conversation } from "../types.ts";
import {
  askedNow,
  belongsTo,
  compareFor,
  conversations,
  dropConversation,
  isDoubtful,
  onConversation,
  paintConversation,
  putConversation,
} from "./conversations.ts";
import { inboxApi, type ListQuery } from "./inbox-api.ts";
import { keep, readOne } from "./local-store.ts";

export interface ListState {
  query: ListQuery;
  /** What is on screen, in its order. */
  shown: string[];
  /** What has come meanwhile: not on screen yet, or still at its old place. */
  arrived: string[];
  next: string | null;
  state: "new" | "loading" | "ready" | "failed";
  error: unknown;
  /** Pointed at or scrolled away from the top: nothing moves. */
  held: boolean;
  /** Read again while it was held: rows may have left it that nobody told of. */
  doubtful: boolean;
  scrollTop: number;
}

const lists = reactive(new Map<string, ListState>());
const keyOf = (query: ListQuery) =>
  JSON.stringify([
    query.view,
    query.channelId ?? "",
    query.teamId ?? "",
    query.assigneeId ?? "",
    query.tag ?? "",
    query.order,
  ]);

/** The list of a query, made on first use. */
export function listOf(query: ListQuery): ListState {
  const key = keyOf(query);
  const known = lists.get(key);
  if (known) return known;
  lists.set(key, {
    query,
    shown: [],
    arrived: [],
    next: null,
    state: "new",
    error: undefined,
    held: false,
    doubtful: false,
    scrollTop: 0,
  });
  return lists.get(key) as ListState;
}

/** Fills a list: from the last visit's snapshot at once, then from the server. */
export async function openList(list: ListState): Promise<void> {
  if (list.state === "loading") return;
  if (list.state === "new") await paintSnapshot(list);
  await reloadList(list);
}

/** Reads on their way, with what was told meanwhile: the answer may be older than that. */
const reads = new Set<{ came: Map<string, Conversation | undefined>; again: boolean }>();

/** Reads the first page again, as after a reconnect. */
export async function reloadList(list: ListState): Promise<void> {
  if (list.shown.length === 0) list.state = "loading";
  const read = { came: new Map<string, Conversation | undefined>(), again: false };
  const asked = askedNow();
  reads.add(read);
  try {
    const page = await inboxApi.conversations(list.query);
    reads.delete(read);
    page.items.forEach((one) => putConversation(one, asked));
    const ids = page.items.map((one) => one.id).filter((id) => conversations.byId.has(id));
    list.doubtful = list.held && list.shown.length > 0;
    if (list.doubtful) list.arrived = arrivedAmong(list, ids);
    else Object.assign(list, { shown: ids, arrived: [] });
    list.next = page.next;
    list.state = "ready";
    for (const [id, before] of read.came) {
      const one = conversations.byId.get(id);
      if (one && !isDoubtful(id)) place(list, one, before);
    }
    void keep("snapshots", `list ${keyOf(list.query)}`, { items: page.items, next: page.next });
  } catch (error) {
    reads.delete(read);
    list.error = error;
    if (list.shown.length === 0) list.state = "failed";
  }
  if (read.again) await reloadList(list);
}

/** What is new in an answer that has to wait, and the rows that stand where they stood although they have news. */
function arrivedAmong({ shown, arrived }: ListState, ids: string[]): string[] {
  return [...arrived.filter((id) => shown.includes(id)), ...ids.filter((id) => !shown.includes(id))];
}

const fetching = new Set<string>();

/** The next page, when the end comes near. One that did not come is asked for again by the next scroll. */
export async function loadMore(list: ListState): Promise<void> {
  const key = keyOf(list.query);
  const cursor = list.next;
  if (!cursor || fetching.has(key)) return;
  fetching.add(key);
  const asked = askedNow();
  try {
    const page = await inboxApi.conversations(list.query, cursor);
    if (list.next !== cursor) return; // the list was read anew meanwhile: this page would leave a hole
    page.items.forEach((one) => putConversation(one, asked));
    const shown = new Set(list.shown);
    const known = page.items.map((one) => one.id).filter((id) => conversations.byId.has(id));
    list.shown.push(...known.filter((id) => !shown.has(id)));
    list.next = page.next;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  } finally {
    fetching.delete(key);
  }
}

/** Lets the arrivals in and puts everything into its order. */
export function settleList(list: ListState): void {
  const compare = compareFor(list.query);
  const known = [...new Set([...list.arrived, ...list.shown])].flatMap(
    (id) => conversations.byId.get(id) ?? [],
  );
  list.arrived = [];
  list.shown = known
    .filter((one) => belongsTo(list.query, one))
    .sort(compare)
    .map((one) => one.id);
}

/** Tells the list whether somebody points at it; what waited comes in when nobody does. */
export function holdList(list: ListState, held: boolean): void {
  if (list.held === held) return;
  list.held = held;
  if (held) return;
  settleList(list);
  if (list.doubtful) void reloadList(list);
}

/** Every list follows every change; called once. */
export function followLists(): void {
  onConversation((one, before) => {
    for (const { came } of reads) if (!came.has(one.id)) came.set(one.id, before);
    for (const list of lists.values()) if (list.state !== "new") place(list, one, before);
  });
}

/** Out of every list, and out of what goes through one: it went where this person may not read. */
export function leaveLists(id: string): void {
  dropConversation(id);
  for (const list of lists.values()) {
    forget(list, id);
    list.shown = list.shown.filter((one) => one !== id);
  }
}

/** Reads every list again that is on screen or was; one that is being read may miss what came before the connection. */
export function refreshLists(): void {
  for (const read of reads) read.again = true;
  for (const list of lists.values())
    if (list.state === "ready" || list.state === "failed") void reloadList(list);
}

function place(list: ListState, one: Conversation, before: Conversation | undefined): void {
  const inside = list.shown.includes(one.id);
  const belongs = belongsTo(list.query, one) && (inside || list.query.view !== "mentions");
  if (inside && !belongs) return leave(list, one.id, before);
  if (!belongs) return forget(list, one.id);
  const moves = !list.held || ownActs.has(one.id);
  if (inside && moves) return settleList(list);
  if (inside && !hasNews(one, before)) return one.unread === 0 ? forget(list, one.id) : undefined;
  if (!withinPages(list, one)) return;
  if (!list.arrived.includes(one.id)) list.arrived.push(one.id);
  if (moves) settleList(list);
}

/** The customer has written again. */
function hasNews(one: Conversation, before: Conversation | undefined): boolean {
  return before !== undefined && one.lastSeq > before.lastSeq && one.unread > before.unread;
}

function forget(list: ListState, id: string): void {
  list.arrived = list.arrived.filter((one) => one !== id);
}

/** What one closed or gave away oneself goes at once; what others took away waits until the pointer has left. */
function leave(list: ListState, id: string, before: Conversation | undefined): void {
  if (list.held && before && !ownActs.has(id)) return;
  list.shown = list.shown.filter((one) => one !== id);
}

const ownActs = new Set<string>();
const ownActMs = 3000;

/** What changes with this conversation now is this person's own doing, and is shown even under the pointer. */
export function announceOwnAct(id: string): void {
  ownActs.add(id);
  setTimeout(() => ownActs.delete(id), ownActMs);
}

/** Beyond the last loaded row a conversation comes with its page. */
function withinPages(list: ListState, one: Conversation): boolean {
  const last = conversations.byId.get(list.shown.at(-1) ?? "");
  return !list.next || !last || compareFor(list.query)(one, toRaw(last)) < 0;
}

async function paintSnapshot(list: ListState): Promise<void> {
  const stored = await readOne<{ items: Conversation[]; next: string | null }>(
    "snapshots",
    `list ${keyOf(list.query)}`,
  );
  if (!stored || list.shown.length > 0) return;
  stored.items.forEach(paintConversation);
  list.shown = stored.items.map((one) => one.id);
  list.next = stored.next;
}

export type ListRow =
  | { kind: "heading"; key: string; group: "needs" | "waiting"; count: number }
  | { kind: "conversation"; key: string; id: string };

/** Rows with the headings of the two groups; a list by time has none. */
export function useListRows(list: () => ListState, folded: Set<string>) {
  return computed<ListRow[]>(() => {
    const { shown, query } = list();
    const known = shown.filter((id) => conversations.byId.has(id));
    const rows = known.map((id) => ({ kind: "conversation" as const, key: id, id }));
    if (query.order !== "grouped" || query.view === "resolved" || query.view === "snoozed") return rows;
    return (["needs", "waiting"] as const).flatMap((group) => {
      const inGroup = rows.filter(({ id }) => conversations.byId.get(id)?.needsReply === (group === "needs"));
      if (inGroup.length === 0) return [];
      return [
        { kind: "heading" as const, key: group, group, count: inGroup.length },
        ...(folded.has(group) ? [] : inGroup),
      ];
    });
  });
}
