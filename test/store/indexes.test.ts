// An index may change how fast an answer comes, never the answer.
import fc from "fast-check";
import {
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  type Collection,
  type Document,
} from "mongodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openStore, type OpenStore } from "./open-store.ts";

const scalars: unknown[] = [
  null,
  -1,
  0,
  1,
  2,
  2.5,
  Long.fromString("9007199254740993"),
  Decimal128.fromString("0.1"),
  0.1,
  "",
  "a",
  "ab",
  "b",
  true,
  false,
  new Date(0),
  new ObjectId("000000000000000000000001"),
  { b: 1 },
  { c: 1 },
];
const scalar = fc.constantFrom(...scalars);
const array = fc.array(scalar, { maxLength: 3 });
const field = fc.oneof(
  { weight: 3, arbitrary: scalar },
  { weight: 2, arbitrary: array },
  fc.constant(undefined),
);
const nested = fc.oneof(
  field,
  fc.array(fc.record({ b: field, c: field }, { requiredKeys: [] }), { maxLength: 3 }),
  fc.record({ b: field, c: field }, { requiredKeys: [] }),
);
const document = fc.record({ a: nested, d: field });
const condition = fc.oneof(
  scalar,
  array,
  fc.record({ $in: fc.array(scalar, { maxLength: 3 }) }),
  fc.record({ $nin: fc.array(scalar, { maxLength: 3 }) }),
  ...["$eq", "$ne", "$gt", "$gte", "$lt", "$lte"].map((operator) =>
    scalar.map((value) => ({ [operator]: value })),
  ),
  fc.record({ $gt: scalar, $lte: scalar }),
  fc.boolean().map((present) => ({ $exists: present })),
  fc.constantFrom("null", "array", "string", "number").map((type) => ({ $type: type })),
  fc.record({ $elemMatch: fc.record({ $gte: scalar, $lt: scalar }) }),
  fc.record({ $elemMatch: fc.record({ b: scalar, c: scalar }) }),
  fc.record({ $all: fc.array(scalar, { minLength: 1, maxLength: 2 }) }),
  fc.constantFrom({ $regex: "^a" }, { $regex: "^ab?" }, { $not: { $gt: 1 } }, { $size: 2 }),
);
const filter = fc.dictionary(fc.constantFrom("a", "a.b", "a.c", "d", "a.0"), condition, {
  minKeys: 1,
  maxKeys: 3,
});
const INDEXES: Document[] = [{ a: 1 }, { "a.b": 1, d: -1 }, { d: 1, "a.b": 1, "a.c": -1 }, { "a.c": -1 }];

describe("indexes", () => {
  let store: OpenStore;
  let plain: Collection;
  let indexed: Collection;

  beforeAll(async () => {
    store = await openStore();
    plain = store.database.collection("plain");
    indexed = store.database.collection("indexed");
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    await Promise.all([plain.deleteMany({}), indexed.drop().catch(() => undefined)]);
  });

  test("give what the full scan gives, over random documents and queries", async () => {
    const samples = fc.sample(document, { numRuns: 150, seed: 7 });
    for (const key of INDEXES) await indexed.createIndex(key);
    const accepted = await insertAccepted(indexed, samples);
    await plain.insertMany(accepted, { ignoreUndefined: true });
    for (const query of fc.sample(filter, { numRuns: 900, seed: 11 })) {
      const expected = await idsOf(plain, query);
      expect(await idsOf(indexed, query), JSON.stringify(query)).toEqual(expected);
      expect(await indexed.countDocuments(query), JSON.stringify(query)).toBe(expected.length);
    }
  });

  test("order values of every type alike, with an index, without one and in a pipeline", async () => {
    const values = [
      new MinKey(),
      null,
      new Double(-1.5),
      new Int32(0),
      Long.fromString("9007199254740993"),
      new Double(9007199254740994),
      Decimal128.fromString("1E+400"),
      "a",
      "b",
      { a: 1 },
      new Date(5),
      new MaxKey(),
      new ObjectId(),
      true,
      Decimal128.fromString("NaN"),
      new Double(0.1),
      Decimal128.fromString("0.1"),
    ];
    await plain.insertMany(values.map((v, i) => ({ _id: idNumbered(i + 1), v })));
    await indexed.insertMany(values.map((v, i) => ({ _id: idNumbered(i + 1), v })));
    await indexed.createIndex({ v: 1 });
    for (const direction of [1, -1] as const) {
      const inMemory = (await plain.find().sort({ v: direction }).toArray()).map(idOf);
      expect((await indexed.find().sort({ v: direction }).toArray()).map(idOf)).toEqual(inMemory);
      expect(
        (await plain.aggregate([{ $match: {} }, { $skip: 0 }, { $sort: { v: direction } }]).toArray()).map(
          idOf,
        ),
      ).toEqual(inMemory);
    }
    const ascending = await plain.find().sort({ v: 1 }).project({ _id: 0 }).toArray();
    expect(ascending[0]?.["v"]).toBeInstanceOf(MinKey);
    expect(String(ascending[2]?.["v"])).toBe("NaN");
    expect(ascending.slice(5, 9).map(({ v }) => String(v))).toEqual([
      "0.1",
      "0.1",
      "9007199254740993",
      "9007199254740994",
    ]);
  });

  test("find null and missing right, plain, sparse and partial", async () => {
    const documents = [
      { _id: 1 },
      { _id: 2, v: null },
      { _id: 3, v: 1 },
      { _id: 4, v: [] },
      { _id: 5, v: [null] },
    ];
    const cells: [Document, number[]][] = [
      [{ v: null }, [1, 2, 5]],
      [{ v: { $ne: null } }, [3, 4]],
      [{ v: { $in: [null, 1] } }, [1, 2, 3, 5]],
      [{ v: { $nin: [null] } }, [3, 4]],
      [{ v: { $exists: false } }, [1]],
      [{ v: { $exists: true } }, [2, 3, 4, 5]],
      [{ v: { $type: "null" } }, [2, 5]],
      [{ v: { $gte: null } }, [1, 2, 5]],
      [{ v: { $gte: 1 } }, [3]],
    ];
    for (const options of [{}, { sparse: true }, { partialFilterExpression: { v: { $exists: true } } }]) {
      const collection = store.database.collection<{ _id: number }>("nulls");
      await collection.drop();
      await collection.insertMany(documents);
      await collection.createIndex({ v: 1 }, options);
      for (const [query, expected] of cells)
        expect(
          (await collection.find(query).toArray()).map(idOf).sort(),
          JSON.stringify([options, query]),
        ).toEqual(expected);
    }
  });

  test("refuse two arrays in one key, and never sort by an array's entries", async () => {
    await indexed.createIndex({ x: 1, y: 1 });
    await expect(indexed.insertOne({ x: [1], y: [2] })).rejects.toMatchObject({ code: 171 });
    await indexed.insertMany([{ x: [5, 1] }, { x: 3 }]);
    const plan = await indexed.find().sort({ x: 1, y: 1 }).explain();
    expect(plan["queryPlanner"].winningPlan.stage).toBe("SORT");
  });

  const HOT: [string, Document, Document, string][] = [
    ["equality, sort", { w: "1", s: "open" }, { t: -1 }, "FETCH"],
    ["equality, range and sort on it", { w: "1", s: "open", t: { $lt: new Date(9) } }, { t: -1 }, "FETCH"],
    ["a set before the sort", { w: "1", s: { $in: ["open", "new"] } }, { t: -1 }, "FETCH"],
  ];
  test.each(HOT)("plan without sorting in memory: %s", async (_name, query, sort, stage) => {
    await indexed.createIndex({ w: 1, s: 1, t: -1 });
    const states = ["open", "new", "done"];
    const documents = Array.from({ length: 60 }, (_item, i) => ({
      w: "1",
      s: states[i % 3],
      t: new Date(i % 20),
    }));
    await indexed.insertMany(structuredClone(documents));
    await plain.insertMany(structuredClone(documents));
    const plan = await indexed.find(query).sort(sort).explain();
    expect(plan["queryPlanner"].winningPlan.stage).toBe(stage);
    const times = (found: Document[]) => found.map(({ t }) => Number(t));
    const list = await indexed.find(query).sort(sort).limit(15).toArray();
    expect(times(list)).toEqual(times(await plain.find(query).sort(sort).limit(15).toArray()));
  });

  test("find words by their beginning in an array of them", async () => {
    await indexed.createIndex({ words: 1 });
    await indexed.insertMany([{ words: ["invoice", "paid"] }, { words: ["invite"] }, { words: ["other"] }]);
    expect(await indexed.countDocuments({ words: /^invo/ })).toBe(1);
    expect(await indexed.countDocuments({ $and: [{ words: /^inv/ }, { words: /^pai/ }] })).toBe(1);
    const plan = await indexed.find({ words: /^inv/ }).explain();
    expect(plan["queryPlanner"].winningPlan.inputStage.stage).toBe("IXSCAN");
  });

  test("count from the index alone", async () => {
    await indexed.createIndex({ s: 1 });
    await indexed.insertMany([{ s: "a" }, { s: "a" }, { s: "b" }]);
    const plan = await store.database.command({ explain: { count: "indexed", query: { s: "a" } } });
    expect(plan["queryPlanner"].winningPlan.stage).toBe("COUNT_SCAN");
    expect(await indexed.countDocuments({ s: "a" })).toBe(2);
  });

  test("refuse an unknown hint", async () => {
    await expect(indexed.find({}).hint("nowhere_1").toArray()).resolves.toEqual([]);
    await indexed.insertOne({});
    await expect(indexed.find({}).hint("nowhere_1").toArray()).rejects.toMatchObject({ code: 2 });
  });
});

async function insertAccepted(collection: Collection, samples: Document[]): Promise<Document[]> {
  const accepted: Document[] = [];
  for (const [i, sample] of samples.entries()) {
    const made = { _id: idNumbered(i + 1), ...sample };
    const stored = await collection
      .insertOne(made, { ignoreUndefined: true })
      .then(() => true, isParallelArrays);
    if (stored) accepted.push(made);
  }
  return accepted;
}

function isParallelArrays(error: unknown): false {
  if (error instanceof Error && "code" in error && error.code === 171) return false;
  throw error;
}

async function idsOf(collection: Collection, query: Document): Promise<string[]> {
  return (await collection.find(query).sort({ _id: 1 }).toArray()).map(({ _id }) => String(_id));
}

function idOf(found: Document): unknown {
  return found["_id"];
}

function idNumbered(n: number): ObjectId {
  return ObjectId.createFromHexString(n.toString(16).padStart(24, "0"));
}
