// `$`, `$[]` and `$[name]` in the paths of an update, turned into positions.
import type { Collation } from "./collation.ts";
import { badValue, failedToParse } from "./errors.ts";
import { show } from "./format.ts";
import { compileCondition, compileFilter, isOperatorDocument, type Matcher } from "./match.ts";
import { getAt, isIndex } from "./paths.ts";
import { isDocument, MISSING, type Document, type Value } from "./values.ts";

export type ArrayFilters = ReadonlyMap<string, (item: Value) => boolean>;

const IDENTIFIER = /^\$\[(.*)\]$/;

/** The concrete paths an update path means in this document. */
export function resolvePath(
  document: Document,
  path: string,
  filters: ArrayFilters,
  matchedElement: (arrayPath: string) => number | null,
): string[][] {
  const parts = path.split(".");
  if (!path.includes("$")) return [parts];
  return parts.reduce<string[][]>(
    (paths, part, i) => {
      if (part === "$")
        return paths.map((each) => [...each, matchedPosition(parts.slice(0, i), matchedElement)]);
      const name = IDENTIFIER.exec(part)?.[1];
      if (name === undefined) return paths.map((each) => [...each, part]);
      return paths.flatMap((each) =>
        positions(document, each, name, path, filters).map((at) => [...each, at]),
      );
    },
    [[]],
  );
}

export function parseArrayFilters(list: readonly Value[], collation: Collation | undefined): ArrayFilters {
  const filters = new Map<string, (item: Value) => boolean>();
  for (const filter of list) {
    if (!isDocument(filter)) throw failedToParse("arrayFilters must be documents");
    const [name, ...others] = identifiersOf(filter);
    if (name === undefined)
      throw failedToParse("Cannot use an expression without a top-level field name in arrayFilters");
    if (others.length > 0)
      throw failedToParse(
        `Expected a single top-level field name, found '${name}' and '${String(others[0])}'`,
      );
    if (filters.has(name))
      throw failedToParse(`Found multiple array filters with the same top-level field name ${name}`);
    const matches = compileFilter(filter, { collation });
    filters.set(name, (item) => matches(new Map([[name, item]])));
  }
  return filters;
}

/** Finds, for `$`, the first element of an array that the query's condition on it matched. */
export function elementMatcher(
  filter: Document,
  document: Document,
  collation: Collation | undefined,
): (arrayPath: string) => number | null {
  return (arrayPath) => {
    const items = getAt(document, arrayPath.split("."));
    if (!Array.isArray(items)) return null;
    for (const [path, condition] of conditionsOf(filter)) {
      const position = matchIn(items, arrayPath, path, condition, collation);
      if (position !== null) return position;
    }
    return null;
  };
}

function matchedPosition(arrayPath: string[], matchedElement: (arrayPath: string) => number | null): string {
  const position = matchedElement(arrayPath.join("."));
  if (position === null)
    throw badValue("The positional operator did not find the match needed from the query.");
  return String(position);
}

function positions(
  document: Document,
  at: string[],
  name: string,
  path: string,
  filters: ArrayFilters,
): string[] {
  const filter = filters.get(name);
  if (name !== "" && !filter)
    throw badValue(`No array filter found for identifier '${name}' in path '${path}'`);
  const items = getAt(document, at);
  if (items === MISSING)
    throw badValue(`The path '${at.join(".")}' must exist in the document in order to apply array updates.`);
  if (!Array.isArray(items))
    throw badValue(`Cannot apply array updates to non-array element ${at.at(-1) ?? ""}: ${show(items)}`);
  return items.flatMap((item, i) => (!filter || filter(item) ? [String(i)] : []));
}

function identifiersOf(filter: Document): string[] {
  const names = [...filter].flatMap(([name, condition]) => {
    if (!name.startsWith("$")) return [name.split(".")[0] ?? ""];
    return Array.isArray(condition)
      ? condition.flatMap((part) => (isDocument(part) ? identifiersOf(part) : []))
      : [];
  });
  return [...new Set(names)];
}

function conditionsOf(filter: Document): [string, Value][] {
  return [...filter].flatMap(([name, condition]): [string, Value][] => {
    if (!name.startsWith("$")) return [[name, condition]];
    if ((name !== "$and" && name !== "$or") || !Array.isArray(condition)) return [];
    return condition.flatMap((part) => (isDocument(part) ? conditionsOf(part) : []));
  });
}

function matchIn(
  items: readonly Value[],
  arrayPath: string,
  path: string,
  condition: Value,
  collation: Collation | undefined,
): number | null {
  if (path !== arrayPath && !path.startsWith(`${arrayPath}.`)) return null;
  const rest = path.slice(arrayPath.length + 1);
  if (isIndex(rest.split(".")[0] ?? "")) return null;
  const matches = rest === "" ? elementTest(condition, collation) : fieldTest(rest, condition, collation);
  const position = items.findIndex(matches);
  return position === -1 ? null : position;
}

function elementTest(condition: Value, collation: Collation | undefined): (item: Value) => boolean {
  const predicate = compileCondition(condition, { collation });
  // $elemMatch looks inside an array: give it one that holds this element alone.
  const wraps = isOperatorDocument(condition) && condition.has("$elemMatch");
  return (item) => predicate([wraps ? [item] : item]);
}

function fieldTest(
  path: string,
  condition: Value,
  collation: Collation | undefined,
): (item: Value) => boolean {
  const matches: Matcher = compileFilter(new Map([[path, condition]]), { collation });
  return (item) => isDocument(item) && matches(item);
}
