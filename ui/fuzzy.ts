// Finds commands and settings by a few letters, in either language and in the wrong keyboard layout.

const latin = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.";
const cyrillic = "ёйцукенгшщзхъфывапролджэячсмитьбю";

/** "ghbdtn" gives "привет" and back. */
export function otherLayout(text: string): string {
  return [...text.toLocaleLowerCase()]
    .map((sign) => swapped(sign, latin, cyrillic) ?? swapped(sign, cyrillic, latin) ?? sign)
    .join("");
}

/** 0 when it does not match; higher is better. Words of the query may stand in any order. */
export function matchScore(query: string, ...texts: (string | undefined)[]): number {
  const plain = fold(query);
  if (plain === "") return 1;
  const text = fold(texts.filter(Boolean).join(" "));
  return Math.max(scoreWords(plain, text), scoreWords(fold(otherLayout(query)), text) * 0.9);
}

/** The best matches first; those that do not match are left out. */
export function rank<T>(query: string, items: T[], words: (item: T) => (string | undefined)[]): T[] {
  return items
    .map((item) => ({ item, score: matchScore(query, ...words(item)) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item);
}

function scoreWords(query: string, text: string): number {
  let total = 0;
  for (const word of query.split(/\s+/)) {
    const score = scoreWord(word, text);
    if (score === 0) return 0;
    total += score;
  }
  return total;
}

function scoreWord(word: string, text: string): number {
  if (text.startsWith(word)) return 100;
  if (text.includes(` ${word}`)) return 80;
  if (text.includes(word)) return 50;
  return word.length > 2 && isSubsequence(word, text) ? 10 : 0;
}

/** Letters in order, close together: "asgn" in "assign to". */
function isSubsequence(word: string, text: string): boolean {
  let at = -1;
  let first = -1;
  for (const sign of word) {
    at = text.indexOf(sign, at + 1);
    if (at < 0) return false;
    if (first < 0) first = at;
  }
  return at - first < word.length * 2;
}

function fold(text: string): string {
  return text.toLocaleLowerCase().replaceAll("ё", "е").trim();
}

function swapped(sign: string, from: string, to: string): string | undefined {
  const index = from.indexOf(sign);
  return index < 0 ? undefined : to[index];
}
