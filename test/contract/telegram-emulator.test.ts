/** The connector against telegram-test-api, which others wrote without knowing of this project. */
import { afterEach, beforeEach, expect, test } from "vitest";
import telegram from "../../connectors/telegram/index.ts";
import { startEmulator, startRelay } from "../support/telegram-emulator.ts";
import type { Emulator } from "../support/telegram-emulator.ts";
import { openSession, recordingHost, sendOf, token, webhookOf } from "../support/telegram.ts";
import { eventually } from "../support/eventually.ts";

let emulator: Emulator;

beforeEach(async () => {
  emulator = await startEmulator();
});

afterEach(() => emulator.close());

function customer() {
  return emulator.server.getClient(token, { userId: 55, chatId: 55, firstName: "Kate", userName: "kate" });
}

function customerSees(): unknown[] {
  return emulator.server
    .getUpdatesHistory(token)
    .map((entry) => ("message" in entry ? entry.message.text : undefined));
}

test("connecting works with the little that it can", async () => {
  const host = recordingHost({ apiRoot: emulator.url });
  const profile = await telegram.check(telegram.credentials.parse({ token }), host);
  expect(profile).toMatchObject({ externalId: "666", handle: "@TestNameBot" });
  expect(profile.checks).toContainEqual({ code: "webhook_unknown", state: "warn" });
});

test("a conversation by polling", async () => {
  const host = recordingHost({ apiRoot: emulator.url });
  const session = openSession(host);
  const run = session.run();
  const kate = customer();
  await kate.sendMessage(kate.makeMessage("Is the glaze food safe?"));
  await eventually(() => expect(host.events).toHaveLength(1));
  expect(host.events[0]).toMatchObject({
    type: "message",
    threadKey: "55",
    peer: { name: "Kate" },
    content: { text: "Is the glaze food safe?" },
  });
  const { externalIds } = await session.perform(
    sendOf("55", { text: "Yes", buttons: [[{ title: "Thanks" }]] }),
  );
  expect(externalIds).toHaveLength(1);
  expect(customerSees()).toContain("Yes");
  host.stop();
  await run;
  expect(host.health.at(-1)?.state).toBe("connected");
});

test("a conversation by webhook, with the secret that Telegram would add", async () => {
  const webhookUrl = "https://hub.example/hooks/1";
  const seen: { url: string; proven: boolean; text: unknown }[] = [];
  const hub: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const body = new Uint8Array(await request.arrayBuffer());
    const headers = Object.fromEntries(request.headers);
    const [event] = telegram.parseUpdate(body, new Date());
    const proven = telegram.verifyWebhook(webhookOf(headers, body), {});
    seen.push({ url: request.url, proven, text: event?.type === "message" ? event.content.text : undefined });
    return new Response("ok");
  };
  const relay = await startRelay(emulator.url, hub);
  const host = recordingHost({ apiRoot: relay.url, webhookUrl });
  const run = openSession(host).run();
  await eventually(() => expect(host.health.at(-1)?.state).toBe("connected"));
  const kate = customer();
  await kate.sendMessage(kate.makeMessage("Hello by webhook"));
  const expected = [{ url: webhookUrl, proven: true, text: "Hello by webhook" }];
  await eventually(() => expect(seen).toEqual(expected));
  host.stop();
  await run;
  await relay.close();
});
