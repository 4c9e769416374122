// Conversations this browser knows, and what changes one. Lists and threads look here; the socket patches it.
import { computed, reactive, ref } from "vue";
import { ApiError } from "../../../ui/api.ts";
import { session } from "../../../ui/session.ts";
import type { Conversation, ConversationPatch, Counts } from "../types.ts";
import { inboxApi, type ListQuery } from "./inbox-api.ts";

const byId = reactive(new Map<string, Conversation>());
const counts = ref<Counts>({
  mine: 0,
  unassigned: 0,
  mentions: 0,
  all: 0,
  snoozed: 0,
  unreadMine: 0,
  byChannel: {},
  byTeam: {},
});
type Listener = (conversation: Conversation, before: Conversation | undefined) => void;
const listeners = new Set<Listener>();
/** Known from an earlier visit or from before a lost connection: the server may say otherwise. */
const doubtful = new Set<string>();

export const conversations = { byId, counts };

export function conversationOf(id: string | undefined): Conversation | undefined {
  return id ? byId.get(id) : undefined;
}

/** Left a moment ago: an answer that was on its way then does not bring it back. */
const gone = new Set<string>();
const goneMs = 30_000;

/** It goes on where this person may not read. */
export function dropConversation(id: string): void {
  byId.delete(id);
  gone.add(id);
  setTimeout(() => gone.delete(id), goneMs);
}

/** What was told so far, and which of it was the last of each conversation. */
let told = 0;
const toldLast = new Map<string, number>();

/** The moment of a question, to be given to `putConversation` with its answer. */
export const askedNow = (): number => told;

/** What the server tells of itself; it has come back, if it had gone. */
export function hearConversation(next: Conversation): void {
  gone.delete(next.id);
  toldLast.set(next.id, ++told);
  putConversation(next);
}

/**
 * Takes in what the server says; an older state than known is dropped. So is the answer to a question when as much was told
 * since it was `asked`: names, labels and assignees change without a new revision.
 */
export function putConversation(next: Conversation, asked = told): void {
  if (gone.has(next.id)) return;
  const before = byId.get(next.id);
  if (before && !doubtful.has(next.id)) {
    if (next.lastRev < before.lastRev) return;
    const isOvertaken = next.lastRev === before.lastRev && (toldLast.get(next.id) ?? 0) > asked;
    if (isOvertaken) return showConversation(withDraftOf(next, before));
  }
  doubtful.delete(next.id);
  showConversation(next);
}

/** What is told of a conversation leaves out its draft: that one an answer alone brings. */
function withDraftOf({ draft }: Conversation, { draft: _former, ...rest }: Conversation): Conversation {
  return { ...rest, ...(draft ? { draft } : {}) };
}

/** Shows a state that the server has not confirmed yet. */
export function showConversation(next: Conversation): void {
  const before = byId.get(next.id);
  byId.set(next.id, next);
  listeners.forEach((listener) => listener(next, before));
}

/** Shows what the last visit left, where nothing better is known. */
export function paintConversation(kept: Conversation): void {
  if (byId.has(kept.id)) return;
  doubtful.add(kept.id);
  showConversation(kept);
}

/** Known from an earlier visit alone. */
export const isDoubtful = (id: string): boolean => doubtful.has(id);

/** After a lost connection: whatever was known may have changed. */
export function doubtConversations(): void {
  for (const id of byId.keys()) doubtful.add(id);
}

/** A conversation as the server has it; without a connection the one known here serves. */
export async function freshConversation(id: string): Promise<Conversation> {
  const known = byId.get(id);
  if (known && !doubtful.has(id)) return known;
  try {
    return await loadConversation(id);
  } catch (error) {
    if (known && error instanceof ApiError && error.code === "network") return known;
    throw error;
  }
}

/** Told of every change, before it is drawn. */
export function onConversation(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Shows the change at once; takes it back when the server refuses. Gives the server's answer. */
export async function patchConversation(id: string, patch: ConversationPatch): Promise<Conversation> {
  const before = byId.get(id);
  if (before) showConversation(patched(before, patch));
  const asked = askedNow();
  try {
    const answered = await inboxApi.patchConversation(id, patch);
    putConversation(answered, asked);
    return answered;
  } catch (error) {
    if (before) takeBack(before, patch);
    throw error;
  } finally {
    refreshCounts();
  }
}

export async function loadConversation(id: string, signal?: AbortSignal): Promise<Conversation> {
  const asked = askedNow();
  const loaded = await inboxApi.conversation(id, signal ? { signal } : {});
  putConversation(loaded, asked);
  return byId.get(id) ?? loaded;
}

/** The patch that leads back to how it was; for Undo. What the act did not touch is left to whoever changed it since. */
export function undoPatch(before: Conversation, patch: ConversationPatch): ConversationPatch {
  const { assigneeId = null, teamId = null, tags } = before;
  const { addTags, removeTags } = patch;
  return {
    ...(patch.state ? stateBefore(before) : {}),
    ...(patch.state === "resolved" && before.unread > 0 ? { unread: true } : {}),
    ...(patch.assigneeId === undefined ? {} : { assigneeId }),
    ...(patch.teamId === undefined ? {} : { teamId }),
    ...(addTags ? { removeTags: addTags.filter((tag) => !tags.includes(tag)) } : {}),
    ...(removeTags ? { addTags: removeTags.filter((tag) => tags.includes(tag)) } : {}),
  };
}

/** A snooze whose time has come meanwhile is not put off to it again. */
function stateBefore({ state, snoozedUntil }: Conversation): ConversationPatch {
  const isOver = state === "snoozed" && snoozedUntil && Date.parse(snoozedUntil) <= Date.now();
  return isOver ? { state: "open", snoozedUntil: null } : { state, snoozedUntil: snoozedUntil ?? null };
}

/** Whether a conversation stands in a view, as the server would say. Mentions are known to the server alone. */
export function belongsTo(query: ListQuery, one: Conversation): boolean {
  if (query.channelId && one.channelId !== query.channelId) return false;
  if (query.teamId && one.teamId !== query.teamId) return false;
  if (query.assigneeId && one.assigneeId !== query.assigneeId) return false;
  if (query.tag && !one.tags.includes(query.tag)) return false;
  switch (query.view) {
    case "mine":
      return one.state === "open" && one.assigneeId === session.value?.me.id;
    case "unassigned":
      return one.state === "open" && one.assigneeId === undefined;
    case "all":
      return one.state === "open";
    case "snoozed":
    case "resolved":
      return one.state === query.view;
    case "mentions":
      return one.state !== "resolved";
  }
}

/** The server's order of a list. */
export function compareFor(query: ListQuery): (a: Conversation, b: Conversation) => number {
  const byActivity = (a: Conversation, b: Conversation) =>
    b.lastActivityAt.localeCompare(a.lastActivityAt) || b.id.localeCompare(a.id);
  if (query.order === "newest") return byActivity;
  const byNeed = (a: Conversation, b: Conversation) => Number(b.needsReply) - Number(a.needsReply);
  if (query.order === "grouped") return (a, b) => byNeed(a, b) || byActivity(a, b);
  const since = (one: Conversation) => one.waitingSince ?? "9999";
  return (a, b) => byNeed(a, b) || since(a).localeCompare(since(b)) || byActivity(a, b);
}

let countsTimer: ReturnType<typeof setTimeout> | undefined;

/** Asks for the side bar's counts, once for many changes. */
export function refreshCounts(): void {
  countsTimer ??= setTimeout(() => {
    countsTimer = undefined;
    void inboxApi.counts().then(
      (next) => (counts.value = next),
      () => undefined, // the next change or reconnect asks again
    );
  }, 400);
}

export const unreadMine = computed(() => counts.value.unreadMine);

/** Refused: what was shown too early goes, what came from the server meanwhile stays. */
function takeBack(before: Conversation, patch: ConversationPatch): void {
  const now = byId.get(before.id);
  if (!now || now.lastRev !== before.lastRev) return;
  const { unread } = patch.unread ? before : now;
  showConversation({ ...patched(now, undoPatch(before, patch)), unread });
}

function patched(one: Conversation, patch: ConversationPatch): Conversation {
  const { assigneeId, teamId, snoozedUntil, unread, state, addTags = [], removeTags = [] } = patch;
  return {
    ...one,
    ...(state ? { state } : {}),
    tags: [...new Set([...one.tags, ...addTags])].filter((tag) => !removeTags.includes(tag)),
    ...(unread ? { unread: Math.max(1, one.unread) } : {}),
    ...(assigneeId === undefined ? {} : { assigneeId: assigneeId ?? undefined }),
    ...(teamId === undefined ? {} : { teamId: teamId ?? undefined }),
    ...(snoozedUntil === undefined ? {} : { snoozedUntil: snoozedUntil ?? undefined }),
  };
}
