// insert, update and delete.
import type { Collection } from "../collection.ts";
import { failedToParse, CommandError } from "../errors.ts";
import { runUpdate, type UpdateResult, type UpdateStatement } from "../modify.ts";
import { runQuery, type Query } from "../query.ts";
import { parseSort } from "../sort.ts";
import type { Store } from "../store.ts";
import type { Document } from "../values.ts";
import { writing, type Command } from "./command.ts";
import { ok } from "./reply.ts";
import { Fields, type Request } from "./request.ts";
import { runEach, withErrors } from "./write-errors.ts";

const MAX_BATCH = 100_000;
const UPDATE_FIELDS = new Set([
  "q",
  "u",
  "multi",
  "upsert",
  "arrayFilters",
  "hint",
  "collation",
  "sort",
  "c",
]);
const DELETE_FIELDS = new Set(["q", "limit", "hint", "collation"]);
const NOWHERE: Document = new Map();

export const WRITES: Record<string, Command> = {
  insert: writing(["insert", "documents", "ordered", "maxTimeMS"], (store, request) => {
    const documents = request.rawDocuments("documents");
    checkBatch(documents.length);
    const collection = store.catalog.ensure(request.database, request.collectionName);
    const errors = runEach(documents, isOrdered(request), (raw) => void collection.insert(raw));
    const attempted = isOrdered(request) && errors[0] ? errors[0].index + 1 : documents.length;
    return ok({ n: attempted - errors.length, ...withErrors(errors) });
  }),

  update: writing(["update", "updates", "ordered", "let", "maxTimeMS"], (store, request) => {
    const statements = request.statements("updates");
    checkBatch(statements.length);
    const counts = { n: 0, nModified: 0 };
    const upserted: { index: number; _id: unknown }[] = [];
    const errors = runEach(statements, isOrdered(request), (fields, index) => {
      fields.allow(UPDATE_FIELDS);
      const result = update(store, request, request.collectionName, readUpdate(fields, request));
      counts.n += result.matched + Number(result.didUpsert);
      counts.nModified += result.modified;
      if (result.didUpsert) upserted.push({ index, _id: result.upserted });
    });
    return ok({ ...counts, ...(upserted.length > 0 ? { upserted } : {}), ...withErrors(errors) });
  }),

  delete: writing(["delete", "deletes", "ordered", "let", "maxTimeMS"], (store, request) => {
    const statements = request.statements("deletes");
    checkBatch(statements.length);
    const collection = store.catalog.find(request.database, request.collectionName);
    let n = 0;
    const errors = runEach(statements, isOrdered(request), (fields) => {
      fields.allow(DELETE_FIELDS);
      if (collection) n += remove(collection, readDelete(fields, request));
    });
    return ok({ n, ...withErrors(errors) });
  }),
};

export function readUpdate(fields: Fields, request: Request): UpdateStatement {
  const { collation, hint } = fields;
  const sort = fields.optionalDocument("sort");
  const multi = fields.flag("multi");
  if (sort && multi) throw failedToParse("Cannot specify sort with multi=true");
  return {
    query: {
      filter: fields.requiredDocument("q"),
      sort: sort && parseSort(sort),
      hint,
      collation,
      variables: variablesOf(fields, request),
      deadline: request.deadline,
    },
    update: fields.get("u"),
    multi,
    upsert: fields.flag("upsert"),
    arrayFilters: fields.list("arrayFilters") ?? [],
    collation,
    variables: variablesOf(fields, request),
  };
}

/** An update makes the collection only when it makes a document. */
export function update(
  store: Store,
  request: { database: string },
  name: string,
  statement: UpdateStatement,
): UpdateResult {
  const existing = store.catalog.find(request.database, name);
  if (!existing && !statement.upsert) return NOTHING_UPDATED;
  return runUpdate(existing ?? store.catalog.ensure(request.database, name), statement);
}

export function readDelete(fields: Fields, request: Request): Query {
  return {
    filter: fields.requiredDocument("q"),
    limit: fields.count("limit") ?? 0,
    hint: fields.hint,
    collation: fields.collation,
    variables: request.variables,
    deadline: request.deadline,
  };
}

export function remove(collection: Collection, query: Query): number {
  const targets = [...runQuery(collection, query)];
  for (const stored of targets) collection.remove(stored);
  return targets.length;
}

const NOTHING_UPDATED: UpdateResult = {
  matched: 0,
  modified: 0,
  upserted: null,
  didUpsert: false,
  before: null,
  after: null,
};

function variablesOf(fields: Fields, request: Request): Query["variables"] & object {
  const constants = fields.optionalDocument("c") ?? NOWHERE;
  return new Map([...request.variables, ...constants]);
}

function isOrdered(request: Request): boolean {
  return !request.has("ordered") || request.flag("ordered");
}

function checkBatch(size: number): void {
  if (size === 0 || size > MAX_BATCH)
    throw new CommandError(
      16,
      `Write batch sizes must be between 1 and ${String(MAX_BATCH)}. Got ${String(size)} operations.`,
    );
}
