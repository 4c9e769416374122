// Errors in words: the server's codes become sentences of the reader's language.
import { ApiError } from "../../ui/api.ts";
import { translate } from "../../ui/i18n.ts";
import { formatSpan } from "./format-span.ts";
import en from "./locales/en/errors.ts";

/** What went wrong, as a sentence without blame. */
export function problemText(error: unknown): string {
  if (!(error instanceof ApiError)) return translate("workspace.errors.internal");
  const code = error.code in en ? error.code : error.status >= 500 ? "internal" : "other";
  const seconds = detailOf(error, "retryAfterSeconds");
  const time = typeof seconds === "number" ? formatSpan(seconds * 1000) : "";
  return translate(`workspace.errors.${code}`, { code: error.code, time });
}

/** Names of the fields of a form that the server did not take. */
export function wrongFields(error: unknown): Set<string> {
  const fields = error instanceof ApiError ? detailOf(error, "fields") : undefined;
  if (!Array.isArray(fields)) return new Set();
  return new Set(fields.flatMap(nameOf));
}

export function codeOf(error: unknown): string {
  return error instanceof ApiError ? error.code : "";
}

/** One member of an error's details; undefined when there is none. */
export function detailOf(error: ApiError, name: string): unknown {
  const { details } = error;
  return typeof details === "object" && details !== null
    ? Object.entries(details).find(([key]) => key === name)?.[1]
    : undefined;
}

function nameOf(field: unknown): string[] {
  const path = typeof field === "object" && field !== null && "path" in field ? field.path : "";
  return typeof path === "string" ? [path.split(".").at(-1) ?? ""] : [];
}
