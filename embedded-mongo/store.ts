// What every command works on.
import { Catalog } from "./catalog.ts";
import { Cursors } from "./cursors.ts";
import { Storage, type StorageOptions } from "./storage.ts";

export interface Store {
  storage: Storage;
  catalog: Catalog;
  cursors: Cursors;
}

export async function openStore(options: StorageOptions): Promise<Store> {
  const storage = await Storage.open(options);
  return { storage, catalog: await Catalog.open(storage), cursors: new Cursors() };
}
