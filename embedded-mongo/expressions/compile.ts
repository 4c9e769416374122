// Aggregation expressions: a value of a pipeline becomes a function of the document and the variables.
import type { Collation } from "../collation.ts";
import { CommandError, notSupported } from "../errors.ts";
import { isDocument, MISSING, type Document, type MaybeValue, type Value } from "../values.ts";
import { ABSENT_EXPRESSIONS } from "./absent.ts";
import { FORMS } from "./forms.ts";
import { OPERATORS } from "./operators.ts";

export type Variables = ReadonlyMap<string, MaybeValue>;
export type Expression = (document: Value, variables: Variables) => MaybeValue;

/** Throws 168 for an operator MongoDB does not know and 115 for one this store does not have. */
export function compileExpression(value: Value, collation?: Collation): Expression {
  if (typeof value === "string" && value.startsWith("$")) return compilePath(value);
  if (Array.isArray(value)) return compileArray(value, collation);
  if (!isDocument(value)) return () => value;
  const [first] = value.keys();
  return first?.startsWith("$") ? compileOperator(value, first, collation) : compileObject(value, collation);
}

/** Evaluates an expression that reads no document, as the values of `let` are. */
export function evaluateConstant(value: Value): MaybeValue {
  return compileExpression(value)(new Map(), new Map());
}

function compilePath(text: string): Expression {
  if (text.startsWith("$$")) return compileVariable(text.slice(2));
  const parts = text.slice(1).split(".");
  if (parts.includes("")) throw new CommandError(16872, `'${text}' is not a valid field path`);
  return (document) => follow(document, parts);
}

function compileVariable(text: string): Expression {
  const [name = "", ...parts] = text.split(".");
  const read = BUILT_IN[name];
  if (read) return (document, variables) => follow(read(document, variables), parts);
  return (_document, variables) => {
    if (!variables.has(name)) throw new CommandError(17276, `Use of undefined variable: ${name}`);
    return follow(variables.get(name) ?? null, parts);
  };
}

const BUILT_IN: Record<string, Expression> = {
  ROOT: (document, variables) => (variables.has("ROOT") ? variables.get("ROOT") : document),
  CURRENT: (document) => document,
  NOW: () => new Date(),
  REMOVE: () => MISSING,
};

// Unlike a query path, a path in an expression maps over arrays and never reads positions.
function follow(value: MaybeValue, parts: readonly string[]): MaybeValue {
  const [part, ...rest] = parts;
  if (part === undefined) return value;
  if (isDocument(value)) return value.has(part) ? follow(value.get(part), rest) : MISSING;
  if (!Array.isArray(value)) return MISSING;
  return value.flatMap((item) => {
    const found = follow(item, parts);
    return found === MISSING ? [] : [found];
  });
}

function compileArray(values: readonly Value[], collation: Collation | undefined): Expression {
  const items = values.map((value) => compileExpression(value, collation));
  return (document, variables) =>
    items.map((item) => {
      const value = item(document, variables);
      return value === MISSING ? null : value;
    });
}

function compileObject(fields: Document, collation: Collation | undefined): Expression {
  const compiled = [...fields].map(([name, value]) => ({ name, value: compileExpression(value, collation) }));
  return (document, variables) => {
    const result: Document = new Map();
    for (const { name, value } of compiled) {
      const item = value(document, variables);
      if (item !== MISSING) result.set(name, item);
    }
    return result;
  };
}

function compileOperator(expression: Document, name: string, collation: Collation | undefined): Expression {
  if (expression.size !== 1)
    throw new CommandError(
      15983,
      `an object representing an expression must have exactly one field: ${name}`,
    );
  const operand = expression.get(name);
  const compile = (value: Value) => compileExpression(value, collation);
  const form = FORMS[name];
  if (form) return form(operand, compile);
  const operator = OPERATORS[name];
  if (operator) return compileCall(name, operator, operand, compile, collation);
  if (ABSENT_EXPRESSIONS.has(name)) throw notSupported(`the expression ${name}`);
  throw new CommandError(168, `Unrecognized expression '${name}'`);
}

function compileCall(
  name: string,
  { arity, apply }: (typeof OPERATORS)[string],
  operand: Value,
  compile: (value: Value) => Expression,
  collation: Collation | undefined,
): Expression {
  const operands = (Array.isArray(operand) ? operand : [operand]).map(compile);
  const [least, most = least] = arity;
  if (operands.length < least || operands.length > most)
    throw new CommandError(
      16020,
      `Expression ${name} takes ${String(least)} arguments. ${String(operands.length)} were passed in.`,
    );
  return (document, variables) =>
    apply(
      operands.map((each) => each(document, variables)),
      { name, collation },
    );
}
