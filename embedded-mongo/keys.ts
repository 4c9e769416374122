// The one order of values: a codec whose bytes compare as MongoDB compares the values. Indexes store these
// bytes, sorting uses them, and compare.ts is only a faster way to the same answer.
import { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, ObjectId, Timestamp } from "bson";
import { fold, type Collation } from "./collation.ts";
import { addDecimals, exact, type Decimal } from "./decimals.ts";
import {
  isDocument,
  isNumber,
  rankOf,
  toNumber,
  type Document,
  type NumberValue,
  type Value,
} from "./values.ts";

export type Direction = 1 | -1;

/** Above every continuation of a prefix: no encoded value begins with this byte, in either direction. */
export const ABOVE = Buffer.from([0xff]);

let scratch = Buffer.allocUnsafe(4096);
let length = 0;

/** Encodes a row of values; directions default to ascending. */
export function encodeKey(
  values: readonly Value[],
  directions: readonly Direction[] = [],
  collation?: Collation,
): Buffer {
  length = 0;
  for (const [i, value] of values.entries()) {
    const start = length;
    writeValue(value, collation);
    if (directions[i] === -1) invert(start);
  }
  return Buffer.from(scratch.subarray(0, length));
}

/** The bytes that begin every string starting with `text`, ascending. */
export function encodeStringPrefix(text: string): Buffer {
  const encoded = encodeKey([text]);
  return encoded.subarray(0, encoded.length - 2);
}

/** The least bytes above everything that begins with these. */
export function successor(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0xff) end--;
  if (end === 0) return ABOVE;
  const next = Buffer.from(bytes.subarray(0, end));
  next[end - 1] = (next[end - 1] ?? 0) + 1;
  return next;
}

export function invertBytes(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte) => byte ^ 0xff));
}

function invert(start: number): void {
  for (let i = start; i < length; i++) scratch[i] = (scratch[i] ?? 0) ^ 0xff;
}

function reserve(extra: number): void {
  if (length + extra <= scratch.length) return;
  const larger = Buffer.allocUnsafe(Math.max(scratch.length * 2, length + extra));
  scratch.copy(larger, 0, 0, length);
  scratch = larger;
}

function writeByte(byte: number): void {
  reserve(1);
  scratch[length++] = byte;
}

function writeBytes(bytes: Uint8Array): void {
  reserve(bytes.length);
  scratch.set(bytes, length);
  length += bytes.length;
}

function writeValue(value: Value, collation: Collation | undefined): void {
  writeByte(rankOf(value));
  if (typeof value === "string") writeString(collation ? fold(value, collation) : value);
  else if (value instanceof ObjectId) writeBytes(value.id);
  else if (isNumber(value)) writeNumber(value);
  else if (typeof value === "boolean") writeByte(value ? 1 : 0);
  else if (value instanceof Date) writeInt64(BigInt.asUintN(64, BigInt(value.getTime()) + (1n << 63n)));
  else if (isDocument(value)) writeDocument(value, collation);
  else if (Array.isArray(value)) writeArray(value, collation);
  else writeRareValue(value, collation);
}

function writeRareValue(value: Value, collation: Collation | undefined): void {
  if (value instanceof Binary) writeBinary(value);
  else if (value instanceof Timestamp) writeInt64(value.toBigInt());
  else if (value instanceof BSONSymbol) writeString(collation ? fold(value.value, collation) : value.value);
  else if (value instanceof BSONRegExp) {
    writeString(value.pattern);
    writeString(value.options);
  } else if (value instanceof Code) writeString(value.code);
}

// A zero byte inside is written 00 FF and the end 00 00, so that a prefix sorts first.
function writeString(text: string): void {
  const room = Buffer.byteLength(text, "utf8");
  reserve(room * 2 + 2);
  if (text.includes("\0")) {
    for (const byte of Buffer.from(text, "utf8")) {
      scratch[length++] = byte;
      if (byte === 0) scratch[length++] = 0xff;
    }
  } else length += scratch.write(text, length, "utf8");
  scratch[length++] = 0;
  scratch[length++] = 0;
}

function writeDocument(document: Document, collation: Collation | undefined): void {
  for (const [name, value] of document) {
    writeByte(rankOf(value));
    writeString(name);
    writeValue(value, collation);
  }
  writeByte(0);
}

function writeArray(items: readonly Value[], collation: Collation | undefined): void {
  for (const item of items) writeValue(item, collation);
  writeByte(0);
}

function writeBinary(value: Binary): void {
  const bytes = value.value();
  reserve(5);
  length = scratch.writeUInt32BE(bytes.length, length);
  writeByte(value.sub_type);
  writeBytes(bytes);
}

function writeInt64(value: bigint): void {
  reserve(8);
  length = scratch.writeBigUInt64BE(value, length);
}

// Eight bytes of the nearest double, then how far the exact value lies from it: nearly always one byte, "not at
// all". NaN comes before every other number.
function writeNumber(value: NumberValue): void {
  const nearest = toNumber(value);
  if (Number.isNaN(nearest)) {
    writeInt64(0n);
    writeByte(0x80);
    return;
  }
  const rounded = value instanceof Decimal128 ? finite(value, nearest) : nearest;
  writeDouble(rounded);
  writeResidue(value, rounded);
}

// A decimal beyond the doubles is filed just outside the largest of them, not at infinity.
function finite(value: Decimal128, nearest: number): number {
  if (Number.isFinite(nearest) || exact(value) === null) return nearest;
  return nearest > 0 ? Number.MAX_VALUE : -Number.MAX_VALUE;
}

function writeDouble(x: number): void {
  reserve(8);
  scratch.writeDoubleBE(x === 0 ? 0 : x, length);
  const negative = ((scratch[length] ?? 0) & 0x80) !== 0;
  if (negative) for (let i = length; i < length + 8; i++) scratch[i] = (scratch[i] ?? 0) ^ 0xff;
  else scratch[length] = (scratch[length] ?? 0) ^ 0x80;
  length += 8;
}

function writeResidue(value: NumberValue, rounded: number): void {
  const residue = residueOf(value, rounded);
  if (residue === null || residue.n === 0n) return writeByte(0x80);
  const start = length;
  writeByte(0x81);
  writeMagnitude(residue.n < 0n ? { n: -residue.n, e: residue.e } : residue);
  if (residue.n < 0n) invert(start);
}

function residueOf(value: NumberValue, rounded: number): Decimal | null {
  if (typeof value !== "bigint" && !(value instanceof Decimal128)) return null;
  if (typeof value === "bigint" && Number.isSafeInteger(rounded)) return null;
  const whole = exact(value);
  const base = exact(rounded);
  return whole && base && addDecimals(whole, { n: -base.n, e: base.e });
}

// 0.d1d2d3… × 10^exponent, digits above zero so that a shorter run sorts first.
function writeMagnitude({ n, e }: Decimal): void {
  const digits = String(n).replace(/0+$/, "");
  reserve(digits.length + 3);
  length = scratch.writeUInt16BE(String(n).length + e + 0x8000, length);
  length += scratch.write(digits, length, "latin1");
  writeByte(0);
}
