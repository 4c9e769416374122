// explain: which index a command would use, and whether it would have to sort.
import { leadingQueryOf } from "../aggregate.ts";
import { encode } from "../bson.ts";
import { CommandError, notSupported } from "../errors.ts";
import { planOf, runQuery, type Query } from "../query.ts";
import type { Store } from "../store.ts";
import { documentOf, isDocument, type Document, type Value, emptyDocument } from "../values.ts";
import { contextOf, pipelineOf, targetOf } from "./aggregate.ts";
import { reading, type Command } from "./command.ts";
import { readCount, readFind } from "./find.ts";
import { ok, type Reply } from "./reply.ts";
import { Fields, Request } from "./request.ts";
import { readDelete, readUpdate } from "./writes.ts";

export const EXPLAIN: Record<string, Command> = {
  explain: reading(["explain", "verbosity", "maxTimeMS"], (store, request) => {
    const inner = request.requiredDocument("explain");
    const command = new Request(encode(new Map([...inner, ["$db", request.database]])), new Map());
    const query = queryOf(store, command);
    return explained(store, command, query, request.get("verbosity") !== "queryPlanner");
  }),
};

export function explainAggregate(store: Store, request: Request): Reply {
  return explained(store, request, queryOf(store, request), true);
}

function queryOf(store: Store, request: Request): Query {
  switch (request.name) {
    case "find":
      return readFind(request);
    case "count":
      return readCount(request);
    case "distinct":
      return {
        filter: request.optionalDocument("query") ?? emptyDocument(),
        hint: request.hint,
        collation: request.collation,
      };
    case "findAndModify":
      return { ...readFind(request), filter: request.optionalDocument("query") ?? emptyDocument(), limit: 1 };
    case "aggregate":
      return leadingQueryOf(contextOf(store, request), pipelineOf(request), request.hint);
    case "update":
      return readUpdate(onlyStatement(request, "updates"), request).query;
    case "delete":
      return readDelete(onlyStatement(request, "deletes"), request);
    default:
      throw notSupported(`explain of ${request.name}`);
  }
}

function onlyStatement(request: Request, name: string): Fields {
  const [statement, ...others] = request.list(name) ?? [];
  if (!isDocument(statement) || others.length > 0)
    throw new CommandError(72, "explained write batches must be of size 1");
  return new Fields(name, statement);
}

function explained(store: Store, request: Request, query: Query, execute: boolean): Reply {
  const name = request.name === "aggregate" ? (targetOf(request) ?? "") : request.collectionName;
  const collection = store.catalog.find(request.database, name);
  const plan = collection && planOf(collection, query);
  const counting = request.name === "count";
  const scan = plan ? indexScan(plan, counting && plan.exact) : documentOf({ stage: "COLLSCAN" });
  const sorts = (query.sort?.length ?? 0) > 0 && !plan?.sorted;
  const winningPlan = sorts ? documentOf({ stage: "SORT", inputStage: scan }) : scan;
  const nReturned = collection && execute ? [...runQuery(collection, query)].length : 0;
  return ok({
    explainVersion: "1",
    queryPlanner: { namespace: `${request.database}.${name}`, winningPlan, rejectedPlans: [] },
    ...(execute ? { executionStats: { executionSuccess: true, nReturned } } : {}),
  });
}

function indexScan(
  { index, reverse, streams, exact }: NonNullable<ReturnType<typeof planOf>>,
  counting: boolean,
): Document {
  const scan: Record<string, Value> = {
    stage: counting ? "COUNT_SCAN" : "IXSCAN",
    indexName: index.name,
    keyPattern: index.keyPattern,
    isMultiKey: index.multikey !== 0,
    direction: reverse ? "backward" : "forward",
  };
  if (counting) return documentOf(scan);
  const merged = streams.length > 1 ? { stage: "SORT_MERGE", inputStage: documentOf(scan) } : scan;
  return documentOf({ stage: "FETCH", filter: exact ? "none" : "tested", inputStage: documentOf(merged) });
}
