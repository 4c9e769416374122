// The update operators on one field: the value there is and the operand make the value to be.
import { Timestamp } from "bson";
import type { Collation } from "./collation.ts";
import { compare, equal } from "./compare.ts";
import { badValue, CommandError, failedToParse } from "./errors.ts";
import { show } from "./format.ts";
import { compileCondition, compileFilter, isOperatorDocument } from "./match.ts";
import { addExactly, integerLike, multiplyExactly } from "./numbers.ts";
import { parseSort, sortKey } from "./sort.ts";
import {
  isDocument,
  isNumber,
  MISSING,
  toNumber,
  typeOf,
  type Document,
  type MaybeValue,
  type NumberValue,
  type Value,
} from "./values.ts";

export interface UpdateContext {
  id: Value;
  path: string;
  collation: Collation | undefined;
}

/** Returns the very value it was given when nothing changes, MISSING to remove the field. */
export type FieldOperator = (current: MaybeValue, operand: Value, context: UpdateContext) => MaybeValue;

export const FIELD_OPERATORS: Record<string, FieldOperator> = {
  $set: (_current, operand) => operand,
  $setOnInsert: (_current, operand) => operand,
  $unset: () => MISSING,
  $inc: (current, operand, context) => increment(current, operand, context),
  $mul: (current, operand, context) => multiply(current, operand, context),
  $min: (current, operand, { collation }) =>
    current === MISSING || compare(operand, current, collation) < 0 ? operand : current,
  $max: (current, operand, { collation }) =>
    current === MISSING || compare(operand, current, collation) > 0 ? operand : current,
  $currentDate: (_current, operand) => now(operand),
  $bit: (current, operand, context) => applyBits(current, operand, context),
  $push: (current, operand, context) => push(arrayOrNew(current, "$push", context), operand, context),
  $addToSet: (current, operand, context) => addToSet(current, operand, context),
  $pop: (current, operand, context) => pop(current, operand, context),
  $pull: (current, operand, context) => {
    const matches = pullCondition(operand, context);
    return removeItems(current, "$pull", matches);
  },
  $pullAll: (current, operand, { collation }) => {
    if (!Array.isArray(operand))
      throw badValue(`$pullAll requires an array argument but was given a ${typeOf(operand)}`);
    return removeItems(current, "$pullAll", (item) =>
      operand.some((unwanted) => equal(item, unwanted, collation)),
    );
  },
};

function increment(current: MaybeValue, operand: Value, { path, id }: UpdateContext): Value {
  if (!isNumber(operand))
    throw mismatch(`Cannot increment with non-numeric argument: {${path}: ${show(operand)}}`);
  if (current === MISSING) return operand;
  return checked(addExactly(numeric(current, "$inc", path, id), operand), "$inc");
}

function multiply(current: MaybeValue, operand: Value, { path, id }: UpdateContext): Value {
  if (!isNumber(operand))
    throw mismatch(`Cannot multiply with non-numeric argument: {${path}: ${show(operand)}}`);
  if (current === MISSING) return checked(multiplyExactly(operand, 0), "$mul");
  return checked(multiplyExactly(numeric(current, "$mul", path, id), operand), "$mul");
}

function numeric(current: Value, operator: string, path: string, id: Value): NumberValue {
  if (isNumber(current)) return current;
  throw mismatch(
    `Cannot apply ${operator} to a value of non-numeric type. {_id: ${show(id)}} has the field '${path}' of non-numeric type ${typeOf(current)}`,
  );
}

function checked(result: NumberValue | null, operator: string): NumberValue {
  if (result === null)
    throw badValue(`Failed to apply ${operator} operations to current value: the result is too large`);
  return result;
}

function now(operand: Value): Value {
  const type = isDocument(operand) ? operand.get("$type") : "date";
  if (type === "date" && (operand === true || operand === false || isDocument(operand))) return new Date();
  if (type === "timestamp") return new Timestamp({ t: Math.floor(Date.now() / 1000), i: 1 });
  throw badValue(`${typeOf(operand)} is not valid type for $currentDate`);
}

function applyBits(current: MaybeValue, operand: Value, { path }: UpdateContext): MaybeValue {
  if (!isDocument(operand) || operand.size === 0)
    throw badValue("The $bit modifier needs a document of and, or, xor");
  let result: MaybeValue = current;
  for (const [name, mask] of operand) result = applyBit(result === MISSING ? 0 : result, name, mask, path);
  return result;
}

function applyBit(current: Value, name: string, mask: Value, path: string): Value {
  if (!isInteger(current)) throw badValue(`Cannot apply $bit to a value of non-integral type: ${path}`);
  if (!isInteger(mask))
    throw badValue(`The $bit modifier field must be an Integer(32/64 bit); got ${typeOf(mask)}`);
  const operation = BIT_OPERATIONS[name];
  if (!operation) throw badValue(`The $bit modifier only supports 'and', 'or', and 'xor', not '${name}'`);
  const wide = typeof current === "bigint" || typeof mask === "bigint";
  return integerLike(operation(BigInt(current), BigInt(mask)), wide);
}

const BIT_OPERATIONS: Record<string, (a: bigint, b: bigint) => bigint> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
};

function isInteger(value: Value): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

function arrayOrNew(current: MaybeValue, operator: string, { path, id }: UpdateContext): Value[] {
  if (current === MISSING) return [];
  if (Array.isArray(current)) return [...current];
  if (operator === "$addToSet")
    throw badValue(
      `Cannot apply $addToSet to non-array field. Field named '${path}' has non-array type ${typeOf(current)}`,
    );
  throw badValue(
    `The field '${path}' must be an array but is of type ${typeOf(current)} in document {_id: ${show(id)}}`,
  );
}

function push(items: Value[], operand: Value, { collation }: UpdateContext): Value[] {
  const each = eachOf(operand);
  if (!each) return [...items, operand];
  for (const name of each.modifiers.keys())
    if (!PUSH_MODIFIERS.has(name)) throw badValue(`Unrecognized clause in $push: ${name}`);
  const position = wholeNumber(each.modifiers.get("$position"), "$position") ?? items.length;
  items.splice(position < 0 ? Math.max(0, items.length + position) : position, 0, ...each.values);
  const sorted = sortItems(items, each.modifiers.get("$sort"), collation);
  const slice = wholeNumber(each.modifiers.get("$slice"), "$slice");
  if (slice === undefined) return sorted;
  return slice >= 0 ? sorted.slice(0, slice) : sorted.slice(slice);
}

const PUSH_MODIFIERS = new Set(["$each", "$position", "$slice", "$sort"]);

function eachOf(operand: Value): { values: Value[]; modifiers: Document } | null {
  if (!isDocument(operand) || !operand.has("$each")) return null;
  const values = operand.get("$each");
  if (!Array.isArray(values))
    throw badValue(`The argument to $each must be an array but it was of type ${typeOf(values)}`);
  return { values, modifiers: operand };
}

function wholeNumber(value: Value, name: string): number | undefined {
  if (value === undefined) return undefined;
  if (!isNumber(value) || !Number.isInteger(toNumber(value)))
    throw badValue(`The value for ${name} must be an integer value but was given type: ${typeOf(value)}`);
  return toNumber(value);
}

function sortItems(items: Value[], order: Value, collation: Collation | undefined): Value[] {
  if (order === undefined) return items;
  if (isDocument(order)) {
    const fields = parseSort(order);
    const keyed = items.map((item) => ({ item, key: sortKey(item, fields, collation) }));
    return keyed.sort((a, b) => Buffer.compare(a.key, b.key)).map(({ item }) => item);
  }
  const direction = isNumber(order) ? toNumber(order) : 0;
  if (Math.abs(direction) !== 1) throw badValue("The $sort element value must be either 1 or -1");
  return items.sort((a, b) => compare(a, b, collation) * direction);
}

function addToSet(current: MaybeValue, operand: Value, context: UpdateContext): MaybeValue {
  const items = arrayOrNew(current, "$addToSet", context);
  const before = items.length;
  for (const value of eachOf(operand)?.values ?? [operand])
    if (!items.some((item) => equal(item, value, context.collation))) items.push(value);
  return items.length === before && current !== MISSING ? current : items;
}

function pop(current: MaybeValue, operand: Value, { path }: UpdateContext): MaybeValue {
  const end = isNumber(operand) ? toNumber(operand) : 0;
  if (Math.abs(end) !== 1) throw failedToParse(`$pop expects 1 or -1, found: ${show(operand)}`);
  if (current === MISSING) return MISSING;
  if (!Array.isArray(current))
    throw mismatch(`Path '${path}' contains an element of non-array type '${typeOf(current)}'`);
  return end < 0 ? current.slice(1) : current.slice(0, -1);
}

function removeItems(current: MaybeValue, operator: string, unwanted: (item: Value) => boolean): MaybeValue {
  if (current === MISSING) return MISSING;
  if (!Array.isArray(current)) throw badValue(`Cannot apply ${operator} to a non-array value`);
  const kept = current.filter((item) => !unwanted(item));
  return kept.length === current.length ? current : kept;
}

function pullCondition(operand: Value, { collation }: UpdateContext): (item: Value) => boolean {
  if (isDocument(operand) && !isOperatorDocument(operand)) {
    const matches = compileFilter(operand, { collation });
    return (item) => isDocument(item) && matches(item);
  }
  if (Array.isArray(operand)) return (item) => equal(item, operand, collation);
  const predicate = compileCondition(operand, { collation });
  return (item) => predicate([item]);
}

function mismatch(message: string): CommandError {
  return new CommandError(14, message);
}
