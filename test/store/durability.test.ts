// What the store promises about the disk: nothing acknowledged is lost, nothing is half written, one owner at a time.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { MongoClient, type Collection } from "mongodb";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { serveEmbeddedMongo } from "../../embedded-mongo/index.ts";
import { openStore } from "./open-store.ts";

interface Entry {
  _id: number;
  key: string;
  group: number;
}

interface Report {
  uri?: string;
  code?: string;
  message?: string;
}

const CHILD = new URL("./durability-child.ts", import.meta.url).pathname;
const ROUNDS = 4;
const WRITERS = 8;

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "store-"));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

describe("a store killed under load", () => {
  test("has every write it acknowledged, and indexes that agree with the documents", async () => {
    const acknowledged = new Set<number>();
    for (let round = 0; round < ROUNDS; round++) {
      const { child, report } = await startChild(dataDir);
      const client = await MongoClient.connect(report.uri ?? "", { retryWrites: false });
      const entries = client.db("test").collection<Entry>("entries");
      await checkEntries(entries, acknowledged);
      await writeUntilKilled(entries, child, acknowledged, (round + 1) * 300);
      await client.close();
    }
    const store = await serveEmbeddedMongo({ dataDir });
    const client = await MongoClient.connect(store.uri);
    await checkEntries(client.db("test").collection<Entry>("entries"), acknowledged);
    await client.close();
    await store.close();
    expect(acknowledged.size).toBeGreaterThanOrEqual(ROUNDS * 300);
  });
});

describe("a full disk", () => {
  test("refuses the write as a whole, goes on reading, and takes writes again when there is room", async () => {
    const store = await openStore({ maxPageCount: 120 });
    const notes = store.database.collection<{ _id: number; text: string }>("notes");
    await notes.createIndex({ text: 1 });
    let stored = 0;
    const fill = async () => {
      for (;;) {
        await notes.insertOne({ _id: stored, text: String(stored).padEnd(4000, "x") });
        stored++;
      }
    };
    await expect(fill()).rejects.toMatchObject({ code: 14031 });
    expect(stored).toBeGreaterThan(10);
    expect(await notes.countDocuments()).toBe(stored);
    expect(await notes.find().hint({ text: 1 }).toArray()).toHaveLength(stored);
    const many = Array.from({ length: 20 }, (_item, i) => ({ _id: 10_000 + i, text: "y".repeat(4000) }));
    await expect(notes.insertMany(many)).rejects.toMatchObject({ code: 14031 });
    expect(await notes.countDocuments({ _id: { $gte: 10_000 } })).toBe(0);
    await notes.deleteMany({ _id: { $lt: 10 } });
    await notes.insertOne({ _id: 20_000, text: "small" });
    expect(await notes.countDocuments()).toBe(stored - 9);
    await store.close();
  });
});

describe("the data directory", () => {
  test("has one owner, and a second start says so", async () => {
    const { child, report } = await startChild(dataDir);
    expect(report.uri).toBeDefined();
    await expect(serveEmbeddedMongo({ dataDir })).rejects.toMatchObject({ code: "data_dir_in_use" });
    child.kill("SIGKILL");
    await once(child, "exit");
    const store = await serveEmbeddedMongo({ dataDir });
    await expect(serveEmbeddedMongo({ dataDir })).rejects.toMatchObject({
      code: "data_dir_in_use",
      message: expect.stringContaining(dataDir),
    });
    await store.close();
  });

  test("that cannot be written is refused with a sentence", async () => {
    await chmod(dataDir, 0o555);
    const { child, report } = await startChild(dataDir, bounded());
    expect(report).toMatchObject({ code: "data_dir_unwritable", message: expect.stringContaining(dataDir) });
    await once(child, "exit");
  });

  test("holds a socket no other user can open, also where its path is long", async () => {
    for (const folder of [dataDir, join(dataDir, "deep".repeat(30))]) {
      const store = await serveEmbeddedMongo({ dataDir: folder });
      const path = decodeURIComponent(/^mongodb:\/\/([^/]+)\//.exec(store.uri)?.[1] ?? "");
      expect(Buffer.byteLength(path)).toBeLessThanOrEqual(100);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      await store.close();
    }
  });
});

async function startChild(folder: string, wrapper: string[] = []) {
  const [command = "", ...args] = [...wrapper, process.execPath, "--import", "tsx", CHILD, folder];
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(createInterface(child.stdout), "line");
  const report: Report = JSON.parse(String(line));
  return { child, report };
}

async function checkEntries(entries: Collection<Entry>, acknowledged: ReadonlySet<number>): Promise<void> {
  await entries.createIndex({ key: 1 }, { unique: true });
  await entries.createIndex({ group: 1, key: -1 });
  const all = await entries.find().toArray();
  const found = new Set(all.map(({ _id }) => _id));
  expect([...acknowledged].filter((id) => !found.has(id))).toEqual([]);
  for (const index of ["key_1", "group_1_key_-1"])
    expect(new Set((await entries.find().hint(index).toArray()).map(({ _id }) => _id))).toEqual(found);
}

async function writeUntilKilled(
  entries: Collection<Entry>,
  child: ChildProcess,
  acknowledged: Set<number>,
  until: number,
) {
  let next = acknowledged.size * 2 + 1;
  const exited = once(child, "exit");
  const write = async () => {
    while (child.exitCode === null && child.signalCode === null) {
      const id = next++;
      const done = await entries.insertOne({ _id: id, key: `k${String(id)}`, group: id % 7 }).then(
        () => true,
        () => false,
      );
      if (!done) return;
      acknowledged.add(id);
      if (acknowledged.size >= until) child.kill("SIGKILL");
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  await exited;
}

/** Root may write anywhere, unless it gives that power up. */
function bounded(): string[] {
  return process.getuid?.() === 0 ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--"] : [];
}
