// The document an upsert starts from: what the query holds equal.
import { CommandError } from "./errors.ts";
import { BSONRegExp } from "bson";
import { isOperatorDocument } from "./match.ts";
import { getAt, setAt } from "./paths.ts";
import { clone, isDocument, MISSING, type Document, type Value } from "./values.ts";

export function documentFromQuery(filter: Document): Document {
  const document: Document = new Map();
  for (const [path, value] of equalities(filter)) {
    const parts = path.split(".");
    if (getAt(document, parts) !== MISSING)
      throw new CommandError(54, `cannot infer query fields to set, path '${path}' is matched twice`);
    setAt(document, parts, clone(value));
  }
  return document;
}

function equalities(filter: Document): [string, Value][] {
  return [...filter].flatMap(([name, condition]): [string, Value][] => {
    if (name === "$and" || (name === "$or" && Array.isArray(condition) && condition.length === 1))
      return Array.isArray(condition)
        ? condition.flatMap((part) => (isDocument(part) ? equalities(part) : []))
        : [];
    if (name.startsWith("$") || condition instanceof BSONRegExp) return [];
    if (!isOperatorDocument(condition)) return [[name, condition]];
    return operatorEqualities(condition).map((value): [string, Value] => [name, value]);
  });
}

function operatorEqualities(condition: Document): Value[] {
  if (condition.has("$eq")) return [condition.get("$eq")];
  for (const name of ["$in", "$all"]) {
    const values = condition.get(name);
    if (Array.isArray(values) && values.length === 1 && !isOperatorDocument(values[0])) return values;
  }
  return [];
}
