// What an agent does with a conversation: shown at once, undone by a toast.
import { ApiError } from "../../../ui/api.ts";
import { translate } from "../../../ui/i18n.ts";
import { problemOf } from "../../../ui/problem.ts";
import { showToast } from "../../../ui/use-toasts.ts";
import type { Conversation, ConversationPatch } from "../types.ts";
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
    const answered = await patchConversation(id, patch);
    const kept = staysOpen(answered, patch);
    const undo = before && !kept ? undoPatch(before, patch) : undefined;
    showToast({
      title: kept ? translate("inbox.said.staysOpen") : said,
      ...(undo ? { action: undoAction(() => (goBack?.(), takeBack(id, undo))) } : {}),
    });
  } catch (error) {
    tellFailure(error);
  }
}

/** The same change for many; Undo brings each back as it was. `said` is asked with how many were changed. */
export async function actOnMany(
  ids: string[],
  patch: ConversationPatch,
  said: (count: number) => string,
): Promise<void> {
  const before = ids.flatMap((id) => conversationOf(id) ?? []);
  ids.forEach(announceOwnAct);
  try {
    const { items } = await inboxApi.patchMany(ids, patch);
    const done = new Set(items.filter((one) => !staysOpen(one, patch)).map(({ id }) => id));
    const changed = before.filter(({ id }) => done.has(id));
    const undo = async () =>
      void (await Promise.all(changed.map((one) => takeBack(one.id, undoPatch(one, patch)))));
    const kept = items.length - done.size;
    const keptText = `${translate("inbox.said.staysOpen")} (${kept})`;
    if (kept > 0 && done.size === 0) return void showToast({ title: keptText });
    showToast({
      title: said(done.size),
      ...(kept > 0 ? { text: keptText } : {}),
      ...(patch.unread ? {} : { action: undoAction(undo) }),
    });
  } catch (error) {
    tellFailure(error);
  }
}

/** Says in words that something did not work; what is on screen was taken back already. */
export function tellFailure(error: unknown): void {
  showToast({ tone: "bad", title: translate("inbox.failed"), text: problemOf(error) });
  if (!(error instanceof ApiError)) throw error;
}

/** A customer's message that came at that moment: the server lets nothing be closed or put off unseen. */
function staysOpen({ state }: Conversation, patch: ConversationPatch): boolean {
  return patch.state !== undefined && patch.state !== "open" && state === "open";
}

async function takeBack(id: string, patch: ConversationPatch): Promise<void> {
  announceOwnAct(id);
  await patchConversation(id, patch);
}

function undoAction(run: () => Promise<void>) {
  return { label: translate("inbox.undo"), hint: "Z", run: () => void run().catch(tellFailure) };
}
