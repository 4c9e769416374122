// Values in the words of MongoDB's error messages.
import { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, Double, ObjectId, Timestamp } from "bson";
import { isDocument, typeOf, type Document, type Value } from "./values.ts";

export function show(value: Value): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (isDocument(value)) return showDocument(value);
  if (Array.isArray(value)) return `[ ${value.map(show).join(", ")} ]`;
  if (value instanceof Double)
    return Number.isInteger(value.value) ? `${String(value.value)}.0` : String(value.value);
  if (value instanceof ObjectId) return `ObjectId('${value.toHexString()}')`;
  if (value instanceof Date) return `new Date(${String(value.getTime())})`;
  return showRare(value);
}

/** A string as it is, any other value as messages show it. */
export function plainText(value: Value): string {
  return typeof value === "string" ? value : show(value);
}

export function showDocument(document: Document): string {
  if (document.size === 0) return "{}";
  return `{ ${[...document].map(([name, value]) => `${name}: ${show(value)}`).join(", ")} }`;
}

function showRare(value: Value): string {
  if (value instanceof Decimal128) return value.toString();
  if (value instanceof BSONRegExp) return `/${value.pattern}/${value.options}`;
  if (value instanceof Binary)
    return `BinData(${String(value.sub_type)}, ${value.toString("hex").toUpperCase()})`;
  if (value instanceof Timestamp) return `Timestamp(${String(value.t)}, ${String(value.i)})`;
  if (value instanceof BSONSymbol) return show(value.value);
  if (value instanceof Code) return `Code(${value.code})`;
  return typeof value === "object" && value !== null ? typeOf(value) : String(value);
}
