// What is typed here and not yet known to the server: this tab keeps a copy of it over a reload, and without a network.
// Copies carry the person's id, so that nobody else who signs in here is shown them; a sign-out takes them away.
import { newId } from "../../../ui/new-id.ts";
import { session } from "../../../ui/session.ts";
import type { SentContent } from "../types.ts";

export interface LocalDraft {
  content: SentContent;
  replyToMessageId?: string | undefined;
}

export interface DraftCopy {
  draft: LocalDraft;
  /** What the server may have of it, by `gist`: anything else that is there was written elsewhere. */
  served: string[];
  /** When it was told to the server while the page went, over a line that was there: the answer was not heard. */
  toldAt?: number | undefined;
}

/** Undefined when nobody is signed in any more: what a page still does while it is left is nobody's. */
const prefix = () => session.value && `draft ${session.value.me.id} `;

export function keepCopy(key: string, copy: DraftCopy): void {
  const owner = prefix();
  if (!owner) return;
  try {
    sessionStorage.setItem(owner + key, JSON.stringify(copy));
  } catch {
    // no room, or nothing may be kept here: the server has it a moment later
  }
}

export function dropCopy(key: string): void {
  const owner = prefix();
  if (owner) sessionStorage.removeItem(owner + key);
}

/** What the page before this one left behind. */
export function readCopies(): [key: string, copy: DraftCopy][] {
  const owner = prefix();
  if (!owner) return [];
  const own = Object.keys(sessionStorage).filter((name) => name.startsWith(owner));
  return own.map((name) => [
    name.slice(owner.length),
    JSON.parse(sessionStorage.getItem(name) ?? "") as DraftCopy,
  ]);
}

let turn = 0;
/** What a page tells as it goes may overtake what it has told before: this tab's savings have an order, over a reload too. */
export function nextTurn(): { tab: string; turn: number } {
  turn = Math.max(turn + 1, Date.now());
  return { tab: (sessionStorage["tab"] ??= newId()) as string, turn };
}

/** Two drafts of one gist are the same; none is as an empty one. Of a file it is the id: the server tells more of it. */
export function gist(draft?: LocalDraft): string {
  const { text = "", entities = [], attachments = [], buttons = [] } = draft?.content ?? {};
  return JSON.stringify([
    text,
    draft?.replyToMessageId,
    entities.map(({ type, offset, length, url }) => [type, offset, length, url]),
    attachments.map((one) => ("media" in one ? one.media.fileId : one.kind)),
    buttons.map((row) => row.map(({ title, url }) => [title, url])),
  ]);
}
