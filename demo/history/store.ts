/** The hub's built-in store, over the private socket that it keeps in its data directory. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { MongoClient } from "mongodb";

/** Hands `work` the hub's database and closes the connection afterwards. */
export async function inStore<T>(
  dataDir: string,
  work: (database: ReturnType<MongoClient["db"]>) => Promise<T>,
): Promise<T> {
  const address = `mongodb://${encodeURIComponent(socketPath(dataDir))}/?directConnection=true`;
  const client = await MongoClient.connect(address);
  try {
    return await work(client.db("switchboard"));
  } finally {
    await client.close();
  }
}

/** A long path is cut by the system; the store then has its socket in the temporary folder. */
function socketPath(dataDir: string): string {
  const near = join(resolve(dataDir), "run", "store.sock");
  if (existsSync(near)) return near;
  const name = createHash("sha256").update(resolve(dataDir)).digest("hex").slice(0, 24);
  return join(tmpdir(), `switchboard-${name}`, "store.sock");
}
