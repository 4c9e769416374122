// What MongoDB does with values, updates, concurrent writers and cursors, told case by case.
import {
  Binary,
  BSONRegExp,
  Decimal128,
  Double,
  Int32,
  Long,
  ObjectId,
  type NumericType,
  Timestamp,
  type Collection,
  type Document,
} from "mongodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openStore as openEmbedded } from "../../embedded-mongo/store.ts";
import { removeExpired } from "../../embedded-mongo/ttl.ts";
import { documentOf } from "../../embedded-mongo/values.ts";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BSON } from "bson";
import { openStore, type OpenStore } from "./open-store.ts";

interface Numbered extends Document {
  _id: number;
}

let store: OpenStore;
let things: Collection<Numbered>;
beforeAll(async () => {
  store = await openStore();
  things = store.database.collection<Numbered>("things");
});
afterAll(() => store.close());
beforeEach(() => things.drop());

describe("values", () => {
  test("come back byte for byte, also after another field was updated", async () => {
    const original = {
      _id: 1,
      date: new Date(-1),
      id: new ObjectId(),
      int: new Int32(1),
      long: Long.fromString("9007199254740993"),
      double: new Double(1),
      decimal: Decimal128.fromString("1.10"),
      binary: new Binary(Buffer.from([1, 2]), 128),
      timestamp: new Timestamp({ t: 7, i: 9 }),
      regex: new BSONRegExp("^a.b", "im"),
      nested: { z: 1, "1": 2, a: [null, { $ref: "x", $id: 1 }] },
    };
    await things.insertOne(original, { bsonRegExp: true });
    const raw = () => things.findOne({ _id: 1 }, { raw: true });
    const bytes = Buffer.from(BSON.serialize(original));
    expect(Buffer.compare(Buffer.from(Object(await raw())), bytes)).toBe(0);
    await things.updateOne({ _id: 1 }, { $set: { touched: true } });
    await things.updateOne({ _id: 1 }, { $unset: { touched: 1 } });
    expect(Buffer.compare(Buffer.from(Object(await raw())), bytes)).toBe(0);
  });

  const SUMS: [string, NumericType, NumericType, NumericType][] = [
    ["int32 overflows into int64", new Int32(2147483647), new Int32(1), Long.fromNumber(2147483648)],
    [
      "int64 stays exact above 2^53",
      Long.fromString("9007199254740993"),
      new Int32(2),
      Long.fromString("9007199254740995"),
    ],
    ["a double stays one", new Double(1.5), new Int32(1), new Double(2.5)],
    [
      "decimals add exactly",
      Decimal128.fromString("0.1"),
      Decimal128.fromString("0.2"),
      Decimal128.fromString("0.3"),
    ],
  ];
  test.each(SUMS)("%s", async (_name, start, step, expected) => {
    await things.insertOne({ _id: 1, n: start });
    await things.updateOne({ _id: 1 }, { $inc: { n: step } });
    expect((await things.findOne({ _id: 1 }, { promoteValues: false }))?.["n"]).toEqual(expected);
  });
});

describe("updates", () => {
  const CASES: [string, Document, Document, Document, Document][] = [
    ["$ takes the element matched", { a: [1, 5, 8] }, { a: 5 }, { $set: { "a.$": 6 } }, { a: [1, 6, 8] }],
    ["$[] takes all", { a: [1, 2] }, {}, { $inc: { "a.$[]": 1 } }, { a: [2, 3] }],
    [
      "$ in an array of documents",
      { a: [{ k: 1 }, { k: 2 }] },
      { "a.k": 2 },
      { $set: { "a.$.v": 9 } },
      { a: [{ k: 1 }, { k: 2, v: 9 }] },
    ],
    [
      "$push with each, sort and slice",
      { a: [3] },
      {},
      { $push: { a: { $each: [1, 2], $sort: -1, $slice: 2 } } },
      { a: [3, 2] },
    ],
    ["$pull by condition", { a: [1, 5, 9] }, {}, { $pull: { a: { $gt: 4 } } }, { a: [1] }],
    [
      "$addToSet adds once",
      { a: [{ x: 1 }] },
      {},
      { $addToSet: { a: { $each: [{ x: 1 }, 2, 2] } } },
      { a: [{ x: 1 }, 2] },
    ],
    ["$rename moves", { a: 1 }, {}, { $rename: { a: "b.c" } }, { b: { c: 1 } }],
    [
      "two positional sets in one update",
      { a: [{ x: 1, y: 1 }] },
      { "a.x": 1 },
      { $set: { "a.$.x": 2, "a.$.y": 3 } },
      { a: [{ x: 2, y: 3 }] },
    ],
    [
      "a pipeline reads the document",
      { a: 2, b: 3 },
      {},
      [{ $set: { c: { $multiply: ["$a", "$b"] } } }],
      { a: 2, b: 3, c: 6 },
    ],
  ];
  test.each(CASES)("%s", async (_name, before, query, update, after) => {
    await things.insertOne({ _id: 1, ...before });
    await things.updateOne({ _id: 1, ...query }, update);
    expect(await things.findOne({ _id: 1 })).toEqual({ _id: 1, ...after });
  });

  test("array filters reach nested elements", async () => {
    await things.insertOne({ _id: 1, a: [{ b: [{ n: 1 }, { n: 2 }] }, { b: [{ n: 2 }] }] });
    await things.updateOne(
      { _id: 1 },
      { $set: { "a.$[].b.$[two].n": 0 } },
      { arrayFilters: [{ "two.n": 2 }] },
    );
    expect(await things.findOne()).toEqual({ _id: 1, a: [{ b: [{ n: 1 }, { n: 0 }] }, { b: [{ n: 0 }] }] });
  });

  const REFUSED: [string, number, Document, object?][] = [
    ["$ without a matching condition", 2, { $set: { "a.$": 1 } }],
    ["an unknown operator", 9, { $frobnicate: { a: 1 } }],
    ["incrementing a string", 14, { $inc: { text: 1 } }],
    ["a field below a scalar", 28, { $set: { "text.below": 1 } }],
    ["two operators on one path", 40, { $set: { a: 1 }, $inc: { "a.b": 1 } }],
    ["another _id", 66, { $set: { _id: 2 } }],
    ["an unused array filter", 9, { $set: { b: 1 } }, { arrayFilters: [{ x: 1 }] }],
  ];
  test.each(REFUSED)("refuse %s", async (_name, code, update, options) => {
    await things.insertOne({ _id: 1, a: [1], text: "t" });
    await expect(things.updateOne({ _id: 1 }, update, options)).rejects.toMatchObject({ code });
    expect(await things.findOne()).toEqual({ _id: 1, a: [1], text: "t" });
  });
});

describe("writers at the same time", () => {
  test("make one document of 100 upserts", async () => {
    const counters = store.database.collection<{ key: string; n: number }>("counters");
    await counters.createIndex({ key: 1 }, { unique: true });
    const upsert = () => counters.updateOne({ key: "k" }, { $inc: { n: 1 } }, { upsert: true });
    await Promise.all(Array.from({ length: 100 }, upsert));
    expect(await counters.find().project({ _id: 0 }).toArray()).toEqual([{ key: "k", n: 100 }]);
  });

  test("get 1,000 different numbers of one counter, and pop a queue once each", async () => {
    await things.insertOne({ _id: 1, n: 0 });
    const next = () => things.findOneAndUpdate({ _id: 1 }, { $inc: { n: 1 } }, { returnDocument: "after" });
    const numbers = await Promise.all(Array.from({ length: 1000 }, next));
    expect(new Set(numbers.map((found) => found?.["n"])).size).toBe(1000);
    await things.deleteMany({});
    await things.insertMany(Array.from({ length: 200 }, (_item, i) => ({ _id: i })));
    const popped = await Promise.all(
      Array.from({ length: 220 }, () => things.findOneAndDelete({}, { sort: { _id: 1 } })),
    );
    expect(new Set(popped.map((found) => found?._id)).size).toBe(201);
  });

  test("report what failed and keep the rest, in order or not", async () => {
    const documents = [{ _id: 1 }, { _id: 1 }, { _id: 2 }];
    await expect(things.insertMany(documents, { ordered: true })).rejects.toMatchObject({
      code: 11000,
      insertedCount: 1,
    });
    await things.deleteMany({});
    await expect(things.insertMany(documents, { ordered: false })).rejects.toMatchObject({
      code: 11000,
      insertedCount: 2,
    });
  });
});

describe("cursors", () => {
  test("return every unchanged match once while others write", async () => {
    await things.createIndex({ rank: 1 });
    await things.insertMany(Array.from({ length: 600 }, (_item, i) => ({ _id: i, rank: i })));
    const cursor = things
      .find({ rank: { $gte: 0 } })
      .sort({ rank: 1 })
      .batchSize(20);
    const seen: number[] = [];
    for await (const { _id } of cursor) {
      seen.push(_id);
      // Moves a document already returned to where the cursor has yet to come.
      if (_id % 50 === 0) await things.updateOne({ _id }, { $set: { rank: 10_000 + _id } });
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => id % 50 !== 0)).toHaveLength(588);
  });

  test("are not found once killed", async () => {
    await things.insertMany(Array.from({ length: 10 }, (_item, i) => ({ _id: i })));
    const { cursor } = await store.database.command({ find: "things", batchSize: 2 });
    await store.database.command({ killCursors: "things", cursors: [cursor.id] });
    const more = store.database.command({ getMore: Long.fromValue(cursor.id), collection: "things" });
    await expect(more).rejects.toMatchObject({ code: 43 });
  });
});

describe("what the store does not have", () => {
  const REFUSED: [string, number, Document][] = [
    ["an unknown command", 59, { frobnicate: 1 }],
    ["an unknown option", 40415, { find: "things", frobnicate: 1 }],
    ["min and max", 40415, { find: "things", min: { a: 1 } }],
    ["$where", 115, { find: "things", filter: { $where: "true" } }],
    ["geometry", 115, { find: "things", filter: { a: { $near: [1, 2] } } }],
    ["an unknown stage", 40324, { aggregate: "things", pipeline: [{ $frobnicate: {} }], cursor: {} }],
    [
      "an unknown expression",
      168,
      { aggregate: "things", pipeline: [{ $project: { a: { $frobnicate: 1 } } }], cursor: {} },
    ],
    ["a stage it lacks", 115, { aggregate: "things", pipeline: [{ $graphLookup: {} }], cursor: {} }],
    ["a text index", 115, { createIndexes: "things", indexes: [{ key: { a: "text" }, name: "a_text" }] }],
    ["a capped collection", 115, { create: "capped", capped: true, size: 1000 }],
    ["a fine collation", 115, { find: "things", collation: { locale: "en", strength: 3 } }],
    ["a transaction", 20, { find: "things", txnNumber: Long.ONE, autocommit: false }],
  ];
  test.each(REFUSED)("is refused: %s", async (_name, code, command) => {
    await expect(store.database.command(command)).rejects.toMatchObject({ code });
  });
});

test("documents whose time has passed go, others and non-dates stay", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "store-"));
  const { storage, catalog, cursors } = await openEmbedded({ dataDir });
  const collection = await storage.write(() => {
    const made = catalog.ensure("test", "sessions");
    catalog.createIndex(made, documentOf({ key: documentOf({ at: 1 }), expireAfterSeconds: 60 }));
    return made;
  });
  for (const at of [new Date(0), new Date(100_000), "never", null])
    await storage.write(() => collection.insert(Buffer.from(BSON.serialize({ at }))));
  expect(await removeExpired({ storage, catalog, cursors }, 61_000)).toBe(1);
  expect(collection.count()).toBe(3);
  storage.close();
  await rm(dataDir, { recursive: true, force: true });
});

describe("what is too large for one reply", () => {
  test("a hundred thousand refusals of one command are all told, the later ones without their words", async () => {
    const count = 100_000;
    await things.createIndex({ key: 1 }, { unique: true });
    await things.insertOne({ _id: -1, key: "of a visitor who was here before" });
    const documents = Array.from({ length: count }, (_, _id) => ({
      _id,
      key: "of a visitor who was here before",
    }));
    const { n, writeErrors } = await store.database.command({ insert: "things", documents, ordered: false });
    expect([n, writeErrors.length]).toEqual([0, count]);
    expect(writeErrors[0]).toMatchObject({ index: 0, code: 11000, keyPattern: { key: 1 } });
    expect(writeErrors[0].errmsg).toMatch(/^E11000 duplicate key/);
    expect(writeErrors.at(-1)).toEqual({ index: count - 1, code: 11000, errmsg: "" });
  });

  test("values that together are above the limit are refused, and the store goes on", async () => {
    const large = (_id: number): Numbered => ({ _id, text: String(_id).padEnd(1_500_000, "x") });
    for (let first = 0; first < 14; first += 7)
      await things.insertMany([0, 1, 2, 3, 4, 5, 6].map((n) => large(first + n)));
    await expect(things.distinct("text")).rejects.toMatchObject({ code: 10334 });
    expect(await things.countDocuments()).toBe(14);
  });
});
