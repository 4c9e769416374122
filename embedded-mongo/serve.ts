// The store in this thread: files, socket and the clock that expires documents.
import { constants } from "node:fs";
import { access, mkdir, rm } from "node:fs/promises";
import { StoreStartError } from "./errors.ts";
import { listen } from "./server.ts";
import { prepareSocketPath, socketUri } from "./socket-path.ts";
import { openStore } from "./store.ts";
import { removeExpired } from "./ttl.ts";

const HOUSEKEEPING_MS = 30_000;

export interface EmbeddedMongoOptions {
  /** Made when it is not there; one process at a time uses it. */
  dataDir: string;
  /** Refuse writes beyond this many pages of 4 KiB, as a full disk would. */
  maxPageCount?: number;
}

export interface EmbeddedMongo {
  /** For MongoDB drivers: a private unix socket. */
  uri: string;
  /** Answers what has been received, then closes the socket and the files. */
  close(): Promise<void>;
}

/** Serves in the current thread; throws StoreStartError when the data directory cannot be used. */
export async function serveEmbeddedMongo({
  dataDir,
  maxPageCount,
}: EmbeddedMongoOptions): Promise<EmbeddedMongo> {
  await prepareDirectory(dataDir);
  const store = await openStore({ dataDir, ...(maxPageCount === undefined ? {} : { maxPageCount }) });
  const socketPath = await prepareSocketPath(dataDir);
  const listener = await listen(store, socketPath);
  let closing = false;
  const housekeeping = setInterval(() => {
    store.cursors.closeIdle();
    removeExpired(store).catch((error: unknown) => {
      if (!closing) throw error; // what is left has expired all the same, and goes after the next start
    });
  }, HOUSEKEEPING_MS);
  housekeeping.unref();
  return {
    uri: socketUri(socketPath),
    close: async () => {
      clearInterval(housekeeping);
      closing = true;
      await listener.close();
      store.storage.close();
      await rm(socketPath, { force: true });
    },
  };
}

async function prepareDirectory(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await access(dataDir, constants.W_OK);
  } catch (error) {
    const message = `The data directory ${dataDir} cannot be written. Give this user write access, or choose another one.`;
    throw new StoreStartError("data_dir_unwritable", message, { cause: error });
  }
}
