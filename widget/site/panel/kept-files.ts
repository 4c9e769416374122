/** Files on their way to the hub, kept in the browser so that a reload does not lose them. */
const table = "files";
/** What nobody came back for. */
const oldMs = 24 * 3_600_000;

interface KeptFile {
  id: string;
  file: File;
  at: number;
}

/** The name of a widget's own database. */
export const databaseOf = (key: string): string => `switchboard:${key}`;

export async function keepFile(key: string, id: string, file: File): Promise<void> {
  await within(key, "readwrite", (files) => files.put({ id, file, at: Date.now() } satisfies KeptFile));
}

export async function findFile(key: string, id: string): Promise<File | undefined> {
  const found = await within<KeptFile | undefined>(key, "readonly", (files) => files.get(id));
  return found?.file;
}

export async function dropFile(key: string, id: string): Promise<void> {
  await within(key, "readwrite", (files) => files.delete(id));
}

/** Of tabs that were closed in between. */
export async function dropOld(key: string): Promise<void> {
  const all = await within<KeptFile[]>(key, "readonly", (files) => files.getAll());
  for (const { id, at } of all ?? []) if (Date.now() - at > oldMs) await dropFile(key, id);
}

async function within<T>(
  key: string,
  mode: IDBTransactionMode,
  work: (files: IDBObjectStore) => IDBRequest,
): Promise<T | undefined> {
  try {
    const opening = indexedDB.open(databaseOf(key), 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(table, { keyPath: "id" });
    const database = await settled<IDBDatabase>(opening);
    try {
      return await settled<T>(work(database.transaction(table, mode).objectStore(table)));
    } finally {
      database.close();
    }
  } catch {
    return undefined; // storage is closed to this page, or full: what is on its way is lost with the page
  }
}

function settled<T>(request: IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as T);
    request.onerror = () => reject(request.error ?? new Error("storage"));
  });
}
