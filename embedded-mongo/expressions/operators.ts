// Expressions that are functions of their evaluated arguments.
import { plainText } from "../format.ts";
import { Double } from "bson";
import type { Collation } from "../collation.ts";
import { compare, equal } from "../compare.ts";
import { CommandError } from "../errors.ts";
import { encodeKey } from "../keys.ts";
import { add, integer, multiply, negate } from "../numbers.ts";
import {
  isDocument,
  isNumber,
  isTruthy,
  MISSING,
  toNumber,
  typeOf,
  type MaybeValue,
  type NumberValue,
  type Value,
} from "../values.ts";
import { CONVERSIONS } from "./conversions.ts";
import { isNullish } from "./nullish.ts";

interface CallContext {
  name: string;
  collation: Collation | undefined;
}

export interface Operator {
  /** Least and most arguments; one number when they are the same. */
  arity: readonly [number, number?];
  apply: (operands: MaybeValue[], context: CallContext) => MaybeValue;
}

export const OPERATORS: Record<string, Operator> = {
  ...CONVERSIONS,
  $eq: comparison((order) => order === 0),
  $ne: comparison((order) => order !== 0),
  $gt: comparison((order) => order > 0),
  $gte: comparison((order) => order >= 0),
  $lt: comparison((order) => order < 0),
  $lte: comparison((order) => order <= 0),
  $cmp: { arity: [2], apply: ([a, b], { collation }) => Math.sign(compareMaybe(a, b, collation)) },
  $not: { arity: [1], apply: ([value]) => !isTruthy(value) },

  $add: { arity: [0, Infinity], apply: addAll },
  $subtract: { arity: [2], apply: ([a, b], context) => subtract(a, b, context) },
  $multiply: {
    arity: [0, Infinity],
    apply: (operands, { name }) => foldNumbers(operands, name, 1, multiply),
  },
  $divide: { arity: [2], apply: divide },
  $mod: { arity: [2], apply: ([a, b], { name }) => modulo(a, b, name) },
  $abs: numeric((x) => (toNumber(x) < 0 ? negate(x) : x)),
  $ceil: rounding(Math.ceil),
  $floor: rounding(Math.floor),
  $trunc: { arity: [1, 2], apply: ([value, place], { name }) => roundTo(value, place, name, Math.trunc) },
  $round: { arity: [1, 2], apply: ([value, place], { name }) => roundTo(value, place, name, roundHalfEven) },
  $sqrt: numeric((x) => new Double(Math.sqrt(toNumber(x)))),
  $exp: numeric((x) => new Double(Math.exp(toNumber(x)))),
  $ln: numeric((x) => new Double(Math.log(toNumber(x)))),
  $log10: numeric((x) => new Double(Math.log10(toNumber(x)))),
  $pow: { arity: [2], apply: ([a, b], { name }) => power(a, b, name) },

  $concat: { arity: [0, Infinity], apply: concat },
  $toLower: text((value) => value.toLowerCase()),
  $toUpper: text((value) => value.toUpperCase()),
  $strLenCP: { arity: [1], apply: ([value]) => [...stringOf(value, "$strLenCP")].length },
  $substrCP: { arity: [3], apply: substring },
  $substr: { arity: [3], apply: substring },
  $split: {
    arity: [2],
    apply: ([value, by]) =>
      isNullish(value) || isNullish(by) ? null : stringOf(value, "$split").split(stringOf(by, "$split")),
  },
  $indexOfCP: {
    arity: [2, 4],
    apply: ([value, find]) =>
      isNullish(value) ? null : codePointIndex(stringOf(value, "$indexOfCP"), stringOf(find, "$indexOfCP")),
  },
  $strcasecmp: {
    arity: [2],
    apply: ([a, b]) => Math.sign(compare(looseString(a).toUpperCase(), looseString(b).toUpperCase())),
  },

  $size: { arity: [1], apply: ([value]) => arrayOf(value, "$size").length },
  $isArray: { arity: [1], apply: ([value]) => Array.isArray(value) },
  $isNumber: { arity: [1], apply: ([value]) => isNumber(value) },
  $type: { arity: [1], apply: ([value]) => (value === MISSING ? "missing" : typeOf(value)) },
  $arrayElemAt: { arity: [2], apply: ([items, at]) => elementAt(items, at) },
  $first: { arity: [1], apply: ([items]) => elementAt(items, 0) },
  $last: { arity: [1], apply: ([items]) => elementAt(items, -1) },
  $concatArrays: {
    arity: [0, Infinity],
    apply: (all, { name }) => (all.some(isNullish) ? null : all.flatMap((items) => arrayOf(items, name))),
  },
  $in: {
    arity: [2],
    apply: ([value, items], { name, collation }) =>
      arrayOf(items, name).some((item) => equal(item, orNull(value), collation)),
  },
  $indexOfArray: {
    arity: [2, 4],
    apply: ([items, value], { name }) =>
      isNullish(items) ? null : arrayOf(items, name).findIndex((item) => equal(item, orNull(value))),
  },
  $slice: { arity: [2, 3], apply: slice },
  $reverseArray: {
    arity: [1],
    apply: ([items], { name }) => (isNullish(items) ? null : [...arrayOf(items, name)].reverse()),
  },
  $range: { arity: [2, 3], apply: range },
  $objectToArray: { arity: [1], apply: ([value]) => objectToArray(value) },
  $arrayToObject: {
    arity: [1],
    apply: ([items], { name }) => (isNullish(items) ? null : arrayToObject(arrayOf(items, name))),
  },
  $mergeObjects: { arity: [0, Infinity], apply: mergeObjects },
  $setUnion: {
    arity: [0, Infinity],
    apply: (all, { name }) =>
      all.some(isNullish) ? null : asSet(all.flatMap((items) => arrayOf(items, name))),
  },
  $setIntersection: {
    arity: [0, Infinity],
    apply: (all, { name }) =>
      all.some(isNullish) ? null : intersection(all.map((items) => arrayOf(items, name))),
  },
  $setDifference: {
    arity: [2],
    apply: ([a, b], { name }) =>
      isNullish(a) || isNullish(b)
        ? null
        : asSet(arrayOf(a, name).filter((item) => !arrayOf(b, name).some((other) => equal(item, other)))),
  },
  $setIsSubset: {
    arity: [2],
    apply: ([a, b], { name }) =>
      arrayOf(a, name).every((item) => arrayOf(b, name).some((other) => equal(item, other))),
  },
  $setEquals: {
    arity: [2, Infinity],
    apply: (all, { name }) => {
      const sets = all.map((items) => asSet(arrayOf(items, name)));
      return sets.every((set) => equal(set, sets[0]));
    },
  },
  $anyElementTrue: { arity: [1], apply: ([items], { name }) => arrayOf(items, name).some(isTruthy) },
  $allElementsTrue: { arity: [1], apply: ([items], { name }) => arrayOf(items, name).every(isTruthy) },

  $sum: { arity: [0, Infinity], apply: (all) => spread(all).filter(isNumber).reduce<NumberValue>(add, 0) },
  $avg: { arity: [0, Infinity], apply: (all) => average(spread(all).filter(isNumber)) },
  $min: { arity: [0, Infinity], apply: (all, { collation }) => extreme(spread(all), collation, -1) },
  $max: { arity: [0, Infinity], apply: (all, { collation }) => extreme(spread(all), collation, 1) },
};

function average(numbers: readonly NumberValue[]): Value {
  if (numbers.length === 0) return null;
  return divideNumbers(numbers.reduce<NumberValue>(add, 0), numbers.length);
}

export function divideNumbers(a: NumberValue, b: NumberValue): NumberValue {
  return new Double(toNumber(a) / toNumber(b));
}

/** MISSING sorts before everything, as in comparisons between fields. */
function compareMaybe(a: MaybeValue, b: MaybeValue, collation: Collation | undefined): number {
  if (a === MISSING || b === MISSING) return Number(b === MISSING) - Number(a === MISSING);
  return compare(a, b, collation);
}

function comparison(accepts: (order: number) => boolean): Operator {
  return { arity: [2], apply: ([a, b], { collation }) => accepts(compareMaybe(a, b, collation)) };
}

function numeric(apply: (x: NumberValue) => Value): Operator {
  return {
    arity: [1],
    apply: ([value], { name }) => (isNullish(value) ? null : apply(numberOf(value, name))),
  };
}

function rounding(round: (x: number) => number): Operator {
  return numeric((x) =>
    x instanceof Double
      ? new Double(round(x.value))
      : typeof x === "object"
        ? new Double(round(toNumber(x)))
        : x,
  );
}

function text(apply: (value: string) => string): Operator {
  return { arity: [1], apply: ([value]) => apply(looseString(value)) };
}

function numberOf(value: MaybeValue, name: string): NumberValue {
  if (isNumber(value)) return value;
  throw new CommandError(
    28765,
    `${name} only supports numeric types, not ${value === MISSING ? "missing" : typeOf(value)}`,
  );
}

function stringOf(value: MaybeValue, name: string): string {
  if (typeof value === "string") return value;
  throw new CommandError(
    16702,
    `${name} only supports strings, not ${value === MISSING ? "missing" : typeOf(value)}`,
  );
}

function looseString(value: MaybeValue): string {
  if (isNullish(value)) return "";
  if (value instanceof Date) return value.toISOString();
  return isNumber(value) ? String(value) : stringOf(value, "a string expression");
}

function arrayOf(value: MaybeValue, name: string): Value[] {
  if (Array.isArray(value)) return value;
  throw new CommandError(
    17124,
    `The argument to ${name} must be an array, but was of type: ${value === MISSING ? "missing" : typeOf(value)}`,
  );
}

function orNull(value: MaybeValue): Value {
  return value === MISSING ? null : value;
}

function foldNumbers(
  operands: readonly MaybeValue[],
  name: string,
  start: NumberValue,
  combine: (a: NumberValue, b: NumberValue) => NumberValue,
): Value {
  if (operands.some(isNullish)) return null;
  return operands.map((value) => numberOf(value, name)).reduce(combine, start);
}

function addAll(operands: MaybeValue[], { name }: CallContext): Value {
  const date = operands.find((value) => value instanceof Date);
  if (!(date instanceof Date)) return foldNumbers(operands, name, 0, add);
  const others = operands.filter((value) => value !== date);
  const sum = foldNumbers(others, name, 0, add);
  return isNumber(sum) ? new Date(date.getTime() + toNumber(sum)) : null;
}

function subtract(a: MaybeValue, b: MaybeValue, { name }: CallContext): Value {
  if (isNullish(a) || isNullish(b)) return null;
  if (a instanceof Date && b instanceof Date) return BigInt(a.getTime() - b.getTime());
  if (a instanceof Date) return new Date(a.getTime() - toNumber(numberOf(b, name)));
  return add(numberOf(a, name), negate(numberOf(b, name)));
}

function divide([a, b]: MaybeValue[], { name }: CallContext): Value {
  if (isNullish(a) || isNullish(b)) return null;
  if (toNumber(numberOf(b, name)) === 0) throw new CommandError(2, "can't $divide by zero");
  return divideNumbers(numberOf(a, name), numberOf(b, name));
}

function modulo(a: MaybeValue, b: MaybeValue, name: string): Value {
  if (isNullish(a) || isNullish(b)) return null;
  const [x, y] = [numberOf(a, name), numberOf(b, name)];
  if (toNumber(y) === 0) throw new CommandError(16610, "can't $mod by zero");
  const remainder = toNumber(x) % toNumber(y);
  return x instanceof Double || y instanceof Double ? new Double(remainder) : integer(remainder);
}

function power(a: MaybeValue, b: MaybeValue, name: string): Value {
  if (isNullish(a) || isNullish(b)) return null;
  const [x, y] = [numberOf(a, name), numberOf(b, name)];
  const result = toNumber(x) ** toNumber(y);
  return typeof x === "number" && typeof y === "number" && Number.isSafeInteger(result)
    ? integer(result)
    : new Double(result);
}

function roundTo(value: MaybeValue, place: MaybeValue, name: string, round: (x: number) => number): Value {
  if (isNullish(value)) return null;
  const x = numberOf(value, name);
  const digits = isNumber(place) ? toNumber(place) : 0;
  if (!(x instanceof Double) && digits >= 0) return x;
  const shifted = Number(`${String(toNumber(x))}e${String(digits)}`);
  const result = Number.isNaN(shifted) ? toNumber(x) : Number(`${String(round(shifted))}e${String(-digits)}`);
  return x instanceof Double ? new Double(result) : integer(result);
}

function roundHalfEven(x: number): number {
  const down = Math.floor(x);
  if (x - down !== 0.5) return Math.round(x);
  return down % 2 === 0 ? down : down + 1;
}

function concat(operands: MaybeValue[], { name }: CallContext): Value {
  return operands.some(isNullish) ? null : operands.map((value) => stringOf(value, name)).join("");
}

function substring([value, start, count]: MaybeValue[]): Value {
  const letters = [...looseString(value)];
  const from = isNumber(start) ? toNumber(start) : 0;
  const length = isNumber(count) ? toNumber(count) : -1;
  if (from < 0) return "";
  return letters.slice(from, length < 0 ? undefined : from + length).join("");
}

function codePointIndex(value: string, find: string): number {
  const at = value.indexOf(find);
  return at < 0 ? -1 : [...value.slice(0, at)].length;
}

function elementAt(items: MaybeValue, at: MaybeValue): MaybeValue {
  if (isNullish(items) || isNullish(at)) return null;
  const list = arrayOf(items, "$arrayElemAt");
  const position = toNumber(numberOf(at, "$arrayElemAt"));
  const index = position < 0 ? list.length + position : position;
  return index in list ? list[index] : MISSING;
}

function slice([items, first, second]: MaybeValue[], { name }: CallContext): Value {
  if (isNullish(items) || isNullish(first)) return null;
  const list = arrayOf(items, name);
  const a = toNumber(numberOf(first, name));
  if (second === undefined) return a < 0 ? list.slice(a) : list.slice(0, a);
  const from = a < 0 ? Math.max(0, list.length + a) : a;
  return list.slice(from, from + toNumber(numberOf(second, name)));
}

function range([start, end, step]: MaybeValue[], { name }: CallContext): Value {
  const [from, to] = [toNumber(numberOf(start, name)), toNumber(numberOf(end, name))];
  const by = step === undefined ? 1 : toNumber(numberOf(step, name));
  if (by === 0) throw new CommandError(34449, "$range requires a non-zero step value");
  return Array.from({ length: Math.max(0, Math.ceil((to - from) / by)) }, (_item, i) => from + i * by);
}

function objectToArray(value: MaybeValue): Value {
  if (isNullish(value)) return null;
  if (!isDocument(value)) throw new CommandError(40390, "$objectToArray requires a document input");
  return [...value].map(
    ([k, v]) =>
      new Map<string, Value>([
        ["k", k],
        ["v", v],
      ]),
  );
}

function arrayToObject(items: readonly Value[]): Value {
  return new Map(
    items.map((item): [string, Value] => {
      if (Array.isArray(item) && item.length === 2) return [plainText(item[0]), item[1]];
      if (isDocument(item) && item.has("k") && item.has("v"))
        return [plainText(item.get("k")), item.get("v")];
      throw new CommandError(
        40392,
        "$arrayToObject requires an array of [key, value] pairs or {k, v} documents",
      );
    }),
  );
}

function mergeObjects(operands: MaybeValue[]): Value {
  const documents = spread(operands).filter((value) => !isNullish(value));
  return new Map(
    documents.flatMap((document) => {
      if (!isDocument(document)) throw new CommandError(40400, "$mergeObjects requires object inputs");
      return [...document];
    }),
  );
}

function asSet(items: readonly Value[]): Value[] {
  const distinct = new Map(items.map((item) => [encodeKey([item]).toString("latin1"), item]));
  return [...distinct.values()].sort((a, b) => compare(a, b));
}

function intersection(sets: readonly Value[][]): Value {
  const [first = [], ...others] = sets;
  return asSet(first.filter((item) => others.every((set) => set.some((other) => equal(item, other)))));
}

// One array argument stands for its elements.
function spread(operands: readonly MaybeValue[]): MaybeValue[] {
  const [only] = operands;
  return operands.length === 1 && Array.isArray(only) ? only : [...operands];
}

function extreme(values: readonly MaybeValue[], collation: Collation | undefined, sign: 1 | -1): Value {
  const present = values.flatMap((value) => (isNullish(value) ? [] : [value]));
  if (present.length === 0) return null;
  return present.reduce((best, next) => (compare(next, best, collation) * sign > 0 ? next : best));
}
