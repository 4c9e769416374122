// Comparison of values: the common types directly, everything else by the key codec.
import { Double, ObjectId } from "bson";
import { fold, type Collation } from "./collation.ts";
import { encodeKey } from "./keys.ts";
import { rankOf, type Value } from "./values.ts";

/** Negative, zero or positive, in MongoDB's order over all types. */
export function compare(a: Value, b: Value, collation?: Collation): number {
  const ranks = rankOf(a) - rankOf(b);
  if (ranks !== 0) return ranks;
  if (typeof a === "string" && typeof b === "string") return compareStrings(a, b, collation);
  if (a instanceof ObjectId && b instanceof ObjectId) return Buffer.compare(a.id, b.id);
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
  const x = asDouble(a);
  const y = asDouble(b);
  if (x !== null && y !== null) return x - y;
  return Buffer.compare(encodeKey([a], [], collation), encodeKey([b], [], collation));
}

export function equal(a: Value, b: Value, collation?: Collation): boolean {
  return compare(a, b, collation) === 0;
}

function compareStrings(a: string, b: string, collation: Collation | undefined): number {
  if (collation) return compareStrings(fold(a, collation), fold(b, collation), undefined);
  if (a === b) return 0;
  // UTF-16 and UTF-8 order differently only where surrogates meet other high characters.
  if (SURROGATE.test(a) || SURROGATE.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}

const SURROGATE = /[\ud800-\udfff]/;

function asDouble(value: Value): number | null {
  if (typeof value === "number") return value;
  return value instanceof Double && Number.isFinite(value.value) ? value.value : null;
}
