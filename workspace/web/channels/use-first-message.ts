import { onScopeDispose, shallowRef } from "vue";
import { onLive } from "../../../ui/socket.ts";
import type { Channel, Message, ServerEvents } from "../types.ts";

/** The first customer's message of an account that was just connected; who wrote it may be told a moment later. */
export function useFirstMessage(connected: () => Channel | undefined) {
  const message = shallowRef<Message>();
  const stops = [
    onLive<Parameters<ServerEvents["message"]>[0]>("message", ({ message: one }) => {
      if (one.type === "incoming" && one.channelId === connected()?.id) message.value ??= one;
    }),
    onLive<Parameters<ServerEvents["conversation"]>[0]>("conversation", ({ conversation }) => {
      const first = message.value;
      if (first?.conversationId !== conversation.id) return;
      message.value = { ...first, sender: { ...first.sender, name: conversation.contact.name } };
    }),
  ];
  onScopeDispose(() => stops.forEach((stop) => stop()));
  return message;
}
