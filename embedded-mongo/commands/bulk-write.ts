// bulkWrite: operations on several collections in one command, as client.bulkWrite sends it.
import { encode } from "../bson.ts";
import { CommandError } from "../errors.ts";
import type { Store } from "../store.ts";
import { isNumber, toNumber, type Document } from "../values.ts";
import { writing } from "./command.ts";
import { ok } from "./reply.ts";
import { Fields, type Request } from "./request.ts";
import { writeError } from "./write-errors.ts";
import { readDelete, readUpdate, remove, update } from "./writes.ts";

const FIELDS = ["bulkWrite", "ops", "nsInfo", "ordered", "errorsOnly", "cursor", "let", "maxTimeMS"];
const NAMESPACE = "admin.$cmd.bulkWrite";

interface Totals {
  nInserted: number;
  nMatched: number;
  nModified: number;
  nUpserted: number;
  nDeleted: number;
}

type Result = Record<string, unknown>;

export const bulkWrite = writing(FIELDS, (store, request) => {
  const namespaces = request.statements("nsInfo").map((info) => split(info.text("ns")));
  const totals: Totals = { nInserted: 0, nMatched: 0, nModified: 0, nUpserted: 0, nDeleted: 0 };
  const results: Result[] = [];
  let nErrors = 0;
  for (const [idx, operation] of request.statements("ops").entries()) {
    try {
      results.push({ ok: 1, idx, ...runOperation(store, request, operation, namespaces, totals) });
    } catch (error) {
      const { index: _index, ...failure } = writeError(error, idx);
      results.push({ ok: 0, idx, ...failure, n: 0 });
      nErrors++;
      if (request.flag("ordered") || !request.has("ordered")) break;
    }
  }
  const shown = request.flag("errorsOnly") ? results.filter((result) => result["ok"] === 0) : results;
  const size = request.optionalDocument("cursor")?.get("batchSize");
  const options = { batchSize: isNumber(size) ? toNumber(size) : Infinity };
  const raw = shown.map((result) => encode(result));
  return {
    ...ok({ nErrors, ...totals }),
    batch: store.cursors.start(NAMESPACE, raw[Symbol.iterator](), options),
  };
});

const OPERATIONS = {
  insert: new Set(["insert", "document"]),
  update: new Set([
    "update",
    "filter",
    "updateMods",
    "multi",
    "upsert",
    "arrayFilters",
    "hint",
    "collation",
    "sort",
    "constants",
  ]),
  delete: new Set(["delete", "filter", "multi", "hint", "collation"]),
};

function runOperation(
  store: Store,
  request: Request,
  operation: Fields,
  namespaces: readonly [string, string][],
  totals: Totals,
): Result {
  const [kind = ""] = operation.document.keys();
  const namespace = namespaces[operation.count(kind) ?? -1];
  if (!namespace) throw new CommandError(2, `BulkWrite ${kind} has an invalid nsInfo index.`);
  if (kind === "insert") return insert(store, operation, namespace, totals);
  if (kind === "update") return change(store, request, operation, namespace, totals);
  if (kind === "delete") return erase(store, request, operation, namespace, totals);
  throw new CommandError(9, `unknown bulkWrite operation: ${kind}`);
}

function insert(store: Store, operation: Fields, [database, name]: [string, string], totals: Totals): Result {
  operation.allow(OPERATIONS.insert);
  store.catalog.ensure(database, name).insert(encode(operation.requiredDocument("document")));
  totals.nInserted++;
  return { n: 1 };
}

function change(
  store: Store,
  request: Request,
  operation: Fields,
  [database, name]: [string, string],
  totals: Totals,
): Result {
  operation.allow(OPERATIONS.update);
  const fields = new Fields(
    "bulkWrite.update",
    renamed(operation.document, { filter: "q", updateMods: "u", constants: "c" }),
  );
  const result = update(store, { database }, name, readUpdate(fields, request));
  totals.nMatched += result.matched;
  totals.nModified += result.modified;
  totals.nUpserted += Number(result.didUpsert);
  const upserted = result.didUpsert ? { upserted: { _id: result.upserted } } : {};
  return { n: result.matched + Number(result.didUpsert), nModified: result.modified, ...upserted };
}

function erase(
  store: Store,
  request: Request,
  operation: Fields,
  [database, name]: [string, string],
  totals: Totals,
): Result {
  operation.allow(OPERATIONS.delete);
  const statement = renamed(operation.document, { filter: "q" }).set(
    "limit",
    operation.flag("multi") ? 0 : 1,
  );
  const collection = store.catalog.find(database, name);
  const n = collection
    ? remove(collection, readDelete(new Fields("bulkWrite.delete", statement), request))
    : 0;
  totals.nDeleted += n;
  return { n };
}

function renamed(document: Document, names: Record<string, string>): Document {
  return new Map([...document].map(([name, value]) => [names[name] ?? name, value]));
}

function split(namespace: string): [string, string] {
  const dot = namespace.indexOf(".");
  if (dot <= 0) throw new CommandError(73, `Invalid namespace specified '${namespace}'`);
  return [namespace.slice(0, dot), namespace.slice(dot + 1)];
}
