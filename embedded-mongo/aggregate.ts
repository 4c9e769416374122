// Aggregation pipelines. What begins one and an index can do is a query; the rest streams through stages.
import { decode, encode } from "./bson.ts";
import type { Collection } from "./collection.ts";
import { CommandError, notSupported } from "./errors.ts";
import { countMatches, runQuery, type Query } from "./query.ts";
import { parseSort } from "./sort.ts";
import { SOURCE_STAGES } from "./stages/source-stages.ts";
import { compileDocumentStage, DOCUMENT_STAGES } from "./stages/document-stages.ts";
import { compileGroup } from "./stages/group.ts";
import { compileFacet, JOIN_STAGES } from "./stages/join-stages.ts";
import { compileOutput, OUTPUT_STAGES } from "./stages/output.ts";
import type { PipelineContext, Stage } from "./stages/stage.ts";
import { STREAM_STAGES, wholeNumber } from "./stages/stream-stages.ts";
import {
  documentOf,
  emptyDocument,
  isDocument,
  isNumber,
  toNumber,
  type Document,
  type Value,
} from "./values.ts";

interface NamedStage {
  name: string;
  operand: Value;
}

/** Runs a pipeline and yields raw documents; one that ends in $out or $merge writes and yields none. */
export function* aggregate(
  context: PipelineContext,
  collectionName: string | null,
  pipeline: readonly Value[],
  hint: Value,
): Generator<Buffer> {
  const stages = parsePipeline(pipeline);
  const last = stages.at(-1);
  if (last && OUTPUT_STAGES.has(last.name)) {
    const write = compileOutput(last.name, last.operand, context);
    write(runStages(context, collectionName, stages.slice(0, -1), hint));
    return;
  }
  const { query, rest } = leadingQuery(context, stages, hint);
  const collection =
    collectionName === null ? null : context.store.catalog.find(context.database, collectionName);
  if (rest.length === 0 && collection) for (const { raw } of runQuery(collection, query)) yield raw;
  else for (const document of runStages(context, collectionName, stages, hint)) yield encode(document);
}

export function writesOut(pipeline: readonly Value[]): boolean {
  const last = pipeline.at(-1);
  return isDocument(last) && [...last.keys()].some((name) => OUTPUT_STAGES.has(name));
}

/** Every stage compiled, so that a wrong one is refused before anything runs. */
export function checkPipeline(context: PipelineContext, pipeline: readonly Value[]): void {
  const stages = parsePipeline(pipeline);
  stages.forEach(({ name, operand }, i) => {
    if (OUTPUT_STAGES.has(name)) {
      if (i < stages.length - 1)
        throw new CommandError(40601, `${name} can only be the final stage in the pipeline`);
      compileOutput(name, operand, context);
    } else if (SOURCE_STAGES[name]) {
      if (i > 0) throw new CommandError(40602, `${name} is only valid as the first stage in a pipeline`);
    } else compileStage({ name, operand }, context);
  });
}

/** The part of a pipeline that a query does, for explain. */
export function leadingQueryOf(context: PipelineContext, pipeline: readonly Value[], hint: Value): Query {
  return leadingQuery(context, parsePipeline(pipeline), hint).query;
}

function parsePipeline(pipeline: readonly Value[]): NamedStage[] {
  return pipeline.map((stage) => {
    const [entry, ...others] = isDocument(stage) ? [...stage] : [];
    if (!entry || others.length > 0)
      throw new CommandError(40323, "A pipeline stage specification object must contain exactly one field.");
    return { name: entry[0], operand: entry[1] };
  });
}

function* runStages(
  context: PipelineContext,
  collectionName: string | null,
  stages: readonly NamedStage[],
  hint: Value,
): Generator<Document> {
  const [first, ...others] = stages;
  const source = first && SOURCE_STAGES[first.name];
  if (source) {
    yield* compileAll(context, others)(source(first.operand, context, collectionName));
    return;
  }
  const { query, rest } = leadingQuery(context, stages, hint);
  const collection =
    collectionName === null ? null : context.store.catalog.find(context.database, collectionName);
  const counted = collection && countAlone(collection, query, rest);
  if (counted) yield* counted;
  else yield* compileAll(context, rest)(collection ? decoded(collection, query) : []);
}

function* decoded(collection: Collection, query: Query): Generator<Document> {
  for (const { raw } of runQuery(collection, query)) yield decode(raw);
}

// $match, $sort, $skip and $limit in the order a query applies them.
function leadingQuery(
  { collation, variables, deadline }: PipelineContext,
  stages: readonly NamedStage[],
  hint: Value,
): { query: Query; rest: NamedStage[] } {
  const rest = [...stages];
  const take = (name: string) => (rest[0]?.name === name ? rest.shift() : undefined);
  const filters: Document[] = [];
  for (let match = take("$match"); match; match = take("$match")) {
    if (!isDocument(match.operand))
      throw new CommandError(15959, "the match filter must be an expression in an object");
    filters.push(match.operand);
  }
  const filter = filters.length > 1 ? documentOf({ $and: filters }) : (filters[0] ?? emptyDocument());
  const order = take("$sort")?.operand;
  if (order !== undefined && (!isDocument(order) || order.size === 0))
    throw new CommandError(15976, "$sort stage must have at least one sort key");
  const skip = take("$skip");
  const limit = take("$limit");
  const query: Query = {
    filter,
    sort: order ? parseSort(order) : [],
    skip: skip && wholeNumber("$skip", skip.operand, 0),
    limit: limit && wholeNumber("$limit", limit.operand, 1),
    hint,
    collation,
    variables,
    deadline,
  };
  return { query, rest };
}

// What countDocuments sends: counted from the index where that is possible.
function countAlone(collection: Collection, query: Query, rest: readonly NamedStage[]): Document[] | null {
  const [stage, ...others] = rest;
  if (!stage || others.length > 0) return null;
  const shape = countShape(stage);
  if (!shape) return null;
  const n = countMatches(collection, query);
  return n > 0 ? [shape(n)] : [];
}

function countShape({ name, operand }: NamedStage): ((n: number) => Document) | null {
  if (name === "$count" && typeof operand === "string") return (n) => documentOf({ [operand]: n });
  if (name !== "$group" || !isDocument(operand) || operand.size !== 2) return null;
  const id = operand.get("_id");
  const [[field, spec] = []] = [...operand].filter(([key]) => key !== "_id");
  const step = isDocument(spec) && spec.size === 1 ? spec.get("$sum") : undefined;
  const isConstant = id === null || isNumber(id);
  if (!isConstant || field === undefined || !isNumber(step) || toNumber(step) !== 1) return null;
  return (n) => documentOf({ _id: id, [field]: n });
}

function compileAll(context: PipelineContext, stages: readonly NamedStage[]): Stage {
  const compiled = stages.map((stage) => compileStage(stage, context));
  return (documents) => compiled.reduce<Iterable<Document>>((stream, stage) => stage(stream), documents);
}

function compileStage({ name, operand }: NamedStage, context: PipelineContext): Stage {
  const compile = STREAM_STAGES[name] ?? JOIN_STAGES[name];
  if (compile) return compile(operand, context, runNested);
  if (name === "$group") return compileGroup(operand, context);
  if (name === "$facet")
    return compileFacet(operand, (pipeline) => compileAll(context, parsePipeline(pipeline)));
  if (DOCUMENT_STAGES.has(name)) return compileEach(name, operand, context);
  if (OUTPUT_STAGES.has(name))
    throw new CommandError(40601, `${name} can only be the final stage in the pipeline`);
  throw unknownStage(name);
}

function compileEach(name: string, operand: Value, { collation, variables }: PipelineContext): Stage {
  const stage = compileDocumentStage(name, operand, collation);
  return function* (documents) {
    for (const document of documents) yield stage(document, variables);
  };
}

function runNested(
  context: PipelineContext,
  collectionName: string,
  pipeline: readonly Value[],
): Iterable<Document> {
  return runStages(context, collectionName, parsePipeline(pipeline), undefined);
}

function unknownStage(name: string): CommandError {
  if (name === "$changeStream")
    return new CommandError(40573, "The $changeStream stage is only supported on replica sets");
  if (ABSENT.has(name)) return notSupported(`the stage ${name}`);
  return new CommandError(40324, `Unrecognized pipeline stage name: '${name}'`);
}

const ABSENT = new Set([
  "$bucket",
  "$bucketAuto",
  "$densify",
  "$fill",
  "$geoNear",
  "$graphLookup",
  "$listSampledQueries",
  "$listSearchIndexes",
  "$planCacheStats",
  "$redact",
  "$search",
  "$searchMeta",
  "$setWindowFields",
  "$vectorSearch",
]);
