// Where a link to the card is put, each with a tag of its own, so that the statistics tell them apart.

export const places = ["bio", "qr", "nfc", "mail"] as const;

/** `https://go.clay.example/` and `qr` give `https://go.clay.example/?s=qr`. */
export function tagged(url: string, tag: string): string {
  return `${url}?s=${encodeURIComponent(tag)}`;
}

/** A tag as it may stand in an address: letters, digits and hyphens. */
export function tagOf(typed: string): string {
  return typed
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40);
}

/** The part that people read: `go.clay.example/?s=qr`. */
export const withoutScheme = (url: string): string => url.replace(/^https?:\/\//, "").replace(/\/$/, "");
