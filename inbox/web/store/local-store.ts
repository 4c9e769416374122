// What this browser keeps over a reload: messages not sent yet, and pictures of lists and threads for the first paint.
import { session } from "../../../ui/session.ts";

type StoreName = "outbox" | "snapshots";

let opening: { owner: string; database: Promise<IDBDatabase> } | undefined;

/** Every entry of a store. */
export async function readAll<T>(store: StoreName): Promise<T[]> {
  return (await attempt<T[]>(store, "readonly", (table) => table.getAll() as IDBRequest<T[]>)) ?? [];
}

export async function readOne<T>(store: StoreName, key: string): Promise<T | undefined> {
  return attempt<T | undefined>(store, "readonly", (table) => table.get(key) as IDBRequest<T | undefined>);
}

/** Resolves when it is on disk, or when the disk will not have it. */
export async function keep(store: StoreName, key: string, value: unknown): Promise<void> {
  await attempt(store, "readwrite", (table) => table.put(plain(value), key));
}

export async function forget(store: StoreName, key: string): Promise<void> {
  await attempt(store, "readwrite", (table) => table.delete(key));
}

/** Leaves the last `most` of the keys that begin so; ids of the store grow with time. */
export async function prune(store: StoreName, beginning: string, most: number): Promise<void> {
  const range = IDBKeyRange.bound(beginning, `${beginning}\uffff`);
  const keys = (await attempt(store, "readonly", (table) => table.getAllKeys(range))) ?? [];
  const last = keys[keys.length - most - 1];
  if (last !== undefined)
    await attempt(store, "readwrite", (table) => table.delete(IDBKeyRange.bound(beginning, last)));
}

/** A full disk or a browser that keeps nothing takes the reload's comfort away, never the work at hand. */
async function attempt<T>(
  store: StoreName,
  mode: IDBTransactionMode,
  act: (table: IDBObjectStore) => IDBRequest<T>,
): Promise<T | undefined> {
  try {
    return await run(store, mode, act);
  } catch {
    return undefined; // what is on screen lives in memory and goes to the server from there
  }
}

/** Reactive proxies cannot be stored. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

async function run<T>(
  store: StoreName,
  mode: IDBTransactionMode,
  act: (table: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const transaction = (await database()).transaction(store, mode);
  const request = act(transaction.objectStore(store));
  return new Promise<T>((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = () => reject(transaction.error ?? new Error("IndexedDB refused"));
    transaction.onabort = () => reject(transaction.error ?? new Error("IndexedDB gave up"));
  });
}

/** One database a person, so that two who share a browser never see each other's. */
function database(): Promise<IDBDatabase> {
  const owner = session.value?.me.id;
  if (owner === undefined) throw new Error("Nobody is signed in, so there is nobody to keep it for.");
  if (opening?.owner !== owner) opening = { owner, database: open(`switchboard-${owner}`) };
  return opening.database;
}

function open(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  return new Promise((resolve, reject) => {
    request.onupgradeneeded = () => {
      request.result.createObjectStore("outbox");
      request.result.createObjectStore("snapshots");
    };
    request.onsuccess = () => resolve(yielding(request.result));
    request.onerror = () => reject(request.error ?? new Error("IndexedDB does not open"));
  });
}

/** Lets a sign-out delete it, in this tab or another. */
function yielding(database: IDBDatabase): IDBDatabase {
  database.onversionchange = () => {
    opening = undefined;
    database.close();
  };
  return database;
}
