// Stages that turn one document into one document; pipelines of updates know these alone.
import type { Collation } from "../collation.ts";
import { CommandError } from "../errors.ts";
import { compileExpression, type Expression, type Variables } from "../expressions/compile.ts";
import { compileProjection } from "../project.ts";
import { isDocument, MISSING, typeOf, type Document, type MaybeValue, type Value } from "../values.ts";

export type DocumentStage = (document: Document, variables: Variables) => Document;

export const DOCUMENT_STAGES: ReadonlySet<string> = new Set([
  "$addFields",
  "$project",
  "$replaceRoot",
  "$replaceWith",
  "$set",
  "$unset",
]);

export function compileDocumentStage(
  name: string,
  operand: Value,
  collation: Collation | undefined,
): DocumentStage {
  switch (name) {
    case "$set":
    case "$addFields":
      return addFields(name, operand, collation);
    case "$unset":
      return unset(operand);
    case "$project":
      if (!isDocument(operand) || operand.size === 0)
        throw new CommandError(
          51272,
          "Invalid $project :: caused by :: projection specification must have at least one field",
        );
      return compileProjection(operand, { collation }).project;
    case "$replaceRoot":
      return replaceRoot(name, isDocument(operand) ? operand.get("newRoot") : undefined, collation);
    case "$replaceWith":
      return replaceRoot(name, operand, collation);
    default:
      throw new CommandError(40324, `Unrecognized pipeline stage name: '${name}'`);
  }
}

interface Assignment {
  parts: string[];
  expression: Expression;
}

function addFields(name: string, operand: Value, collation: Collation | undefined): DocumentStage {
  if (!isDocument(operand)) throw new CommandError(40272, `${name} specification stage must be an object`);
  const assignments = [...operand].flatMap(([path, value]) =>
    assignmentsOf(path.split("."), value, collation),
  );
  return (document, variables) => {
    let result: MaybeValue = document;
    for (const { parts, expression } of assignments)
      result = assign(result, parts, expression(document, variables));
    return isDocument(result) ? result : document;
  };
}

function assignmentsOf(parts: string[], value: Value, collation: Collation | undefined): Assignment[] {
  if (parts.includes("")) throw new CommandError(40352, "FieldPath cannot be constructed with empty string");
  const isNested = isDocument(value) && value.size > 0 && ![...value.keys()][0]?.startsWith("$");
  if (!isNested) return [{ parts, expression: compileExpression(value, collation) }];
  return [...value].flatMap(([name, inner]) =>
    assignmentsOf([...parts, ...name.split(".")], inner, collation),
  );
}

// Copies along the path: the input document may still be read by other expressions of the stage.
function assign(target: MaybeValue, parts: readonly string[], value: MaybeValue): Value {
  const [part, ...rest] = parts;
  if (Array.isArray(target)) return target.map((item) => assign(item, parts, value));
  const result: Document = new Map(isDocument(target) ? target : []);
  if (part === undefined) return result;
  if (rest.length > 0) result.set(part, assign(result.has(part) ? result.get(part) : MISSING, rest, value));
  else if (value === MISSING) result.delete(part);
  else result.set(part, value);
  return result;
}

function unset(operand: Value): DocumentStage {
  const paths = Array.isArray(operand) ? operand : [operand];
  const spec = new Map(
    paths.map((path): [string, Value] => {
      if (typeof path !== "string")
        throw new CommandError(31002, "$unset specification must be a string or an array");
      return [path, 0];
    }),
  );
  return compileProjection(spec).project;
}

function replaceRoot(name: string, operand: Value, collation: Collation | undefined): DocumentStage {
  const expression = compileExpression(operand, collation);
  return (document, variables) => {
    const root = expression(document, variables);
    if (isDocument(root)) return root;
    const type = root === MISSING ? "missing" : typeOf(root);
    throw new CommandError(
      40228,
      `'newRoot' expression of ${name} must evaluate to an object, but resulting value was of type: ${type}`,
    );
  };
}
