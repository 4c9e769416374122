/** Search words of the history, made as the hub makes its own: the history does not pass through the hub's doors. */
import { stemmer as english } from "@orama/stemmers/english";
import { stemmer as russian } from "@orama/stemmers/russian";

const most = 300;
const longestWord = 40;

export function tokenize(...texts: (string | undefined)[]): string[] {
  const words = texts.filter(Boolean).join(" ").normalize("NFKC").toLowerCase().replaceAll("ё", "е");
  const found = words.match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...new Set(found.map((word) => stem(word.slice(0, longestWord))))].slice(0, most);
}

function stem(word: string): string {
  if (/^[а-я]{3,}$/.test(word)) return russian(word);
  return /^[a-z]{3,}$/.test(word) ? english(word) : word;
}
