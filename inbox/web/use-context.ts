// The conversation that is open, for the command palette's context actions.
import { onScopeDispose, shallowRef } from "vue";
import type { useConversationActs } from "./acts/use-conversation-acts.ts";
import type { Conversation, Mode } from "./types.ts";

export interface InboxContext {
  conversation: () => Conversation | undefined;
  acts: ReturnType<typeof useConversationActs>;
  /** Takes the keyboard to the field of a reply or a note. */
  write: (mode: Mode) => void;
}

export const context = shallowRef<InboxContext>();

/** In force while the calling component lives. */
export function useContext(own: InboxContext): void {
  context.value = own;
  onScopeDispose(() => {
    if (context.value === own) context.value = undefined;
  });
}
