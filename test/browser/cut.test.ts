/** An agent whose network is away for half a minute, in a real browser. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser, openContext } from "../support/browser.ts";
import { waitFor } from "../support/hub.ts";
import { startWire, type Wire } from "../support/wire.ts";
import { firstConversation, messageWhere, startWorld, threadOf, type World } from "../support/world.ts";

const awayMs = 30_000;
let world: World;
let wire: Wire;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  world = await startWorld();
  wire = await startWire(world.hub.url);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await wire?.close();
  await world?.stop();
});

it("shows after thirty seconds without a network exactly what happened meanwhile, once and in order", async () => {
  const { owner, simulator, bot } = world;
  const colleague = await owner.invite("oleg@clay.example");
  const maria = await simulator.addCustomer({ name: "Maria Sokolova" });
  maria.say("before", { bot });
  const conversation = await firstConversation(owner);
  const edited = await colleague.reply(conversation.id, "a draft of an answer");
  await messageWhere(
    owner,
    conversation.id,
    ({ id, delivery }) => id === edited.id && delivery.state === "sent",
  );

  const context = await openContext(browser, wire.url, owner.cookie);
  page = await context.newPage();
  await page.setViewportSize({ width: 1440, height: 6000 });
  await page.goto(`${wire.url}/inbox/all/${conversation.id}`);
  const log = page.getByRole("log");
  await log.getByText("a draft of an answer").waitFor();

  wire.cut();
  const cutAt = Date.now();
  for (let number = 1; number <= 20; number += 1) maria.say(`while away ${number}`, { bot });
  await messageWhere(owner, conversation.id, ({ content }) => content.text === "while away 20");
  await colleague.patch(`/messages/${edited.id}`, { text: "the answer itself" });
  await messageWhere(owner, conversation.id, ({ content }) => content.text === "the answer itself");
  await waitFor(() => Date.now() - cutAt >= awayMs, "half a minute without a network", undefined, awayMs * 2);
  expect(await log.getByText("while away").count()).toBe(0);
  wire.restore();

  await log.getByText("while away 20").waitFor();
  await log.getByText("the answer itself").waitFor();
  expect(await log.getByText("a draft of an answer").count()).toBe(0);
  const shown = await log.getByText(/^while away \d+$/).allTextContents();
  const stored = (await threadOf(owner, conversation.id))
    .map(({ content }) => content.text as string)
    .filter((text) => text.startsWith("while away"));
  expect(shown).toEqual(stored);
  expect(shown).toHaveLength(20);
});
