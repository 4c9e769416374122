/** Several processes on one store: Redis carries the wake-ups, the events and the sockets' packets between them. */
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { TelegramSimulator, type SimBot } from "../../demo/simulators/telegram.ts";
import { createLog } from "../../core/log.ts";
import { connectRedis } from "../../core/redis.ts";
import { RedisQueue } from "../../core/redis-queue.ts";
import type { CardEditors } from "../../cards/schema.ts";
import { RedisRates } from "../../inbox/rates.ts";
import { everyMessage, Person, waitFor } from "../support/hub.ts";
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
    const wakes = queues.map((queue) => vi.spyOn(queue, "wake"));
    queues[0].wake("chat 1");
    await waitFor(() => open.length === 1);
    for (const queue of queues) {
      queue.wake("chat 1");
      queue.wake("chat 1", { delayMs: 20 });
    }
    await waitFor(
      () => wakes.some(({ mock }) => mock.calls.some(([, more]) => more?.delayMs === 200)),
      "somebody to find the key taken",
    );
    open[0]?.();
    await waitFor(() => runs >= 2);
    expect(most).toBe(1);
  });

  it("stops the work on a key whose lock was lost, and does it anew", async () => {
    const redis = await startRedis();
    const server = await connectRedis(redis.url, "test", log);
    const queue = new RedisQueue({ redis: server, name: "work", workerId: "a", log, lockMs: 900 });
    cleanUp.push(() => server.close());
    cleanUp.push(() => queue.close(1000));
    let runs = 0;
    let stopped = 0;
    queue.consume(4, async (_key, signal) => {
      runs += 1;
      if (runs > 1) return;
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      stopped += 1;
    });
    queue.wake("chat 1");
    await waitFor(() => runs >= 1);
    await server.client.set("test:lock:work:chat 1", "another process", "PX", 300);
    await waitFor(() => stopped === 1, "the work to be stopped");
    await waitFor(() => runs >= 2, "the work to be done anew");
  });

  it("forgets no wake-up that comes while an earlier one is on its way", async () => {
    const redis = await startRedis();
    const road = await startSlowRoad(redis.port);
    cleanUp.push(() => road.close());
    const near = await connectRedis(redis.url, "test", log);
    const far = await connectRedis(`redis://127.0.0.1:${road.port}`, "test", log);
    const waking = new RedisQueue({ redis: far, name: "work", workerId: "a", log });
    const working = new RedisQueue({ redis: near, name: "work", workerId: "b", log });
    cleanUp.push(() => (near.close(), far.close()));
    cleanUp.push(async () => {
      road.release();
      await working.close(1000);
      await waking.close(1000);
    });
    let runs = 0;
    working.consume(4, () => Promise.resolve(void (runs += 1)));
    waking.wake("chat 0"); // the queue's own first words to Redis are over with it
    await waitFor(() => runs === 1);
    road.hold();
    waking.wake("chat 1");
    await waitFor(() => runs === 2, "the first to be worked off, though its sender knows nothing of it");
    waking.wake("chat 1");
    road.release();
    await waitFor(() => runs === 3, "the second");
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
    await one.pause("second", 60_000);
    expect(await other.take("second", "peer 1", limits)).toBeGreaterThan(20_000);
  });
});

/** A way to Redis on which what comes back can be held up. */
async function startSlowRoad(target: number) {
  const held: (() => void)[] = [];
  let holding = false;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target, "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
    }
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
    near.pipe(far);
    far.on("data", (chunk) => {
      if (holding) held.push(() => near.write(chunk));
      else near.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    hold: () => void (holding = true),
    release() {
      holding = false;
      for (const pass of held.splice(0)) pass();
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** What a right to a channel is worth at once, in a socket that hangs at another process than the one that was asked. */
describe.skipIf(redisMissing)(`two processes for browsers ${why}`, () => {
  it("a change of a person's rights reaches the sockets that the person has at the other one", async () => {
    const { simulator, bot, web, owner, channelId, environment } = await setStage(1, "polling");
    const other = await Program.create({
      environment: { ...environment, ROLES: "web" },
      dataDir: web.dataDir,
    });
    cleanUp.push(() => other.kill());
    await other.start();
    const employee = await owner.invite("mia@clay.example", { channelIds: [] });
    const there = new Person(other.url);
    there.cookie = employee.cookie;
    const ear = await there.listen();
    cleanUp.push(() => there.leave());
    const lena = await simulator.addCustomer({ name: "Lena" });
    const hear = await owner.listen();
    cleanUp.push(() => owner.leave());
    const say = (text: string) => {
      lena.say(text, { bot });
      return hear.wait("message", ({ message }) => message.content.text === text);
    };
    const { message } = await say("before");
    const look = (): Promise<boolean> =>
      new Promise((resolve) =>
        ear.socket.emit(
          "view",
          { conversationId: message.conversationId, replying: false },
          ({ ok }: { ok: boolean }) => resolve(ok),
        ),
      );
    expect(await look()).toBe(false);

    await owner.patch(`/staff/${employee.id}`, { channelIds: [channelId] });
    await waitFor(look, "the right to look");
    await say("allowed");
    await ear.wait("message", (one) => one.message.content.text === "allowed");

    await owner.patch(`/staff/${employee.id}`, { channelIds: [] });
    await waitFor(async () => !(await look()), "the right to be gone");
    await say("forbidden");
    await owner.patch(`/staff/${employee.id}`, { channelIds: "all" });
    await waitFor(look, "the right to look again");
    await say("allowed again");
    await ear.wait("message", (one) => one.message.content.text === "allowed again");
    expect(ear.all("message").map((one) => one.message.content.text)).toEqual(["allowed", "allowed again"]);

    await owner.patch(`/staff/${employee.id}`, { active: false });
    await waitFor(() => ear.socket.disconnected, "the socket to be closed");
  });

  it("who edits a block of a card is seen at the other one, until the socket or the process ends", async () => {
    const { web, owner, environment } = await setStage(1, "polling");
    const other = await Program.create({
      environment: { ...environment, ROLES: "web" },
      dataDir: web.dataDir,
    });
    cleanUp.push(() => other.kill());
    await other.start();
    const card = await owner.post("/cards", { name: "Clay & Co", slug: "clay" });
    const vera = await owner.invite("vera@clay.example", { role: "administrator" });
    const there = new Person(other.url);
    there.cookie = vera.cookie;
    const [here, far] = [await owner.listen(), await there.listen()];
    cleanUp.push(() => owner.leave());
    const edit = ({ socket }: typeof here, blockId: string): void =>
      void socket.emit("card_edit", { cardId: card.id, blockId });
    const told = ({ heard }: typeof here): string[] => {
      const last = heard.filter(({ name }) => name === "card_editors").at(-1)?.data as
        CardEditors | undefined;
      return last?.editors.map((one) => `${one.staffId} ${one.blockId}`) ?? [];
    };
    const sees = (ear: typeof here, editors: string[], ms?: number): Promise<unknown> =>
      waitFor(() => told(ear).join() === editors.join(), `editors ${editors.join()}`, undefined, ms);

    edit(here, "person");
    await sees(here, [`${owner.id} person`]);
    edit(far, "messengers");
    for (const ear of [here, far]) await sees(ear, [`${owner.id} person`, `${vera.id} messengers`]);
    far.socket.disconnect();
    await sees(here, [`${owner.id} person`]);

    // both at once: they agree on who was first
    const again = await there.listen();
    for (const ear of [here, again]) edit(ear, "shop");
    await waitFor(
      () => told(here).length === 2 && told(again).join() === told(here).join(),
      "the same order at both",
    );

    await other.kill();
    await sees(here, [`${owner.id} shop`], 60_000);
  });
});

interface Stage {
  environment: Record<string, string>;
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
  const stage = { environment, redis, simulator, bot, web, workers, owner, channelId: channel.id };
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
    const conversations = await everyMessage(owner, chats, messages / chats);
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
