// What a filter says about one path, as intervals of index keys.
import { BSONRegExp, Double } from "bson";
import type { Collation } from "./collation.ts";
import { encodeKey, encodeStringPrefix, invertBytes, successor, type Direction } from "./keys.ts";
import { isOperatorDocument } from "./match.ts";
import { literalPrefix } from "./regex.ts";
import { isDocument, isNumber, RANK, rankOf, toNumber, type Document, type Value } from "./values.ts";

/** One condition of the top-level conjunction: `{ path: { operator: operand } }`. */
export interface Clause {
  path: string;
  operator: string;
  operand: Value;
}

/** `complete` is false when the filter says more than its clauses. */
export interface Conjunction {
  clauses: Clause[];
  complete: boolean;
}

/** The place just before, or just after, every key that begins with the bytes. */
export interface Edge {
  bytes: Buffer;
  after: boolean;
}

/** Keys between two edges. A point holds the keys of one value. */
export interface Interval {
  lower: Edge;
  upper: Edge;
  point: boolean;
}

export interface Bounds {
  intervals: Interval[];
  /** The clause holds for every document in the intervals, so that it need not be tested again. */
  exact: boolean;
}

export function conjunctionOf(filter: Document): Conjunction {
  const found: Conjunction = { clauses: [], complete: true };
  for (const [name, condition] of filter) addClauses(found, name, condition);
  return found;
}

export function edgeKey({ bytes, after }: Edge): Buffer {
  return after ? successor(bytes) : bytes;
}

/** Null when the clause gives no bounds. */
export function boundsOf({ operator, operand }: Clause, collation: Collation | undefined): Bounds | null {
  switch (operator) {
    case "$eq":
      return pointBounds([operand], collation);
    case "$in":
      return Array.isArray(operand) ? pointBounds(operand, collation) : null;
    case "$gt":
    case "$gte":
    case "$lt":
    case "$lte":
      return rangeBounds(operator, operand, collation);
    case "$regex":
      return operand instanceof BSONRegExp && !collation ? prefixBounds(operand) : null;
    case "$all":
      return Array.isArray(operand) && operand.length > 0
        ? inexact(pointBounds(operand.slice(0, 1), collation))
        : null;
    case "$elemMatch":
      return elementBounds(operand, collation);
    default:
      return null;
  }
}

export function intersect(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  return a.flatMap((x) => b.flatMap((y) => overlap(x, y)));
}

/** The same intervals among keys that run downwards. */
export function orient(intervals: readonly Interval[], direction: Direction): Interval[] {
  if (direction === 1) return [...intervals];
  return intervals
    .map(({ lower, upper, point }) => ({ lower: flip(upper), upper: flip(lower), point }))
    .reverse();
}

function addClauses(found: Conjunction, name: string, condition: Value): void {
  if (name === "$and" && Array.isArray(condition)) {
    for (const part of condition)
      if (isDocument(part)) for (const [inner, value] of part) addClauses(found, inner, value);
  } else if (name === "$comment") return;
  else if (name.startsWith("$")) found.complete = false;
  else if (isOperatorDocument(condition)) addOperators(found, name, condition);
  else if (condition instanceof BSONRegExp)
    found.clauses.push({ path: name, operator: "$regex", operand: condition });
  else found.clauses.push({ path: name, operator: "$eq", operand: condition });
}

function addOperators(found: Conjunction, path: string, operators: Document): void {
  for (const [operator, operand] of operators) {
    if (operator === "$options") continue;
    const options = operators.get("$options");
    const isPattern = operator === "$regex" && typeof operand === "string";
    const pattern = isPattern ? new BSONRegExp(operand, typeof options === "string" ? options : "") : operand;
    const overridden = operator === "$regex" && !isPattern && options !== undefined;
    if (overridden) found.complete = false;
    else found.clauses.push({ path, operator, operand: pattern });
  }
}

function before(bytes: Buffer): Edge {
  return { bytes, after: false };
}

function after(bytes: Buffer): Edge {
  return { bytes, after: true };
}

function flip(edge: Edge): Edge {
  return { bytes: invertBytes(edge.bytes), after: !edge.after };
}

function pointOf(value: Value, collation: Collation | undefined): Interval {
  const key = encodeKey([value], [], collation);
  return { lower: before(key), upper: after(key), point: true };
}

function pointBounds(values: readonly Value[], collation: Collation | undefined): Bounds | null {
  if (values.some((value) => value instanceof BSONRegExp)) return null;
  const points = values.flatMap((value) => pointValues(value)).map((value) => pointOf(value, collation));
  const unique = [...new Map(points.map((point) => [point.lower.bytes.toString("latin1"), point])).values()];
  const intervals = unique.sort((a, b) => compareEdges(a.lower, b.lower));
  return { intervals, exact: !values.some((value) => value === null || Array.isArray(value)) };
}

// An array is found by its first element, where an index took it apart, or as a whole inside another array.
function pointValues(value: Value): Value[] {
  return Array.isArray(value) ? [value, value[0]] : [value];
}

function rangeBounds(operator: string, operand: Value, collation: Collation | undefined): Bounds | null {
  const rank = rankOf(operand);
  if (UNRANGED.has(rank)) return null;
  if (isNumber(operand) && Number.isNaN(toNumber(operand))) return null;
  const { lower: from, upper: to } = bracketOf(rank);
  const { lower, upper } = pointOf(operand, collation);
  const edges: Record<string, [Edge, Edge]> = {
    $gt: [upper, to],
    $gte: [lower, to],
    $lt: [from, lower],
    $lte: [from, upper],
  };
  const [start = from, end = to] = edges[operator] ?? [];
  return { intervals: [{ lower: start, upper: end, point: false }], exact: true };
}

const UNRANGED = new Set<number>([
  RANK.null,
  RANK.undefined,
  RANK.array,
  RANK.regex,
  RANK.minKey,
  RANK.maxKey,
]);

// Every value of one type; NaN compares with no number.
function bracketOf(rank: number): { lower: Edge; upper: Edge } {
  const type = Buffer.from([rank]);
  const lower = rank === RANK.number ? after(encodeKey([new Double(NaN)])) : before(type);
  return { lower, upper: after(type) };
}

function prefixBounds(regex: BSONRegExp): Bounds | null {
  const prefix = literalPrefix(regex.pattern, regex.options);
  if (!prefix) return null;
  const start = encodeStringPrefix(prefix.text);
  // A stored regular expression matches the very same one.
  const intervals = [{ lower: before(start), upper: after(start), point: false }, pointOf(regex, undefined)];
  return { intervals, exact: prefix.whole };
}

function elementBounds(operand: Value, collation: Collation | undefined): Bounds | null {
  if (!isOperatorDocument(operand)) return null;
  const found: Conjunction = { clauses: [], complete: true };
  addOperators(found, "", operand);
  const all = found.clauses.flatMap((clause) => boundsOf(clause, collation) ?? []);
  const [first, ...others] = all;
  if (!first) return null;
  return {
    intervals: others.reduce((sofar, next) => intersect(sofar, next.intervals), first.intervals),
    exact: false,
  };
}

function inexact(bounds: Bounds | null): Bounds | null {
  return bounds && { ...bounds, exact: false };
}

function overlap(x: Interval, y: Interval): Interval[] {
  const lower = compareEdges(x.lower, y.lower) > 0 ? x.lower : y.lower;
  const upper = compareEdges(x.upper, y.upper) < 0 ? x.upper : y.upper;
  return compareEdges(lower, upper) < 0 ? [{ lower, upper, point: x.point || y.point }] : [];
}

function compareEdges(a: Edge, b: Edge): number {
  return Buffer.compare(edgeKey(a), edgeKey(b));
}
