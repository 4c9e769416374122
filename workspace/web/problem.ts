// Errors in words, with how long to wait where the server says it; what forms read from an error.
import { ApiError } from "../../ui/api.ts";
import { translate } from "../../ui/i18n.ts";
import { problemOf } from "../../ui/problem.ts";
import { formatSpan } from "./format-span.ts";

/** What went wrong, as a sentence without blame. */
export function problemText(error: unknown): string {
  const seconds = error instanceof ApiError ? detailOf(error, "retryAfterSeconds") : undefined;
  if (typeof seconds !== "number") return problemOf(error);
  return translate("workspace.tooManyTries", { time: formatSpan(seconds * 1000) });
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
