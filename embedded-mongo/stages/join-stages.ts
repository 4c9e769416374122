// Stages that read other collections or run pipelines of their own.
import { CommandError } from "../errors.ts";
import { compileExpression } from "../expressions/compile.ts";
import { leaves, setAt } from "../paths.ts";
import {
  clone,
  documentOf,
  isDocument,
  MISSING,
  type Document,
  type MaybeValue,
  type Value,
  emptyDocument,
} from "../values.ts";
import type { CompileStage, PipelineContext, RunPipeline, Stage } from "./stage.ts";

export const JOIN_STAGES: Record<string, CompileStage> = {
  $lookup: (operand, context, run) => {
    const lookup = parseLookup(operand);
    return function* (documents) {
      for (const document of documents) yield joined(document, lookup, context, run);
    };
  },
  $unionWith: (operand, context, run) => {
    const { coll, pipeline } = parseUnion(operand);
    return function* (documents) {
      yield* documents;
      yield* run(context, coll, pipeline);
    };
  },
};

interface Lookup {
  from: string;
  as: string[];
  localField: string[] | undefined;
  foreignField: string | undefined;
  let: Document;
  pipeline: Value[];
}

const LOOKUP_FIELDS = new Set(["from", "as", "localField", "foreignField", "let", "pipeline"]);

function parseLookup(operand: Value): Lookup {
  if (!isDocument(operand)) throw failed("the $lookup specification must be an object");
  for (const name of operand.keys())
    if (!LOOKUP_FIELDS.has(name)) throw failed(`unknown argument to $lookup: ${name}`);
  const local = operand.get("localField");
  const foreign = operand.get("foreignField");
  const pipeline = operand.get("pipeline");
  if ((local === undefined) !== (foreign === undefined))
    throw failed("$lookup requires both or neither of 'localField' and 'foreignField'");
  if (local === undefined && pipeline === undefined) throw failed("$lookup requires localField or pipeline");
  const bindings = operand.get("let");
  return {
    from: textOf(operand, "from"),
    as: textOf(operand, "as").split("."),
    localField: local === undefined ? undefined : textOf(operand, "localField").split("."),
    foreignField: foreign === undefined ? undefined : textOf(operand, "foreignField"),
    let: isDocument(bindings) ? bindings : emptyDocument(),
    pipeline: Array.isArray(pipeline) ? pipeline : [],
  };
}

function joined(document: Document, lookup: Lookup, context: PipelineContext, run: RunPipeline): Document {
  const variables = new Map<string, MaybeValue>([...context.variables, ...bound(document, lookup, context)]);
  const match = lookup.localField ? [matchStage(document, lookup.localField, lookup.foreignField ?? "")] : [];
  const found = [...run({ ...context, variables }, lookup.from, [...match, ...lookup.pipeline])];
  const result = clone(document);
  setAt(result, lookup.as, found);
  return result;
}

function bound(document: Document, lookup: Lookup, context: PipelineContext): [string, MaybeValue][] {
  return [...lookup.let].map(([name, value]) => [
    name,
    compileExpression(value, context.collation)(document, context.variables),
  ]);
}

function matchStage(document: Document, localField: readonly string[], foreignField: string): Document {
  const values = leaves(document, localField).flatMap((leaf) => (leaf === MISSING ? [null] : leaf));
  const wanted = values.length > 0 ? values : [null];
  return documentOf({ $match: documentOf({ [foreignField]: documentOf({ $in: wanted }) }) });
}

function parseUnion(operand: Value): { coll: string; pipeline: Value[] } {
  if (typeof operand === "string") return { coll: operand, pipeline: [] };
  if (!isDocument(operand)) throw failed("$unionWith needs a collection's name or an object");
  const pipeline = operand.get("pipeline");
  return { coll: textOf(operand, "coll"), pipeline: Array.isArray(pipeline) ? pipeline : [] };
}

function textOf(operand: Document, name: string): string {
  const value = operand.get(name);
  if (typeof value === "string" && value !== "") return value;
  throw failed(`'${name}' must be a string`);
}

function failed(message: string): CommandError {
  return new CommandError(9, message);
}

/** Runs several pipelines over the same documents. */
export function compileFacet(operand: Value, compile: (pipeline: readonly Value[]) => Stage): Stage {
  if (!isDocument(operand) || operand.size === 0)
    throw new CommandError(40169, "the $facet specification must be a non-empty object");
  const facets = [...operand].map(([name, pipeline]) => {
    if (!Array.isArray(pipeline))
      throw new CommandError(40170, `arguments to $facet must be arrays, ${name} is not`);
    return { name, stage: compile(pipeline) };
  });
  return function* (documents) {
    const all = [...documents];
    yield new Map(facets.map(({ name, stage }): [string, Value] => [name, [...stage(all)]]));
  };
}
