// Dotted paths through documents and arrays.
import { CommandError } from "./errors.ts";
import { show } from "./format.ts";
import { isDocument, MISSING, type Document, type MaybeValue, type Value } from "./values.ts";

const INDEX = /^(0|[1-9]\d*)$/;
const FURTHEST_INDEX = 1_500_000;

export function isIndex(part: string): boolean {
  return INDEX.test(part);
}

/**
 * Every value a query path reaches, going through arrays of documents as MongoDB does. Arrays at the end of the
 * path are returned as they are; a document without the field yields MISSING.
 */
export function leaves(value: Value, parts: readonly string[]): MaybeValue[] {
  const found: MaybeValue[] = [];
  collect(value, parts, 0, false, found);
  return found;
}

/** The value at a concrete path (array positions are numbers), MISSING when there is none. */
export function getAt(root: Value, parts: readonly string[]): MaybeValue {
  let current: MaybeValue = root;
  for (const part of parts) current = child(current, part);
  return current;
}

/** Writes at a concrete path and makes the documents on the way; throws 28 where something else stands. */
export function setAt(root: Document, parts: readonly string[], value: Value): void {
  const last = parts.length - 1;
  let parent: Value = root;
  for (let i = 0; i < last; i++) parent = descend(parent, parts, i);
  assign(parent, parts, last, value);
}

/** Removes a field; an array element becomes null, as in MongoDB. */
export function unsetAt(root: Document, parts: readonly string[]): void {
  const parent = getAt(root, parts.slice(0, -1));
  const name = parts.at(-1) ?? "";
  if (isDocument(parent)) parent.delete(name);
  else if (Array.isArray(parent) && child(parent, name) !== MISSING) parent[Number(name)] = null;
}

function child(parent: MaybeValue, part: string): MaybeValue {
  if (isDocument(parent)) return parent.has(part) ? parent.get(part) : MISSING;
  if (Array.isArray(parent) && isIndex(part) && Number(part) < parent.length) return parent[Number(part)];
  return MISSING;
}

function descend(parent: Value, parts: readonly string[], i: number): Value {
  const existing = child(parent, parts[i] ?? "");
  if (existing !== MISSING) return existing;
  const made: Document = new Map();
  assign(parent, parts, i, made);
  return made;
}

function assign(parent: Value, parts: readonly string[], i: number, value: Value): void {
  const part = parts[i] ?? "";
  if (isDocument(parent)) parent.set(part, value);
  else if (Array.isArray(parent) && isIndex(part)) assignItem(parent, Number(part), value);
  else
    throw new CommandError(
      28,
      `Cannot create field '${part}' in element {${parts[i - 1] ?? ""}: ${show(parent)}}`,
    );
}

function assignItem(items: Value[], index: number, value: Value): void {
  if (index > items.length + FURTHEST_INDEX)
    throw new CommandError(2, `can't backfill more than ${String(FURTHEST_INDEX)} elements`);
  while (items.length < index) items.push(null);
  items[index] = value;
}

function collect(
  value: Value,
  parts: readonly string[],
  at: number,
  inArray: boolean,
  found: MaybeValue[],
): void {
  const part = parts[at];
  if (part === undefined) found.push(value);
  else if (Array.isArray(value)) collectItems(value, part, parts, at, found);
  else if (isDocument(value)) {
    if (value.has(part)) collect(value.get(part), parts, at + 1, false, found);
    else found.push(MISSING);
  } else if (!inArray) found.push(MISSING);
}

function collectItems(
  items: Value[],
  part: string,
  parts: readonly string[],
  at: number,
  found: MaybeValue[],
): void {
  if (isIndex(part) && Number(part) < items.length) collect(items[Number(part)], parts, at + 1, true, found);
  for (const item of items) if (isDocument(item)) collect(item, parts, at, true, found);
}
