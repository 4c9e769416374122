// Drafts per conversation and mode. They live on the server, so that every device has them; a pause in typing saves.
import { reactive } from "vue";
import { onLive } from "../../../ui/socket.ts";
import type { Draft, Mode, SentContent, ServerEvents } from "../types.ts";
import { conversations } from "./conversations.ts";
import { inboxApi } from "./inbox-api.ts";

export interface LocalDraft {
  content: SentContent;
  replyToMessageId?: string | undefined;
}

const drafts = reactive(new Map<string, LocalDraft>());
const loaded = new Set<string>();
const unsaved = new Map<string, ReturnType<typeof setTimeout>>();
const pauseMs = 700;
const keyOf = (conversationId: string, mode: Mode) => `${conversationId} ${mode}`;

export function draftOf(conversationId: string, mode: Mode): LocalDraft | undefined {
  return drafts.get(keyOf(conversationId, mode));
}

/** Asks the server once per conversation; what was typed here meanwhile wins. */
export async function loadDrafts(conversationId: string): Promise<void> {
  if (loaded.has(conversationId)) return;
  loaded.add(conversationId);
  try {
    const { items } = await inboxApi.drafts(conversationId);
    items.forEach(takeIn);
  } catch {
    loaded.delete(conversationId); // what is typed now is kept; the server's draft comes with the next opening
  }
}

/** Keeps what is being written; an empty one is dropped. */
export function writeDraft(conversationId: string, mode: Mode, draft: LocalDraft): void {
  const key = keyOf(conversationId, mode);
  if (isEmpty(draft)) drafts.delete(key);
  else drafts.set(key, draft);
  showInList(conversationId);
  clearTimeout(unsaved.get(key));
  unsaved.set(
    key,
    setTimeout(() => void save(conversationId, mode), pauseMs),
  );
}

/** After sending: nothing is left to save. */
export function clearDraft(conversationId: string, mode: Mode): void {
  writeDraft(conversationId, mode, { content: {} });
  const key = keyOf(conversationId, mode);
  clearTimeout(unsaved.get(key));
  void save(conversationId, mode);
}

/** Other tabs and devices; called once. A draft that is being written here is not disturbed. */
export function followDrafts(isWriting: (conversationId: string, mode: Mode) => boolean): void {
  onLive<Parameters<ServerEvents["draft"]>[0]>("draft", ({ conversationId, mode, draft }) => {
    if (unsaved.has(keyOf(conversationId, mode)) || isWriting(conversationId, mode)) return;
    if (draft) takeIn(draft);
    else drafts.delete(keyOf(conversationId, mode));
    showInList(conversationId);
  });
}

async function save(conversationId: string, mode: Mode): Promise<void> {
  const key = keyOf(conversationId, mode);
  unsaved.delete(key);
  const draft = drafts.get(key);
  try {
    if (draft) await inboxApi.saveDraft(conversationId, mode, draft.content, draft.replyToMessageId);
    else await inboxApi.dropDraft(conversationId, mode);
  } catch {
    unsaved.set(
      key,
      setTimeout(() => void save(conversationId, mode), 10_000),
    ); // it stays on screen; saved when it can be
  }
}

function takeIn(draft: Draft): void {
  const key = keyOf(draft.conversationId, draft.mode);
  if (unsaved.has(key)) return;
  drafts.set(key, { content: draft.content, replyToMessageId: draft.replyToMessageId });
}

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
