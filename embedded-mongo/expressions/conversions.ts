// Conversions between types.
import { Decimal128, Double, ObjectId } from "bson";
import { CommandError } from "../errors.ts";
import { isNumber, isTruthy, MISSING, toNumber, typeOf, type MaybeValue, type Value } from "../values.ts";
import { isNullish } from "./nullish.ts";
import type { Operator } from "./operators.ts";

export const CONVERSIONS: Record<string, Operator> = {
  $toString: conversion(toText),
  $toInt: conversion((value) => whole(value, 2 ** 31, Number)),
  $toLong: conversion((value) => whole(value, 2 ** 63, BigInt)),
  $toDouble: conversion((value) => new Double(toDouble(value))),
  $toDecimal: conversion((value) =>
    Decimal128.fromString(isNumber(value) ? String(value) : String(toDouble(value))),
  ),
  $toBool: conversion((value) => isTruthy(value)),
  $toDate: conversion(toDate),
  $toObjectId: conversion(toObjectId),
};

function conversion(convert: (value: Value) => Value): Operator {
  return { arity: [1], apply: ([value]: MaybeValue[]) => (isNullish(value) ? null : convert(value)) };
}

function toText(value: Value): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof ObjectId) return value.toHexString();
  if (typeof value === "string" || typeof value === "boolean" || isNumber(value)) return String(value);
  throw failed(value, "string");
}

function whole(value: Value, limit: number, make: (x: number) => Value): Value {
  const x = Math.trunc(toDouble(value));
  if (!(x >= -limit && x < limit)) throw failed(value, "an integer");
  return typeof value === "bigint" && limit > 2 ** 31 ? value : make(x);
}

function toDouble(value: Value): number {
  if (isNumber(value)) return toNumber(value);
  if (typeof value === "boolean") return Number(value);
  if (value instanceof Date) return value.getTime();
  const parsed = typeof value === "string" && value.trim() !== "" ? Number(value) : NaN;
  if (Number.isNaN(parsed)) throw failed(value, "a number");
  return parsed;
}

function toDate(value: Value): Date {
  if (value instanceof ObjectId) return value.getTimestamp();
  const date = value instanceof Date ? value : new Date(typeof value === "string" ? value : toDouble(value));
  if (Number.isNaN(date.getTime())) throw failed(value, "a date");
  return date;
}

function toObjectId(value: Value): ObjectId {
  if (value instanceof ObjectId) return value;
  if (typeof value === "string" && /^[0-9a-f]{24}$/i.test(value)) return new ObjectId(value);
  throw failed(value, "an ObjectId");
}

function failed(value: MaybeValue, to: string): CommandError {
  return new CommandError(
    241,
    `Failed to convert ${value === MISSING ? "missing" : typeOf(value)} to ${to} in $convert with no onError value`,
  );
}
