// A thread as it is shown: its messages with ours on the way, the "New" line fixed at opening, reading marks.
import { computed, onScopeDispose, ref, shallowRef, watch } from "vue";
import { useDocumentVisibility } from "@vueuse/core";
import { socketState } from "../../../ui/socket.ts";
import { conversationOf, freshConversation, showConversation } from "../store/conversations.ts";
import { inboxApi } from "../store/inbox-api.ts";
import { entriesOf } from "../store/outbox.ts";
import { presence } from "../store/presence.ts";
import { openThread, paintThread, threadOf } from "../store/threads.ts";
import type { Conversation, ShownMessage } from "../types.ts";
import { itemsOf, localMessage, pressedAfter, type ThreadItem } from "./items.ts";

export function useThread(conversationId: string) {
  const thread = threadOf(conversationId);
  const conversation = computed(() => conversationOf(conversationId));
  const newFrom = ref<number>();
  const missing = ref(false);
  const error = shallowRef<unknown>();

  const messages = computed<ShownMessage[]>(() => {
    const known = new Set(thread.messages.map((message) => message.clientId));
    const last = thread.messages.at(-1)?.seq ?? 0;
    const waiting = entriesOf(conversationId).filter(
      (entry) => entry.state !== "held" && !known.has(entry.clientId),
    );
    return [...thread.messages, ...waiting.map((entry, index) => localMessage(entry, last + index + 1))];
  });
  const items = computed<ThreadItem[]>(() => {
    const all = itemsOf(messages.value, newFrom.value);
    return presence.customerTyping.has(conversationId) ? [...all, { kind: "typing", key: "typing" }] : all;
  });
  const pressed = computed(() => pressedAfter(messages.value, 0));

  async function open(seq?: number): Promise<void> {
    missing.value = false;
    error.value = undefined;
    try {
      await paintThread(conversationId);
      const one = await freshConversation(conversationId);
      newFrom.value ??= one.unread > 0 ? one.readSeq + 1 : undefined;
      await openThread(conversationId, seq);
    } catch (failure) {
      missing.value = isMissing(failure);
      if (thread.messages.length === 0) error.value = failure;
    }
  }

  /** After a lost connection; a conversation that may be seen no more says so. */
  async function renew(): Promise<void> {
    if (error.value) return open();
    await freshConversation(conversationId).catch((failure: unknown) => (missing.value = isMissing(failure)));
  }

  watch(conversation, (one) => (missing.value = !one));
  watch(socketState.connected, (connected) => void (connected && renew()));
  const { reach } = useReading(conversationId);
  return { thread, conversation, messages, items, pressed, newFrom, missing, error, open, reach };
}

/** Marks as read what was on screen in a visible window, a moment after it was. */
function useReading(conversationId: string) {
  const visibility = useDocumentVisibility();
  const reached = ref(0);
  let timer: ReturnType<typeof setTimeout> | undefined;
  onScopeDispose(() => clearTimeout(timer));
  watch([reached, visibility, socketState.connected, () => conversationOf(conversationId)?.lastSeq], () => {
    clearTimeout(timer);
    timer = setTimeout(() => void mark(), 500);
  });

  async function mark(): Promise<void> {
    const one = conversationOf(conversationId);
    if (!one || visibility.value !== "visible" || reached.value <= one.readSeq) return;
    const seq = Math.min(reached.value, one.lastSeq);
    if (seq <= one.readSeq) return;
    showConversation({ ...one, readSeq: seq, unread: seq >= one.lastSeq ? 0 : one.unread });
    await inboxApi.markRead(conversationId, seq).catch(() => unmark(one, seq));
  }

  /** Not told: asked again at the next message, or when the connection is back. */
  function unmark({ readSeq, unread }: Conversation, seq: number): void {
    const now = conversationOf(conversationId);
    if (now?.readSeq === seq) showConversation({ ...now, readSeq, unread });
  }

  /** The newest message whose end was seen. */
  const reach = (seq: number) => void (reached.value = Math.max(reached.value, seq));
  return { reach };
}

function isMissing(failure: unknown): boolean {
  return (
    typeof failure === "object" &&
    failure !== null &&
    "status" in failure &&
    (failure.status === 404 || failure.status === 403)
  );
}
