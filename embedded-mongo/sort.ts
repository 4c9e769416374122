// Sort specifications, and sorting in memory by the keys of the codec.
import type { Collation } from "./collation.ts";
import { compare } from "./compare.ts";
import { CommandError, notSupported } from "./errors.ts";
import { encodeKey, type Direction } from "./keys.ts";
import { leaves } from "./paths.ts";
import { isDocument, isNumber, MISSING, toNumber, type Document, type Value } from "./values.ts";

const MEMORY_LIMIT = 100 * 1024 * 1024;

export interface SortField {
  path: string;
  parts: readonly string[];
  direction: Direction;
}

export function parseSort(spec: Document): SortField[] {
  return [...spec].map(([path, order]) => ({
    path,
    parts: path.split("."),
    direction: parseDirection(order),
  }));
}

/** Bytes that order documents: of an array the smallest element counts ascending, the largest descending. */
export function sortKey(document: Value, fields: readonly SortField[], collation?: Collation): Buffer {
  const values = fields.map(({ parts, direction }) => sortValue(document, parts, direction, collation));
  return encodeKey(
    values,
    fields.map((field) => field.direction),
    collation,
  );
}

/** Sorts stably; with a limit it never holds much more than that many. Throws 292 above 100 MB. */
export function sortInMemory<T>(
  items: Iterable<T>,
  keyOf: (item: T) => Buffer,
  sizeOf: (item: T) => number,
  limit = Infinity,
): T[] {
  let held: { item: T; key: Buffer }[] = [];
  let bytes = 0;
  for (const item of items) {
    held.push({ item, key: keyOf(item) });
    bytes += sizeOf(item);
    if (held.length < limit * 2 + 1000 && bytes < MEMORY_LIMIT) continue;
    held = smallest(held, limit);
    bytes = held.reduce((sum, each) => sum + sizeOf(each.item), 0);
    if (bytes >= MEMORY_LIMIT) throw new CommandError(292, "Sort exceeded memory limit of 104857600 bytes");
  }
  return smallest(held, limit).map(({ item }) => item);
}

function smallest<T extends { key: Buffer }>(held: T[], limit: number): T[] {
  held.sort((a, b) => Buffer.compare(a.key, b.key));
  return held.length > limit ? held.slice(0, limit) : held;
}

function parseDirection(order: Value): Direction {
  if (isDocument(order) && order.has("$meta")) throw notSupported("sorting by $meta");
  const number = isNumber(order) ? toNumber(order) : 0;
  if (number === 1 || number === -1) return number;
  throw new CommandError(15975, "$sort key ordering must be 1 (for ascending) or -1 (for descending)");
}

function sortValue(
  document: Value,
  parts: readonly string[],
  direction: Direction,
  collation: Collation | undefined,
): Value {
  const candidates = leaves(document, parts).flatMap((leaf): Value[] => {
    if (!Array.isArray(leaf)) return [leaf === MISSING ? null : leaf];
    return leaf.length > 0 ? leaf : [undefined];
  });
  if (candidates.length === 0) return null;
  return candidates.reduce((best, next) => (compare(next, best, collation) * direction < 0 ? next : best));
}
