/** What becomes of sends when the network or Telegram fails, and that no failure tells the token. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TelegramSimulator } from "../../demo/simulators/telegram.ts";
import type { FailureOrder, SimBot, TelegramCustomer } from "../../demo/simulators/telegram.ts";
import telegram from "../../connectors/telegram/index.ts";
import type { ConnectorHost } from "../../connectors/contract.ts";
import {
  attachmentOf,
  failureOf,
  fileOf,
  openSession,
  recordingHost,
  sendOf,
  token,
} from "../support/telegram.ts";
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
  bot = await simulator.addBot({ token, username: "clay_and_co_bot", name: "Clay & Co" });
  kate = await simulator.addCustomer({ name: "Kate Winslow" });
  host = recordingHost({ apiRoot: server.url });
});

afterEach(async () => {
  host.stop();
  await server.close();
});

describe("failing sends", () => {
  const say = (more: Partial<ConnectorHost> = {}, signal = AbortSignal.timeout(20_000)) =>
    openSession({ ...host, ...more }).perform(sendOf(String(kate.id), { text: "Hi" }, { signal }));

  beforeEach(() => {
    kate.start(bot);
  });

  test.each([
    ["429", { class: "throttled", retryAfterMs: 3000, scope: "peer" }],
    ["5xx", { class: "unknown", code: "platform_error" }],
    ["drop", { class: "unknown", code: "network" }],
    ["drop_after_accept", { class: "unknown", code: "network" }],
  ] as const)("%s", async (kind, expected) => {
    simulator.failNext({ method: "sendMessage", kind, retryAfter: 3 });
    expect(await failureOf(say())).toMatchObject(expected);
    expect(kate.chat(bot).botMessages).toHaveLength(kind === "drop_after_accept" ? 1 : 0);
  });

  test.each(["timeout_before", "timeout_after_accept"] as const)(
    "%s leaves the outcome unknown",
    async (kind) => {
      simulator.failNext({ method: "sendMessage", kind });
      const controller = new AbortController();
      const failing = failureOf(say({}, controller.signal));
      await simulator.waitFor(() => simulator.callsOf("sendMessage").length > 0);
      controller.abort();
      expect(await failing).toMatchObject({ class: "unknown" });
    },
  );

  test("a send that never left may be tried again", async () => {
    await server.close();
    expect(await failureOf(say())).toMatchObject({ class: "retry", code: "network" });
    expect(await failureOf(say({}, AbortSignal.abort()))).toMatchObject({ class: "retry" });
  });

  test("an upload whose file cannot be read was never carried out", async () => {
    async function* open(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(new Uint8Array(10));
      throw new Error("disk gone");
    }
    const file = { ...fileOf(new Uint8Array(20), "a.pdf", "application/pdf"), open };
    const attachments = [attachmentOf("document", file)];
    const sending = openSession(host).perform(sendOf(String(kate.id), { attachments }));
    expect(await failureOf(sending)).toMatchObject({ class: "retry" });
  });

  test("the platform's refusals are told apart", async () => {
    const session = openSession(host);
    const to = (thread: number | string, more = {}) =>
      session.perform(sendOf(String(thread), { text: "Hi" }, more));
    expect(await failureOf(to(1))).toMatchObject({ class: "permanent", code: "chat_not_found" });
    expect(await failureOf(to("nonsense"))).toMatchObject({ class: "permanent", code: "chat_not_found" });
    const stranger = await simulator.addCustomer({ name: "Ida Holm" });
    expect(await failureOf(to(stranger.id))).toMatchObject({ class: "blocked", code: "not_started" });
    kate.block();
    expect(await failureOf(to(kate.id))).toMatchObject({ class: "blocked", code: "blocked" });
    simulator.revokeBot(bot);
    expect(await failureOf(to(kate.id))).toMatchObject({ class: "auth", code: "token_invalid" });
  });

  test("what may be repeated is never of unknown outcome", async () => {
    for (const method of ["setMessageReaction", "sendChatAction", "deleteMessage"])
      simulator.failNext({ method, kind: "drop_after_accept" });
    const session = openSession(host);
    const place = { threadKey: String(kate.id), signal: AbortSignal.timeout(9000) };
    const react = session.perform({ op: "react", externalId: "1", emojis: ["👍"], ...place });
    expect(await failureOf(react)).toMatchObject({ class: "retry" });
    expect(await failureOf(session.perform({ op: "typing", ...place }))).toMatchObject({ class: "retry" });
    const remove = session.perform({ op: "delete", externalIds: ["1"], ...place });
    expect(await failureOf(remove)).toMatchObject({ class: "retry" });
  });
});

test("the token appears in no error, no log and no health report", async () => {
  const told: string[] = [];
  const tell = (error: unknown): void => {
    for (let at = error; at instanceof Error; at = at.cause)
      told.push(at.message, String(at.stack), JSON.stringify(at));
    told.push(JSON.stringify(error));
  };
  kate.start(bot);
  const leaky: typeof fetch = (input) => {
    const { url } = new Request(input);
    return Promise.reject(
      Object.assign(new TypeError(`failed to fetch ${url}`), { code: url, cause: { url } }),
    );
  };
  const quick = () => AbortSignal.timeout(300);
  const hosts = [host, { ...host, fetch: leaky }, { ...host, apiRoot: "http://127.0.0.1:1" }];
  const kinds: FailureOrder["kind"][] = ["429", "5xx", "timeout_before", "drop", "drop_after_accept"];
  for (const each of hosts) {
    const session = openSession(each);
    for (const kind of kinds) {
      simulator.failNext({ kind, retryAfter: 1 });
      await session.perform(sendOf(String(kate.id), { text: "Hi" }, { signal: quick() })).catch(tell);
      simulator.failNext({ kind, retryAfter: 1 });
      await session.downloadMedia({ type: "file_id", value: "x" }, quick()).catch(tell);
    }
    simulator.clearFailures();
    await telegram.check(telegram.credentials.parse({ token }), each).catch(tell);
    const runner = recordingHost({ fetch: each.fetch, apiRoot: each.apiRoot });
    const run = openSession(runner).run();
    await eventually(() => expect(runner.health.length).toBeGreaterThan(1));
    runner.stop();
    await run.catch(tell);
    told.push(...runner.logged, JSON.stringify(runner.health));
  }
  told.push(...host.logged);
  expect(told.length).toBeGreaterThan(30);
  const secrets = [token, token.split(":")[1] ?? token];
  expect(told.filter((text) => secrets.some((secret) => text.includes(secret)))).toEqual([]);
});
