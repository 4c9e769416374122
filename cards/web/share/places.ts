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

const nearby =
  /^(localhost|(127|10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))(\.\d+)+|\[::1\]|\[f[cd].*\]|.*\.(local|internal|lan))$/;

/** Whether nobody from outside can open it: the machine itself, or a network at home or at work. */
export const isOfNearby = (url: string): boolean => nearby.test(new URL(url).hostname);
