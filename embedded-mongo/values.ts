// The one representation of BSON inside this folder: a Map is a document, a number is an int32, a bigint is an int64.
import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from "bson";

export type Document = Map<string, Value>;

export type Value =
  | null
  | undefined
  | boolean
  | number
  | bigint
  | string
  | Date
  | Binary
  | BSONRegExp
  | BSONSymbol
  | Code
  | Decimal128
  | Double
  | MaxKey
  | MinKey
  | ObjectId
  | Timestamp
  | Value[]
  | Document;

export type NumberValue = number | bigint | Double | Decimal128;

/** A field that is not there, as distinct from one that holds null. */
export const MISSING = Symbol("missing");
export type MaybeValue = Value | typeof MISSING;

/** The order in which MongoDB sorts values of different types; numbers are one type, and so are strings and symbols. */
export const RANK = {
  minKey: 1,
  undefined: 2,
  null: 5,
  number: 10,
  string: 15,
  object: 20,
  array: 25,
  binData: 30,
  objectId: 35,
  bool: 40,
  date: 45,
  timestamp: 47,
  regex: 50,
  code: 60,
  maxKey: 127,
} as const;

export type TypeName =
  | "double"
  | "string"
  | "object"
  | "array"
  | "binData"
  | "undefined"
  | "objectId"
  | "bool"
  | "date"
  | "null"
  | "regex"
  | "javascript"
  | "symbol"
  | "javascriptWithScope"
  | "int"
  | "timestamp"
  | "long"
  | "decimal"
  | "minKey"
  | "maxKey";

const RANK_OF_TYPE: Record<TypeName, number> = {
  ...RANK,
  double: RANK.number,
  int: RANK.number,
  long: RANK.number,
  decimal: RANK.number,
  symbol: RANK.string,
  javascript: RANK.code,
  javascriptWithScope: RANK.code,
};

export function typeOf(value: Value): TypeName {
  switch (typeof value) {
    case "number":
      return "int";
    case "string":
      return "string";
    case "boolean":
      return "bool";
    case "bigint":
      return "long";
    case "undefined":
      return "undefined";
    default:
      return value === null ? "null" : typeOfObject(value);
  }
}

export function rankOf(value: Value): number {
  return RANK_OF_TYPE[typeOf(value)];
}

export function isDocument(value: MaybeValue): value is Document {
  return value instanceof Map;
}

export function isNumber(value: MaybeValue): value is NumberValue {
  return (
    typeof value === "number" ||
    value instanceof Double ||
    typeof value === "bigint" ||
    value instanceof Decimal128
  );
}

/** The nearest double; exact for everything but large longs and decimals. */
export function toNumber(value: NumberValue): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  return value instanceof Double ? value.value : Number(value.toString());
}

/** MongoDB's idea of truth: everything but false, zero, null and what is missing. */
export function isTruthy(value: MaybeValue): boolean {
  if (value === undefined || value === null || value === MISSING || value === false) return false;
  return !isNumber(value) || toNumber(value) !== 0;
}

export function emptyDocument(): Document {
  return new Map();
}

export function documentOf(fields: Record<string, Value>): Document {
  return new Map(Object.entries(fields));
}

export function clone<T extends Value>(value: T): T;
export function clone(value: Value): Value {
  if (Array.isArray(value)) return value.map((item) => clone(item));
  if (isDocument(value)) return new Map([...value].map(([name, item]) => [name, clone(item)]));
  return value;
}

function typeOfObject(value: object): TypeName {
  if (value instanceof Map) return "object";
  if (Array.isArray(value)) return "array";
  if (value instanceof ObjectId) return "objectId";
  if (value instanceof Date) return "date";
  if (value instanceof Double) return "double";
  if (value instanceof Binary) return "binData";
  if (value instanceof Decimal128) return "decimal";
  return typeOfRareObject(value);
}

function typeOfRareObject(value: object): TypeName {
  if (value instanceof BSONRegExp) return "regex";
  if (value instanceof Timestamp) return "timestamp";
  if (value instanceof MinKey) return "minKey";
  if (value instanceof MaxKey) return "maxKey";
  if (value instanceof BSONSymbol) return "symbol";
  if (value instanceof Code) return value.scope ? "javascriptWithScope" : "javascript";
  throw new TypeError(`not a BSON value: ${Object.prototype.toString.call(value)}`);
}
