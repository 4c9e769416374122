// Matching of the unified test format: what a test expects against what the driver returned.
// https://github.com/mongodb/specifications/blob/master/source/unified-test-format/unified-test-format.md
import { isDeepStrictEqual } from "node:util";
import { ObjectId, type BulkWriteResult } from "mongodb";

type Fields = Record<string, unknown>;

/** Says where the two differ, or null when the actual value matches. Extra fields are allowed at the root alone. */
export function mismatch(expected: unknown, actual: unknown, atRoot = true, path = ""): string | null {
  const given = plain(actual);
  if (Array.isArray(expected)) return mismatchInArray(expected, given, atRoot, path);
  if (!isFields(expected)) return isDeepStrictEqual(expected, given) ? null : differs(path, expected, given);
  const [operator] = Object.keys(expected);
  if (operator?.startsWith("$$")) return mismatchOfOperator(operator, expected[operator], given, path);
  if (!isFields(given)) return differs(path, expected, given);
  return mismatchInFields(expected, given, atRoot, path);
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function mismatchInArray(expected: unknown[], actual: unknown, atRoot: boolean, path: string): string | null {
  if (!Array.isArray(actual) || actual.length !== expected.length) return differs(path, expected, actual);
  return firstOf(
    expected.map(
      (item, i) => () => mismatch(item, actual[i], atRoot && path === "", `${path}[${String(i)}]`),
    ),
  );
}

function mismatchInFields(expected: Fields, actual: Fields, atRoot: boolean, path: string): string | null {
  const extra = Object.keys(actual).find((name) => !(name in expected) && actual[name] !== undefined);
  if (!atRoot && extra !== undefined) return differs(`${path}.${extra}`, undefined, actual[extra]);
  return firstOf(
    Object.entries(expected).map(
      ([name, value]) =>
        () =>
          mismatch(value, actual[name], false, `${path}.${name}`),
    ),
  );
}

function mismatchOfOperator(
  operator: string,
  operand: unknown,
  actual: unknown,
  path: string,
): string | null {
  switch (operator) {
    case "$$unsetOrMatches":
      return actual === undefined || actual === null ? null : mismatch(operand, actual, path === "", path);
    case "$$exists":
      return (actual !== undefined) === operand ? null : differs(path, { $$exists: operand }, actual);
    case "$$type":
      return [operand].flat().some((type) => isOfType(String(type), actual))
        ? null
        : differs(path, operand, actual);
    default:
      throw new Error(`the runner does not know ${operator}`);
  }
}

function isOfType(type: string, value: unknown): boolean {
  switch (type) {
    case "int":
    case "long":
      return Number.isInteger(value);
    case "double":
      return typeof value === "number";
    case "string":
      return typeof value === "string";
    case "object":
      return isFields(value);
    case "array":
      return Array.isArray(value);
    case "objectId":
      return value instanceof ObjectId;
    default:
      throw new Error(`the runner does not know the type ${type}`);
  }
}

// Results of the driver are class instances and Maps; tests are written in plain objects.
function plain(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, item]) => [String(name), item]));
  if (typeof value === "bigint") return Number(value);
  return isBulkResult(value) ? { ...value } : value;
}

// The driver exports the type alone.
function isBulkResult(value: unknown): value is BulkWriteResult {
  return typeof value === "object" && value !== null && value.constructor.name === "BulkWriteResult";
}

function firstOf(checks: (() => string | null)[]): string | null {
  for (const check of checks) {
    const found = check();
    if (found !== null) return found;
  }
  return null;
}

function differs(path: string, expected: unknown, actual: unknown): string {
  return `${path || "the result"}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`;
}
