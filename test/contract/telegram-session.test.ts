/** Receiving, connecting and failing: the connector against a simulated Telegram. */
import { createServer } from "node:http";
import type { IncomingHttpHeaders, Server } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TelegramSimulator } from "../../demo/simulators/telegram.ts";
import type { FailureOrder, SimBot, TelegramCustomer } from "../../demo/simulators/telegram.ts";
import telegram from "../../connectors/telegram/index.ts";
import type { ConnectorHost, MediaSource } from "../../connectors/contract.ts";
import { picture } from "../support/telegram-pictures.ts";
import { schemaErrors, schemaMissing } from "../support/telegram-schema.ts";
import { failureOf, openSession, recordingHost, sendOf, token, webhookOf } from "../support/telegram.ts";
import type { RecordingHost } from "../support/telegram.ts";
import { eventually } from "../support/eventually.ts";

let simulator: TelegramSimulator;
let server: { url: string; close(): Promise<void> };
let bot: SimBot;
let kate: TelegramCustomer;
let host: RecordingHost;

beforeEach(async () => {
  simulator = new TelegramSimulator();
  server = await simulator.listen();
  bot = await simulator.addBot({
    token,
    username: "clay_and_co_bot",
    name: "Clay & Co",
    avatar: await picture(),
  });
  kate = await simulator.addCustomer({ name: "Kate Winslow", username: "kate", photo: await picture() });
  host = recordingHost({ apiRoot: server.url });
});

afterEach(async () => {
  host.stop();
  await server.close();
});

function check(credentials: Record<string, string> = {}, more: Partial<ConnectorHost> = {}) {
  return telegram.check(telegram.credentials.parse({ token, ...credentials }), { ...host, ...more });
}

function lastHealth() {
  return host.health.at(-1);
}

describe("connecting", () => {
  test("tells who the bot is and what works", async () => {
    const profile = await check();
    expect(profile).toMatchObject({
      externalId: "7418025591",
      name: "Clay & Co",
      handle: "@clay_and_co_bot",
      link: "https://t.me/clay_and_co_bot",
    });
    expect(profile.avatar?.bytes.byteLength).toBeGreaterThan(100);
    expect(profile.checks.map(({ code, state }) => `${code} ${state}`)).toEqual([
      "token ok",
      "polling ok",
      "updates ok",
      "exclusive ok",
    ]);
    for (const { code } of profile.checks) expect(telegram.texts.ru).toHaveProperty([`checks.${code}`]);
  });

  test("warns of a webhook that another program set, and of groups", async () => {
    bot.user.can_join_groups = true;
    bot.queue.setWebhook({ url: "https://crm.example/hook" });
    const { checks } = await check();
    expect(checks).toContainEqual({ code: "other_webhook", state: "warn", params: { host: "crm.example" } });
    expect(checks).toContainEqual({ code: "groups", state: "warn" });
  });

  test.each(["1:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw2", "1:AAHdqTcvCH1vGWJxfSeo"])(
    "refuses %s",
    async (wrong) => {
      expect(await failureOf(check({ token: wrong }))).toMatchObject({
        class: "auth",
        code: "token_invalid",
      });
    },
  );

  test("optional calls that fail do not stop it", async () => {
    simulator.failNext({ method: "getWebhookInfo", kind: "5xx" });
    simulator.failNext({ method: "getUserProfilePhotos", kind: "drop" });
    const profile = await check();
    expect(profile.avatar).toBeUndefined();
    expect(profile.checks).toContainEqual({ code: "webhook_unknown", state: "warn" });
  });

  test("a webhook without a public address is refused; automatic takes it where there is one", async () => {
    expect(await failureOf(check({ mode: "webhook" }))).toMatchObject({ code: "no_public_address" });
    const { checks } = await check({}, { webhookUrl: "https://hub.example/hooks/1" });
    expect(checks[1]).toEqual({ code: "webhook", state: "ok" });
  });
});

describe("polling", () => {
  test("a customer's text arrives and the answer reaches the customer", async () => {
    const session = openSession(host);
    const run = session.run();
    kate.start(bot, "card-42");
    kate.say("Is the glaze food safe?");
    await eventually(() => expect(host.events).toHaveLength(2));
    expect(host.events[0]).toMatchObject({
      type: "message",
      referral: "card-42",
      threadKey: String(kate.id),
    });
    expect(host.events[1]).toMatchObject({ content: { text: "Is the glaze food safe?" } });
    const sent = await session.perform(sendOf(String(kate.id), { text: "Yes, it is." }));
    expect(sent.externalIds).toEqual(["3"]);
    expect(kate.chat(bot).botMessages.at(-1)?.message.text).toBe("Yes, it is.");
    host.stop();
    await run;
    expect(host.health.map(({ state }) => state)).toEqual(["connecting", "connected"]);
  });

  test("everything a customer can do arrives as its own event", async () => {
    const session = openSession(host);
    const run = session.run();
    await eventually(() => expect(lastHealth()?.state).toBe("connected"));
    const first = kate.say("Hello");
    kate.edit(first.id, "Hello!");
    kate.react(first.id, ["🔥"]);
    await kate.sendAlbum([await picture(), await picture(99, 99)], { caption: "Both" });
    kate.sendVoice({ bytes: new Uint8Array(99) });
    const asked = await session.perform(
      sendOf(String(kate.id), { text: "Add?", buttons: [[{ title: "Yes" }]] }),
    );
    kate.press(Number(asked.externalIds[0]), 0);
    kate.block();
    kate.unblock();
    await eventually(() => expect(host.events).toHaveLength(9));
    expect(host.events.map(({ type }) => type)).toEqual([
      "message",
      "edit",
      "reaction",
      "message",
      "message",
      "message",
      "message",
      "blocked",
      "unblocked",
    ]);
    expect(host.events[6]).toMatchObject({ content: { action: { title: "Yes", value: "Yes" } } });
    for (const update of host.received)
      expect(
        schemaMissing ? [] : schemaErrors("Update", JSON.parse(new TextDecoder().decode(update))),
      ).toEqual([]);
    expect([...host.events].sort((a, b) => (a.orderKey < b.orderKey ? -1 : 1))).toEqual(host.events);
    host.stop();
    await run;
  });

  test("an update is confirmed only once it is stored", async () => {
    kate.start(bot);
    let refusals = 0;
    const store = host.receive;
    const failing = recordingHost({
      apiRoot: server.url,
      receive: (updates) => {
        refusals += 1;
        return refusals === 1 ? Promise.reject(new Error("disk full")) : store(updates);
      },
    });
    const run = openSession(failing).run();
    await eventually(() => expect(host.events).toHaveLength(1));
    await eventually(() => expect(bot.queue.size).toBe(0));
    expect(failing.health.map(({ state, problem }) => problem?.code ?? state)).toEqual([
      "connecting",
      "not_stored",
      "connected",
    ]);
    failing.stop();
    await run;
  });

  test("another program's webhook is taken away, its waiting updates are not lost", async () => {
    kate.start(bot);
    bot.queue.setWebhook({ url: "https://127.0.0.1:9/none" });
    const run = openSession(host).run();
    await eventually(() => expect(host.events).toHaveLength(1));
    host.stop();
    await run;
  });

  test("another poller is reported, and waited out", async () => {
    const run = openSession(host).run();
    await simulator.waitFor(() => simulator.callsOf("getUpdates").length > 1);
    const rival = await fetch(`${server.url}/bot${token}/getUpdates`);
    expect(rival.status).toBe(200);
    await eventually(() => expect(lastHealth()?.problem?.code).toBe("other_poller"));
    kate.start(bot);
    await eventually(() => expect(lastHealth()?.state).toBe("connected"));
    host.stop();
    await run;
  });

  test("failures of every kind are survived without losing an update", async () => {
    const kinds: FailureOrder["kind"][] = ["5xx", "drop", "drop_after_accept"];
    for (const kind of kinds) simulator.failNext({ method: "getUpdates", kind });
    simulator.failNext({ method: "getUpdates", kind: "429", retryAfter: 1 });
    simulator.failNext({ method: "deleteWebhook", kind: "5xx" });
    kate.start(bot);
    const run = openSession(host).run();
    await eventually(() => expect(host.events).toHaveLength(1));
    await eventually(() => expect(lastHealth()?.state).toBe("connected"));
    host.stop();
    await run;
  });

  test("a revoked token ends it at once", async () => {
    const run = openSession(host).run();
    await simulator.waitFor(() => simulator.callsOf("getUpdates").length > 0);
    simulator.revokeBot(bot);
    await run;
    expect(lastHealth()).toMatchObject({ state: "revoked", problem: { code: "token_invalid" } });
  });

  test("it stops quickly in the middle of a poll and of a pause", async () => {
    const run = openSession(host).run();
    await simulator.waitFor(() => simulator.callsOf("getUpdates").length > 0);
    host.stop();
    await run;
    const pausing = recordingHost({ apiRoot: server.url });
    simulator.failNext({ method: "deleteWebhook", kind: "429", retryAfter: 600 });
    const paused = openSession(pausing).run();
    await eventually(() => expect(pausing.health.at(-1)?.state).toBe("degraded"));
    pausing.stop();
    await paused;
  });
});

describe("webhook", () => {
  let hub: Server;
  let deliveries: { headers: IncomingHttpHeaders; body: Uint8Array }[];
  let answers: number[];
  let webhookUrl: string;

  beforeEach(async () => {
    deliveries = [];
    answers = [];
    hub = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        deliveries.push({ headers: request.headers, body: Buffer.concat(chunks) });
        response.writeHead(answers.shift() ?? 200).end();
      });
    });
    await new Promise<void>((resolve) => hub.listen(0, "127.0.0.1", resolve));
    const address = hub.address();
    webhookUrl = `http://127.0.0.1:${typeof address === "object" ? (address?.port ?? 0) : 0}/hooks/1`;
    host = recordingHost({ apiRoot: server.url, webhookUrl });
  });

  afterEach(async () => {
    hub.closeAllConnections();
    await new Promise((resolve) => hub.close(resolve));
  });

  test("updates come with the secret, again until they are taken, and reactions are asked for", async () => {
    answers.push(500);
    const session = openSession(host);
    const run = session.run();
    await eventually(() => expect(lastHealth()?.state).toBe("connected"));
    kate.start(bot);
    await eventually(() => expect(bot.queue.size).toBe(0));
    expect(deliveries).toHaveLength(2);
    for (const { headers, body } of deliveries) {
      const secret = headers["x-telegram-bot-api-secret-token"];
      const proof = { "x-telegram-bot-api-secret-token": String(secret) };
      expect(telegram.verifyWebhook(webhookOf(proof, body), {})).toBe(true);
      expect(telegram.parseUpdate(body, new Date())[0]?.type).toBe("message");
    }
    expect(simulator.callsOf("setWebhook")[0]?.params.allowed_updates).toContain("message_reaction");
    host.stop();
    await run;
    await openSession(recordingHost({ apiRoot: server.url, webhookUrl })).disconnect?.();
    expect(bot.queue.webhook).toBeUndefined();
  });

  test("a hub that is removed leaves another program's webhook alone", async () => {
    bot.queue.setWebhook({ url: "https://crm.example/hook" });
    await openSession(host).disconnect?.();
    expect(bot.queue.webhook?.url).toBe("https://crm.example/hook");
  });
});

describe("files", () => {
  const { signal } = new AbortController();
  const sourceOf = (value: string): MediaSource => ({ type: "file_id", value });

  test("a file of a customer is streamed whole, even when it is slow", async () => {
    kate.start(bot);
    const bytes = new Uint8Array(300_000).map((_, at) => at % 251);
    const sent = kate.sendDocument({ bytes, name: "plan.pdf" });
    simulator.setSlow(sent.message.document?.file_id ?? "", 50);
    const download = await openSession(host).downloadMedia(
      sourceOf(sent.message.document?.file_id ?? ""),
      signal,
    );
    expect(download.size).toBe(bytes.byteLength);
    const chunks: Uint8Array[] = [];
    for await (const chunk of download.body) chunks.push(chunk);
    expect(new Uint8Array(Buffer.concat(chunks))).toEqual(bytes);
  });

  test("one that is too large or gone is told so", async () => {
    kate.start(bot);
    const large = kate.sendVideo({ bytes: new Uint8Array(21 * 1024 * 1024) });
    const session = openSession(host);
    const fetching = session.downloadMedia(sourceOf(large.message.video?.file_id ?? ""), signal);
    expect(await failureOf(fetching)).toMatchObject({ class: "too_large" });
    expect(await failureOf(session.downloadMedia(sourceOf("nonsense"), signal))).toMatchObject({
      class: "permanent",
    });
    const foreign = session.downloadMedia({ type: "url", value: "http://127.0.0.1" }, signal);
    expect(await failureOf(foreign)).toMatchObject({ class: "permanent", code: "file_unavailable" });
  });

  test("a customer's picture is found, or is not there", async () => {
    const session = openSession(host);
    const alias = { scheme: "telegram_user", scope: "", value: String(kate.id) };
    const { avatar } = (await session.fetchProfile?.(alias, signal)) ?? {};
    expect(avatar?.type).toBe("file_id");
    const ida = await simulator.addCustomer({ name: "Ida Holm" });
    expect(await session.fetchProfile?.({ ...alias, value: String(ida.id) }, signal)).toEqual({});
  });
});
