// Commands that make, drop, rename and list collections and databases.
import { encode, fromPlain } from "../bson.ts";
import type { Collection } from "../collection.ts";
import { CommandError, notSupported } from "../errors.ts";
import { equal } from "../compare.ts";
import { compileFilter } from "../match.ts";
import { isNumber, isTruthy, toNumber, type Document, type Value, emptyDocument } from "../values.ts";
import { reading, writing, type Command } from "./command.ts";
import { ok, type Reply } from "./reply.ts";
import type { Request } from "./request.ts";
import type { Store } from "../store.ts";

const REFUSED_OPTIONS = [
  "capped",
  "changeStreamPreAndPostImages",
  "clusteredIndex",
  "collation",
  "encryptedFields",
  "expireAfterSeconds",
  "max",
  "pipeline",
  "size",
  "timeseries",
  "validator",
  "viewOn",
];
const HARMLESS_OPTIONS = [
  "autoIndexId",
  "idIndex",
  "indexOptionDefaults",
  "storageEngine",
  "validationAction",
  "validationLevel",
];

export const COLLECTIONS: Record<string, Command> = {
  create: writing(["create", "maxTimeMS", ...HARMLESS_OPTIONS, ...REFUSED_OPTIONS], (store, request) => {
    for (const name of REFUSED_OPTIONS)
      if (isTruthy(request.get(name))) throw notSupported(`creating a collection with ${name}`);
    store.catalog.ensure(request.database, request.collectionName);
    return ok();
  }),

  drop: writing(["drop", "maxTimeMS"], (store, request) => {
    const collection = store.catalog.find(request.database, request.collectionName);
    if (!collection) return ok();
    store.catalog.drop(collection);
    return ok({ ns: collection.namespace, nIndexesWas: collection.indexes.length });
  }),

  dropDatabase: writing(["dropDatabase", "maxTimeMS"], (store, request) => {
    for (const collection of store.catalog.collectionsOf(request.database)) store.catalog.drop(collection);
    return ok({ dropped: request.database });
  }),

  renameCollection: writing(["renameCollection", "to", "dropTarget", "maxTimeMS"], (store, request) => {
    const [from, to] = [split(request.text("renameCollection")), split(request.text("to"))];
    const source = store.catalog.find(...from);
    if (!source) throw new CommandError(26, `Source collection ${from.join(".")} does not exist`);
    const target = store.catalog.find(...to);
    if (target && !request.flag("dropTarget")) throw new CommandError(48, "target namespace exists");
    if (target) store.catalog.drop(target);
    store.catalog.rename(source, ...to);
    return ok();
  }),

  collMod: writing(["collMod", "index", "maxTimeMS"], (store, request) => {
    const collection = existing(store, request);
    const change = request.requiredDocument("index");
    const index = collection.indexes.find((each) =>
      change.has("name")
        ? each.name === change.get("name")
        : equal(each.keyPattern, change.get("keyPattern")),
    );
    if (!index) throw new CommandError(27, "cannot find index for collMod");
    for (const name of change.keys())
      if (!["name", "keyPattern", "expireAfterSeconds"].includes(name))
        throw notSupported(`collMod of index.${name}`);
    const seconds = change.get("expireAfterSeconds");
    if (!isNumber(seconds)) throw new CommandError(72, "expireAfterSeconds must be a number");
    store.catalog.setExpiry(collection, index, toNumber(seconds));
    return ok({ expireAfterSeconds_new: toNumber(seconds) });
  }),

  listCollections: reading(
    ["listCollections", "filter", "nameOnly", "cursor", "authorizedCollections", "maxTimeMS"],
    (store, request) => {
      const described = store.catalog
        .collectionsOf(request.database)
        .map((each) => describe(each, request.flag("nameOnly")));
      return listed(store, request, `${request.database}.$cmd.listCollections`, described);
    },
  ),

  listDatabases: reading(
    ["listDatabases", "filter", "nameOnly", "authorizedDatabases", "maxTimeMS"],
    (store, request) => {
      const names = [...new Set(store.catalog.collections().map((collection) => collection.database))];
      const described = names.map((name) =>
        fromPlain(request.flag("nameOnly") ? { name } : { name, sizeOnDisk: 0n, empty: false }),
      );
      const databases = described.filter(
        compileFilter(request.optionalDocument("filter") ?? emptyDocument()),
      );
      return ok(request.flag("nameOnly") ? { databases } : { databases, totalSize: 0n });
    },
  ),
};

/** Throws 26 when the collection is not there. */
export function existing(store: Store, request: Request): Collection {
  const collection = store.catalog.find(request.database, request.collectionName);
  if (!collection)
    throw new CommandError(26, `ns does not exist: ${request.database}.${request.collectionName}`);
  return collection;
}

/** A list as a cursor that returns all of it in one batch unless another size is asked for. */
export function listed(
  store: Store,
  request: Request,
  namespace: string,
  documents: readonly Document[],
): Reply {
  const filter = compileFilter(request.optionalDocument("filter") ?? emptyDocument());
  const size = request.optionalDocument("cursor")?.get("batchSize");
  const options = { batchSize: isNumber(size) ? toNumber(size) : Infinity };
  const raw = documents.filter(filter).map((document) => encode(document));
  return { ...ok(), batch: store.cursors.start(namespace, raw[Symbol.iterator](), options) };
}

function describe(collection: Collection, nameOnly: boolean): Document {
  const name: [string, Value][] = [
    ["name", collection.name],
    ["type", "collection"],
  ];
  if (nameOnly) return new Map(name);
  return new Map<string, Value>([
    ...name,
    ["options", new Map()],
    [
      "info",
      new Map<string, Value>([
        ["readOnly", false],
        ["uuid", collection.options.get("uuid")],
      ]),
    ],
    ["idIndex", collection.indexes[0]?.spec],
  ]);
}

function split(namespace: string): [string, string] {
  const dot = namespace.indexOf(".");
  if (dot < 0) throw new CommandError(73, `Invalid namespace specified '${namespace}'`);
  return [namespace.slice(0, dot), namespace.slice(dot + 1)];
}
