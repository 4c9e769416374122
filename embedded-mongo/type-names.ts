// The names and numbers by which $type means BSON types.
import { plainText } from "./format.ts";
import { badValue } from "./errors.ts";
import { isNumber, toNumber, type TypeName, type Value } from "./values.ts";

const BY_NUMBER: Record<number, TypeName> = {
  [-1]: "minKey",
  1: "double",
  2: "string",
  3: "object",
  4: "array",
  5: "binData",
  6: "undefined",
  7: "objectId",
  8: "bool",
  9: "date",
  10: "null",
  11: "regex",
  13: "javascript",
  14: "symbol",
  15: "javascriptWithScope",
  16: "int",
  17: "timestamp",
  18: "long",
  19: "decimal",
  127: "maxKey",
};
const BY_NAME = new Map(Object.values(BY_NUMBER).map((name) => [name.toString(), name]));
const NUMBERS: TypeName[] = ["double", "int", "long", "decimal"];

export function parseTypes(operand: Value): ReadonlySet<TypeName> {
  const wanted = Array.isArray(operand) ? operand : [operand];
  if (wanted.length === 0) throw badValue("$type must match at least one type");
  return new Set(wanted.flatMap(parseType));
}

function parseType(wanted: Value): TypeName[] {
  if (wanted === "number") return NUMBERS;
  const name = isNumber(wanted) ? BY_NUMBER[toNumber(wanted)] : BY_NAME.get(plainText(wanted));
  if (!name) throw badValue(`Unknown type name alias: ${plainText(wanted)}`);
  return [name];
}
