import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TelegramSimulator } from "../../demo/simulators/telegram.ts";
import type { SimBot, TelegramCustomer } from "../../demo/simulators/telegram.ts";
import { openSession, recordingHost, sendOf, token } from "../support/telegram.ts";
import type { RecordingHost } from "../support/telegram.ts";

let simulator: TelegramSimulator;
let server: { url: string; close(): Promise<void> };
let bot: SimBot;
let kate: TelegramCustomer;
let host: RecordingHost;

beforeEach(async () => {
  simulator = new TelegramSimulator();
  server = await simulator.listen();
  bot = await simulator.addBot({ token, username: "clay_and_co_bot", name: "Clay & Co" });
  kate = await simulator.addCustomer({ name: "Kate Winslow", username: "kate" });
  host = recordingHost({ apiRoot: server.url });
});

afterEach(async () => {
  host.stop();
  await server.close();
});

test("a customer's text arrives by polling and the answer reaches the customer", async () => {
  const session = openSession(host);
  const run = session.run();
  kate.start(bot, "card-42");
  kate.say("Is the glaze food safe?");
  await vi.waitFor(() => expect(host.events).toHaveLength(2));
  expect(host.events[0]).toMatchObject({ type: "message", referral: "card-42", threadKey: String(kate.id) });
  expect(host.events[1]).toMatchObject({ content: { text: "Is the glaze food safe?" } });
  const sent = await session.perform(sendOf(String(kate.id), { text: "Yes, it is." }));
  expect(sent.externalIds).toEqual(["3"]);
  expect(kate.chat(bot).botMessages.at(-1)?.message.text).toBe("Yes, it is.");
  host.stop();
  await run;
  expect(host.health.map(({ state }) => state)).toEqual(["connecting", "connected"]);
});
