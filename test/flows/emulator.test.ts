/** A whole text conversation on telegram-test-api, a Bot API server by others, by polling and by webhook. */
import { afterEach, expect, it } from "vitest";
import { startHttpsFront } from "../support/https-front.ts";
import { startHub, waitFor } from "../support/hub.ts";
import { startEmulator, startRelay } from "../support/telegram-emulator.ts";
import { botToken, firstConversation, messageWhere } from "../support/world.ts";

let cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.toReversed()) await step();
  cleanUp = [];
});

it.each(["polling", "webhook"])("talks by %s", async (mode) => {
  const emulator = await startEmulator();
  cleanUp.push(() => emulator.close());
  let hubUrl = "";
  const front = await startHttpsFront(() => hubUrl);
  cleanUp.push(() => front.close());
  const relay = await startRelay(emulator.url, front.fetch);
  cleanUp.push(() => relay.close());
  const hub = await startHub({
    TELEGRAM_API_ROOT: mode === "webhook" ? relay.url : emulator.url,
    ...(mode === "webhook" ? { PUBLIC_URL: front.url } : {}),
  });
  cleanUp.push(() => hub.stop());
  hubUrl = hub.url;
  const owner = await hub.owner();
  const channel = await owner.post("/channels", { kind: "telegram", credentials: { token: botToken, mode } });
  await waitFor(
    async () => (await owner.get(`/channels/${channel.id}`)).health.state === "connected",
    "the bot to be connected",
  );

  const kate = emulator.server.getClient(botToken, {
    userId: 55,
    chatId: 55,
    firstName: "Kate",
    userName: "kate",
  });
  await kate.sendMessage(kate.makeMessage("Is the glaze food safe?"));
  const conversation = await firstConversation(owner);
  expect(conversation).toMatchObject({
    contact: { name: "Kate" },
    preview: { text: "Is the glaze food safe?" },
  });
  const reply = await owner.reply(conversation.id, "Yes, it is.");
  await messageWhere(
    owner,
    conversation.id,
    (message) => message.id === reply.id && message.delivery.state === "sent",
  );
  const seen = emulator.server
    .getUpdatesHistory(botToken)
    .map((entry) => ("message" in entry ? entry.message.text : undefined));
  expect(seen).toContain("Yes, it is.");
  await kate.sendMessage(kate.makeMessage("Thanks"));
  await messageWhere(owner, conversation.id, (message) => message.content.text === "Thanks");
  expect(front.passed()).toBe(mode === "webhook" ? 2 : 0);
});
