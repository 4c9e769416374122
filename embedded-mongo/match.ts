// Filters: a query document becomes a function that says whether a document matches.
import { BSONRegExp } from "bson";
import type { Collation } from "./collation.ts";
import { badValue, CommandError, notSupported } from "./errors.ts";
import { compileExpression, type Variables } from "./expressions/compile.ts";
import { compileOperator, compileRegex, type LeafPredicate } from "./match-operators.ts";
import { leaves } from "./paths.ts";
import { isDocument, isTruthy, MISSING, type Document, type Value } from "./values.ts";

export type Matcher = (document: Document) => boolean;

export interface FilterContext {
  collation?: Collation | undefined;
  /** The values of `let`, for $expr. */
  variables?: Variables | undefined;
}

/** Throws 2 for what MongoDB refuses and 115 for what this store does not have. */
export function compileFilter(filter: Document, context: FilterContext = {}): Matcher {
  const matchers = [...filter].flatMap(([name, condition]) => compileClause(name, condition, context) ?? []);
  const [first] = matchers;
  if (matchers.length === 1 && first) return first;
  return (document) => matchers.every((matches) => matches(document));
}

/** True for `{ $gt: 5 }`, false for a document to compare with. */
export function isOperatorDocument(value: Value): value is Document {
  if (!isDocument(value)) return false;
  const [first] = value.keys();
  return first !== undefined && first.startsWith("$") && !REFERENCE.has(first);
}

/** A condition on one value, as `$pull` and `$elemMatch` apply it to each element. */
export function compileCondition(condition: Value, context: FilterContext = {}): LeafPredicate {
  if (isOperatorDocument(condition)) return compileOperators(condition, context);
  const { collation } = context;
  if (condition instanceof BSONRegExp) return compileRegex(condition, undefined);
  return compileOperator("$eq", condition, new Map(), {
    collation,
    condition: compileNested,
    filter: compileFilter,
  });
}

const REFERENCE = new Set(["$ref", "$id", "$db"]);
const UNSUPPORTED = new Set(["$where", "$text", "$jsonSchema", "$sampleRate", "$alwaysTrue", "$alwaysFalse"]);

function compileClause(name: string, condition: Value, context: FilterContext): Matcher | null {
  switch (name) {
    case "$and":
      return every(subFilters(name, condition, context));
    case "$or":
      return some(subFilters(name, condition, context));
    case "$nor":
      return negated(some(subFilters(name, condition, context)));
    case "$comment":
      return null;
    case "$expr":
      return compileExpr(condition, context);
    default:
      if (name.startsWith("$")) throw unknownTopLevel(name);
      return compileField(name, condition, context);
  }
}

function compileField(path: string, condition: Value, context: FilterContext): Matcher {
  const predicate = compileCondition(condition, context);
  const parts = path.split(".");
  if (parts.length > 1) return (document) => predicate(leaves(document, parts));
  return (document) => predicate([document.has(path) ? document.get(path) : MISSING]);
}

function compileOperators(operators: Document, context: FilterContext): LeafPredicate {
  const { collation } = context;
  const nested = { collation, condition: compileNested, filter: compileFilter };
  const predicates = [...operators].map(([name, operand]) =>
    compileOperator(name, operand, operators, nested),
  );
  return (found) => predicates.every((predicate) => predicate(found));
}

function compileNested(condition: Value, collation: Collation | undefined): LeafPredicate {
  return compileCondition(condition, { collation });
}

function compileExpr(expression: Value, context: FilterContext): Matcher {
  const evaluate = compileExpression(expression, context.collation);
  const variables = context.variables ?? new Map();
  return (document) => isTruthy(evaluate(document, variables));
}

function subFilters(name: string, filters: Value, context: FilterContext): Matcher[] {
  if (!Array.isArray(filters) || filters.length === 0)
    throw badValue(`${name} argument must be a nonempty array`);
  return filters.map((filter) => {
    if (!isDocument(filter)) throw badValue(`${name} argument's entries must be objects`);
    return compileFilter(filter, context);
  });
}

function every(matchers: Matcher[]): Matcher {
  return (document) => matchers.every((matches) => matches(document));
}

function some(matchers: Matcher[]): Matcher {
  return (document) => matchers.some((matches) => matches(document));
}

function negated(matcher: Matcher): Matcher {
  return (document) => !matcher(document);
}

function unknownTopLevel(name: string): CommandError {
  if (UNSUPPORTED.has(name)) return notSupported(name);
  return badValue(
    `unknown top level operator: ${name}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
  );
}
