import { onScopeDispose, shallowRef } from "vue";
import { onLive } from "../../../ui/socket.ts";
import type { Channel, Message, ServerEvents } from "../types.ts";

/** The first customer's message of an account that was just connected. */
export function useFirstMessage(connected: () => Channel | undefined) {
  const message = shallowRef<Message>();
  const stop = onLive<Parameters<ServerEvents["message"]>[0]>("message", ({ message: one }) => {
    if (one.type === "incoming" && one.channelId === connected()?.id) message.value ??= one;
  });
  onScopeDispose(stop);
  return message;
}
