import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mongoose, { Schema } from "mongoose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startEmbeddedMongo, type EmbeddedMongo } from "../../embedded-mongo/index.ts";

const contactSchema = new Schema({
  workspaceId: { type: String, required: true },
  email: String,
  tags: [String],
  visits: { type: Number, default: 0 },
  seenAt: Date,
});
contactSchema.index({ workspaceId: 1, email: 1 }, { unique: true });
contactSchema.index({ workspaceId: 1, seenAt: -1 });

describe("Mongoose on the embedded store, in its worker thread", () => {
  let dataDir: string;
  let store: EmbeddedMongo;
  const connection = mongoose.createConnection();
  const Contact = connection.model("Contact", contactSchema);

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "store-"));
    store = await startEmbeddedMongo({ dataDir });
    await connection.openUri(store.uri);
    await Contact.init();
  });

  afterAll(async () => {
    await connection.close();
    await store.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  test("creates, reads, updates and deletes", async () => {
    const created = await Contact.create({ workspaceId: "w1", email: "ann@example.com", tags: ["vip"] });
    const found = await Contact.findById(created.id).orFail();
    expect(found.tags).toEqual(["vip"]);
    found.tags.push("new");
    found.seenAt = new Date(1000);
    await found.save();
    expect((await Contact.findOne({ tags: "new" }).lean())?.seenAt).toEqual(new Date(1000));
    await Contact.deleteOne({ _id: created.id });
    expect(await Contact.countDocuments()).toBe(0);
  });

  test("a second document under a unique key is refused with what collided", async () => {
    await Contact.create({ workspaceId: "w1", email: "bob@example.com" });
    const again = Contact.create({ workspaceId: "w1", email: "bob@example.com" });
    await expect(again).rejects.toMatchObject({
      code: 11000,
      keyPattern: { workspaceId: 1, email: 1 },
      keyValue: { workspaceId: "w1", email: "bob@example.com" },
    });
  });

  test("an upsert makes the document once and counts afterwards", async () => {
    const visit = () =>
      Contact.findOneAndUpdate(
        { workspaceId: "w2", email: "eve@example.com" },
        { $inc: { visits: 1 }, $setOnInsert: { tags: ["visitor"] } },
        { upsert: true, returnDocument: "after" },
      ).lean();
    await visit();
    expect(await visit()).toMatchObject({ visits: 2, tags: ["visitor"] });
  });

  test("aggregates and writes in bulk", async () => {
    await Contact.bulkWrite([
      { insertOne: { document: { workspaceId: "w3", email: "1", visits: 2, tags: [] } } },
      { insertOne: { document: { workspaceId: "w3", email: "2", visits: 3, tags: [] } } },
      { updateOne: { filter: { workspaceId: "w3", email: "1" }, update: { $set: { visits: 5 } } } },
    ]);
    const [sum] = await Contact.aggregate<{ total: number; people: number }>([
      { $match: { workspaceId: "w3" } },
      { $group: { _id: null, total: { $sum: "$visits" }, people: { $sum: 1 } } },
    ]);
    expect(sum).toMatchObject({ total: 8, people: 2 });
  });
});
