// Update documents: operators applied in place to a decoded document.
import type { Collation } from "./collation.ts";
import { equal } from "./compare.ts";
import { CommandError, failedToParse } from "./errors.ts";
import { show, plainText } from "./format.ts";
import { type ArrayFilters, resolvePath } from "./positional.ts";
import { getAt, setAt, unsetAt } from "./paths.ts";
import { FIELD_OPERATORS, type FieldOperator, type UpdateContext } from "./update-operators.ts";
import { clone, isDocument, MISSING, typeOf, type Document, type MaybeValue, type Value } from "./values.ts";

export interface UpdateOptions {
  /** The document is being made by an upsert. */
  inserting: boolean;
  arrayFilters: ArrayFilters;
  /** The element the query matched in the array at a path, for `$`; null when it matched none. */
  matchedElement: (arrayPath: string) => number | null;
  collation: Collation | undefined;
}

export interface Modifier {
  operator: string;
  path: string;
  operand: Value;
}

/** Checks an update document once; throws 9, 40 or 56 as the server does. */
export function parseUpdate(update: Document): Modifier[] {
  const modifiers = [...update].flatMap(([operator, fields]) => parseOperator(operator, fields));
  checkConflicts(modifiers);
  return modifiers.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Applies the modifiers to the document and returns the top-level fields they wrote to. */
export function applyUpdate(
  document: Document,
  modifiers: readonly Modifier[],
  options: UpdateOptions,
): Set<string> {
  const touched = new Set<string>();
  const context: UpdateContext = { id: document.get("_id"), collation: options.collation, path: "" };
  const active = modifiers.filter(({ operator }) => operator !== "$setOnInsert" || options.inserting);
  // Every `$` is found before the first write changes what the query matched.
  const resolved = active.map((modifier) => ({ modifier, targets: targetsOf(document, modifier, options) }));
  for (const { modifier, targets } of resolved) {
    if (modifier.operator === "$rename") rename(document, modifier, touched);
    else applyModifier(document, modifier, targets, options, context, touched);
  }
  return touched;
}

/** The array filters of an update must each be used by one of its paths. */
export function checkArrayFiltersUsed(modifiers: readonly Modifier[], filters: ArrayFilters): void {
  for (const name of filters.keys())
    if (!modifiers.some(({ path }) => path.split(".").includes(`$[${name}]`)))
      throw failedToParse(`The array filter for identifier '${name}' was not used in the update`);
}

function parseOperator(operator: string, fields: Value): Modifier[] {
  if (operator !== "$rename" && !FIELD_OPERATORS[operator])
    throw failedToParse(
      `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
    );
  if (!isDocument(fields))
    throw failedToParse(
      `Modifiers operate on fields but we found type ${typeOf(fields)} instead. For example: {$mod: {<field>: ...}} not {${operator}: ${show(fields)}}`,
    );
  return [...fields].map(([path, operand]) => {
    checkPath(path);
    if (operator === "$rename") checkRename(path, operand);
    return { operator, path, operand };
  });
}

function checkPath(path: string): void {
  if (path === "") throw new CommandError(56, "An empty update path is not valid.");
  if (path.split(".").includes(""))
    throw new CommandError(
      56,
      `The update path '${path}' contains an empty field name, which is not allowed.`,
    );
}

function checkRename(from: string, to: Value): void {
  if (typeof to !== "string")
    throw new CommandError(2, `The 'to' field for $rename must be a string: ${from}`);
  checkPath(to);
  if (`${from}.${to}`.includes("$")) throw new CommandError(2, "The field of $rename cannot be positional");
}

function checkConflicts(modifiers: readonly Modifier[]): void {
  const seen: string[] = [];
  const paths = modifiers.flatMap(({ operator, path, operand }) =>
    operator === "$rename" ? [path, plainText(operand)] : [path],
  );
  for (const path of paths) {
    const other = seen.find(
      (each) => each === path || each.startsWith(`${path}.`) || path.startsWith(`${each}.`),
    );
    if (other !== undefined) {
      const shorter = other.length < path.length ? other : path;
      throw new CommandError(40, `Updating the path '${path}' would create a conflict at '${shorter}'`);
    }
    seen.push(path);
  }
}

function targetsOf(document: Document, { path }: Modifier, options: UpdateOptions): string[][] {
  return resolvePath(document, path, options.arrayFilters, options.matchedElement);
}

function applyModifier(
  document: Document,
  { operator, path, operand }: Modifier,
  targets: readonly string[][],
  options: UpdateOptions,
  context: UpdateContext,
  touched: Set<string>,
): void {
  const apply = operatorOf(operator);
  for (const parts of targets) {
    const before = getAt(document, parts);
    const after = apply(before, operand, { ...context, path });
    if (after === before) continue;
    checkIdUnchanged(document, parts, after, options.inserting);
    write(document, parts, after);
    touched.add(parts[0] ?? "");
  }
}

function operatorOf(name: string): FieldOperator {
  const operator = FIELD_OPERATORS[name];
  if (!operator) throw failedToParse(`Unknown modifier: ${name}`);
  return operator;
}

function write(document: Document, parts: readonly string[], value: MaybeValue): void {
  if (value === MISSING) unsetAt(document, parts);
  else setAt(document, parts, clone(value));
}

function checkIdUnchanged(
  document: Document,
  parts: readonly string[],
  after: MaybeValue,
  inserting: boolean,
): void {
  if (parts[0] !== "_id" || inserting) return;
  if (parts.length === 1 && after !== MISSING && equal(document.get("_id"), after)) return;
  throw immutableId(parts.join("."));
}

export function immutableId(path: string): CommandError {
  return new CommandError(
    66,
    `Performing an update on the path '${path}' would modify the immutable field '_id'`,
  );
}

function rename(document: Document, { path, operand }: Modifier, touched: Set<string>): void {
  const from = path.split(".");
  const to = plainText(operand).split(".");
  const value = getAt(document, from);
  if (value === MISSING) return;
  if (from[0] === "_id" || to[0] === "_id") throw immutableId(path);
  for (const parts of [from, to]) checkNoArray(document, parts);
  unsetAt(document, from);
  setAt(document, to, value);
  touched.add(from[0] ?? "").add(to[0] ?? "");
}

function checkNoArray(document: Document, parts: readonly string[]): void {
  for (let i = 1; i < parts.length; i++)
    if (Array.isArray(getAt(document, parts.slice(0, i))))
      throw new CommandError(
        2,
        `The source and target field for $rename cannot be an array element: ${parts.join(".")}`,
      );
}
