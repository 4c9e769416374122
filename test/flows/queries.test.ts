/** A page of the list and opening a thread cost a fixed number of queries, however much there is. */
import mongoose from "mongoose";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ObjectId, toObjectId } from "../../core/db.ts";
import { ConversationModel } from "../../inbox/index.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

async function fill(count: number): Promise<void> {
  const me = (await world.owner.get("/session")).workspace.id;
  const workspaceId = toObjectId(me)!;
  const channelId = toObjectId(world.channelId)!;
  const messages = mongoose.connection.collection("messages");
  const batch = Array.from({ length: count }, (_, index) => {
    const at = new Date(Date.now() - index * 60_000);
    return {
      _id: new ObjectId(),
      workspaceId,
      channelId,
      threadKey: `filled ${index} ${count}`,
      contactId: new ObjectId(),
      contactName: `Customer ${index}`,
      state: "open",
      assigneeId: null,
      tags: [],
      mentionedIds: [],
      needsReply: index % 3 === 0,
      lastActivityAt: at,
      lastSeq: 2,
      lastRev: 2,
      readSeq: 0,
      unread: 1,
      blocked: false,
      createdAt: at,
    };
  });
  for (let start = 0; start < batch.length; start += 1000) {
    const part = batch.slice(start, start + 1000);
    await ConversationModel.collection.insertMany(part);
    await messages.insertMany(
      part.flatMap((one) =>
        [1, 2].map((seq) => ({
          workspaceId,
          conversationId: one._id,
          channelId,
          threadKey: one.threadKey,
          type: "incoming",
          seq,
          rev: seq,
          externalIds: [],
          sender: { kind: "contact", name: one.contactName },
          content: { text: `message ${seq}` },
          tokens: ["messag"],
          sentAt: one.createdAt,
          createdAt: one.createdAt,
        })),
      ),
    );
  }
}

async function count(what: () => Promise<unknown>): Promise<string[]> {
  const queries: string[] = [];
  mongoose.set("debug", (collection: string, method: string) => void queries.push(`${collection}.${method}`));
  try {
    await what();
  } finally {
    mongoose.set("debug", false);
  }
  return queries.toSorted();
}

const signedIn = ["sessions.findOne", "staff.findOne"];

it("asks the same at 10 and at 10,000 conversations", async () => {
  await fill(10);
  const list = (): Promise<any> => world.owner.get("/conversations?view=all&limit=50");
  const { items } = await list();
  const open = (): Promise<unknown> => world.owner.get(`/conversations/${items[0].id}/messages`);
  const few = { list: await count(list), open: await count(open) };
  expect(few.list).toEqual([...signedIn, "conversations.find", "drafts.find"].toSorted());
  expect(few.open).toEqual([...signedIn, "conversations.findOne", "messages.find"].toSorted());
  await fill(9_990);
  expect({ list: await count(list), open: await count(open) }).toEqual(few);
});

it("pages through the whole list without a gap, a repetition or a sort in memory", async () => {
  const seen = new Set<string>();
  const order: boolean[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page: any = await world.owner.get(`/conversations?limit=100${cursor ? `&cursor=${cursor}` : ""}`);
    for (const item of page.items) {
      seen.add(item.id);
      order.push(item.needsReply);
    }
    cursor = page.next;
  }
  expect(seen.size).toBe(10_000);
  expect(order).toHaveLength(10_000);
  expect(order).toEqual(order.toSorted((a, b) => Number(b) - Number(a)));
  const workspaceId = toObjectId((await world.owner.get("/session")).workspace.id)!;
  const plan = JSON.stringify(
    await ConversationModel.find({ workspaceId, state: "open" })
      .sort({ needsReply: -1, lastActivityAt: -1, _id: -1 })
      .limit(50)
      .explain("queryPlanner"),
  );
  expect(plan).toContain("IXSCAN");
  expect(plan).not.toMatch(/"stage":"SORT"/);
});
