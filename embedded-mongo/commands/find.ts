// find and its cursor, count and distinct.
import { decode, encode } from "../bson.ts";
import type { Collection, Stored } from "../collection.ts";
import { compare } from "../compare.ts";
import { badValue, CommandError } from "../errors.ts";
import { encodeKey } from "../keys.ts";
import { compileFilter } from "../match.ts";
import { leaves } from "../paths.ts";
import { compileProjection, projectRaw } from "../project.ts";
import { countMatches, runQuery, type Query } from "../query.ts";
import { parseSort } from "../sort.ts";
import { documentOf, isNumber, toNumber, type Document, type Value, emptyDocument } from "../values.ts";
import { reading, type Command } from "./command.ts";
import { ok } from "./reply.ts";
import type { Request } from "./request.ts";

const FIND_FIELDS = [
  "find",
  "filter",
  "sort",
  "projection",
  "hint",
  "skip",
  "limit",
  "batchSize",
  "singleBatch",
  "collation",
  "let",
  "maxTimeMS",
  "tailable",
  "awaitData",
  "returnKey",
  "showRecordId",
];

export const FINDS: Record<string, Command> = {
  find: reading(FIND_FIELDS, (store, request) => {
    refuseSpecialCursors(request);
    const collection = store.catalog.find(request.database, request.collectionName);
    const documents = findDocuments(collection, readFind(request), request);
    const singleBatch = request.flag("singleBatch") || (request.integer("limit") ?? 0) < 0;
    const options = { batchSize: request.count("batchSize"), singleBatch };
    const namespace = `${request.database}.${request.collectionName}`;
    return { ...ok(), batch: store.cursors.start(namespace, documents, options) };
  }),

  getMore: reading(["getMore", "collection", "batchSize", "maxTimeMS"], (store, request) => {
    const namespace = `${request.database}.${request.text("collection")}`;
    return {
      ...ok(),
      batch: store.cursors.more(idOf(request.get("getMore")), namespace, request.count("batchSize")),
    };
  }),

  killCursors: reading(["killCursors", "cursors"], (store, request) => {
    const ids = (request.list("cursors") ?? []).map(idOf);
    const killed = ids.filter((id) => store.cursors.kill(id));
    const notFound = ids.filter((id) => !killed.includes(id));
    return ok({ cursorsKilled: killed, cursorsNotFound: notFound, cursorsAlive: [], cursorsUnknown: [] });
  }),

  count: reading(
    ["count", "query", "skip", "limit", "hint", "collation", "maxTimeMS", "fields"],
    (store, request) => {
      const collection = store.catalog.find(request.database, request.collectionName);
      return ok({ n: collection ? countMatches(collection, readCount(request)) : 0 });
    },
  ),

  distinct: reading(["distinct", "key", "query", "hint", "collation", "maxTimeMS"], (store, request) => {
    const collection = store.catalog.find(request.database, request.collectionName);
    return ok({ values: collection ? distinctValues(collection, request) : [] });
  }),
};

/** The query of a find, also as explain reads it. */
export function readFind(request: Request): Query {
  const sort = request.optionalDocument("sort") ?? new Map<string, Value>();
  const natural = sort.get("$natural");
  return {
    filter: request.optionalDocument("filter") ?? emptyDocument(),
    sort: natural === undefined ? parseSort(sort) : [],
    skip: request.count("skip"),
    limit: Math.abs(request.integer("limit") ?? 0),
    hint: natural === undefined ? request.hint : documentOf({ $natural: natural }),
    collation: request.collation,
    variables: request.variables,
    deadline: request.deadline,
  };
}

export function readCount(request: Request): Query {
  return {
    filter: request.optionalDocument("query") ?? emptyDocument(),
    skip: request.count("skip"),
    limit: Math.abs(request.integer("limit") ?? 0),
    hint: request.hint,
    collation: request.collation,
    deadline: request.deadline,
  };
}

/** Collections that are not there are empty, but a wrong query on one is still refused. */
function findDocuments(collection: Collection | null, query: Query, request: Request): Iterator<Buffer> {
  const projection = request.optionalDocument("projection");
  const show = projection && projection.size > 0 ? projector(projection, query) : ({ raw }: Stored) => raw;
  compileFilter(query.filter, query);
  if (!collection) return [][Symbol.iterator]();
  return map(runQuery(collection, query), show);
}

function projector(
  spec: Document,
  { filter, collation, variables = new Map() }: Query,
): (stored: Stored) => Buffer {
  const { project, keepsField } = compileProjection(spec, { filter, collation });
  if (keepsField) return ({ raw }) => projectRaw(raw, keepsField);
  return ({ raw }) => encode(project(decode(raw), variables));
}

function* map<T, U>(items: Iterable<T>, convert: (item: T) => U): Generator<U> {
  for (const item of items) yield convert(item);
}

function refuseSpecialCursors(request: Request): void {
  for (const name of ["tailable", "awaitData", "returnKey", "showRecordId"])
    if (request.flag(name))
      throw new CommandError(115, `the find option ${name} is not supported by the embedded store`);
}

function distinctValues(collection: Collection, request: Request): Value[] {
  const { collation } = request;
  const parts = request.text("key").split(".");
  const filter = request.optionalDocument("query") ?? emptyDocument();
  const query: Query = { filter, hint: request.hint, collation, deadline: request.deadline };
  const found = new Map<string, Value>();
  for (const { raw } of runQuery(collection, query)) {
    for (const leaf of leaves(decode(raw, new Set(parts.slice(0, 1))), parts)) {
      for (const value of Array.isArray(leaf) ? leaf : [leaf]) {
        if (typeof value === "symbol") continue;
        const key = encodeKey([value], [], collation).toString("latin1");
        if (!found.has(key)) found.set(key, value);
      }
    }
  }
  return [...found.values()].sort((a, b) => compare(a, b, collation));
}

function idOf(value: Value): bigint {
  if (!isNumber(value)) throw badValue("a cursor id must be a number");
  return typeof value === "bigint" ? value : BigInt(toNumber(value));
}
