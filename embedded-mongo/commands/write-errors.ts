// Statements of one command that succeed or fail each by itself.
import { CommandError } from "../errors.ts";

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

export function withErrors(errors: readonly WriteError[]): { writeErrors?: readonly WriteError[] } {
  return errors.length > 0 ? { writeErrors: errors } : {};
}
