/** Commands of IMAP4rev1 out of a stream of bytes: https://www.rfc-editor.org/rfc/rfc3501#section-4 */

export type Word = string | Buffer | Word[];

export const textOf = (word: Word | undefined): string =>
  Array.isArray(word) || word === undefined ? "" : word.toString();

/** Collects bytes into commands; a literal that waits for leave is answered by `goAhead`. */
export class CommandReader {
  private pending = Buffer.alloc(0);
  private parts: (string | Buffer)[] = [];
  private literal: number | undefined;

  *read(chunk: Buffer, goAhead: () => void): Generator<(string | Buffer)[]> {
    this.pending = Buffer.concat([this.pending, chunk]);
    for (;;) {
      if (this.literal !== undefined) {
        if (this.pending.length < this.literal) return;
        this.parts.push(this.pending.subarray(0, this.literal));
        this.pending = this.pending.subarray(this.literal);
        this.literal = undefined;
      }
      const end = this.pending.indexOf("\r\n");
      if (end < 0) return;
      const line = this.pending.subarray(0, end).toString("utf8");
      this.pending = this.pending.subarray(end + 2);
      const announced = /\{(\d+)(\+?)\}$/.exec(line);
      this.parts.push(announced ? line.slice(0, announced.index) : line);
      if (announced) {
        this.literal = Number(announced[1]);
        if (announced[2] !== "+") goAhead();
        continue;
      }
      const { parts } = this;
      this.parts = [];
      yield parts;
    }
  }
}

/** Atoms, strings and lists. */
export function wordsOf(parts: (string | Buffer)[]): Word[] {
  const root: Word[] = [];
  const open: Word[][] = [root];
  for (const part of parts) {
    if (typeof part !== "string") {
      open.at(-1)?.push(part);
      continue;
    }
    for (const [token, quoted] of part.matchAll(/"((?:[^"\\]|\\.)*)"|[()]|(?:[^\s()"[]|\[[^\]]*\])+/g)) {
      if (quoted !== undefined) open.at(-1)?.push(quoted.replace(/\\(.)/g, "$1"));
      else if (token === "(") open.push([]);
      else if (token === ")") {
        const list = open.pop() ?? [];
        open.at(-1)?.push(list);
      } else open.at(-1)?.push(token);
    }
  }
  return root;
}
