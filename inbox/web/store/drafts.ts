// Drafts per conversation and mode. They live on the server, so that every device has them; a pause in typing saves.
// What the server does not have yet is in this tab's copies.
import { reactive, ref } from "vue";
import { onConnected, onLive, socketState } from "../../../ui/socket.ts";
import type { Draft, Mode, ServerEvents } from "../types.ts";
import { conversations } from "./conversations.ts";
import { dropCopy, gist, keepCopy, nextTurn, readCopies, type LocalDraft } from "./draft-copies.ts";
import { inboxApi } from "./inbox-api.ts";
import { joinDrafts } from "./join-drafts.ts";

/** Which box has the caret; its draft is not replaced by another device's. */
export const writing = ref<{ conversationId: string; mode: Mode } | null>(null);

const drafts = reactive(new Map<string, LocalDraft>());
/** What was asked for since the line was last made; what is `followed` is asked for again with the next line. */
const loaded = new Map<string, Promise<unknown>>();
const followed = new Set<string>();
/** The server has said once what it has. */
const answered = new Set<string>();
const unsaved = new Map<string, ReturnType<typeof setTimeout>>();
/** Since when something waits to be saved. */
const waitingSince = new Map<string, number>();
const saving = new Map<string, Promise<void>>();
/** How often each was written and saved here, so that an answer asked for before is known to be older. */
const written = new Map<string, number>();
/** What the server has of each, or may have when an answer did not come. */
const served = new Map<string, string[]>();
/**
 * From the page before this one; nothing is saved before it is known what the server has now. True of what is old: if the
 * server, which was told of it, has none, it was sent or dropped on another device.
 */
const resumed = new Map<string, boolean>();
let started = false;
const isWriting = (conversationId: string, mode: Mode) =>
  writing.value?.conversationId === conversationId && writing.value.mode === mode;
const modes: Mode[] = ["reply", "note"];
const pauseMs = 700;
/** Whoever types without a pause is saved all the same. */
const longestMs = 2000;
/** After a request that failed. */
const againMs = 10_000;
const oldMs = 60_000;
/** So many savings that had no answer are remembered. */
const longestDoubt = 4;
const keyOf = (conversationId: string, mode: Mode) => `${conversationId} ${mode}`;
const conversationOf = (key: string) => key.split(" ")[0] ?? "";

export function draftOf(conversationId: string, mode: Mode): LocalDraft | undefined {
  return drafts.get(keyOf(conversationId, mode));
}

/** Asks the server once per conversation and line; what was typed here meanwhile wins. */
export async function loadDrafts(conversationId: string): Promise<void> {
  startDrafts();
  followed.add(conversationId);
  await ask(conversationId);
}

/** Other tabs and devices, and what a reload left behind; the work is done once. */
export function startDrafts(): void {
  if (started) return;
  started = true;
  onLive<Parameters<ServerEvents["draft"]>[0]>("draft", ({ conversationId, mode, draft, sent }) => {
    const same = sent !== undefined && draftOf(conversationId, mode)?.content.text?.trim() === sent;
    if (!isWriting(conversationId, mode) || same) takeIn(conversationId, mode, draft ?? undefined);
  });
  window.addEventListener("pagehide", flush);
  resume();
  reloadAfterLoss();
}

/** The conversation is left: with the next line it is not asked for, only with its next opening. */
export function leaveDrafts(conversationId: string): void {
  followed.delete(conversationId);
}

/** Keeps what is being written; an empty one is dropped. */
export function writeDraft(conversationId: string, mode: Mode, draft: LocalDraft): void {
  const key = keyOf(conversationId, mode);
  countWriting(key);
  if (resumed.has(key)) resumed.set(key, false);
  if (isEmpty(draft)) drafts.delete(key);
  else drafts.set(key, draft);
  copy(key);
  showInList(conversationId);
  clearTimeout(unsaved.get(key));
  const now = Date.now();
  const since = waitingSince.get(key) ?? now;
  waitingSince.set(key, since);
  unsaved.set(
    key,
    setTimeout(() => save(conversationId, mode), Math.min(pauseMs, Math.max(0, since + longestMs - now))),
  );
}

/** After sending: nothing is left to save. */
export function clearDraft(conversationId: string, mode: Mode): void {
  writeDraft(conversationId, mode, { content: {} });
  const key = keyOf(conversationId, mode);
  clearTimeout(unsaved.get(key));
  save(conversationId, mode);
}

async function ask(conversationId: string): Promise<void> {
  if (loaded.has(conversationId)) return;
  const asked = inboxApi.drafts(conversationId);
  loaded.set(conversationId, asked);
  const isNewest = () => loaded.get(conversationId) === asked;
  const writtenBefore = modes.map((mode) => written.get(keyOf(conversationId, mode)));
  try {
    const { items } = await asked;
    if (!isNewest()) return;
    answered.add(conversationId);
    for (const [index, mode] of modes.entries())
      if (
        resumed.has(keyOf(conversationId, mode)) ||
        written.get(keyOf(conversationId, mode)) === writtenBefore[index]
      )
        takeIn(
          conversationId,
          mode,
          items.find((one) => one.mode === mode),
        );
  } catch {
    if (!isNewest()) return;
    loaded.delete(conversationId); // what is typed now is kept; the server's draft comes with the next opening or line
    if (modes.some((mode) => resumed.has(keyOf(conversationId, mode))))
      setTimeout(() => void ask(conversationId), againMs);
  }
}

/** The page before this one was left before the server had it: it is shown, and saved as soon as it is known what is there. */
function resume(): void {
  for (const [key, copy] of readCopies()) {
    if (!isEmpty(copy.draft)) drafts.set(key, copy.draft);
    served.set(key, copy.served);
    resumed.set(key, Date.now() - (copy.toldAt ?? Infinity) > oldMs);
    showInList(conversationOf(key));
    void ask(conversationOf(key));
  }
}

/** What other devices wrote while there was no connection, before the first one too, was told to nobody here. */
function reloadAfterLoss(): void {
  onConnected(() => {
    loaded.clear();
    const wanted = new Set([...followed, ...[...resumed.keys()].map(conversationOf)]);
    for (const id of wanted)
      if (!answered.has(id) || modes.every((mode) => !isWriting(id, mode))) void ask(id);
  });
}

/** One request after the other, so that the draft as it is last is the one that stays. */
function save(conversationId: string, mode: Mode): void {
  const key = keyOf(conversationId, mode);
  unsaved.delete(key);
  waitingSince.delete(key);
  if (resumed.has(key)) return;
  const turn = (saving.get(key) ?? Promise.resolve()).then(() => store(conversationId, mode));
  saving.set(key, turn);
  void turn.then(() => saving.get(key) === turn && saving.delete(key));
}

async function store(conversationId: string, mode: Mode, keepalive = false): Promise<void> {
  const key = keyOf(conversationId, mode);
  const draft = drafts.get(key);
  const sent = gist(draft);
  served.set(key, [...(served.get(key) ?? []), sent].slice(-longestDoubt));
  copy(key, keepalive && socketState.connected.value ? Date.now() : undefined);
  try {
    if (draft) await inboxApi.saveDraft(conversationId, mode, draft, nextTurn(), { keepalive });
    else await inboxApi.dropDraft(conversationId, mode, { keepalive });
    served.set(key, [sent]);
    countWriting(key); // what was asked for before is older than what was saved
    if (unsaved.has(key)) copy(key);
    else dropCopy(key);
  } catch {
    if (!unsaved.has(key))
      unsaved.set(
        key,
        setTimeout(() => save(conversationId, mode), againMs),
      ); // it stays on screen; saved when it can be
  }
}

function countWriting(key: string): void {
  written.set(key, (written.get(key) ?? 0) + 1);
}

function copy(key: string, toldAt?: number): void {
  keepCopy(key, { draft: drafts.get(key) ?? { content: {} }, served: served.get(key) ?? [], toldAt });
}

/** The page goes: what waits for its pause, or for an answer that will not be heard, is told at once. */
function flush(): void {
  const own = [...resumed].flatMap(([key, old]) => (old ? [] : key));
  for (const key of new Set([...unsaved.keys(), ...saving.keys(), ...own])) {
    const [conversationId = "", mode] = key.split(" ");
    clearTimeout(unsaved.get(key));
    unsaved.delete(key);
    void store(conversationId, mode === "note" ? "note" : "reply", true);
  }
}

function takeIn(conversationId: string, mode: Mode, draft: Draft | undefined): void {
  const key = keyOf(conversationId, mode);
  if (resumed.has(key)) return settle(conversationId, mode, draft);
  if (unsaved.has(key) || saving.has(key)) return;
  served.set(key, [gist(draft)]);
  if (draft) drafts.set(key, { content: draft.content, replyToMessageId: draft.replyToMessageId });
  else drafts.delete(key);
  showInList(conversationId);
}

/** What a reload left behind meets what the server has: written on another device meanwhile, both are kept. */
function settle(conversationId: string, mode: Mode, theirs: Draft | undefined): void {
  const key = keyOf(conversationId, mode);
  const mine = drafts.get(key);
  const old = resumed.get(key);
  resumed.delete(key);
  if (theirs && ![...(served.get(key) ?? []), gist(mine)].includes(gist(theirs)))
    return writeDraft(conversationId, mode, joinDrafts(theirs, mine ?? { content: {} }));
  if (!theirs && old) drafts.delete(key);
  else if (inFull(theirs) !== inFull(mine)) return save(conversationId, mode);
  dropCopy(key);
  showInList(conversationId);
}

const inFull = (draft?: LocalDraft) => JSON.stringify([draft?.content, draft?.replyToMessageId]);

/** The list's row says "Draft:" with the reply's beginning, or the note's. */
function showInList(conversationId: string): void {
  const one = conversations.byId.get(conversationId);
  if (!one) return;
  const { draft: _before, ...rest } = one;
  const mode = draftOf(conversationId, "reply") ? "reply" : "note";
  const draft = draftOf(conversationId, mode);
  const shown = draft
    ? { draft: { mode, content: draft.content, updatedAt: new Date().toISOString() } as const }
    : {};
  conversations.byId.set(conversationId, { ...rest, ...shown });
}

function isEmpty({ content, replyToMessageId }: LocalDraft): boolean {
  const { text, attachments, buttons } = content;
  return !text?.trim() && !attachments?.length && !buttons?.length && !replyToMessageId;
}
