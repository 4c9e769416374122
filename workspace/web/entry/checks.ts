/** Only a path of this site: the address comes from outside. */
export function nextPath(next: unknown): string {
  const path = typeof next === "string" && /^\/(?![/\\])/.test(next) ? next : "/";
  return path.startsWith("/sign-in") ? "/" : path;
}

/** The e-mail is looked at only coarsely here; the server decides. */
export function looksLikeEmail(text: string): boolean {
  return /^\S+@\S+\.\S+$/.test(text.trim());
}
