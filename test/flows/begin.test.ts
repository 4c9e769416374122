/** An agent writes first, and jumps to where a message stands, through the hub's doors. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TelegramCustomer } from "../../demo/simulators/telegram.ts";
import { waitFor, type Person } from "../support/hub.ts";
import { newKey, Visitor } from "../support/visitor.ts";
import {
  botToken,
  firstConversation,
  messageWhere,
  startWorld,
  threadOf,
  type World,
} from "../support/world.ts";

let world: World;
let owner: Person;
let maria: TelegramCustomer;
let first: any;
const code = (answer: any): string => `${answer.status} ${answer.body?.error?.code}`;
const nobody = "0".repeat(24);
const threadsOf = async (person: Person, contactId: string): Promise<any[]> =>
  (await person.get(`/contacts/${contactId}/threads`)).items;
const begin = (threadId: string, text: string, clientId: string = randomUUID()): Promise<any> =>
  owner.post("/conversations", { threadId, clientId, text });
const countAll = async (): Promise<number> => {
  const pages = await Promise.all(
    ["all", "resolved"].map((view) => owner.get(`/conversations?view=${view}`)),
  );
  return pages.reduce((sum, page) => sum + page.items.length, 0);
};

beforeAll(async () => {
  world = await startWorld();
  owner = world.owner;
  maria = await world.simulator.addCustomer({ name: "Maria Sokolova", username: "masha" });
  maria.start(world.bot);
  maria.say("Do you have the sand mug?");
  first = await firstConversation(owner);
});
afterAll(() => world.stop());

describe("writing first", () => {
  it("goes on in the thread's open conversation", async () => {
    const [thread] = await threadsOf(owner, first.contact.id);
    expect(thread).toMatchObject({ channelId: world.channelId, conversationId: first.id, blocked: false });
    const begun = await begin(thread.id, "It is back on the shelf");
    expect(begun).toMatchObject({
      conversation: { id: first.id },
      message: { type: "outgoing", content: { text: "It is back on the shelf" } },
    });
    await messageWhere(
      owner,
      first.id,
      (one) => one.id === begun.message.id && one.delivery.state === "sent",
    );
    expect(maria.chat(world.bot).messages.at(-1)?.message.text).toBe("It is back on the shelf");
  });

  it("begins a new conversation after one that was closed, once, and the answer comes there", async () => {
    await owner.patch(`/conversations/${first.id}`, { state: "resolved" });
    const [thread] = await threadsOf(owner, first.contact.id);
    expect(thread.conversationId).toBeUndefined();
    const clientId = randomUUID();
    const [begun, repeated] = await Promise.all([
      begin(thread.id, "We fire the next batch today", clientId),
      begin(thread.id, "We fire the next batch today", clientId),
    ]);
    expect(repeated.message.id).toBe(begun.message.id);
    expect(begun.conversation).toMatchObject({
      state: "open",
      assigneeId: owner.id,
      contact: { name: "Maria Sokolova" },
      preview: { text: "We fire the next batch today" },
      needsReply: false,
    });
    expect(begun.conversation.id).not.toBe(first.id);
    maria.say("Keep one for me");
    await messageWhere(owner, begun.conversation.id, (one) => one.content.text === "Keep one for me");
    const again = await begin(thread.id, "We fire the next batch today", clientId);
    expect(again.message.id).toBe(begun.message.id);
    expect(await threadOf(owner, begun.conversation.id)).toHaveLength(2);
    expect((await owner.get(`/conversations/${first.id}`)).state).toBe("resolved");
  });

  it("answers a repeated Idempotency-Key with what was stored first", async () => {
    const [thread] = await threadsOf(owner, first.contact.id);
    const key = randomUUID();
    const ask = (clientId: string) =>
      owner.ask(
        "POST",
        "/conversations",
        { threadId: thread.id, clientId, text: "Once" },
        { "idempotency-key": key },
      );
    const answers = [await ask("first-client"), await ask("other-client")];
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(answers[1]?.body.message.id).toBe(answers[0]?.body.message.id);
  });

  it("opens nothing for a text that the channel refuses, or for a customer who has blocked the account", async () => {
    const [thread] = await threadsOf(owner, first.contact.id);
    await owner.patch(`/conversations/${thread.conversationId}`, { state: "resolved" });
    const before = await countAll();
    const post = (body: object) => owner.ask("POST", "/conversations", { clientId: randomUUID(), ...body });
    expect(code(await post({ threadId: thread.id, text: "я".repeat(5000) }))).toBe("422 text_too_long");
    maria.block(world.bot);
    await waitFor(async () => (await threadsOf(owner, first.contact.id))[0].blocked, "the block");
    const refused = await post({ threadId: thread.id, text: "Are you there?" });
    expect(code(refused)).toBe("422 unsupported_by_channel");
    expect(refused.body.error.details).toEqual({ what: "blocked" });
    expect(await countAll()).toBe(before);
    maria.unblock(world.bot);
    await waitFor(async () => !(await threadsOf(owner, first.contact.id))[0].blocked, "the end of the block");
  });

  it("refuses what is not a thread, not a text, or nobody's business", async () => {
    const [thread] = await threadsOf(owner, first.contact.id);
    const wrong: [object, string][] = [
      [{ threadId: nobody, text: "x" }, "404 not_found"],
      [{ threadId: { $gt: "" }, text: "x" }, "400 invalid_input"],
      [{ threadId: thread.id, text: "   " }, "400 invalid_input"],
      [{ threadId: thread.id, text: { $gt: "" } }, "400 invalid_input"],
      [{ threadId: thread.id, text: "x", clientId: "short" }, "400 invalid_input"],
    ];
    for (const [body, expected] of wrong)
      expect(code(await owner.ask("POST", "/conversations", { clientId: randomUUID(), ...body }))).toBe(
        expected,
      );
    const stranger = await owner.invite("oleg@clay.example", { channelIds: [] });
    expect(code(await stranger.ask("GET", `/contacts/${first.contact.id}/threads`))).toBe("404 not_found");
    expect(
      code(
        await stranger.ask("POST", "/conversations", {
          threadId: thread.id,
          clientId: randomUUID(),
          text: "x",
        }),
      ),
    ).toBe("404 not_found");
    expect(code(await owner.ask("GET", `/contacts/${nobody}/threads`))).toBe("404 not_found");
  });

  it("reaches a visitor of the site in a new conversation of the same chat", async () => {
    const widget = await owner.post("/widgets", { name: "Clay & Co", domain: "clay.example" });
    const lena = await Visitor.arrive(world.hub.url, { key: widget.key });
    const chat = newKey();
    await lena.say(chat, "Is the studio open today?");
    const asked = await waitFor(
      async () =>
        (await owner.get(`/conversations?channelId=${widget.id}`)).items.find((one: any) => one.preview),
      "the chat",
    );
    await owner.patch(`/conversations/${asked.id}`, { state: "resolved" });
    const [thread] = await threadsOf(owner, asked.contact.id);
    const begun = await begin(thread.id, "We open at noon");
    expect(begun.conversation.id).not.toBe(asked.id);
    await lena.sees(chat, "We open at noon");
    lena.leave();
  });

  it("offers no thread of an account that was removed", async () => {
    const [thread] = await threadsOf(owner, first.contact.id);
    await owner.delete(`/channels/${world.channelId}`);
    expect(await threadsOf(owner, first.contact.id)).toEqual([]);
    expect(
      code(
        await owner.ask("POST", "/conversations", { threadId: thread.id, clientId: randomUUID(), text: "x" }),
      ),
    ).toBe("404 not_found");
    await owner.post("/channels", { kind: "telegram", credentials: { token: botToken } });
  });
});

describe("where a message stands", () => {
  it("is read with what is around it, in its own conversation", async () => {
    const all = await threadOf(owner, first.id);
    const quoted = all.find((one) => one.content.text === "Do you have the sand mug?");
    const page = await owner.get(`/messages/${quoted.id}/around?limit=2`);
    expect(page.items.map((one: any) => one.id)).toContain(quoted.id);
    expect(page.items.every((one: any) => one.conversationId === first.id)).toBe(true);
    expect(page.items.length).toBeLessThanOrEqual(2);
  });

  it("is nobody's business without a right to the channel", async () => {
    const [message] = await threadOf(owner, first.id);
    const stranger = await owner.invite("ira@clay.example", { channelIds: [] });
    expect(code(await stranger.ask("GET", `/messages/${message.id}/around`))).toBe("404 not_found");
    expect(code(await owner.ask("GET", `/messages/${nobody}/around`))).toBe("404 not_found");
    expect(code(await owner.ask("GET", `/messages/${message.id}/around?limit=0`))).toBe("400 invalid_input");
  });
});
