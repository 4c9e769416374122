// Statements of one command that succeed or fail each by itself.
import { calculateObjectSize } from "bson";
import { CommandError } from "../errors.ts";

/** Bytes. Source: https://www.mongodb.com/docs/v8.0/core/bulk-write-operations/ (error report of a batch). */
const mostTold = 1024 * 1024;

export interface WriteError {
  index: number;
  code: number;
  errmsg: string;
}

/** Runs every statement; an ordered command stops at the first that fails. */
export function runEach<T>(
  statements: readonly T[],
  ordered: boolean,
  run: (statement: T, index: number) => void,
): WriteError[] {
  const errors: WriteError[] = [];
  for (const [index, statement] of statements.entries()) {
    try {
      run(statement, index);
    } catch (error) {
      errors.push(writeError(error, index));
      if (ordered) break;
    }
  }
  return errors;
}

/** Only what a client understands becomes a write error; anything else fails the command and undoes it. */
export function writeError(error: unknown, index: number): WriteError {
  if (!(error instanceof CommandError)) throw error;
  return { index, code: error.code, errmsg: error.message, ...error.extra };
}

/**
 * When what is told of a command's failures grows above 1 MB, the rest loses its words, as on MongoDB, and what else they
 * tell: the reply of 100,000 duplicates stays below 16 MB.
 */
export function withErrors(errors: readonly WriteError[]): { writeErrors?: readonly WriteError[] } {
  if (errors.length === 0) return {};
  let told = 0;
  const short = errors.map((error) => {
    if (told > mostTold) return { index: error.index, code: error.code, errmsg: "" };
    told += calculateObjectSize(error);
    return error;
  });
  return { writeErrors: short };
}
