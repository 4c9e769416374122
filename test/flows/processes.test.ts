/** Several processes on one store: Redis carries the wake-ups, the events and the sockets' packets between them. */
import { afterEach, describe, expect, it } from "vitest";
import { TelegramSimulator, type SimBot } from "../../demo/simulators/telegram.ts";
import { createLog } from "../../core/log.ts";
import { connectRedis } from "../../core/redis.ts";
import { RedisQueue } from "../../core/redis-queue.ts";
import { RedisRates } from "../../inbox/rates.ts";
import { waitFor, type Person } from "../support/hub.ts";
import { Program } from "../support/program.ts";
import { redisMissing, TestRedis } from "../support/redis.ts";
import { botToken, threadOf } from "../support/world.ts";

let cleanUp: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const step of cleanUp.reverse()) await step();
  cleanUp = [];
});

async function startRedis(): Promise<TestRedis> {
  const redis = await TestRedis.start();
  cleanUp.push(() => redis.remove());
  return redis;
}

const log = createLog("silent");
const why = redisMissing ?? "";

describe.skipIf(redisMissing)(`the queue on Redis ${why}`, () => {
  async function twoQueues() {
    const redis = await startRedis();
    const server = await connectRedis(redis.url, "test", log);
    const queues = ["a", "b"].map(
      (workerId) => new RedisQueue({ redis: server, name: "work", workerId, log }),
    );
    cleanUp.push(() => server.close());
    cleanUp.push(async () => {
      for (const queue of queues) await queue.close(1000);
    });
    return queues as [RedisQueue, RedisQueue];
  }

  it("works on a key in one process at a time, and once more when it is woken meanwhile", async () => {
    const queues = await twoQueues();
    let under = 0;
    let most = 0;
    let runs = 0;
    const open: (() => void)[] = [];
    for (const queue of queues)
      queue.consume(4, async () => {
        most = Math.max(most, (under += 1));
        runs += 1;
        if (runs === 1) await new Promise<void>((resolve) => open.push(resolve));
        under -= 1;
      });
    queues[0].wake("chat 1");
    await waitFor(() => open.length === 1);
    for (const queue of queues) {
      queue.wake("chat 1");
      queue.wake("chat 1", { delayMs: 20 });
    }
    await waitFor(async () => (await countOf(queues[0])).waiting >= 0);
    open[0]?.();
    await waitFor(() => runs >= 2);
    expect(most).toBe(1);
  });

  it("gives work that one process alone can do to that one", async () => {
    const queues = await twoQueues();
    const done: string[] = [];
    queues[0].consume(4, (key) => Promise.resolve(void done.push(`a ${key}`)));
    queues[1].consume(4, (key) => Promise.resolve(void done.push(`b ${key}`)));
    for (let index = 0; index < 6; index += 1) queues[0].wake(`chat ${index}`, { worker: "b" });
    await waitFor(() => done.length === 6);
    expect(done.every((line) => line.startsWith("b "))).toBe(true);
  });

  it("shares the limits of an account and of a peer", async () => {
    const redis = await startRedis();
    const server = await connectRedis(redis.url, "test", log);
    cleanUp.push(() => server.close());
    const [one, other] = [new RedisRates(server), new RedisRates(server)];
    const limits = { account: { count: 3, perMs: 60_000 }, peer: { count: 2, perMs: 60_000 } };
    expect(await one.take("account", "peer 1", limits)).toBe(0);
    expect(await other.take("account", "peer 1", limits)).toBe(0);
    expect(await one.take("account", "peer 1", limits)).toBeGreaterThan(20_000);
    expect(await other.take("account", "peer 2", limits)).toBe(0);
    expect(await other.take("account", "peer 3", limits)).toBeGreaterThan(10_000);
    await one.pause("second", 5000);
    expect(await other.take("second", "peer 1", limits)).toBeGreaterThan(4000);
  });
});

function countOf(queue: RedisQueue): Promise<{ waiting: number }> {
  return Promise.resolve(queue.stats());
}

interface Stage {
  redis: TestRedis;
  simulator: TelegramSimulator;
  bot: SimBot;
  web: Program;
  workers: Program[];
  owner: Person;
  channelId: string;
}

/** One process for browsers, which owns the store, and workers beside it. */
async function setStage(workerCount: number, mode: "polling" | "webhook"): Promise<Stage> {
  const redis = await startRedis();
  const simulator = new TelegramSimulator();
  const { url, close } = await simulator.listen();
  cleanUp.push(close);
  const bot = await simulator.addBot({ token: botToken, username: "clay_and_co_bot", name: "Clay & Co" });
  const environment = {
    TELEGRAM_API_ROOT: url,
    PUBLIC_URL: "https://hub.example",
    REDIS_URL: redis.url,
  };
  const web = await Program.create({ environment: { ...environment, ROLES: "web" } });
  cleanUp.push(() => web.remove());
  await web.start();
  const owner = await web.owner();
  const workers: Program[] = [];
  for (let index = 0; index < workerCount; index += 1) {
    const worker = await Program.create({
      environment: { ...environment, ROLES: "worker" },
      dataDir: web.dataDir,
    });
    cleanUp.push(() => worker.kill());
    await worker.start();
    workers.push(worker);
  }
  const channel = await owner.post<{ id: string }>("/channels", {
    kind: "telegram",
    credentials: { token: botToken, mode },
  });
  const stage = { redis, simulator, bot, web, workers, owner, channelId: channel.id };
  await waitFor(
    async () => (await owner.get(`/channels/${channel.id}`)).health.state === "connected",
    "the account to be received for",
  );
  return stage;
}

describe.skipIf(redisMissing)(`a process for browsers and others that work ${why}`, () => {
  it("carry a message in, to the screen, and the answer out", async () => {
    const { simulator, bot, owner } = await setStage(1, "polling");
    const ear = await owner.listen();
    cleanUp.push(() => owner.leave());
    const lena = await simulator.addCustomer({ name: "Lena" });
    lena.say("Is the blue mug back?", { bot });
    const { message } = await ear.wait(
      "message",
      (one) => one.message.content.text === "Is the blue mug back?",
    );
    const sent = await owner.reply(message.conversationId, "On Friday.");
    await ear.wait("message", (one) => one.message.id === sent.id && one.message.delivery?.state === "sent");
    expect(lena.chat(bot).messages.map((one) => one.message.text)).toContain("On Friday.");
  });

  it("lose nothing of what is under way when Redis forgets everything: a try that waits, a reply, a message", async () => {
    const { redis, simulator, bot, owner } = await setStage(1, "polling");
    const ear = await owner.listen();
    cleanUp.push(() => owner.leave());
    const lena = await simulator.addCustomer({ name: "Lena" });
    lena.say("Is the blue mug back?", { bot });
    const { message } = await ear.wait("message");
    const { conversationId } = message;
    simulator.failNext({ method: "sendMessage", kind: "429", retryAfter: 4 });
    const { id: delayed } = await owner.reply(conversationId, "On Friday.");
    // Its next try is a delayed job in Redis now.
    await ear.wait("message", (one) => one.message.id === delayed && !!one.message.delivery?.nextAttemptAt);

    await redis.go();
    await owner.reply(conversationId, "Shall we put one aside?");
    lena.say("Hello?", { bot });
    const texts = async (): Promise<string[]> =>
      (await threadOf(owner, conversationId)).map(({ content }) => content.text);
    await redis.come();
    await waitFor(() => lena.chat(bot).botMessages.length === 2, "both answers to go out", undefined, 60_000);
    expect(lena.chat(bot).botMessages.map((one) => one.message.text)).toEqual([
      "On Friday.",
      "Shall we put one aside?",
    ]);
    await waitFor(async () => (await texts()).includes("Hello?"), "what was written meanwhile");

    // What was told while Redis was away is lost: screens are made to come again and ask.
    await waitFor(() => !ear.socket.connected, "the screen to be sent away");
    const again = await owner.listen();
    lena.say("Thank you", { bot });
    await again.wait("message", (one) => one.message.content.text === "Thank you");
  });

  it("lose and double nothing while workers are killed and Redis goes away", async () => {
    const { redis, simulator, web, workers, owner, channelId } = await setStage(2, "webhook");
    const secret = await waitFor(
      () => simulator.callsOf("setWebhook")[0]?.params["secret_token"] as string | undefined,
      "the webhook",
    );
    const post = async (n: number): Promise<void> => {
      const response = await fetch(`${web.url}/webhooks/telegram/${channelId}`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-telegram-bot-api-secret-token": secret },
        body: JSON.stringify(updateOf(n)),
      });
      expect(response.status).toBe(200);
    };
    const troubles: [number, () => Promise<void>][] = [
      [60, () => restart(workers[0])],
      [120, () => restart(workers[1])],
      [180, async () => (await redis.go(), redis.come())],
      [240, () => restart(workers[0])],
    ];
    let trouble = Promise.resolve();
    for (let n = 0; n < messages; n += chats) {
      await Promise.all(Array.from({ length: chats }, (_, lane) => post(n + lane)));
      if (n % (chats * 3) === 0) await post(n);
      while (troubles[0] && troubles[0][0] <= n) {
        const step = troubles.shift()?.[1];
        trouble = trouble.then(step);
      }
    }
    await trouble;
    const conversations = await waitFor(
      async () => {
        const { items } = await owner.get("/conversations?limit=100");
        const whole = items.every((item: any) => item.lastSeq === messages / chats);
        return items.length === chats && whole ? items : undefined;
      },
      "every message",
      undefined,
      60_000,
    );
    for (const conversation of conversations) {
      const numbers = (await threadOf(owner, conversation.id)).map((one) => Number(one.content.text));
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      expect(new Set(numbers).size).toBe(messages / chats);
    }
  });
});

const messages = 320;
const chats = 8;

async function restart(program: Program | undefined): Promise<void> {
  await program?.kill();
  await program?.start();
}

function updateOf(n: number): object {
  const id = 900_000 + (n % chats);
  const first_name = `Customer ${n % chats}`;
  return {
    update_id: 10_000 + n,
    message: {
      message_id: n + 1,
      date: 1_790_000_000 + n,
      chat: { id, type: "private", first_name },
      from: { id, is_bot: false, first_name },
      text: String(n),
    },
  };
}
