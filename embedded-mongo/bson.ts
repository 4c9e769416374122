// BSON in and out. Documents travel as raw bytes; only the fields somebody asks for are decoded.
import { BSON, Binary, BSONRegExp, Decimal128, Double, MaxKey, MinKey, ObjectId, Timestamp } from "bson";
import { CommandError } from "./errors.ts";
import type { Document, Value } from "./values.ts";

/** Decodes a whole document, or only the top-level fields named; `skip` names fields to leave null. */
export function decode(raw: Buffer, only?: ReadonlySet<string>, skip?: ReadonlySet<string>): Document {
  return decodeFields(raw, 0, only, skip);
}

/** Accepts replies made of plain objects as well as documents made of Maps. */
export function encode(document: Document | Record<string, unknown>): Buffer {
  const bytes = BSON.serialize(document, { ignoreUndefined: false });
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A document of the top-level fields for which `keep` says yes, copied without decoding any value. */
export function pickRaw(raw: Buffer, keep: (name: string) => boolean): Buffer {
  const parts: Buffer[] = [];
  for (const element of elements(raw, 0)) {
    if (keep(element.name)) parts.push(raw.subarray(element.start, element.end));
  }
  return assemble(parts);
}

/** The raw documents of an array field, or null when there is no such array of documents. */
export function rawDocuments(raw: Buffer, field: string): Buffer[] | null {
  for (const { name, type, value } of elements(raw, 0)) {
    if (name === field && type === 0x04) return documentsAt(raw, value);
  }
  return null;
}

/** The same document with `_id` as its first field; the value is made when there is none. */
export function withIdFirst(raw: Buffer, makeId: () => Value): Buffer {
  let position = 0;
  for (const { name, start, end } of elements(raw, 0)) {
    if (name === "_id") return position === 0 ? raw : moveFirst(raw, start, end);
    position++;
  }
  return assemble([elementsOf(encode(new Map([["_id", makeId()]]))), elementsOf(raw)]);
}

/** The bytes between a document's length and its end. */
export function elementsOf(raw: Buffer): Buffer {
  return raw.subarray(4, raw.length - 1);
}

export function assemble(parts: readonly Buffer[]): Buffer {
  const size = parts.reduce((sum, part) => sum + part.length, 5);
  const out = Buffer.allocUnsafe(size);
  out.writeInt32LE(size, 0);
  let at = 4;
  for (const part of parts) at += part.copy(out, at);
  out[at] = 0;
  return out;
}

/** Converts what a JavaScript caller writes (plain objects) into this folder's values. */
export function fromPlain(document: Record<string, unknown>): Document {
  return decode(encode(document));
}

interface Element {
  type: number;
  name: string;
  /** Where the element, its value and the next element begin. */
  start: number;
  value: number;
  end: number;
}

function* elements(raw: Buffer, offset: number): Generator<Element> {
  const end = offset + raw.readInt32LE(offset) - 1;
  let at = offset + 4;
  while (at < end) {
    const nameEnd = raw.indexOf(0, at + 1);
    const type = raw[at] ?? 0;
    const next = nameEnd + 1 + sizeOf(type, raw, nameEnd + 1);
    yield { type, name: raw.toString("utf8", at + 1, nameEnd), start: at, value: nameEnd + 1, end: next };
    at = next;
  }
}

function documentsAt(raw: Buffer, offset: number): Buffer[] | null {
  const found: Buffer[] = [];
  for (const { type, value, end } of elements(raw, offset)) {
    if (type !== 0x03) return null;
    found.push(raw.subarray(value, end));
  }
  return found;
}

function moveFirst(raw: Buffer, start: number, end: number): Buffer {
  return assemble([raw.subarray(start, end), raw.subarray(4, start), raw.subarray(end, raw.length - 1)]);
}

function decodeFields(
  raw: Buffer,
  offset: number,
  only?: ReadonlySet<string>,
  skip?: ReadonlySet<string>,
): Document {
  const document: Document = new Map();
  const end = offset + raw.readInt32LE(offset) - 1;
  let at = offset + 4;
  while (at < end) {
    const type = raw[at] ?? 0;
    const nameEnd = raw.indexOf(0, at + 1);
    const name = raw.toString("utf8", at + 1, nameEnd);
    at = nameEnd + 1;
    const size = sizeOf(type, raw, at);
    if (skip?.has(name)) document.set(name, null);
    else if (!only || only.has(name)) document.set(name, decodeValue(type, raw, at, size));
    at += size;
  }
  return document;
}

function decodeArray(raw: Buffer, offset: number): Value[] {
  const items: Value[] = [];
  const end = offset + raw.readInt32LE(offset) - 1;
  let at = offset + 4;
  while (at < end) {
    const type = raw[at] ?? 0;
    at = raw.indexOf(0, at + 1) + 1;
    const size = sizeOf(type, raw, at);
    items.push(decodeValue(type, raw, at, size));
    at += size;
  }
  return items;
}

function decodeValue(type: number, raw: Buffer, at: number, size: number): Value {
  switch (type) {
    case 0x01:
      return new Double(raw.readDoubleLE(at));
    case 0x02:
      return raw.toString("utf8", at + 4, at + size - 1);
    case 0x03:
      return decodeFields(raw, at);
    case 0x04:
      return decodeArray(raw, at);
    case 0x07:
      return new ObjectId(Uint8Array.prototype.slice.call(raw, at, at + 12));
    case 0x08:
      return raw[at] === 1;
    case 0x09:
      return new Date(Number(raw.readBigInt64LE(at)));
    case 0x0a:
      return null;
    case 0x10:
      return raw.readInt32LE(at);
    case 0x12:
      return raw.readBigInt64LE(at);
    default:
      return decodeRare(type, raw, at, size);
  }
}

function decodeRare(type: number, raw: Buffer, at: number, size: number): Value {
  switch (type) {
    case 0x05:
      return decodeBinary(raw, at, size);
    case 0x06:
      return undefined;
    case 0x0b: {
      const split = raw.indexOf(0, at);
      return new BSONRegExp(raw.toString("utf8", at, split), raw.toString("utf8", split + 1, at + size - 1));
    }
    case 0x11:
      return new Timestamp(raw.readBigUInt64LE(at));
    case 0x13:
      return new Decimal128(Uint8Array.prototype.slice.call(raw, at, at + 16));
    case 0x7f:
      return new MaxKey();
    case 0xff:
      return new MinKey();
    default:
      return decodeByLibrary(type, raw, at, size);
  }
}

function decodeBinary(raw: Buffer, at: number, size: number): Binary {
  const subtype = raw[at + 4] ?? 0;
  const start = subtype === Binary.SUBTYPE_BYTE_ARRAY ? at + 9 : at + 5;
  return new Binary(Uint8Array.prototype.slice.call(raw, start, at + size), subtype);
}

// Code, symbols and database pointers are too rare to deserve a decoder of our own.
function decodeByLibrary(type: number, raw: Buffer, at: number, size: number): Value {
  const wrapped = assemble([Buffer.from([type, 0x76, 0]), raw.subarray(at, at + size)]);
  const decoded: { v?: Value } = BSON.deserialize(wrapped, { promoteValues: false, bsonRegExp: true });
  return decoded.v;
}

function sizeOf(type: number, raw: Buffer, at: number): number {
  switch (type) {
    case 0x06:
    case 0x0a:
    case 0x7f:
    case 0xff:
      return 0;
    case 0x08:
      return 1;
    case 0x10:
      return 4;
    case 0x01:
    case 0x09:
    case 0x11:
    case 0x12:
      return 8;
    case 0x07:
      return 12;
    case 0x13:
      return 16;
    default:
      return sizeOfLong(type, raw, at);
  }
}

function sizeOfLong(type: number, raw: Buffer, at: number): number {
  switch (type) {
    case 0x03:
    case 0x04:
    case 0x0f:
      return raw.readInt32LE(at);
    case 0x02:
    case 0x0d:
    case 0x0e:
      return 4 + raw.readInt32LE(at);
    case 0x05:
      return 5 + raw.readInt32LE(at);
    case 0x0b:
      return raw.indexOf(0, raw.indexOf(0, at) + 1) + 1 - at;
    case 0x0c:
      return 16 + raw.readInt32LE(at);
    default:
      throw new CommandError(22, `unknown BSON type 0x${type.toString(16)}`);
  }
}
