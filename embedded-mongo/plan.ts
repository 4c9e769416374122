// Chooses the index for a filter and a sort, and lays out the key ranges to read.
import {
  boundsOf,
  conjunctionOf,
  edgeKey,
  intersect,
  orient,
  type Clause,
  type Conjunction,
  type Interval,
} from "./bounds.ts";
import { sameCollation, type Collation } from "./collation.ts";
import type { Collection } from "./collection.ts";
import { badValue, CommandError } from "./errors.ts";
import { samePattern, type Index } from "./index-definition.ts";
import { ABOVE } from "./keys.ts";
import { excludesMissing, implies } from "./partial.ts";
import type { SortField } from "./sort.ts";
import { isDocument, rankOf, RANK, type Document, type Value } from "./values.ts";

export interface Range {
  lower: Buffer;
  upper: Buffer;
}

/** Ranges in key order that share their first `prefix` bytes; several streams are merged by the bytes after it. */
export interface Stream {
  prefix: number;
  ranges: Range[];
}

export interface IndexPlan {
  index: Index;
  streams: Stream[];
  reverse: boolean;
  /** The index gives the order asked for. */
  sorted: boolean;
  /** Every document in the ranges matches: none needs to be decoded. */
  exact: boolean;
  /** How many of the index's fields are bounded, for explain. */
  bounded: number;
}

export interface PlanRequest {
  filter: Document;
  sort: readonly SortField[];
  collation: Collation | undefined;
  hint: Value;
}

const MAX_POINTS = 10_000;
const MAX_STREAMS = 500;

/** Null means reading the whole collection in its natural order. */
export function choosePlan(collection: Collection, request: PlanRequest): IndexPlan | null {
  const { hint } = request;
  if (hint !== undefined) return planHinted(collection, request, hint);
  const conjunction = conjunctionOf(request.filter);
  let best: IndexPlan | null = null;
  for (const index of collection.indexes) {
    const plan = planFor(index, conjunction, request);
    if (
      plan &&
      plan.bounded + (plan.sorted ? 1 : 0) > 0 &&
      (!best || score(plan, request) > score(best, request))
    )
      best = plan;
  }
  return best && score(best, request) > 0 ? best : null;
}

function planHinted(collection: Collection, request: PlanRequest, hint: Value): IndexPlan | null {
  if (isDocument(hint) && hint.has("$natural")) return null;
  if (isDocument(hint) && hint.size === 0) return choosePlan(collection, { ...request, hint: undefined });
  const index = collection.indexes.find((each) =>
    isDocument(hint) ? samePattern(each.keyPattern, hint) : each.name === hint,
  );
  if (!index) throw badValue(`${PLANNER} hint provided does not correspond to an existing index`);
  const plan = planFor(index, conjunctionOf(request.filter), request, true);
  if (!plan) throw new CommandError(291, `${PLANNER} the hinted index cannot answer this query`);
  return plan;
}

const PLANNER = "error processing query: planner returned error :: caused by ::";

function score(plan: IndexPlan, { sort }: PlanRequest): number {
  const unique = plan.index.unique && plan.bounded === plan.index.fields.length ? 5 : 0;
  const order = sort.length > 0 && plan.sorted ? 7 : 0;
  return (
    plan.bounded * 10 + order + unique + (plan.exact ? 2 : 0) - (plan.bounded === 0 && order === 0 ? 100 : 0)
  );
}

function planFor(
  index: Index,
  conjunction: Conjunction,
  request: PlanRequest,
  hinted = false,
): IndexPlan | null {
  if (!isEligible(index, conjunction, request, hinted)) return null;
  const fields = boundFields(index, conjunction.clauses, request.collation);
  const order = orderOf(index, fields, request);
  const covered = new Set(fields.flatMap((field) => field.covered));
  return {
    index,
    streams: layOut(fields, order.mergeAt),
    reverse: order.reverse,
    sorted: order.sorted,
    exact: conjunction.complete && conjunction.clauses.every((clause) => covered.has(clause)),
    bounded: fields.length,
  };
}

function isEligible(index: Index, conjunction: Conjunction, request: PlanRequest, hinted: boolean): boolean {
  if (index.partialFilter && !implies(conjunction.clauses, index.partialFilter)) return false;
  const paths = index.fields.map((field) => field.path);
  if (index.sparse && !hinted && !excludesMissing(conjunction.clauses, paths)) return false;
  if (sameCollation(index.collation, request.collation)) return true;
  const used = conjunction.clauses.filter((clause) => paths.includes(clause.path));
  return (
    used.length > 0 && request.sort.length === 0 && used.every((clause) => isCollationFree(clause.operand))
  );
}

function isCollationFree(operand: Value): boolean {
  if (Array.isArray(operand)) return operand.every(isCollationFree);
  const rank = rankOf(operand);
  return rank !== RANK.string && rank !== RANK.object && rank !== RANK.regex;
}

interface BoundField {
  intervals: Interval[];
  points: boolean;
  covered: Clause[];
}

// Leading fields held to points, then at most one held to ranges.
function boundFields(
  index: Index,
  clauses: readonly Clause[],
  collation: Collation | undefined,
): BoundField[] {
  const fields: BoundField[] = [];
  let viaArray = false;
  let product = 1;
  for (const [i, { path, direction }] of index.fields.entries()) {
    const isArray = ((index.multikey >> i) & 1) === 1;
    // Two fields of one array may be met by two different elements: only one of them can be bounded.
    const own = isArray && viaArray ? [] : clauses.filter((clause) => clause.path === path);
    const field = boundField(own, isArray, collation);
    if (!field) break;
    product *= field.intervals.length;
    if (product > MAX_POINTS) break;
    viaArray ||= isArray;
    fields.push({ ...field, intervals: orient(field.intervals, direction) });
    if (!field.points) break;
  }
  return fields;
}

function boundField(
  clauses: readonly Clause[],
  isArray: boolean,
  collation: Collation | undefined,
): BoundField | null {
  const bounded = clauses.flatMap((clause) => {
    const bounds = boundsOf(clause, collation);
    return bounds ? [{ clause, ...bounds }] : [];
  });
  // Of an array, one element may meet one clause and another the next.
  const used = isArray
    ? bounded.sort((a, b) => width(a.intervals) - width(b.intervals)).slice(0, 1)
    : bounded;
  const [first, ...others] = used;
  if (!first) return null;
  const intervals = others.reduce((sofar, next) => intersect(sofar, next.intervals), first.intervals);
  const covered = used.filter((each) => each.exact).map((each) => each.clause);
  return { intervals, points: intervals.every((interval) => interval.point), covered };
}

function width(intervals: readonly Interval[]): number {
  return intervals.every((interval) => interval.point) ? intervals.length : MAX_POINTS;
}

interface Order {
  sorted: boolean;
  reverse: boolean;
  /** The field after whose predecessors streams are merged; 0 keeps one stream. */
  mergeAt: number;
}

const UNSORTED: Order = { sorted: false, reverse: false, mergeAt: 0 };

function orderOf(index: Index, fields: readonly BoundField[], { sort, collation }: PlanRequest): Order {
  const isFixed = (i: number) => fields[i]?.points === true && fields[i].intervals.length <= 1;
  const fixed = new Set(index.fields.filter((_field, i) => isFixed(i)).map((field) => field.path));
  const wanted = sort.filter((field) => !fixed.has(field.path));
  if (sort.length === 0) return { ...UNSORTED, sorted: true };
  if (index.multikey !== 0 || !sameCollation(index.collation, collation)) return UNSORTED;
  if (wanted.length === 0) return { ...UNSORTED, sorted: true };
  const points = fields.findIndex((field) => !field.points);
  const lastMerge = points === -1 ? fields.length : points;
  for (let mergeAt = 0; mergeAt <= lastMerge && streamCount(fields, mergeAt) <= MAX_STREAMS; mergeAt++) {
    const rest = index.fields.slice(mergeAt).filter((_field, i) => !isFixed(mergeAt + i));
    const direction = followedDirection(rest, wanted);
    if (direction !== null) return { sorted: true, reverse: direction < 0, mergeAt };
  }
  return UNSORTED;
}

function streamCount(fields: readonly BoundField[], mergeAt: number): number {
  return fields.slice(0, mergeAt).reduce((product, field) => product * field.intervals.length, 1);
}

function followedDirection(have: readonly SortField[], wanted: readonly SortField[]): number | null {
  let overall: number | null = null;
  for (const [i, { path, direction }] of wanted.entries()) {
    const field = have[i];
    if (field?.path !== path) return null;
    overall ??= direction * field.direction;
    if (overall !== direction * field.direction) return null;
  }
  return overall;
}

function layOut(fields: readonly BoundField[], mergeAt: number): Stream[] {
  const heads = product(fields.slice(0, mergeAt));
  const tails = product(fields.slice(mergeAt));
  return heads.map((head) => ({
    prefix: head.lower.length,
    ranges: tails.map(({ lower, upper }) => ({
      lower: Buffer.concat([head.lower, lower]),
      upper: Buffer.concat([head.lower, upper]),
    })),
  }));
}

// Each combination of points before the last field, with the last field's intervals after it.
function product(fields: readonly BoundField[]): Range[] {
  const [first, ...others] = fields;
  if (!first) return [{ lower: Buffer.alloc(0), upper: ABOVE }];
  const ranges = first.intervals.map(({ lower, upper }) => ({
    lower: edgeKey(lower),
    upper: edgeKey(upper),
  }));
  if (others.length === 0) return ranges;
  const rest = product(others);
  return ranges.flatMap((head) =>
    rest.map(({ lower, upper }) => ({
      lower: Buffer.concat([head.lower, lower]),
      upper: Buffer.concat([head.lower, upper]),
    })),
  );
}
