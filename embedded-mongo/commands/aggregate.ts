import { aggregate as runAggregate, checkPipeline, writesOut } from "../aggregate.ts";
import { CommandError, failedToParse } from "../errors.ts";
import type { PipelineContext } from "../stages/stage.ts";
import type { Store } from "../store.ts";
import { isNumber, toNumber, type Value } from "../values.ts";
import type { Command } from "./command.ts";
import { explainAggregate } from "./explain.ts";
import { ok, type Reply } from "./reply.ts";
import type { Request } from "./request.ts";

const FIELDS = ["aggregate", "pipeline", "cursor", "explain", "hint", "collation", "let", "maxTimeMS"];

export const aggregate: Command = {
  accepts: new Set(FIELDS),
  writes: (request) => writesOut(pipelineOf(request)) && !request.flag("explain"),
  run: (store, request) => {
    const pipeline = pipelineOf(request);
    const context = contextOf(store, request);
    checkPipeline(context, pipeline);
    if (request.flag("explain")) return explainAggregate(store, request);
    const cursor = request.optionalDocument("cursor");
    if (!cursor)
      throw failedToParse("The 'cursor' option is required, except for aggregate with the explain argument");
    return start(
      store,
      request,
      runAggregate(context, targetOf(request), pipeline, request.hint),
      cursor.get("batchSize"),
    );
  },
};

export function contextOf(store: Store, request: Request): PipelineContext {
  const { database, collation, variables, deadline } = request;
  return { store, database, collation, variables, deadline };
}

export function pipelineOf(request: Request): Value[] {
  const pipeline = request.list("pipeline");
  if (!pipeline)
    throw new CommandError(40414, "BSON field 'aggregate.pipeline' is missing but a required field");
  return pipeline;
}

/** The collection's name, or null for a pipeline on the database itself. */
export function targetOf(request: Request): string | null {
  return isNumber(request.get("aggregate")) ? null : request.collectionName;
}

function start(store: Store, request: Request, documents: Iterator<Buffer>, batchSize: Value): Reply {
  const namespace = `${request.database}.${targetOf(request) ?? "$cmd.aggregate"}`;
  // A pipeline that writes has to run now, whatever batch is asked for.
  const writes = writesOut(pipelineOf(request));
  const size = isNumber(batchSize) && !writes ? toNumber(batchSize) : undefined;
  return { ...ok(), batch: store.cursors.start(namespace, documents, { batchSize: size }) };
}
