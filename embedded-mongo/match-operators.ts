// The operators of a filter, each a predicate over every value its path reaches.
import { Binary, BSONRegExp, BSONSymbol } from "bson";
import type { Collation } from "./collation.ts";
import { compare, equal } from "./compare.ts";
import { badValue, notSupported } from "./errors.ts";
import { exact } from "./decimals.ts";
import { toRegExp } from "./regex.ts";
import { parseTypes } from "./type-names.ts";
import {
  isDocument,
  isNumber,
  isTruthy,
  MISSING,
  RANK,
  rankOf,
  toNumber,
  typeOf,
  type Document,
  type MaybeValue,
  type Value,
} from "./values.ts";

export type LeafPredicate = (found: readonly MaybeValue[]) => boolean;

/** How operators that hold conditions compile them, and the collation all of them compare by. */
export interface OperatorContext {
  collation: Collation | undefined;
  condition: (condition: Value, collation: Collation | undefined) => LeafPredicate;
  filter: (
    filter: Document,
    context: { collation: Collation | undefined },
  ) => (document: Document) => boolean;
}

type Compile = (operand: Value, siblings: Document, context: OperatorContext) => LeafPredicate;

export function compileOperator(
  name: string,
  operand: Value,
  siblings: Document,
  context: OperatorContext,
): LeafPredicate {
  const compile = OPERATORS[name];
  if (compile) return compile(operand, siblings, context);
  if (ABSENT.has(name)) throw notSupported(`the query operator ${name}`);
  throw badValue(`unknown operator: ${name}`);
}

/** Matches strings and, as MongoDB does, a stored regular expression that is the very same one. */
export function compileRegex(regex: BSONRegExp, options: string | undefined): LeafPredicate {
  const pattern = toRegExp(regex.pattern, options ?? regex.options);
  return anyValue((value) => {
    if (typeof value === "string") return pattern.test(value);
    if (value instanceof BSONSymbol) return pattern.test(value.value);
    return value instanceof BSONRegExp && equal(value, regex);
  });
}

const OPERATORS: Record<string, Compile> = {
  $eq: (operand, _siblings, { collation }) => equals(operand, collation),
  $ne: (operand, _siblings, { collation }) => {
    if (operand instanceof BSONRegExp) throw badValue("Can't have regex as arg to $ne.");
    return not(equals(operand, collation));
  },
  $gt: (operand, _siblings, { collation }) => ordered(operand, collation, (order) => order > 0, false),
  $gte: (operand, _siblings, { collation }) => ordered(operand, collation, (order) => order >= 0, true),
  $lt: (operand, _siblings, { collation }) => ordered(operand, collation, (order) => order < 0, false),
  $lte: (operand, _siblings, { collation }) => ordered(operand, collation, (order) => order <= 0, true),
  $in: (operand, _siblings, { collation }) => oneOf("$in", operand, collation),
  $nin: (operand, _siblings, { collation }) => not(oneOf("$nin", operand, collation)),
  $exists: (operand) => {
    const wanted = isTruthy(operand);
    return (found) => found.some((value) => value !== MISSING) === wanted;
  },
  $not: (operand, _siblings, context) => compileNot(operand, context),
  $type: (operand) => {
    const types = parseTypes(operand);
    return anyValue((value) => types.has(typeOf(value)));
  },
  $size: (operand) => {
    const size = isNumber(operand) ? toNumber(operand) : -1;
    if (!Number.isInteger(size) || size < 0)
      throw badValue("Failed to parse $size. Expected a non-negative integer");
    return (found) => found.some((value) => Array.isArray(value) && value.length === size);
  },
  $all: (operand, _siblings, context) => compileAll(operand, context),
  $elemMatch: (operand, _siblings, context) => compileElemMatch(operand, context),
  $regex: (operand, siblings) => compileRegexOperator(operand, siblings.get("$options")),
  $options: (_operand, siblings) => {
    if (!siblings.has("$regex")) throw badValue("$options needs a $regex");
    return () => true;
  },
  $mod: (operand) => compileMod(operand),
  $bitsAllSet: (operand) => compileBits(operand, (bits, mask) => (bits & mask) === mask),
  $bitsAllClear: (operand) => compileBits(operand, (bits, mask) => (bits & mask) === 0n),
  $bitsAnySet: (operand) => compileBits(operand, (bits, mask) => (bits & mask) !== 0n),
  $bitsAnyClear: (operand) => compileBits(operand, (bits, mask) => (bits & mask) !== mask),
  $comment: () => () => true,
};

const ABSENT = new Set([
  "$geoWithin",
  "$geoIntersects",
  "$near",
  "$nearSphere",
  "$within",
  "$geoNear",
  "$maxDistance",
  "$minDistance",
]);

function not(predicate: LeafPredicate): LeafPredicate {
  return (found) => !predicate(found);
}

// A path that ends at an array is tested as the array and as each of its elements.
function anyValue(test: (value: Value) => boolean): LeafPredicate {
  return (found) =>
    found.some((value) => value !== MISSING && (test(value) || (Array.isArray(value) && value.some(test))));
}

function equals(operand: Value, collation: Collation | undefined): LeafPredicate {
  const test = anyValue((value) => equal(value, operand, collation));
  if (operand !== null) return test;
  return (found) => found.includes(MISSING) || test(found);
}

// Values of another type never match, and NaN is beside every number but itself.
function ordered(
  operand: Value,
  collation: Collation | undefined,
  accepts: (order: number) => boolean,
  orEqual: boolean,
): LeafPredicate {
  const rank = rankOf(operand);
  if (rank === RANK.regex) throw badValue("Can't have RegEx as arg to predicate over a field");
  const anyType = rank === RANK.minKey || rank === RANK.maxKey;
  const test = anyValue((value) => {
    if (isNaNValue(operand) || isNaNValue(value)) return orEqual && equal(value, operand);
    return (anyType || rankOf(value) === rank) && accepts(compare(value, operand, collation));
  });
  if (operand !== null || !orEqual) return test;
  return (found) => found.includes(MISSING) || test(found);
}

function isNaNValue(value: Value): boolean {
  return isNumber(value) && Number.isNaN(toNumber(value));
}

function oneOf(name: string, operand: Value, collation: Collation | undefined): LeafPredicate {
  if (!Array.isArray(operand)) throw badValue(`${name} needs an array`);
  const predicates = operand.map((item) => {
    if (isDocument(item) && [...item.keys()][0]?.startsWith("$"))
      throw badValue(`cannot nest $ under ${name}`);
    return item instanceof BSONRegExp ? compileRegex(item, undefined) : equals(item, collation);
  });
  return (found) => predicates.some((predicate) => predicate(found));
}

function compileNot(operand: Value, context: OperatorContext): LeafPredicate {
  if (!isDocument(operand) && !(operand instanceof BSONRegExp))
    throw badValue("$not needs a regex or a document");
  if (isDocument(operand) && operand.size === 0) throw badValue("$not cannot be empty");
  const operators = isDocument(operand) ? operand : new Map([["$regex", operand]]);
  const first = [...operators.keys()][0] ?? "";
  if (!first.startsWith("$")) throw badValue(`unknown operator: ${first}`);
  return not(context.condition(operators, context.collation));
}

function compileAll(operand: Value, context: OperatorContext): LeafPredicate {
  if (!Array.isArray(operand)) throw badValue("$all needs an array");
  const predicates = operand.map((item) => context.condition(item, context.collation));
  return (found) => predicates.length > 0 && predicates.every((predicate) => predicate(found));
}

function compileElemMatch(operand: Value, context: OperatorContext): LeafPredicate {
  if (!isDocument(operand)) throw badValue("$elemMatch needs an Object");
  const test = elementTest(operand, context);
  return (found) => found.some((value) => Array.isArray(value) && value.some(test));
}

function elementTest(operand: Document, context: OperatorContext): (item: Value) => boolean {
  const [first = ""] = operand.keys();
  if (first.startsWith("$") && !LOGICAL.has(first)) {
    const predicate = context.condition(operand, context.collation);
    return (item) => predicate([item]);
  }
  const matches = context.filter(operand, { collation: context.collation });
  return (item) => isDocument(item) && matches(item);
}

const LOGICAL = new Set(["$and", "$or", "$nor", "$expr"]);

function compileRegexOperator(operand: Value, options: Value): LeafPredicate {
  if (options !== undefined && typeof options !== "string") throw badValue("$options has to be a string");
  if (operand instanceof BSONRegExp) return compileRegex(operand, options);
  if (typeof operand !== "string") throw badValue("$regex has to be a string");
  return compileRegex(new BSONRegExp(operand, options ?? ""), options);
}

function compileMod(operand: Value): LeafPredicate {
  if (!Array.isArray(operand) || operand.length < 2) throw badValue("malformed mod, not enough elements");
  if (operand.length > 2) throw badValue("malformed mod, too many elements");
  const [divisor, remainder] = operand.map((item) => (isNumber(item) ? truncated(item) : null));
  if (divisor === null || divisor === undefined) throw badValue("malformed mod, divisor not a number");
  if (remainder === null || remainder === undefined) throw badValue("malformed mod, remainder not a number");
  if (divisor === 0n) throw badValue("divisor cannot be 0");
  return anyValue((value) => {
    const whole = isNumber(value) ? truncated(value) : null;
    return whole !== null && whole % divisor === remainder;
  });
}

function truncated(value: Value): bigint | null {
  const decimal = isNumber(value) ? exact(value) : null;
  if (!decimal) return null;
  return decimal.e >= 0 ? decimal.n * 10n ** BigInt(decimal.e) : decimal.n / 10n ** BigInt(-decimal.e);
}

function compileBits(operand: Value, test: (bits: bigint, mask: bigint) => boolean): LeafPredicate {
  const mask = maskOf(operand);
  return anyValue((value) => {
    const bits = bitsOf(value);
    return bits !== null && test(bits, mask);
  });
}

function maskOf(operand: Value): bigint {
  if (Array.isArray(operand)) return operand.reduce<bigint>((mask, position) => mask | bitAt(position), 0n);
  const bits = bitsOf(operand);
  if (bits === null || (isNumber(operand) && bits < 0n))
    throw badValue("a bitmask is a non-negative integer, an array of bit positions or binary data");
  return bits;
}

function bitAt(position: Value): bigint {
  const at = isNumber(position) ? toNumber(position) : -1;
  if (!Number.isInteger(at) || at < 0) throw badValue("bit positions must be non-negative integers");
  return 1n << BigInt(at);
}

function bitsOf(value: Value): bigint | null {
  if (value instanceof Binary) {
    return value.value().reduce((bits, byte, i) => bits | (BigInt(byte) << BigInt(8 * i)), 0n);
  }
  const whole = isNumber(value) ? truncated(value) : null;
  const isWhole = whole !== null && isNumber(value) && equal(whole, value);
  return isWhole && whole >= -(2n ** 63n) && whole < 2n ** 63n ? whole : null;
}
