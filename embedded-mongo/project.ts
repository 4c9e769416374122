// Projections, of find and of $project: which fields a document shows.
import type { Collation } from "./collation.ts";
import { CommandError, notSupported } from "./errors.ts";
import { compileExpression, type Expression, type Variables } from "./expressions/compile.ts";
import { compileCondition, compileFilter, isOperatorDocument } from "./match.ts";
import { getAt, setAt, unsetAt } from "./paths.ts";
import { elementMatcher } from "./positional.ts";
import { pickRaw } from "./bson.ts";
import {
  isDocument,
  isNumber,
  isTruthy,
  MISSING,
  toNumber,
  type Document,
  type MaybeValue,
  type Value,
} from "./values.ts";

export type Projector = (document: Document, variables: Variables) => Document;

export interface Projection {
  project: Projector;
  /** Set when the projection can be done on raw bytes: whole top-level fields kept or dropped. */
  keepsField?: (name: string) => boolean;
}

export interface ProjectionContext {
  /** The filter of the find, for `array.$`; without one that is refused. */
  filter?: Document;
  collation?: Collation | undefined;
}

/** A tree of fields: true to keep or drop as a whole, a subtree to look inside, an expression to compute. */
type Tree = Map<string, true | Tree | { expression: Expression }>;

type Special = (result: Document, document: Document) => void;

interface Parsed {
  inclusive: boolean | null;
  id: boolean | null;
  tree: Tree;
  computes: boolean;
  specials: { apply: Special; path: string; includes: boolean }[];
}

export function compileProjection(spec: Document, context: ProjectionContext = {}): Projection {
  const parsed: Parsed = { inclusive: null, id: null, tree: new Map(), computes: false, specials: [] };
  for (const [path, rule] of spec) parseRule(parsed, path, rule, context);
  const onlyId = spec.size === 1 && parsed.id === true;
  const inclusive =
    parsed.inclusive ?? (onlyId || parsed.computes || parsed.specials.some((each) => each.includes));
  if (inclusive) for (const { path } of parsed.specials) keepPath(parsed.tree, path);
  const project = inclusive ? includer(parsed) : excluder(parsed);
  const keepsField =
    parsed.specials.length === 0 && !parsed.computes ? rawRule(parsed, inclusive) : undefined;
  return keepsField ? { project, keepsField } : { project };
}

export function projectRaw(raw: Buffer, keepsField: (name: string) => boolean): Buffer {
  return pickRaw(raw, keepsField);
}

function parseRule(parsed: Parsed, path: string, rule: Value, context: ProjectionContext): void {
  if (path === "" || path.split(".").includes(""))
    throw new CommandError(40352, "FieldPath cannot be constructed with empty string");
  if (typeof rule === "boolean" || isNumber(rule)) parseFlag(parsed, path, isTruthy(rule), context);
  else if (isDocument(rule) && !isOperatorDocument(rule)) parseNested(parsed, path, rule, context);
  else if (isDocument(rule) && context.filter && parseSpecial(parsed, path, rule, context)) return;
  else {
    const expression = compileExpression(rule, context.collation);
    parsed.computes = true;
    setInclusive(parsed, true, path);
    plant(parsed.tree, path, { expression });
  }
}

function parseNested(parsed: Parsed, path: string, rule: Document, context: ProjectionContext): void {
  if (rule.size === 0) throw new CommandError(51270, "An empty sub-projection is not a valid value.");
  for (const [name, inner] of rule) parseRule(parsed, `${path}.${name}`, inner, context);
}

function parseFlag(parsed: Parsed, path: string, keep: boolean, context: ProjectionContext): void {
  if (path === "_id") parsed.id = keep;
  else if (path.endsWith(".$")) parsePositional(parsed, path.slice(0, -2), context);
  else if (path.startsWith("$"))
    throw new CommandError(16410, `FieldPath field names may not start with '$': ${path}`);
  else {
    setInclusive(parsed, keep, path);
    plant(parsed.tree, path, true);
  }
}

function setInclusive(parsed: Parsed, inclusive: boolean, path: string): void {
  if (parsed.inclusive !== null && parsed.inclusive !== inclusive) {
    const [code, verb, mode] = inclusive
      ? [31253, "inclusion", "exclusion"]
      : [31254, "exclusion", "inclusion"];
    throw new CommandError(
      Number(code),
      `Cannot do ${String(verb)} on field ${path} in ${String(mode)} projection`,
    );
  }
  parsed.inclusive = inclusive;
}

function plant(tree: Tree, path: string, leaf: true | { expression: Expression }): void {
  const parts = path.split(".");
  let current = tree;
  for (const part of parts.slice(0, -1)) {
    const next: Tree | true | { expression: Expression } = current.get(part) ?? emptyTree();
    if (!(next instanceof Map)) throw collision(path);
    current.set(part, next);
    current = next;
  }
  const last = parts.at(-1) ?? "";
  if (current.has(last)) throw collision(path);
  current.set(last, leaf);
}

function emptyTree(): Tree {
  return new Map();
}

function keepPath(tree: Tree, path: string): void {
  const [root = ""] = path.split(".");
  if (!tree.has(root)) plant(tree, path, true);
}

function collision(path: string): CommandError {
  return new CommandError(31249, `Path collision at ${path}`);
}

function parseSpecial(parsed: Parsed, path: string, rule: Document, context: ProjectionContext): boolean {
  if (rule.has("$slice") && !isExpressionSlice(rule.get("$slice"))) {
    parsed.specials.push({ path, includes: false, apply: slicer(path.split("."), rule.get("$slice")) });
    return true;
  }
  if (rule.has("$elemMatch")) {
    parsed.specials.push({
      path,
      includes: true,
      apply: elementPicker(path.split("."), rule.get("$elemMatch"), context),
    });
    return true;
  }
  if (rule.has("$meta")) throw notSupported("projecting $meta");
  return false;
}

function isExpressionSlice(operand: Value): boolean {
  return Array.isArray(operand) && operand.some((part) => !isNumber(part));
}

function slicer(parts: readonly string[], operand: Value): Special {
  const [first, second] = (Array.isArray(operand) ? operand : [operand]).map((part) =>
    isNumber(part) ? toNumber(part) : 0,
  );
  return (result, document) => {
    const items = getAt(document, parts);
    if (Array.isArray(items)) setAt(result, parts, sliceItems(items, first ?? 0, second));
  };
}

function sliceItems(items: Value[], first: number, second: number | undefined): Value[] {
  if (second === undefined) return first < 0 ? items.slice(first) : items.slice(0, first);
  const from = first < 0 ? Math.max(0, items.length + first) : first;
  return items.slice(from, from + second);
}

function elementPicker(
  parts: readonly string[],
  condition: Value,
  { collation }: ProjectionContext,
): Special {
  if (!isDocument(condition)) throw new CommandError(31274, "elemMatch: Invalid argument, object required");
  const predicate = isOperatorDocument(condition) ? compileCondition(condition, { collation }) : null;
  const matches = predicate ? null : compileFilter(condition, { collation });
  const test = (item: Value) =>
    predicate ? predicate([item]) : isDocument(item) && matches?.(item) === true;
  return (result, document) => {
    const items = getAt(document, parts);
    const found = Array.isArray(items) ? items.filter(test).slice(0, 1) : [];
    if (found.length > 0) setAt(result, parts, found);
    else unsetAt(result, parts);
  };
}

function parsePositional(parsed: Parsed, path: string, { filter, collation }: ProjectionContext): void {
  if (!filter) throw new CommandError(31324, "Cannot use positional projection in aggregation projection");
  const parts = path.split(".");
  setInclusive(parsed, true, path);
  const apply: Special = (result, document) => {
    const items = getAt(document, parts);
    if (!Array.isArray(items)) return;
    const position = elementMatcher(filter, document, collation)(path);
    if (position === null)
      throw new CommandError(
        51246,
        "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
      );
    setAt(result, parts, [items[position]]);
  };
  parsed.specials.push({ path, includes: true, apply });
}

function includer({ tree, id, specials }: Parsed): Projector {
  return (document, variables) => {
    const result: Document = new Map();
    if (id !== false && document.has("_id")) result.set("_id", document.get("_id"));
    includeFields(document, tree, result, document, variables);
    for (const { apply } of specials) apply(result, document);
    return result;
  };
}

function includeFields(
  from: Document,
  tree: Tree,
  into: Document,
  root: Document,
  variables: Variables,
): void {
  for (const [name, value] of from) {
    const rule = tree.get(name);
    if (rule === true) into.set(name, value);
    else if (rule instanceof Map) {
      const inner = includeInside(value, rule, root, variables);
      if (inner !== MISSING) into.set(name, inner);
    }
  }
  compute(from, tree, into, root, variables);
}

function compute(from: Document, tree: Tree, into: Document, root: Document, variables: Variables): void {
  for (const [name, rule] of tree) {
    if (rule === true) continue;
    if (!(rule instanceof Map)) {
      const value = rule.expression(root, variables);
      if (value !== MISSING) into.set(name, value);
    } else if (!from.has(name) && computes(rule)) {
      const made: Document = new Map();
      compute(new Map(), rule, made, root, variables);
      into.set(name, made);
    }
  }
}

function computes(tree: Tree): boolean {
  return [...tree.values()].some((rule) => rule !== true && (!(rule instanceof Map) || computes(rule)));
}

function includeInside(value: Value, tree: Tree, root: Document, variables: Variables): MaybeValue {
  if (Array.isArray(value))
    return value.flatMap((item) => {
      const inner = includeInside(item, tree, root, variables);
      return inner === MISSING ? [] : [inner];
    });
  if (!isDocument(value)) return computes(tree) ? includeInside(new Map(), tree, root, variables) : MISSING;
  const result: Document = new Map();
  includeFields(value, tree, result, root, variables);
  return result;
}

function excluder({ tree, id, specials }: Parsed): Projector {
  return (document) => {
    const result = excludeFields(document, tree);
    if (id === false) result.delete("_id");
    for (const { apply } of specials) apply(result, document);
    return result;
  };
}

function excludeFields(document: Document, tree: Tree): Document {
  const result: Document = new Map();
  for (const [name, value] of document) {
    const rule = tree.get(name);
    if (rule !== true) result.set(name, rule instanceof Map ? excludeInside(value, rule) : value);
  }
  return result;
}

function excludeInside(value: Value, tree: Tree): Value {
  if (Array.isArray(value)) return value.map((item) => excludeInside(item, tree));
  return isDocument(value) ? excludeFields(value, tree) : value;
}

function rawRule({ tree, id }: Parsed, inclusive: boolean): ((name: string) => boolean) | undefined {
  if ([...tree.values()].some((rule) => rule !== true)) return undefined;
  return (name) => (name === "_id" ? id !== false : tree.has(name) === inclusive);
}
