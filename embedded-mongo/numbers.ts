// Arithmetic that keeps MongoDB's number types: int32 grows into int64, doubles and decimals are contagious.
import { Decimal128, Double } from "bson";
import { addDecimals, multiplyDecimals, shortest, toDecimal128 } from "./decimals.ts";
import { toNumber, type NumberValue } from "./values.ts";

const INT32 = 2n ** 31n;
const INT64 = 2n ** 63n;

/** Null when two integers leave the range of int64. */
export function addExactly(a: NumberValue, b: NumberValue): NumberValue | null {
  return combine(
    a,
    b,
    (x, y) => x + y,
    (x, y) => x + y,
    addDecimals,
  );
}

/** Null when two integers leave the range of int64. */
export function multiplyExactly(a: NumberValue, b: NumberValue): NumberValue | null {
  return combine(
    a,
    b,
    (x, y) => x * y,
    (x, y) => x * y,
    multiplyDecimals,
  );
}

/** As aggregation adds: integers beyond int64 become a double. */
export function add(a: NumberValue, b: NumberValue): NumberValue {
  return addExactly(a, b) ?? new Double(toNumber(a) + toNumber(b));
}

export function multiply(a: NumberValue, b: NumberValue): NumberValue {
  return multiplyExactly(a, b) ?? new Double(toNumber(a) * toNumber(b));
}

export function negate(value: NumberValue): NumberValue {
  return multiply(value, -1);
}

/** An int32 when it fits, else an int64, else a double: how a JavaScript whole number is stored. */
export function integer(value: number): NumberValue {
  if (value >= -2147483648 && value <= 2147483647) return value;
  return Number.isSafeInteger(value) ? BigInt(value) : new Double(value);
}

/** The smallest integer type for a result of integers; an int64 operand keeps it int64. */
export function integerLike(result: bigint, wide: boolean): NumberValue | null {
  if (!wide && result >= -INT32 && result < INT32) return Number(result);
  return result >= -INT64 && result < INT64 ? result : null;
}

function combine(
  a: NumberValue,
  b: NumberValue,
  double: (x: number, y: number) => number,
  whole: (x: bigint, y: bigint) => bigint,
  decimal: typeof addDecimals,
): NumberValue | null {
  if (a instanceof Decimal128 || b instanceof Decimal128) return combineDecimals(a, b, double, decimal);
  if (a instanceof Double || b instanceof Double) return new Double(double(toNumber(a), toNumber(b)));
  const wide = typeof a === "bigint" || typeof b === "bigint";
  return integerLike(whole(BigInt(a), BigInt(b)), wide);
}

function combineDecimals(
  a: NumberValue,
  b: NumberValue,
  double: (x: number, y: number) => number,
  decimal: typeof addDecimals,
): Decimal128 {
  const x = shortest(a);
  const y = shortest(b);
  if (x && y) return toDecimal128(decimal(x, y));
  return Decimal128.fromString(String(double(toNumber(a), toNumber(b))));
}
