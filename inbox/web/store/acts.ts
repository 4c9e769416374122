// What an agent does with a conversation: shown at once, undone by a toast.
import { ApiError } from "../../../ui/api.ts";
import { translate } from "../../../ui/i18n.ts";
import { problemOf } from "../../../ui/problem.ts";
import { showToast } from "../../../ui/use-toasts.ts";
import type { ConversationPatch } from "../types.ts";
import { conversationOf, patchConversation, undoPatch } from "./conversations.ts";
import { inboxApi } from "./inbox-api.ts";
import { announceOwnAct } from "./lists.ts";

/** Changes one conversation and offers the way back; `goBack` leads to where it was done. */
export async function actOn(
  id: string,
  patch: ConversationPatch,
  said: string,
  goBack?: () => void,
): Promise<void> {
  const before = conversationOf(id);
  announceOwnAct(id);
  try {
    await patchConversation(id, patch);
    const undo = before ? undoPatch(before, patch) : undefined;
    showToast({
      title: said,
      ...(undo ? { action: undoAction(() => (goBack?.(), takeBack(id, undo))) } : {}),
    });
  } catch (error) {
    tellFailure(error);
  }
}

/** The same change for many; Undo brings each back as it was. */
export async function actOnMany(
  ids: string[],
  patch: ConversationPatch,
  said: string,
  addTags?: string[],
): Promise<void> {
  const before = ids.flatMap((id) => conversationOf(id) ?? []);
  const whole = addTags ? { ...patch, tags: addTags } : patch;
  ids.forEach(announceOwnAct);
  try {
    await inboxApi.patchMany(ids, patch, addTags);
    const undo = async () =>
      void (await Promise.all(before.map((one) => takeBack(one.id, undoPatch(one, whole)))));
    showToast({ title: said, action: undoAction(undo) });
  } catch (error) {
    tellFailure(error);
  }
}

/** Says in words that something did not work; what is on screen was taken back already. */
export function tellFailure(error: unknown): void {
  showToast({ tone: "bad", title: translate("inbox.failed"), text: problemOf(error) });
  if (!(error instanceof ApiError)) throw error;
}

function takeBack(id: string, patch: ConversationPatch): Promise<void> {
  announceOwnAct(id);
  return patchConversation(id, patch);
}

function undoAction(run: () => Promise<void>) {
  return { label: translate("inbox.undo"), hint: "Z", run: () => void run().catch(tellFailure) };
}
