import { CommandError } from "../errors.ts";
import { showDocument, plainText } from "../format.ts";
import { samePattern, type Index } from "../index-definition.ts";
import { isDocument, type Value } from "../values.ts";
import type { Collection } from "../collection.ts";
import { existing, listed } from "./collections.ts";
import { reading, writing, type Command } from "./command.ts";
import { ok } from "./reply.ts";

const dropIndexes = writing(["dropIndexes", "deleteIndexes", "index", "maxTimeMS"], (store, request) => {
  const collection = existing(store, request);
  const before = collection.indexes.length;
  for (const index of chosen(collection, request.get("index"))) store.catalog.dropIndex(collection, index);
  return ok({ nIndexesWas: before });
});

export const INDEXES: Record<string, Command> = {
  createIndexes: writing(["createIndexes", "indexes", "commitQuorum", "maxTimeMS"], (store, request) => {
    const isNew = !store.catalog.find(request.database, request.collectionName);
    const specs = request.list("indexes") ?? [];
    if (specs.length === 0) throw new CommandError(2, "Must specify at least one index to create");
    const collection = store.catalog.ensure(request.database, request.collectionName);
    const before = collection.indexes.length;
    for (const spec of specs) {
      if (!isDocument(spec))
        throw new CommandError(14, "The elements of the 'indexes' array must be objects");
      store.catalog.createIndex(collection, spec);
    }
    const after = collection.indexes.length;
    const note = before === after ? { note: "all indexes already exist" } : {};
    return ok({
      numIndexesBefore: before,
      numIndexesAfter: after,
      createdCollectionAutomatically: isNew,
      ...note,
    });
  }),
  dropIndexes,
  deleteIndexes: dropIndexes,
  listIndexes: reading(["listIndexes", "cursor", "maxTimeMS"], (store, request) => {
    const collection = existing(store, request);
    return listed(
      store,
      request,
      collection.namespace,
      collection.indexes.map((index) => index.spec),
    );
  }),
};

function chosen(collection: Collection, wanted: Value): Index[] {
  if (wanted === "*") return collection.indexes.filter((index) => index.name !== "_id_");
  return (Array.isArray(wanted) ? wanted : [wanted]).map((one) => {
    const index = collection.indexes.find((each) =>
      isDocument(one) ? samePattern(each.keyPattern, one) : each.name === one,
    );
    if (index) return index;
    throw new CommandError(
      27,
      isDocument(one)
        ? `can't find index with key: ${showDocument(one)}`
        : `index not found with name [${plainText(one)}]`,
    );
  });
}
