// Reads what a plan laid out, in chunks, so that a cursor can stop at any document.
import type { Collection, Stored } from "./collection.ts";
import type { IndexPlan, Range, Stream } from "./plan.ts";
import { bytesOf, integerOf, type Row } from "./sqlite.ts";

const FIRST_CHUNK = 64;
const LARGEST_CHUNK = 512;

interface Entry {
  key: Buffer;
  rid: number;
  raw: Buffer | null;
}

/** Documents in natural order. */
export function* scanCollection(collection: Collection, reverse = false): Generator<Stored> {
  const [bound, order] = reverse ? ["<", "DESC"] : [">", "ASC"];
  const read = () =>
    collection.storage.statement(
      `SELECT k, v FROM ${collection.table} WHERE k ${bound} ? ORDER BY k ${order} LIMIT ?`,
    );
  let last = reverse ? Number.MAX_SAFE_INTEGER : 0;
  for (let size = FIRST_CHUNK; ; size = Math.min(size * 2, LARGEST_CHUNK)) {
    const rows = read().all(last, size);
    for (const row of rows) {
      last = integerOf(row["k"]);
      yield { rid: last, raw: bytesOf(row["v"]) };
    }
    if (rows.length < size) return;
  }
}

/** Documents in the plan's order, each once; `expected` sizes the first read. */
export function* scanIndex(collection: Collection, plan: IndexPlan, expected: number): Generator<Stored> {
  // An entry may be met twice: through two elements of an array, or because its key moved while a cursor waited.
  const seen = new Set<number>();
  for (const { rid, raw } of entries(collection, plan, expected)) {
    if (seen.has(rid)) continue;
    seen.add(rid);
    const bytes = raw ?? collection.fetch(rid);
    if (bytes) yield { rid, raw: bytes };
  }
}

/** How many documents a plan finds, from the index alone. */
export function countIndex(collection: Collection, { index, streams }: IndexPlan): number {
  const ranges = streams.flatMap((stream) => stream.ranges);
  if (index.multikey !== 0) return countDistinct(collection, index.table, ranges);
  const count = collection.storage.statement(
    `SELECT count(*) AS n FROM ${index.table} WHERE k >= ? AND k < ?`,
  );
  return ranges.reduce((sum, { lower, upper }) => sum + integerOf(count.get(lower, upper)?.["n"]), 0);
}

function countDistinct(collection: Collection, table: string, ranges: readonly Range[]): number {
  const read = collection.storage.statement(`SELECT DISTINCT r FROM ${table} WHERE k >= ? AND k < ?`);
  return new Set(
    ranges.flatMap(({ lower, upper }) => read.all(lower, upper).map((row) => integerOf(row["r"]))),
  ).size;
}

function* entries(collection: Collection, plan: IndexPlan, expected: number): Generator<Entry> {
  const [only, ...others] = plan.streams;
  if (!only) return;
  if (others.length === 0) yield* readStream(collection, plan, only, expected, true);
  else
    yield* merge(
      plan.streams.map((stream) => openHead(collection, plan, stream, expected)),
      plan.reverse,
    );
}

interface Head {
  prefix: number;
  rest: Generator<Entry>;
  entry: Entry | undefined;
}

function openHead(collection: Collection, plan: IndexPlan, stream: Stream, expected: number): Head {
  const share = Math.ceil((2 * expected) / plan.streams.length) + 4;
  const rest = readStream(collection, plan, stream, Math.min(share, expected), false);
  const first = rest.next();
  return { prefix: stream.prefix, rest, entry: first.done ? undefined : first.value };
}

function* merge(all: Head[], reverse: boolean): Generator<Entry> {
  let heads = all;
  while (heads.length > 0) {
    const next = heads.reduce((best, head) => (precedes(head, best, reverse) ? head : best));
    if (next.entry) yield next.entry;
    const following = next.rest.next();
    next.entry = following.done ? undefined : following.value;
    heads = heads.filter((head) => head.entry);
  }
}

function precedes(a: Head, b: Head, reverse: boolean): boolean {
  if (!a.entry || !b.entry) return a.entry !== undefined;
  const order = Buffer.compare(a.entry.key.subarray(a.prefix), b.entry.key.subarray(b.prefix));
  return reverse ? order > 0 : order < 0;
}

function* readStream(
  collection: Collection,
  plan: IndexPlan,
  { ranges }: Stream,
  expected: number,
  withDocuments: boolean,
): Generator<Entry> {
  const ordered = plan.reverse ? [...ranges].reverse() : ranges;
  for (const range of ordered) yield* readRange(collection, plan, range, expected, withDocuments);
}

function* readRange(
  collection: Collection,
  plan: IndexPlan,
  { lower, upper }: Range,
  expected: number,
  withDocuments: boolean,
): Generator<Entry> {
  const sql = rangeSql(collection, plan, withDocuments);
  let size = Math.max(1, Math.min(expected, LARGEST_CHUNK));
  let rows = collection.storage.statement(sql.first).all(lower, upper, size);
  for (;;) {
    let last: Entry | undefined;
    for (const row of rows) yield (last = entryOf(row, withDocuments));
    if (!last || rows.length < size) return;
    size = Math.min(size * 2, LARGEST_CHUNK);
    const [from, to] = plan.reverse ? [lower, last.key] : [last.key, upper];
    rows = collection.storage.statement(sql.next).all(from, to, last.key, last.rid, size);
  }
}

function rangeSql(collection: Collection, { index, reverse }: IndexPlan, withDocuments: boolean) {
  const direction = reverse ? "DESC" : "ASC";
  const columns = withDocuments ? "i.k, i.r, d.v" : "i.k, i.r";
  const join = withDocuments ? `CROSS JOIN ${collection.table} d ON d.k = i.r` : "";
  const select = `SELECT ${columns} FROM ${index.table} i ${join}`;
  const order = index.unique ? `i.k ${direction}` : `i.k ${direction}, i.r ${direction}`;
  const [upperSign, step] = reverse ? ["<=", "<"] : ["<", ">"];
  return {
    first: `${select} WHERE i.k >= ? AND i.k < ? ORDER BY ${order} LIMIT ?`,
    next: `${select} WHERE i.k >= ? AND i.k ${upperSign} ? AND (i.k, i.r) ${step} (?, ?) ORDER BY ${order} LIMIT ?`,
  };
}

function entryOf(row: Row, withDocuments: boolean): Entry {
  return {
    key: bytesOf(row["k"]),
    rid: integerOf(row["r"]),
    raw: withDocuments ? bytesOf(row["v"]) : null,
  };
}
