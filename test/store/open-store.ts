import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient, type Db } from "mongodb";
import { serveEmbeddedMongo, type EmbeddedMongoOptions } from "../../embedded-mongo/index.ts";

export interface OpenStore {
  dataDir: string;
  uri: string;
  database: Db;
  close(): Promise<void>;
}

/** An embedded store in a folder of its own, with a client connected to it. */
export async function openStore(options: Partial<EmbeddedMongoOptions> = {}): Promise<OpenStore> {
  const dataDir = await mkdtemp(join(tmpdir(), "store-"));
  const store = await serveEmbeddedMongo({ dataDir, ...options });
  const client = await MongoClient.connect(store.uri, { maxPoolSize: 64 });
  return {
    dataDir,
    uri: store.uri,
    database: client.db("test"),
    close: async () => {
      await client.close();
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
