// Where the private socket is.
import { createHash } from "node:crypto";
import { chmod, mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** Longer paths are silently cut by the system. */
const LONGEST = 100;
const FILE = "store.sock";

/** A free path for the socket, in a folder only this user can enter: of the data directory, or named after it. */
export async function prepareSocketPath(dataDir: string): Promise<string> {
  const path = socketPathOf(dataDir);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await chmod(dirname(path), 0o700);
  await rm(path, { force: true });
  return path;
}

/** Where the socket of a data directory is, whoever serves it. */
export function socketPathOf(dataDir: string): string {
  const near = join(resolve(dataDir), "run", FILE);
  return Buffer.byteLength(near) <= LONGEST ? near : pathElsewhere(resolve(dataDir));
}

export function socketUri(path: string): string {
  return `mongodb://${encodeURIComponent(path)}/?directConnection=true`;
}

function pathElsewhere(dataDir: string): string {
  const name = createHash("sha256").update(dataDir).digest("hex").slice(0, 24);
  return join(tmpdir(), `switchboard-${name}`, FILE);
}
