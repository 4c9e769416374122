// A query from filter to stored documents: plan, scan, test, sort, skip and limit.
import { decode } from "./bson.ts";
import type { Collation } from "./collation.ts";
import type { Collection, Stored } from "./collection.ts";
import { CommandError } from "./errors.ts";
import type { Variables } from "./expressions/compile.ts";
import { compileFilter, type Matcher } from "./match.ts";
import { choosePlan, type IndexPlan } from "./plan.ts";
import { countIndex, scanCollection, scanIndex } from "./scan.ts";
import { sortInMemory, sortKey, type SortField } from "./sort.ts";
import { isDocument, isNumber, toNumber, type Document, type Value } from "./values.ts";

export interface Query {
  filter: Document;
  sort?: readonly SortField[] | undefined;
  skip?: number | undefined;
  /** Zero or absent means no limit. */
  limit?: number | undefined;
  hint?: Value;
  collation?: Collation | undefined;
  variables?: Variables | undefined;
  /** The moment (performance.now) at which the command fails with 50. */
  deadline?: number | undefined;
}

const FIRST_READ = 64;

export function planOf(
  collection: Collection,
  { filter, sort = [], collation, hint }: Query,
): IndexPlan | null {
  return choosePlan(collection, { filter, sort, collation, hint });
}

/** Stored documents that match, in order; decodes only what the filter or a sort in memory needs. */
export function* runQuery(collection: Collection, query: Query): Generator<Stored> {
  const { skip = 0, limit = 0 } = query;
  const end = limit === 0 ? Infinity : skip + limit;
  let position = 0;
  for (const stored of ordered(collection, query, end)) {
    if (position >= skip) yield stored;
    if (++position >= end) return;
  }
}

export function findFirst(collection: Collection, query: Query): Stored | null {
  const first = runQuery(collection, { ...query, limit: 1 }).next();
  return first.done ? null : first.value;
}

export function countMatches(collection: Collection, query: Query): number {
  const { skip = 0, limit = 0 } = query;
  const all = countAll(collection, { ...query, skip: 0, limit: limit === 0 ? 0 : skip + limit });
  const rest = Math.max(0, all - skip);
  return limit === 0 ? rest : Math.min(rest, limit);
}

function countAll(collection: Collection, query: Query): number {
  if (query.filter.size === 0 && query.hint === undefined) return collection.count();
  compileFilter(query.filter, query);
  const plan = planOf(collection, query);
  if (plan?.exact) return countIndex(collection, plan);
  let count = 0;
  for (const _stored of runQuery(collection, query)) count++;
  return count;
}

function* ordered(collection: Collection, query: Query, end: number): Generator<Stored> {
  const { sort = [], collation } = query;
  const plan = planOf(collection, query);
  const found = matching(collection, query, plan, end);
  if (sort.length === 0 || plan?.sorted) yield* found;
  else {
    const needed = new Set(sort.map((field) => field.parts[0] ?? ""));
    const keyOf = ({ raw }: Stored) => sortKey(decode(raw, needed), sort, collation);
    yield* sortInMemory(found, keyOf, ({ raw }) => raw.length, end);
  }
}

function* matching(
  collection: Collection,
  query: Query,
  plan: IndexPlan | null,
  end: number,
): Generator<Stored> {
  const { filter, deadline } = query;
  const matches = compileFilter(filter, query);
  const needed = neededFields(filter);
  const isExact = filter.size === 0 || plan?.exact === true;
  for (const stored of scan(collection, query, plan, isExact ? end : Infinity)) {
    if (deadline !== undefined) checkTime(deadline);
    if (isExact || matchesRaw(matches, stored.raw, needed)) yield stored;
  }
}

function scan(
  collection: Collection,
  query: Query,
  plan: IndexPlan | null,
  expected: number,
): Generator<Stored> {
  if (plan) return scanIndex(collection, plan, Number.isFinite(expected) ? expected : FIRST_READ);
  return scanCollection(collection, isReverseNatural(query));
}

function isReverseNatural({ hint }: Query): boolean {
  const natural = isDocument(hint) ? hint.get("$natural") : undefined;
  return isNumber(natural) && toNumber(natural) < 0;
}

function matchesRaw(matches: Matcher, raw: Buffer, needed: ReadonlySet<string> | undefined): boolean {
  return matches(decode(raw, needed));
}

/** The top-level fields a filter reads; undefined when it may read any. */
function neededFields(filter: Document): ReadonlySet<string> | undefined {
  const roots = new Set<string>();
  return collectRoots(filter, roots) ? roots : undefined;
}

function collectRoots(filter: Document, roots: Set<string>): boolean {
  return [...filter].every(([name, condition]) => {
    if (!name.startsWith("$")) roots.add(name.split(".")[0] ?? "");
    else if (name === "$expr") return false;
    else if (Array.isArray(condition))
      return condition.every((part) => isDocument(part) && collectRoots(part, roots));
    return true;
  });
}

function checkTime(deadline: number): void {
  if (performance.now() > deadline) throw new CommandError(50, "operation exceeded time limit");
}
