/** Bytes outside the database, behind a port: on disk now, in an object store later. */
import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError } from "./errors.ts";

export interface StoredBytes {
  key: string;
  /** Bytes. */
  size: number;
  sha256: string;
}

export interface FileStore {
  /** Durable when it resolves. Throws `too_large` above `maxBytes`, and whatever the disk says; a half is never kept. */
  put(bytes: AsyncIterable<Uint8Array>, maxBytes: number): Promise<StoredBytes>;
  /** `start` and `end` (inclusive) choose a range. */
  open(key: string, range?: { start: number; end: number }): AsyncIterable<Uint8Array>;
  remove(key: string): Promise<void>;
}

/** `data/files/ab/cd/<random>`: names are ours, so what a sender calls a file never touches the file system. */
export function createDiskFiles(root: string): FileStore {
  const pathOf = (key: string): string => {
    if (!/^[0-9a-f]{32}$/.test(key)) throw new Error("not a key of this file store");
    return join(root, key.slice(0, 2), key.slice(2, 4), key);
  };
  return {
    async put(bytes, maxBytes) {
      const key = randomBytes(16).toString("hex");
      const path = pathOf(key);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      return { key, ...(await writeDurably(path, bytes, maxBytes)) };
    },
    open: (key, range) => createReadStream(pathOf(key), range),
    remove: (key) => rm(pathOf(key), { force: true }),
  };
}

async function writeDurably(
  path: string,
  bytes: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<{ size: number; sha256: string }> {
  const part = `${path}.part`;
  const handle = await open(part, "wx", 0o600);
  const hash = createHash("sha256");
  let size = 0;
  try {
    for await (const chunk of bytes) {
      size += chunk.byteLength;
      if (size > maxBytes) throw new AppError("too_large", { maxBytes });
      hash.update(chunk);
      await writeWhole(handle, chunk);
    }
    await handle.sync();
    await handle.close();
    await rename(part, path);
    await syncFolder(dirname(path));
    return { size, sha256: hash.digest("hex") };
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(part, { force: true });
    throw error;
  }
}

async function writeWhole(handle: Awaited<ReturnType<typeof open>>, chunk: Uint8Array): Promise<void> {
  for (let offset = 0; offset < chunk.byteLength;) {
    const { bytesWritten } = await handle.write(chunk, offset);
    offset += bytesWritten;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  await folder.sync().finally(() => folder.close());
}
