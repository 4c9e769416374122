// Exact decimal numbers: n × 10^e. Used where a double would round.
import { Decimal128, Double } from "bson";
import { toNumber, type NumberValue } from "./values.ts";

export interface Decimal {
  readonly n: bigint;
  readonly e: number;
}

const LITERAL = /^([+-]?)(\d*)\.?(\d*)(?:E([+-]?\d+))?$/i;

/** The exact value of a finite number; null for NaN and the infinities. */
export function exact(value: NumberValue): Decimal | null {
  if (typeof value === "bigint") return { n: value, e: 0 };
  if (value instanceof Decimal128) return parseDecimal(value.toString());
  return exactDouble(toNumber(value));
}

/** The decimal a number was most likely meant as: 0.1, not 0.1000000000000000055. */
export function shortest(value: NumberValue): Decimal | null {
  if (value instanceof Double || typeof value === "number") return parseDecimal(String(toNumber(value)));
  return exact(value);
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const e = Math.min(a.e, b.e);
  return { n: scale(a, e) + scale(b, e), e };
}

export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  return { n: a.n * b.n, e: a.e + b.e };
}

/** Rounded to the 34 digits a Decimal128 holds. */
export function toDecimal128(value: Decimal): Decimal128 {
  return Decimal128.fromStringWithRounding(`${String(value.n)}E${String(value.e)}`);
}

function scale(value: Decimal, e: number): bigint {
  return value.n * 10n ** BigInt(value.e - e);
}

function parseDecimal(text: string): Decimal | null {
  const match = LITERAL.exec(text);
  if (!match) return null;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  return {
    n: BigInt(`${sign === "-" ? "-" : ""}${whole}${fraction}`),
    e: Number(exponent) - fraction.length,
  };
}

function exactDouble(x: number): Decimal | null {
  if (!Number.isFinite(x)) return null;
  if (Number.isInteger(x)) return { n: BigInt(x), e: 0 };
  let halvings = 0;
  let mantissa = x;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    halvings++;
  }
  return { n: BigInt(mantissa) * 5n ** BigInt(halvings), e: -halvings };
}
