// Open cursors: what a getMore goes on with.
import type { Batch } from "./commands/reply.ts";
import { CommandError } from "./errors.ts";

const IDLE_MS = 10 * 60 * 1000;
const FIRST_BATCH = 101;
const BATCH_BYTES = 16 * 1024 * 1024;

interface Cursor {
  namespace: string;
  rest: Iterator<Buffer>;
  /** A document already read, to know that there is one. */
  next: Buffer | null;
  usedAt: number;
}

export interface CursorOptions {
  batchSize?: number | undefined;
  /** Close after the first batch whatever is left. */
  singleBatch?: boolean;
}

export class Cursors {
  readonly #open = new Map<bigint, Cursor>();
  #lastId = 0n;

  /** Reads the first batch; the cursor stays open only when documents are left. */
  start(namespace: string, documents: Iterator<Buffer>, options: CursorOptions = {}): Batch {
    const { batchSize = FIRST_BATCH, singleBatch = false } = options;
    const cursor: Cursor = { namespace, rest: documents, next: null, usedAt: Date.now() };
    const batch = read(cursor, batchSize);
    const more = !singleBatch && (cursor.next ??= pull(cursor)) !== null;
    if (more) this.#open.set(++this.#lastId, cursor);
    return { field: "firstBatch", namespace, cursorId: more ? this.#lastId : 0n, documents: batch };
  }

  /** Throws 43 for a cursor that is not, or no longer, open. */
  more(id: bigint, namespace: string, batchSize: number | undefined): Batch {
    const cursor = this.#open.get(id);
    if (!cursor) throw new CommandError(43, `cursor id ${String(id)} not found`);
    if (cursor.namespace !== namespace)
      throw new CommandError(
        13,
        `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`,
      );
    this.#open.delete(id);
    const documents = read(cursor, batchSize ? batchSize : Infinity);
    const more = (cursor.next ??= pull(cursor)) !== null;
    cursor.usedAt = Date.now();
    if (more) this.#open.set(id, cursor);
    return { field: "nextBatch", namespace, cursorId: more ? id : 0n, documents };
  }

  kill(id: bigint): boolean {
    return this.#open.delete(id);
  }

  closeIdle(now = Date.now()): void {
    for (const [id, cursor] of this.#open) if (now - cursor.usedAt > IDLE_MS) this.#open.delete(id);
  }
}

function pull({ rest }: Cursor): Buffer | null {
  const result = rest.next();
  return result.done ? null : result.value;
}

function read(cursor: Cursor, most: number): Buffer[] {
  const documents: Buffer[] = [];
  let bytes = 0;
  while (documents.length < most) {
    const document = cursor.next ?? pull(cursor);
    cursor.next = null;
    if (!document) break;
    if (documents.length > 0 && bytes + document.length > BATCH_BYTES) {
      cursor.next = document;
      break;
    }
    documents.push(document);
    bytes += document.length;
  }
  return documents;
}
