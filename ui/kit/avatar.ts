/** Up to two initials: "Anna Kim" gives AK, "Nord" gives N. */
export function initialsOf(name: string): string {
  const words = name
    .trim()
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  const letters = words.slice(0, 2).map((word) => [...word].find((sign) => /[\p{L}\p{N}]/u.test(sign)) ?? "");
  return letters.join("").toLocaleUpperCase();
}

/** One of eight hues, the same for the same name everywhere. */
export function hueOf(name: string): number {
  let hash = 0;
  for (const sign of name) hash = (hash * 31 + (sign.codePointAt(0) ?? 0)) >>> 0;
  return hash % 8;
}
