// Errors in words: the server's codes become sentences of the reader's language, without blame and without the code.
import { ApiError } from "./api.ts";
import { hasText, translate } from "./i18n.ts";

/** What went wrong, as a sentence. */
export function problemOf(error: unknown): string {
  const failed = error instanceof ApiError && error.status >= 500;
  return problemOfCode(error instanceof ApiError ? error.code : "other", failed ? "internal" : "other");
}

/** The sentence of a code; a code without one gets that of `otherwise`. */
export function problemOfCode(code: string, otherwise: "internal" | "other" = "other"): string {
  const key = `ui.problem.${code}`;
  return translate(hasText(key) ? key : `ui.problem.${otherwise}`);
}
