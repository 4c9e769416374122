import { integerOf } from "../sqlite.ts";
import type { Store } from "../store.ts";
import { existing } from "./collections.ts";
import { reading, type Command } from "./command.ts";
import { ok } from "./reply.ts";

export const STATISTICS: Record<string, Command> = {
  collStats: reading(["collStats", "scale"], (store, request) => {
    const collection = existing(store, request);
    const indexes = collection.indexes.length;
    return ok({ ns: collection.namespace, count: collection.count(), nindexes: indexes, capped: false });
  }),
  // One file holds every database: the sizes are those of the file.
  dbStats: reading(["dbStats", "scale", "freeStorage"], (store, request) => {
    const collections = store.catalog.collectionsOf(request.database);
    const objects = collections.reduce((sum, collection) => sum + collection.count(), 0);
    const indexes = collections.reduce((sum, collection) => sum + collection.indexes.length, 0);
    return ok({
      db: request.database,
      collections: collections.length,
      objects,
      indexes,
      storageSize: fileSize(store),
    });
  }),
};

function fileSize({ storage }: Store): number {
  const pages = integerOf(storage.statement("PRAGMA page_count").get()?.["page_count"]);
  return pages * integerOf(storage.statement("PRAGMA page_size").get()?.["page_size"]);
}
