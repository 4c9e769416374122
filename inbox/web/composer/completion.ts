// ":smi" and "@an" before the caret: what could be meant.
import { shallowRef } from "vue";
import { matchScore, rank } from "../../../ui/fuzzy.ts";
import { session } from "../../../ui/session.ts";
import { colleagues } from "../store/directory.ts";
import { loadEmoji, type Emoji } from "./emoji-data.ts";

export interface Completion {
  id: string;
  /** Put in place of what was typed. */
  insert: string;
  label: string;
  sign?: string;
}

export interface CompletionState {
  kind: "emoji" | "mention";
  /** Signs before the caret to be replaced. */
  length: number;
  options: Completion[];
}

const emoji = shallowRef<Emoji[]>([]);

/** Null when nothing is being completed. Emoji begin with the second letter, so that "10:30" stays alone. */
export function completionFor(before: string, mentions: boolean): CompletionState | null {
  const named = /(?:^|\s):([\p{L}_]{2,20})$/u.exec(before);
  if (named?.[1]) return withOptions("emoji", named[1].length + 1, emojiOptions(named[1]));
  const called = mentions ? /(?:^|\s)@([\p{L}\d]{0,20})$/u.exec(before) : null;
  return called
    ? withOptions("mention", (called[1] ?? "").length + 1, mentionOptions(called[1] ?? ""))
    : null;
}

function withOptions(
  kind: CompletionState["kind"],
  length: number,
  options: Completion[],
): CompletionState | null {
  return options.length > 0 ? { kind, length, options } : null;
}

function emojiOptions(words: string): Completion[] {
  if (emoji.value.length === 0) void loadEmoji().then((all) => (emoji.value = all));
  return rank(words.replaceAll("_", " "), emoji.value, (one) => [one.words])
    .slice(0, 7)
    .map((one) => ({ id: one.sign, insert: one.sign, label: one.label, sign: one.sign }));
}

function mentionOptions(words: string): Completion[] {
  const me = session.value?.me.id;
  return colleagues()
    .filter(({ id, displayName, name }) => id !== me && matchScore(words, displayName, name) > 0)
    .slice(0, 7)
    .map((person) => ({ id: person.id, insert: `@${person.displayName} `, label: person.name }));
}
