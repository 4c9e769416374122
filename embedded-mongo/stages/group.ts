import { CommandError } from "../errors.ts";
import { compileExpression, type Expression } from "../expressions/compile.ts";
import { encodeKey } from "../keys.ts";
import { isDocument, MISSING, type Document, type Value } from "../values.ts";
import { accumulatorFactory, type Accumulator } from "./accumulators.ts";
import type { PipelineContext, Stage } from "./stage.ts";

interface GroupField {
  name: string;
  make: () => Accumulator;
  expression: Expression;
}

interface Group {
  id: Value;
  accumulators: Accumulator[];
}

export function compileGroup(operand: Value, { collation, variables }: PipelineContext): Stage {
  if (!isDocument(operand)) throw new CommandError(15947, "a group's fields must be specified in an object");
  if (!operand.has("_id")) throw new CommandError(15955, "a group specification must include an _id");
  const idOf = compileExpression(operand.get("_id"), collation);
  const fields = [...operand].flatMap(([name, spec]) =>
    name === "_id" ? [] : [parseField(name, spec, collation)],
  );
  return function* (documents) {
    const groups = new Map<string, Group>();
    for (const document of documents) {
      const id = idOf(document, variables);
      const group = findGroup(groups, id === MISSING ? null : id, fields, collation);
      fields.forEach(({ expression }, i) => group.accumulators[i]?.add(expression(document, variables)));
    }
    for (const group of groups.values()) yield resultOf(group, fields);
  };
}

function parseField(name: string, spec: Value, collation: PipelineContext["collation"]): GroupField {
  const [entry, ...others] = isDocument(spec) ? [...spec] : [];
  if (!entry || others.length > 0)
    throw new CommandError(40234, `The field '${name}' must be an accumulator object`);
  if (name.includes(".")) throw new CommandError(40235, `The field name '${name}' cannot contain '.'`);
  const [operator, operand] = entry;
  return {
    name,
    make: accumulatorFactory(operator, collation),
    expression: compileExpression(operand, collation),
  };
}

function findGroup(
  groups: Map<string, Group>,
  id: Value,
  fields: readonly GroupField[],
  collation: PipelineContext["collation"],
): Group {
  const key = encodeKey([id], [], collation).toString("latin1");
  const known = groups.get(key);
  if (known) return known;
  const group = { id, accumulators: fields.map(({ make }) => make()) };
  groups.set(key, group);
  return group;
}

function resultOf({ id, accumulators }: Group, fields: readonly GroupField[]): Document {
  const results = fields.map(({ name }, i): [string, Value] => [name, accumulators[i]?.result()]);
  return new Map([["_id", id], ...results]);
}
