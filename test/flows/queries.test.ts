/** A page of the list and opening a thread cost a fixed number of queries, however much there is. */
import mongoose from "mongoose";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { ObjectId, toObjectId } from "../../core/db.ts";
import { ConversationModel } from "../../inbox/index.ts";
import { waitFor } from "../support/hub.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
/** What the hub does every few seconds is nobody's cost: while something is counted, no turn of it begins. */
let counting = false;
beforeAll(async () => {
  const { setInterval: every } = globalThis;
  const standing = (tick: () => void, ms?: number) => every(() => counting || tick(), ms);
  vi.spyOn(globalThis, "setInterval").mockImplementation(standing);
  world = await startWorld();
});
afterAll(async () => {
  await world.stop();
  vi.restoreAllMocks();
});

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

/** What it costs where it costs least: a sweep that had begun before asks too. */
async function least<T>(each: T[], what: (one: T) => Promise<unknown>): Promise<string[]> {
  const runs: string[][] = [];
  counting = true;
  try {
    for (const one of each) runs.push(await count(() => what(one)));
  } finally {
    counting = false;
  }
  return runs.toSorted((a, b) => a.length - b.length)[0]!;
}

/** Of three times. */
const leastOf = (what: () => Promise<unknown>): Promise<string[]> => least([1, 2, 3], what);

/** Looks past Mongoose, so that it is not counted. */
function raw(name: string) {
  const { name: database } = mongoose.connection;
  return mongoose.connection.getClient().db(database).collection(name);
}

const signedIn = ["sessions.findOne", "staff.findOne"];

it("asks the same at 10 and at 10,000 conversations", async () => {
  await fill(10);
  const list = (): Promise<any> => world.owner.get("/conversations?view=all&limit=50");
  const { items } = await list();
  const open = (): Promise<unknown> => world.owner.get(`/conversations/${items[0].id}/messages`);
  const few = { list: await leastOf(list), open: await leastOf(open) };
  expect(few.list).toEqual([...signedIn, "conversations.find", "drafts.find"].toSorted());
  expect(few.open).toEqual([...signedIn, "conversations.findOne", "messages.find"].toSorted());
  await fill(9_990);
  expect({ list: await leastOf(list), open: await leastOf(open) }).toEqual(few);
});

it("stores a customer's message and sends a reply at the same cost to little and to much history", async () => {
  const few = await costOf(await startChats("Few"));
  expect(few.message.length).toBeLessThanOrEqual(11);
  expect(few.reply.length).toBeLessThanOrEqual(20);
  const chats = await startChats("Many");
  for (const { say } of chats) for (let n = 0; n < 30; n += 1) say(`Some more history ${n}`);
  await recorded();
  expect(await costOf(chats)).toEqual(few);
});

it("asks little of a search whose words are nobody's name and in no message", async () => {
  const search = async (): Promise<void> => {
    const q = encodeURIComponent("zyx wvu tsr qpo nml kji");
    expect(await world.owner.get(`/search?q=${q}`)).toEqual({ contacts: [], messages: [] });
  };
  const few = await leastOf(search);
  expect(few.filter((one) => one === "contacts.find")).toHaveLength(3);
  expect(few.length).toBeLessThanOrEqual(10);
});

interface Chat {
  conversationId: string;
  say(text: string): void;
}

/** Three, so that nothing waits for a chat's rate limit, and the least of three can be taken. */
function startChats(name: string): Promise<Chat[]> {
  const { simulator, bot, owner } = world;
  return Promise.all(
    [1, 2, 3].map(async (n) => {
      const person = await simulator.addCustomer({ name: `${name} ${n}` });
      person.start(bot);
      const { id } = await waitFor(async () => {
        const { items } = await owner.get<{ items: any[] }>("/conversations?view=all&limit=50");
        return items.find(({ contact, preview }) => preview && contact.name === person.name);
      }, "the conversation");
      return { conversationId: id, say: (text) => void person.say(text, { bot }) };
    }),
  );
}

const recorded = () =>
  waitFor(
    async () => (await raw("inbound").countDocuments({ pending: true })) === 0,
    "everything to be recorded",
  );

/** What is told once in so many seconds at most is not counted: an account's health in ten, a contact's last activity in thirty. */
async function costOf(chats: Chat[]): Promise<Record<"message" | "reply", string[]>> {
  const messages = raw("messages");
  const message = await least(chats, async ({ conversationId, say }) => {
    const ofChat = { conversationId: toObjectId(conversationId)! };
    const before = await messages.countDocuments(ofChat);
    say("Is the mug still there?");
    await waitFor(async () => (await messages.countDocuments(ofChat)) > before, "the message");
    await recorded();
  });
  const reply = await least(chats, async ({ conversationId }) => {
    const { id } = await world.owner.reply(conversationId, "It is.");
    const sent = { _id: toObjectId(id)!, "delivery.state": "sent" };
    await waitFor(() => messages.findOne(sent), "the reply to be sent");
    const free = { _id: toObjectId(conversationId)!, outboxLease: { $exists: false } };
    await waitFor(() => raw("conversations").findOne(free), "the end of the lease");
  });
  return { message: withoutNews(message), reply: withoutNews(reply) };
}

/** Once for each: an update more would be a cost. */
function withoutNews(calls: string[]): string[] {
  return ["channels.updateOne", "contacts.updateOne"].reduce((left, news) => {
    const at = left.indexOf(news);
    return at < 0 ? left : left.toSpliced(at, 1);
  }, calls);
}

it("pages through the whole list without a gap, a repetition or a sort in memory", async () => {
  const all = await raw("conversations").countDocuments();
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
  expect(seen.size).toBe(all);
  expect(order).toHaveLength(all);
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
