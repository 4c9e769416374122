// Removes documents whose time has passed, once a minute, as MongoDB does.
import type { Collection } from "./collection.ts";
import type { Index } from "./index-definition.ts";
import { runQuery } from "./query.ts";
import type { Store } from "./store.ts";
import { documentOf } from "./values.ts";

const BATCH = 1000;

/** Only dates expire; an array expires with the earliest of its dates. */
export async function removeExpired(store: Store, now = Date.now()): Promise<number> {
  let removed = 0;
  for (const collection of store.catalog.collections()) {
    for (const index of collection.indexes) {
      if (index.expireAfterSeconds !== null) removed += await expire(store, collection, index, now);
    }
  }
  return removed;
}

// In batches, so that other writes come between them.
async function expire(store: Store, { database, name }: Collection, { name: indexName }: Index, now: number) {
  let removed = 0;
  for (;;) {
    const count = await store.storage.write(() =>
      expireBatch(store.catalog.find(database, name), indexName, now),
    );
    removed += count;
    if (count < BATCH) return removed;
  }
}

function expireBatch(collection: Collection | null, indexName: string, now: number): number {
  const index = collection?.indexes.find((each) => each.name === indexName);
  const seconds = index?.expireAfterSeconds ?? null;
  const path = index?.fields[0]?.path;
  if (!collection || seconds === null || path === undefined) return 0;
  const filter = documentOf({ [path]: documentOf({ $lte: new Date(now - seconds * 1000) }) });
  const expired = [...runQuery(collection, { filter, limit: BATCH })];
  for (const stored of expired) collection.remove(stored);
  return expired.length;
}
