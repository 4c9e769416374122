import { ObjectId } from "mongodb";
import type { Bench } from "./main.ts";
import { percentile, row, time } from "./measure.ts";
import { setBenchStage, type BenchStage } from "./stage.ts";

/** The list and a thread, at ten thousand and a hundred thousand conversations. */
export async function benchInbox(bench: Bench): Promise<void> {
  const stage = await setBenchStage();
  const sizes = [10_000, 100_000].map((size) => size * bench.scale);
  const medians: number[] = [];
  let filled = 0;
  for (const size of sizes) {
    bench.say(`filling to ${size} conversations …`);
    await fill(stage, filled, size);
    filled = size;
    const pings = await time(200, () => stage.db.command({ ping: 1 }));
    const lists = await time(200, () => stage.owner.get("/conversations?view=all&limit=50"));
    const { items } = await stage.owner.get<{ items: { id: string }[] }>("/conversations?view=all&limit=50");
    const threads = await time(200, (turn) =>
      stage.owner.get(`/conversations/${items[turn % items.length]?.id}/messages`),
    );
    medians.push(percentile(lists, 0.5));
    for (const [name, taken] of [
      ["list of 50", lists],
      ["thread of 50", threads],
    ] as const) {
      bench.add(
        row(`${name} at ${size} conversations, p50`, percentile(taken, 0.5), "ms", percentile(pings, 0.5)),
      );
      bench.add(
        row(`${name} at ${size} conversations, p95`, percentile(taken, 0.95), "ms", percentile(pings, 0.95)),
      );
    }
  }
  const [small = 1, large = 1] = medians;
  const growth = large / small;
  bench.add(
    row("list at ten times the conversations", large, "ms", small, {
      text: "≤ 1.3 times as long",
      held: growth <= 1.3,
    }),
  );
  await stage.stop();
}

const batchSize = 2000;

async function fill({ db, workspaceId, channelId }: BenchStage, from: number, to: number): Promise<void> {
  const ids = { workspaceId: new ObjectId(workspaceId), channelId: new ObjectId(channelId) };
  for (let start = from; start < to; start += batchSize) {
    const batch = Array.from({ length: Math.min(batchSize, to - start) }, (_, index) =>
      conversation(ids, start + index),
    );
    await db.collection("conversations").insertMany(batch);
    await db.collection("messages").insertMany(batch.slice(0, 200).flatMap((one) => messagesOf(one)));
  }
}

function conversation(ids: { workspaceId: ObjectId; channelId: ObjectId }, n: number) {
  const at = new Date(Date.now() - ((n * 7919) % 10_000_000));
  return {
    _id: new ObjectId(),
    ...ids,
    threadKey: `filled ${n}`,
    contactId: new ObjectId(),
    contactName: `Customer ${n}`,
    state: "open",
    assigneeId: null,
    tags: [],
    mentionedIds: [],
    needsReply: n % 3 === 0,
    lastActivityAt: at,
    lastSeq: 50,
    lastRev: 50,
    readSeq: 0,
    unread: 1,
    blocked: false,
    preview: {
      seq: 50,
      type: "incoming",
      text: "Is the blue mug still there?",
      kind: "text",
      senderName: `Customer ${n}`,
      at,
    },
    createdAt: at,
  };
}

function messagesOf(one: ReturnType<typeof conversation>): object[] {
  const { workspaceId, _id: conversationId, channelId, threadKey, createdAt, contactName } = one;
  return Array.from({ length: 50 }, (_, index) => ({
    workspaceId,
    conversationId,
    channelId,
    threadKey,
    type: "incoming",
    seq: index + 1,
    rev: index + 1,
    externalIds: [`${index + 1}`],
    sender: { kind: "contact", name: contactName },
    content: { text: `Message ${index + 1} of this thread` },
    tokens: ["messag", String(index + 1)],
    sentAt: createdAt,
    createdAt,
  }));
}
