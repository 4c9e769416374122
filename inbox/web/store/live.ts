// Begins everything that runs as long as somebody is signed in: the directory, the outbox, the patches of the socket.
import { onConnected, onLive } from "../../../ui/socket.ts";
import type { Message, ServerEvents } from "../types.ts";
import {
  conversationOf,
  doubtConversations,
  hearConversation,
  loadConversation,
  refreshCounts,
} from "./conversations.ts";
import { followDirectory, loadDirectory } from "./directory.ts";
import { followLists, leaveLists, refreshLists } from "./lists.ts";
import { prune } from "./local-store.ts";
import { openOutbox, settleEntry } from "./outbox.ts";
import { followPresence, setTyping } from "./presence.ts";
import { catchUpAll, putMessage } from "./threads.ts";

type MessageListener = (message: Message) => void;
const messageListeners = new Set<MessageListener>();
/** By conversation: the newest message known before its conversation said, ahead of the message, that there is one more. */
const heard = new Map<string, number>();

/** Told of each live message that is new, for sounds and announcements. */
export function onNewMessage(listener: MessageListener): () => void {
  messageListeners.add(listener);
  return () => void messageListeners.delete(listener);
}

/** Threads of which the next visit finds a picture. */
const keptThreads = 300;
let started: Promise<void> | undefined;

/** Safe to call from every screen; the work is done once. */
export function startInbox(): Promise<void> {
  started ??= begin().catch((error: unknown) => {
    started = undefined;
    throw error;
  });
  return started;
}

async function begin(): Promise<void> {
  await Promise.all([loadDirectory(), openOutbox()]);
  refreshCounts();
  followDirectory();
  followLists();
  followPresence();
  void import("./drafts.ts").then(
    ({ startDrafts }) => startDrafts(),
    () => undefined, // they begin with the first conversation that is opened
  );
  onLive<Parameters<ServerEvents["message"]>[0]>("message", ({ message }) => takeMessage(message));
  onLive<Parameters<ServerEvents["conversation"]>[0]>("conversation", ({ conversation }) => {
    if (!heard.has(conversation.id))
      heard.set(conversation.id, conversationOf(conversation.id)?.lastSeq ?? conversation.lastSeq - 1);
    const draft = conversationOf(conversation.id)?.draft;
    hearConversation({ ...conversation, ...(draft ? { draft } : {}) });
    refreshCounts();
  });
  onLive<Parameters<ServerEvents["conversation_left"]>[0]>("conversation_left", ({ conversationId }) => {
    leaveLists(conversationId);
    refreshCounts();
  });
  onConnected(catchUpWithEverything);
  void prune("snapshots", "thread ", keptThreads);
}

function takeMessage(message: Message): void {
  const { conversationId, seq } = message;
  const isNew = seq > (heard.get(conversationId) ?? conversationOf(conversationId)?.lastSeq ?? 0);
  if (isNew) heard.set(conversationId, seq);
  settleEntry(message.clientId);
  putMessage(message);
  if (message.type === "incoming") setTyping(conversationId, false);
  if (!conversationOf(conversationId)) void loadConversation(conversationId).catch(() => undefined);
  if (isNew) messageListeners.forEach((listener) => listener(message));
}

/** At every connect, the first too: nobody told of what happened between an answer and the line. */
function catchUpWithEverything(): void {
  doubtConversations();
  heard.clear(); // what came meanwhile is read, not heard
  void loadDirectory().catch(() => undefined); // the next connection asks again
  catchUpAll();
  refreshLists();
  refreshCounts();
}
