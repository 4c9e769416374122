// What could not be saved is kept by this tab, over a reload, until it is. Copies carry the person's id: nobody else
// who signs in here is shown them, and a sign-out takes them away.
import { session } from "../../../ui/session.ts";
import { cardContent, type CardContent } from "../../blocks/schema.ts";

export interface KeptCopy {
  /** What the hub had when it was changed. */
  base: CardContent;
  content: CardContent;
}

const keyOf = (cardId: string): string | undefined =>
  session.value ? `card ${session.value.me.id} ${cardId}` : undefined;

export function keepCopy(cardId: string, copy: KeptCopy): void {
  const key = keyOf(cardId);
  if (!key) return;
  try {
    sessionStorage.setItem(key, JSON.stringify(copy));
  } catch {
    // no room, or nothing may be kept here: the page still has it
  }
}

export function dropCopy(cardId: string): void {
  const key = keyOf(cardId);
  if (key) sessionStorage.removeItem(key);
}

export function readCopy(cardId: string): KeptCopy | undefined {
  const key = keyOf(cardId);
  const text = key && sessionStorage.getItem(key);
  if (!text) return undefined;
  const { base, content } = JSON.parse(text) as Record<keyof KeptCopy, unknown>;
  const [before, mine] = [cardContent.safeParse(base), cardContent.safeParse(content)];
  return before.success && mine.success ? { base: before.data, content: mine.data } : undefined;
}
