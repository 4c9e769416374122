// Expressions that choose what they evaluate, bind variables, or take named arguments.
import { plainText } from "../format.ts";
import { CommandError } from "../errors.ts";
import { compare } from "../compare.ts";
import { toRegExp } from "../regex.ts";
import { BSONRegExp, Double } from "bson";
import {
  isDocument,
  isNumber,
  isTruthy,
  MISSING,
  toNumber,
  type Document,
  type MaybeValue,
  type Value,
} from "../values.ts";
import type { Expression, Variables } from "./compile.ts";
import { DATE_FORMS } from "./dates.ts";
import { isNullish } from "./nullish.ts";

type Compile = (value: Value) => Expression;
export type Form = (operand: Value, compile: Compile) => Expression;

export const FORMS: Record<string, Form> = {
  ...DATE_FORMS,
  $literal: (operand) => () => operand,
  $rand: () => () => new Double(Math.random()),
  $and: (operand, compile) => {
    const all = list(operand).map(compile);
    return (document, variables) => all.every((each) => isTruthy(each(document, variables)));
  },
  $or: (operand, compile) => {
    const all = list(operand).map(compile);
    return (document, variables) => all.some((each) => isTruthy(each(document, variables)));
  },
  $cond: (operand, compile) => {
    const parts = Array.isArray(operand)
      ? operand
      : ["if", "then", "else"].map((name) => argument("$cond", operand, name));
    if (parts.length !== 3) throw new CommandError(16020, "Expression $cond takes exactly 3 arguments.");
    const [test, then, otherwise] = parts.map(compile);
    return (document, variables) =>
      (isTruthy(test?.(document, variables)) ? then : otherwise)?.(document, variables) ?? null;
  },
  $ifNull: (operand, compile) => {
    const all = list(operand).map(compile);
    if (all.length < 2) throw new CommandError(1257300, "$ifNull needs at least two arguments");
    return (document, variables) => {
      for (const each of all.slice(0, -1)) {
        const value = each(document, variables);
        if (!isNullish(value)) return value;
      }
      return all.at(-1)?.(document, variables) ?? null;
    };
  },
  $switch: (operand, compile) => {
    const branches = list(argument("$switch", operand, "branches")).map((branch) => ({
      test: compile(argument("$switch", branch, "case")),
      then: compile(argument("$switch", branch, "then")),
    }));
    const fallback = isDocument(operand) && operand.has("default") ? compile(operand.get("default")) : null;
    return (document, variables) => {
      const branch = branches.find(({ test }) => isTruthy(test(document, variables)));
      const chosen = branch?.then ?? fallback;
      if (!chosen)
        throw new CommandError(
          40066,
          "$switch could not find a matching branch for an input, and no default was specified.",
        );
      return chosen(document, variables);
    };
  },
  $let: (operand, compile) => {
    const vars = argument("$let", operand, "vars");
    const bound = isDocument(vars) ? [...vars].map(([name, value]) => ({ name, value: compile(value) })) : [];
    const inside = compile(argument("$let", operand, "in"));
    return (document, variables) => {
      const inner = bound.map(({ name, value }): [string, MaybeValue] => [name, value(document, variables)]);
      return inside(document, new Map([...variables, ...inner]));
    };
  },
  $map: (operand, compile) => {
    const each = overItems("$map", operand, "in", compile);
    return (document, variables) =>
      each(document, variables)?.map(({ result }) => (result === MISSING ? null : result)) ?? null;
  },
  $filter: (operand, compile) => {
    const each = overItems("$filter", operand, "cond", compile);
    const limit = isDocument(operand) && operand.has("limit") ? compile(operand.get("limit")) : null;
    return (document, variables) => {
      const kept = each(document, variables)
        ?.filter(({ result }) => isTruthy(result))
        .map(({ item }) => item);
      const most = limit?.(document, variables);
      return kept ? kept.slice(0, isNumber(most) ? toNumber(most) : Infinity) : null;
    };
  },
  $reduce: (operand, compile) => {
    const [input, initial, inside] = ["input", "initialValue", "in"].map((name) =>
      compile(argument("$reduce", operand, name)),
    );
    return (document, variables) => {
      const items = input?.(document, variables);
      if (!Array.isArray(items)) return nullOr("$reduce", items);
      return items.reduce<MaybeValue>(
        (value, item) =>
          inside?.(document, new Map<string, MaybeValue>([...variables, ["value", value], ["this", item]])) ??
          null,
        initial?.(document, variables) ?? null,
      );
    };
  },
  $getField: (operand, compile) => {
    const hasInput = isDocument(operand) && operand.has("field");
    const field = compile(hasInput ? operand.get("field") : operand);
    const input =
      hasInput && operand.has("input") ? compile(operand.get("input")) : (document: Value) => document;
    return (document, variables) => {
      const from = input(document, variables);
      const name = field(document, variables);
      return isDocument(from) && typeof name === "string" && from.has(name) ? from.get(name) : MISSING;
    };
  },
  $setField: (operand, compile) => setField("$setField", operand, compile),
  $unsetField: (operand, compile) => setField("$unsetField", operand, compile),
  $trim: (operand, compile) => trim("$trim", operand, compile, true, true),
  $ltrim: (operand, compile) => trim("$ltrim", operand, compile, true, false),
  $rtrim: (operand, compile) => trim("$rtrim", operand, compile, false, true),
  $regexMatch: (operand, compile) => {
    const [input, regex] = ["input", "regex"].map((name) => compile(argument("$regexMatch", operand, name)));
    const options = isDocument(operand) ? operand.get("options") : undefined;
    return (document, variables) => {
      const text = input?.(document, variables);
      const pattern = patternOf(regex?.(document, variables), options);
      return typeof text === "string" && pattern !== null && pattern.test(text);
    };
  },
  $replaceOne: (operand, compile) =>
    replace("$replaceOne", operand, compile, (text, find, by) => text.replace(find, () => by)),
  $replaceAll: (operand, compile) =>
    replace("$replaceAll", operand, compile, (text, find, by) => text.replaceAll(find, () => by)),
  $sortArray: (operand, compile) => {
    const input = compile(argument("$sortArray", operand, "input"));
    const order = argument("$sortArray", operand, "sortBy");
    if (!isNumber(order))
      throw new CommandError(2942504, "$sortArray by fields is not supported by the embedded store");
    return (document, variables) => {
      const items = input(document, variables);
      if (!Array.isArray(items)) return nullOr("$sortArray", items);
      return [...items].sort((a, b) => compare(a, b) * toNumber(order));
    };
  },
};

/** A required named argument of an expression. */
function argument(expression: string, operand: Value, name: string): Value {
  if (!isDocument(operand))
    throw new CommandError(10065, `${expression} requires a document of named arguments`);
  if (!operand.has(name)) throw new CommandError(10065, `Missing '${name}' parameter to ${expression}`);
  return operand.get(name);
}

function list(value: Value): Value[] {
  return Array.isArray(value) ? value : [value];
}

function nullOr(expression: string, value: MaybeValue): null {
  if (isNullish(value)) return null;
  throw new CommandError(28689, `input to ${expression} must be an array`);
}

type ItemResult = { item: Value; result: MaybeValue };

function overItems(
  name: string,
  operand: Value,
  body: string,
  compile: Compile,
): (document: Value, variables: Variables) => ItemResult[] | null {
  const input = compile(argument(name, operand, "input"));
  const inside = compile(argument(name, operand, body));
  const as = isDocument(operand) && operand.has("as") ? plainText(operand.get("as")) : "this";
  return (document, variables) => {
    const items = input(document, variables);
    if (!Array.isArray(items)) return nullOr(name, items);
    return items.map((item) => ({ item, result: inside(document, new Map([...variables, [as, item]])) }));
  };
}

function setField(name: string, operand: Value, compile: Compile): Expression {
  const input = compile(argument(name, operand, "input"));
  const field = compile(argument(name, operand, "field"))(null, new Map());
  if (typeof field !== "string")
    throw new CommandError(4161107, `${name} requires 'field' to evaluate to a constant string`);
  const value: Expression = name === "$setField" ? compile(argument(name, operand, "value")) : () => MISSING;
  return (document, variables) => {
    const from = input(document, variables);
    if (!isDocument(from)) return null;
    const result: Document = new Map(from);
    const item: MaybeValue = value(document, variables);
    if (item === MISSING) result.delete(field);
    else result.set(field, item);
    return result;
  };
}

function trim(name: string, operand: Value, compile: Compile, start: boolean, end: boolean): Expression {
  const input = compile(argument(name, operand, "input"));
  const chars = isDocument(operand) && operand.has("chars") ? compile(operand.get("chars")) : null;
  return (document, variables) => {
    const text = input(document, variables);
    const set = chars?.(document, variables) ?? " \t\n\v\f\r\0\u00a0\u2000\u200a";
    if (isNullish(text) || isNullish(set)) return null;
    if (typeof text !== "string" || typeof set !== "string")
      throw new CommandError(50699, `${name} requires strings`);
    const letters = [...text];
    while (start && letters.length > 0 && set.includes(letters[0] ?? "")) letters.shift();
    while (end && letters.length > 0 && set.includes(letters.at(-1) ?? "")) letters.pop();
    return letters.join("");
  };
}

function replace(
  name: string,
  operand: Value,
  compile: Compile,
  apply: (text: string, find: string, by: string) => string,
): Expression {
  const parts = ["input", "find", "replacement"].map((part) => compile(argument(name, operand, part)));
  return (document, variables) => {
    const [text, find, by] = parts.map((part) => part(document, variables));
    if (isNullish(text) || isNullish(find) || isNullish(by)) return null;
    if (typeof text !== "string" || typeof find !== "string" || typeof by !== "string")
      throw new CommandError(51746, `${name} requires strings`);
    return apply(text, find, by);
  };
}

function patternOf(regex: MaybeValue, options: Value): RegExp | null {
  const flags = typeof options === "string" ? options : "";
  if (regex instanceof BSONRegExp) return toRegExp(regex.pattern, flags || regex.options);
  return typeof regex === "string" ? toRegExp(regex, flags) : null;
}
