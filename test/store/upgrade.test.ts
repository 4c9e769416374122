/** A store that a former version has left: what that one defined otherwise is built again, what an administrator added stays. */
import mongoose from "mongoose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readConfig } from "../../core/config.ts";
import { ObjectId, openStore as openOurs } from "../../core/db.ts";
import { createLog } from "../../core/log.ts";
import { MessageModel } from "../../inbox/models/message.ts";
import { openStore, type OpenStore } from "./open-store.ts";

const byExternalId = "workspaceId_1_channelId_1_threadKey_1_externalIds_1";
let store: OpenStore;

beforeAll(async () => {
  store = await openStore();
  const messages = store.database.collection("messages");
  const keys = { workspaceId: 1, channelId: 1, threadKey: 1, externalIds: 1 } as const;
  await messages.createIndex(keys, {
    unique: true,
    partialFilterExpression: { externalIds: { $type: "string" } },
  });
  await messages.createIndex({ sentAt: 1 });
});
afterAll(() => store.close());

test("an index is built again where it is defined otherwise now, and serves an equality as it would on MongoDB", async () => {
  const of = { workspaceId: new ObjectId(), channelId: new ObjectId(), threadKey: "7" };
  const asked = { ...of, externalIds: "a" };
  const before = await store.database.collection("messages").find(asked).explain();
  expect(JSON.stringify(before["queryPlanner"].winningPlan)).not.toContain(byExternalId);

  const uri = new URL(store.uri);
  uri.pathname = "/test";
  const ours = await openOurs(readConfig({ MONGODB_URI: uri.href }), createLog("silent"));
  try {
    const indexes = await mongoose.connection.collection("messages").listIndexes().toArray();
    const named = new Map(
      indexes.map(({ name, partialFilterExpression }) => [name, partialFilterExpression]),
    );
    expect(named.get(byExternalId)).toEqual({ externalIds: { $gt: "" } });
    expect(named.has("sentAt_1")).toBe(true);
    for (const query of [asked, { ...of, externalIds: { $in: ["a", "b"] } }]) {
      const plan = await MessageModel.find(query).explain("queryPlanner");
      expect(JSON.stringify(plan)).toContain(byExternalId);
    }
  } finally {
    await ours.close();
  }
});
