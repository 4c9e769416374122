/** pino, with the names of secrets struck out wherever they might slip in. Message texts are never logged. */
import { pino, type Logger } from "pino";

export type Log = Logger;

const secretNames = [
  "token",
  "password",
  "secret",
  "authorization",
  "cookie",
  "credentials",
  "csrfToken",
  "text",
  "content",
  "body",
];
const paths = secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

export function createLog(level: string, destination?: { write(line: string): void }): Log {
  const options = {
    level,
    redact: { paths, censor: "[hidden]" },
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: describeError },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** What of an error may be logged: its kind, code, message, stack and cause, and not the objects that hang on it. */
export function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { cause, stack = "" } = error;
  return {
    ...inShort(error),
    stack: scrub(stack),
    ...(cause instanceof Error ? { cause: inShort(cause) } : {}),
  };
}

function inShort(error: Error): object {
  const code =
    "code" in error && (typeof error.code === "string" || typeof error.code === "number")
      ? error.code
      : undefined;
  return { type: error.name, code, message: scrub(error.message) };
}

/** Strikes bot tokens and passwords in addresses out of a text. */
export function scrub(text: string): string {
  return text.replace(/\d{5,}:[\w-]{20,}/g, "[token]").replace(/(\w+:\/\/)[^\s/@]+@/g, "$1[hidden]@");
}
