import { emptyDocument } from "../values.ts";
import { decode } from "../bson.ts";
import { failedToParse } from "../errors.ts";
import { compileProjection } from "../project.ts";
import { findFirst } from "../query.ts";
import type { Store } from "../store.ts";
import type { Document } from "../values.ts";
import { writing } from "./command.ts";
import { ok, type Reply } from "./reply.ts";
import { Fields, type Request } from "./request.ts";
import { readUpdate, update } from "./writes.ts";
import { parseSort } from "../sort.ts";

const FIELDS = [
  "findAndModify",
  "findandmodify",
  "query",
  "sort",
  "remove",
  "update",
  "new",
  "fields",
  "upsert",
  "arrayFilters",
  "hint",
  "collation",
  "let",
  "maxTimeMS",
];

export const findAndModify = writing(FIELDS, (store, request) => {
  if (!request.flag("remove")) return modify(store, request);
  if (request.has("update")) throw failedToParse("Cannot specify both an update and remove=true");
  if (request.flag("new"))
    throw failedToParse(
      "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document",
    );
  return remove(store, request);
});

function modify(store: Store, request: Request): Reply {
  const statement: Document = new Map([
    ["q", queryOf(request)],
    ["u", request.get("update")],
  ]);
  for (const name of ["sort", "upsert", "arrayFilters", "hint", "collation"])
    if (request.has(name)) statement.set(name, request.get(name));
  const result = update(
    store,
    request,
    request.collectionName,
    readUpdate(new Fields("findAndModify", statement), request),
  );
  const n = result.matched + Number(result.didUpsert);
  const upserted = result.didUpsert ? { upserted: result.upserted } : {};
  const value = request.flag("new") ? result.after : result.before;
  return ok({
    lastErrorObject: { n, updatedExisting: result.matched > 0, ...upserted },
    value: value && shown(value, request),
  });
}

function remove(store: Store, request: Request): Reply {
  const collection = store.catalog.find(request.database, request.collectionName);
  const sort = request.optionalDocument("sort");
  const query = {
    filter: queryOf(request),
    sort: sort && parseSort(sort),
    hint: request.hint,
    collation: request.collation,
    variables: request.variables,
    deadline: request.deadline,
  };
  const found = collection && findFirst(collection, query);
  if (!found) return ok({ lastErrorObject: { n: 0 }, value: null });
  collection.remove(found);
  return ok({ lastErrorObject: { n: 1 }, value: shown(decode(found.raw), request) });
}

function queryOf(request: Request): Document {
  return request.optionalDocument("query") ?? emptyDocument();
}

function shown(document: Document, request: Request): Document {
  const fields = request.optionalDocument("fields");
  if (!fields || fields.size === 0) return document;
  const { project } = compileProjection(fields, { filter: queryOf(request), collation: request.collation });
  return project(document, request.variables);
}
