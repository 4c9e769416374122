// Who types and who looks: facts of the moment, never stored.
import { reactive, ref, watch } from "vue";
import { onConnected, onLive, sayLive } from "../../../ui/socket.ts";
import { session } from "../../../ui/session.ts";
import type { ServerEvents, Viewer } from "../types.ts";

/** What customers are typing, by conversation; empty where the channel does not tell. */
const customerTyping = reactive(new Map<string, string>());
const viewers = reactive(new Map<string, Viewer[]>());
const viewed = ref<{ conversationId: string | null; replying: boolean }>({
  conversationId: null,
  replying: false,
});
const timers = new Map<string, ReturnType<typeof setTimeout>>();
const typingMs = 6000;
let lastTyping = 0;

export const presence = { customerTyping };

/** Colleagues who have the conversation open, without oneself. */
export function viewersOf(conversationId: string): Viewer[] {
  return (viewers.get(conversationId) ?? []).filter((viewer) => viewer.staffId !== session.value?.me.id);
}

/** Tells colleagues what is open here and whether a reply is being written. */
export function showPresence(conversationId: string | null, replying: boolean): void {
  const { conversationId: open, replying: was } = viewed.value;
  if (open !== conversationId || was !== replying) viewed.value = { conversationId, replying };
}

/** The box is gone; what is viewed by now may be something else already. */
export function endReplying(conversationId: string): void {
  if (viewed.value.conversationId === conversationId) showPresence(conversationId, false);
}

/** Tells the customer, where the messenger can; at most every three seconds. */
export function sayTyping(conversationId: string): void {
  if (Date.now() - lastTyping < 3000) return;
  lastTyping = Date.now();
  sayLive("typing", { conversationId });
}

/** Called once. */
export function followPresence(): void {
  onLive<Parameters<ServerEvents["typing"]>[0]>("typing", ({ conversationId, by, on, text }) => {
    if (by === "contact") setTyping(conversationId, on, text);
  });
  onLive<Parameters<ServerEvents["viewers"]>[0]>(
    "viewers",
    (data) => void viewers.set(data.conversationId, data.viewers),
  );
  const tell = () => sayLive("view", viewed.value);
  watch(viewed, tell);
  onConnected(tell);
}

export function setTyping(conversationId: string, on: boolean, text = ""): void {
  clearTimeout(timers.get(conversationId));
  if (!on) return void customerTyping.delete(conversationId);
  customerTyping.set(conversationId, text);
  timers.set(
    conversationId,
    setTimeout(() => customerTyping.delete(conversationId), typingMs),
  );
}
