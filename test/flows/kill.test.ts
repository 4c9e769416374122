/** Acknowledged means durable: the program is killed at any moment, nothing is lost and nothing is doubled. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { MongoClient, ObjectId } from "mongodb";
import { afterEach, describe, expect, it } from "vitest";
import { TelegramSimulator } from "../../demo/simulators/telegram.ts";
import { everyMessage, waitFor, type Person } from "../support/hub.ts";
import { Program } from "../support/program.ts";
import { botToken, threadOf } from "../support/world.ts";

const messages = 1000;
const chats = 20;
const kills = 5;

interface Stage {
  program: Program;
  simulator: TelegramSimulator;
  owner: Person;
  channelId: string;
}
let cleanUp: (() => Promise<void>)[] = [];

async function setStage(mode: "webhook" | "polling"): Promise<Stage> {
  const simulator = new TelegramSimulator();
  const { url, close } = await simulator.listen();
  cleanUp.push(close);
  await simulator.addBot({ token: botToken, username: "clay_and_co_bot", name: "Clay & Co" });
  const program = await Program.create({
    environment: { TELEGRAM_API_ROOT: url, PUBLIC_URL: "https://hub.example" },
  });
  cleanUp.push(() => program.remove());
  await program.start();
  const owner = await program.owner();
  const channel = await owner.post("/channels", { kind: "telegram", credentials: { token: botToken, mode } });
  return { program, simulator, owner, channelId: channel.id };
}

afterEach(async () => {
  for (const step of cleanUp.toReversed()) await step();
  cleanUp = [];
});

/** An update as Telegram posts it: the n-th message overall, in one of the chats. */
function update(n: number): object {
  const id = 900_000 + (n % chats);
  const person = { id, is_bot: false, first_name: `Customer ${n % chats}` };
  return {
    update_id: 10_000 + n,
    message: {
      message_id: n + 1,
      date: 1_790_000_000 + n,
      chat: { id, type: "private", first_name: person.first_name },
      from: person,
      text: `message ${n}`,
    },
  };
}

describe("a program that is killed", () => {
  it("keeps 1,000 acknowledged updates once and in order through five kills", async () => {
    const { program, simulator, owner, channelId } = await setStage("webhook");
    const secret = await waitFor(
      () => simulator.callsOf("setWebhook")[0]?.params["secret_token"] as string | undefined,
      "the webhook",
    );
    let running = Promise.resolve();
    const killAt = Array.from({ length: kills }, (_, turn) =>
      Math.floor(((turn + Math.random()) * messages) / kills),
    );

    /** Posts until it is acknowledged, as Telegram does; a repetition is allowed and must add nothing. */
    const post = async (n: number): Promise<void> => {
      for (;;) {
        await running;
        const response = await fetch(`${program.url}/webhooks/telegram/${channelId}`, {
          method: "POST",
          headers: { "content-type": "application/json", "x-telegram-bot-api-secret-token": secret },
          body: JSON.stringify(update(n)),
        }).catch(() => undefined);
        if (response?.status === 200) return;
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const chat = async (lane: number): Promise<void> => {
      for (let n = lane; n < messages; n += chats) {
        await post(n);
        if (n % 7 === 0) await post(n);
        const due = killAt.findIndex((at) => at <= n);
        if (due >= 0) {
          killAt.splice(due, 1);
          running = program.kill().then(() => program.start());
        }
      }
    };
    await Promise.all(Array.from({ length: chats }, (_, lane) => chat(lane)));
    await running;
    expect(killAt).toEqual([]);

    const conversations = await everyMessage(owner, chats, messages / chats);
    for (const conversation of conversations) {
      const thread = await threadOf(owner, conversation.id);
      const numbers = thread.map((message) => Number(message.content.text.split(" ")[1]));
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      expect(thread.map((message) => message.seq)).toEqual(thread.map((_, index) => index + 1));
    }
    const all = (
      await Promise.all(conversations.map((conversation: any) => threadOf(owner, conversation.id)))
    ).flat();
    expect(new Set(all.map((message) => message.content.text)).size).toBe(messages);
    expect(all).toHaveLength(messages);
  });

  it("sends nothing twice by itself; what is uncertain is left to the agent", async () => {
    const { program, simulator, owner } = await setStage("polling");
    const [bot] = simulator.bots;
    const maria = await simulator.addCustomer({ name: "Maria Sokolova" });
    maria.say("Hello?", { bot: bot! });
    const conversation = await waitFor(
      async () => (await owner.get("/conversations")).items[0],
      "the conversation",
    );
    simulator.failNext({ method: "sendMessage", kind: "timeout_after_accept" });
    const sent = await owner.reply(conversation.id, "Are you there?");
    await waitFor(
      () => maria.chat(bot).messages.some(({ message }) => message.text === "Are you there?"),
      "Telegram to have it",
    );
    await program.kill();
    await program.start();
    const message = await waitFor(
      async () =>
        (await threadOf(owner, conversation.id)).find(
          (one) => one.id === sent.id && one.delivery.state === "unknown",
        ),
      "the uncertain one",
    );
    expect(message.delivery.failure.class).toBe("unknown");
    const next = await owner.post(`/conversations/${conversation.id}/messages`, {
      clientId: randomUUID(),
      type: "outgoing",
      content: { text: "The next one" },
    });
    await waitFor(
      async () =>
        (await threadOf(owner, conversation.id)).find(
          (one) => one.id === next.id && one.delivery.state === "sent",
        ),
      "the queue to go on",
    );
    expect(maria.chat(bot).messages.filter(({ message }) => message.text === "Are you there?")).toHaveLength(
      1,
    );
    const metrics = await (await fetch(`${program.url}/metrics`)).text();
    expect(metrics).toMatch(/switchboard_delivery_unknown_total 1/);

    await owner.post(`/messages/${sent.id}/retry`);
    await waitFor(
      async () =>
        (await threadOf(owner, conversation.id)).find(
          (one) => one.id === sent.id && one.delivery.state === "sent",
        ),
      "the agent's second try",
    );
    expect(maria.chat(bot).messages.filter(({ message }) => message.text === "Are you there?")).toHaveLength(
      2,
    );
  });

  it("applies what waited for a message when it died before it could", async () => {
    const { program, simulator, owner, channelId } = await setStage("polling");
    const [bot] = simulator.bots;
    const maria = await simulator.addCustomer({ name: "Maria Sokolova" });
    maria.say("Hello?", { bot: bot! });
    const conversation = await waitFor(
      async () => (await owner.get("/conversations")).items[0],
      "the conversation",
    );
    const { id } = await owner.reply(conversation.id, "Yes?");
    const find = async (fits: (message: any) => boolean): Promise<any> =>
      (await threadOf(owner, conversation.id)).find((one) => one.id === id && fits(one));
    await waitFor(() => find(({ delivery }) => delivery.state === "sent"), "the answer");

    // As a stop leaves it: the reaction was put aside before the message's id was stored, and not taken up after it.
    const socket = encodeURIComponent(join(program.dataDir, "run", "store.sock"));
    const client = await MongoClient.connect(`mongodb://${socket}/?directConnection=true`);
    const db = client.db("switchboard");
    const stored = await db.collection("messages").findOne({ _id: new ObjectId(id) });
    const [externalId] = stored?.["externalIds"] ?? [];
    const [at, threadKey, dedupKey] = [new Date(), String(maria.id), "update:1"];
    await db.collection("pending_effects").insertOne({
      workspaceId: stored?.["workspaceId"],
      channelId: new ObjectId(channelId),
      threadKey,
      externalId,
      dedupKey,
      event: {
        type: "reaction",
        actor: "contact",
        emojis: ["👍"],
        externalId,
        threadKey,
        dedupKey,
        orderKey: "1",
        at,
      },
      createdAt: at,
    });
    await client.close();
    await program.kill();
    await program.start();
    await waitFor(() => find(({ reactions }) => reactions?.[0]?.emoji === "👍"), "the reaction");
  });

  it("stops within ten seconds of SIGTERM and starts again on the same data", async () => {
    const { program, owner } = await setStage("polling");
    expect(await program.kill("SIGTERM")).toBe(0);
    await program.start();
    expect((await owner.get("/channels")).items).toHaveLength(1);
  });
});
