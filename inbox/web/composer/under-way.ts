// Files whose box was left while they were being uploaded: whoever comes back finds them going on, else the draft gets
// them when they have arrived.
import { watch } from "vue";
import { translate } from "../../../ui/i18n.ts";
import { showToast } from "../../../ui/use-toasts.ts";
import { draftOf, writeDraft } from "../store/drafts.ts";
import type { Mode } from "../types.ts";
import { letGo, type Upload } from "./uploads.ts";

/** A message that goes out when its files have arrived; until then its text stands in the draft. */
export interface Waiting {
  uploads: Upload[];
  thenResolve: boolean;
  send: () => Promise<void>;
}

const underWay = new Map<string, Upload[]>();
const waiting = new Map<string, Waiting>();
const keyOf = (conversationId: string, mode: Mode) => `${conversationId} ${mode}`;

/** Leaves files to themselves; those that have arrived or failed already are not its business. */
export function letArrive(conversationId: string, mode: Mode, uploads: Upload[]): void {
  const going = uploads.filter((one) => one.state === "sending");
  if (going.length === 0) return;
  underWay.set(keyOf(conversationId, mode), [...takeUnderWay(conversationId, mode), ...going]);
  for (const upload of going) void arrival(upload).then(() => settle(conversationId, mode, upload));
}

/** The files that are still on their way into a box, for the one who opens it. */
export function takeUnderWay(conversationId: string, mode: Mode): Upload[] {
  const key = keyOf(conversationId, mode);
  const found = underWay.get(key) ?? [];
  underWay.delete(key);
  return found;
}

/** Its box was left: it goes out by itself, unless somebody comes back to it before. */
export function letWait(conversationId: string, mode: Mode, message: Waiting): void {
  const key = keyOf(conversationId, mode);
  const going = message.uploads.filter((one) => one.state === "sending");
  waiting.set(key, message);
  void Promise.all(going.map(arrival)).then(() => {
    if (waiting.get(key) !== message) return;
    waiting.delete(key);
    if (message.uploads.every((one) => one.attachment)) void message.send();
    else for (const upload of going) keepInDraft(conversationId, mode, upload);
  });
}

/** The message that waits for its files, for the one who opens its box; one that goes out at this moment is left to go. */
export function takeWaiting(conversationId: string, mode: Mode): Waiting | undefined {
  const key = keyOf(conversationId, mode);
  const found = waiting.get(key);
  if (!found?.uploads.some((one) => one.state === "sending")) return undefined;
  waiting.delete(key);
  return found;
}

/** Resolves when an upload has ended, well or not. */
function arrival(upload: Upload): Promise<void> {
  return new Promise((resolve) => {
    const stop = watch(
      () => upload.state,
      (state) => {
        if (state === "sending") return;
        queueMicrotask(() => stop());
        resolve();
      },
      { immediate: true, flush: "sync" },
    );
  });
}

function settle(conversationId: string, mode: Mode, upload: Upload): void {
  const key = keyOf(conversationId, mode);
  const going = underWay.get(key);
  if (!going?.includes(upload)) return;
  underWay.set(
    key,
    going.filter((one) => one !== upload),
  );
  keepInDraft(conversationId, mode, upload);
}

function keepInDraft(conversationId: string, mode: Mode, upload: Upload): void {
  letGo(upload);
  if (!upload.attachment) return tellLoss(upload);
  const { content, replyToMessageId } = draftOf(conversationId, mode) ?? { content: {} };
  const attachments = [...(content.attachments ?? []), upload.attachment];
  writeDraft(conversationId, mode, { content: { ...content, attachments }, replyToMessageId });
}

function tellLoss({ name, error }: Upload): void {
  showToast({ tone: "bad", title: name, text: error ?? translate("ui.upload.failed") });
}
