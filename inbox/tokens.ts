/** Search words: lower case, stemmed in Russian and English, the same on every store. */
import { stemmer as english } from "@orama/stemmers/english";
import { stemmer as russian } from "@orama/stemmers/russian";
import type { InboundContent } from "../connectors/contract.ts";

const maxTokens = 300;

/** Distinct words of a text; Russian words by the Russian stemmer, the others by the English one. */
export function tokenize(...texts: (string | undefined)[]): string[] {
  const words = new Set<string>();
  for (const word of wordsOf(texts.filter(Boolean).join(" "))) {
    words.add(stem(word));
    if (words.size >= maxTokens) break;
  }
  return [...words];
}

/** Words as they are typed into a search: whole ones stemmed, the last one as the beginning of a word. */
export function queryTokens(query: string): { whole: string[]; beginning: string | undefined } {
  const words = wordsOf(query).slice(0, 12);
  const beginning = /[\p{L}\p{N}]$/u.test(query) ? words.pop() : undefined;
  return { whole: words.map(stem), beginning };
}

/** Finds words that begin like this one, in their stemmed form too; "copying" is stored as "copi". */
export function beginningFilter(word: string): RegExp | { $in: (RegExp | string)[] } {
  const stemmed = stem(word);
  if (word.startsWith(stemmed)) return startsWith(stemmed);
  return { $in: [startsWith(word), stemmed] };
}

function startsWith(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`);
}

export function contentTokens(content: InboundContent): string[] {
  const names = (content.attachments ?? []).map((attachment) => {
    if (attachment.kind === "location") return [attachment.name, attachment.address].join(" ");
    if (attachment.kind === "contact") return [attachment.name, ...attachment.phones].join(" ");
    return [attachment.media.fileName, attachment.media.title, attachment.media.performer].join(" ");
  });
  const { title, text, lines = [] } = content.card ?? {};
  const facts = lines.flatMap(({ label, value }) => [label, value]);
  return tokenize(content.text, title, text, ...facts, ...names);
}

function wordsOf(text: string): string[] {
  return (
    text
      .normalize("NFKC")
      .toLowerCase()
      .replaceAll("ё", "е")
      .match(/[\p{L}\p{N}]+/gu)
      ?.map((word) => word.slice(0, 40)) ?? []
  );
}

function stem(word: string): string {
  if (/^[а-я]{3,}$/.test(word)) return russian(word);
  if (/^[a-z]{3,}$/.test(word)) return english(word);
  return word;
}
