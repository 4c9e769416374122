// The operations of the CRUD tests, each as the driver's own method.
import { Collection, Db, MongoClient, type ClientBulkWriteResult, type Document } from "mongodb";

type Run = (target: unknown, given: Document) => Promise<unknown>;

// The cases are data of many shapes, right and wrong ones on purpose: what they hold is passed on unchecked.
const onCollection =
  (
    run: (collection: Collection, given: Document, options: Document) => Promise<unknown>,
    ...names: string[]
  ): Run =>
  (target, given) => {
    if (!(target instanceof Collection)) throw new TypeError("the operation needs a collection");
    return run(target, given, without(given, names));
  };

export const OPERATIONS: Record<string, Run> = {
  insertOne: onCollection((c, { document }, options) => c.insertOne(document, options), "document"),
  insertMany: onCollection((c, { documents }, options) => c.insertMany(documents, options), "documents"),
  find: onCollection((c, { filter }, options) => c.find(filter, options).toArray(), "filter"),
  findOne: onCollection((c, { filter }, options) => c.findOne(filter, options), "filter"),
  countDocuments: onCollection((c, { filter }, options) => c.countDocuments(filter, options), "filter"),
  estimatedDocumentCount: onCollection((c, _given, options) => c.estimatedDocumentCount(options)),
  count: onCollection((c, { filter }, options) => c.count(filter, options), "filter"),
  distinct: onCollection(
    (c, { fieldName, filter }, options) => c.distinct(fieldName, filter ?? {}, options),
    "fieldName",
    "filter",
  ),
  updateOne: onCollection(
    (c, { filter, update }, options) => c.updateOne(filter, update, options),
    "filter",
    "update",
  ),
  updateMany: onCollection(
    (c, { filter, update }, options) => c.updateMany(filter, update, options),
    "filter",
    "update",
  ),
  replaceOne: onCollection(
    (c, { filter, replacement }, options) => c.replaceOne(filter, replacement, options),
    "filter",
    "replacement",
  ),
  deleteOne: onCollection((c, { filter }, options) => c.deleteOne(filter, options), "filter"),
  deleteMany: onCollection((c, { filter }, options) => c.deleteMany(filter, options), "filter"),
  findOneAndUpdate: onCollection(
    (c, { filter, update }, options) => c.findOneAndUpdate(filter, update, returning(options)),
    "filter",
    "update",
  ),
  findOneAndReplace: onCollection(
    (c, { filter, replacement }, options) => c.findOneAndReplace(filter, replacement, returning(options)),
    "filter",
    "replacement",
  ),
  findOneAndDelete: onCollection((c, { filter }, options) => c.findOneAndDelete(filter, options), "filter"),
  createIndex: onCollection((c, { keys }, options) => c.createIndex(keys, options), "keys"),
  bulkWrite: onCollection((c, { requests }, options) => c.bulkWrite(requests, options), "requests"),
  aggregate: (target, given) => {
    const options = without(given, ["pipeline"]);
    const pipeline: Document[] = given["pipeline"];
    if (target instanceof Collection || target instanceof Db)
      return target.aggregate(pipeline, options).toArray();
    throw new TypeError("aggregate needs a collection or a database");
  },
  clientBulkWrite: async (target, given) => {
    if (!(target instanceof MongoClient)) throw new TypeError("clientBulkWrite needs a client");
    const models = given["models"].map((model: Document) => {
      const [[name, fields] = []] = Object.entries(model);
      return { name, ...fields };
    });
    return clientBulkResult(await target.bulkWrite(models, without(given, ["models"])));
  },
  createCollection: async (target, given) => {
    if (!(target instanceof Db)) throw new TypeError("createCollection needs a database");
    await target.createCollection(String(given["collection"]), without(given, ["collection"]));
  },
  dropCollection: async (target, given) => {
    if (!(target instanceof Db)) throw new TypeError("dropCollection needs a database");
    await target.dropCollection(String(given["collection"]));
  },
  modifyCollection: async (target, given) => {
    if (!(target instanceof Db)) throw new TypeError("modifyCollection needs a database");
    return target.command({ collMod: given["collection"], ...without(given, ["collection"]) });
  },
  failPoint: async (target, given) => {
    if (!(target instanceof MongoClient)) throw new TypeError("failPoint needs a client");
    return target.db("admin").command(given["failPoint"]);
  },
};

function returning(options: Document): Document {
  const { returnDocument, ...rest } = options;
  return typeof returnDocument === "string"
    ? { ...rest, returnDocument: returnDocument.toLowerCase() }
    : rest;
}

/** The driver says of each update whether it was an upsert; the format has no such field. */
export function clientBulkResult(result: ClientBulkWriteResult): Document {
  const updates = [...(result.updateResults ?? [])].map(
    ([i, { didUpsert: _didUpsert, ...rest }]) => [i, rest] as const,
  );
  return { ...result, ...(result.updateResults ? { updateResults: new Map(updates) } : {}) };
}

function without(given: Document, names: readonly string[]): Document {
  return Object.fromEntries(Object.entries(given).filter(([name]) => !names.includes(name)));
}
