/** A visitor and an agent, each in a browser, while the visitor's network goes and comes; and what a strict site allows. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openContext } from "../support/browser.ts";
import { waitFor } from "../support/hub.ts";
import { picture } from "../support/pictures.ts";
import { field, launcher, openChat, say, startShop, type Shop } from "../support/shop.ts";
import { threadOf } from "../support/world.ts";

let shop: Shop;
let agent: Page;

beforeAll(async () => {
  shop = await startShop();
  const own = await openContext(shop.browser, shop.world.hub.url, shop.world.owner.cookie);
  agent = await shop.openPage(own);
});
afterAll(async () => {
  await shop?.close();
  expect(shop.faults).toEqual([]);
});

async function answer(text: string): Promise<void> {
  await agent.getByRole("textbox", { name: "Reply", exact: true }).click();
  await agent.keyboard.type(text);
  await agent.keyboard.press("Enter");
}
const saidOn = async (page: Page) =>
  (await page.locator(".msg .said").allTextContents()).map((text) => text.trim());

it("loses, doubles and disorders nothing: cut within a sending, loaded again, in two tabs, asleep for a minute", async () => {
  const { wire, world, url } = shop;
  const { context, page: first } = await shop.visit();
  await first.clock.install();
  await first.goto(url);
  await openChat(first);
  await say(first, "one");
  const { id } = await shop.findByText("one");
  await agent.goto(`${world.hub.url}/inbox/all/${id}`);
  await agent.getByRole("log").getByText("one", { exact: true }).waitFor();

  wire.silence(); // what is sent now never arrives, and nobody says so
  await say(first, "two");
  await first.reload();
  await agent.getByRole("log").getByText("two", { exact: true }).waitFor();
  await answer("an answer to two");
  await first.getByText("an answer to two").waitFor();

  const second = await shop.openPage(context);
  await second.goto(url);
  await openChat(second);
  await second.getByText("an answer to two").waitFor();
  wire.cut();
  for (const tab of [first, second]) await tab.getByText("Connecting…").waitFor();
  await say(first, "three, of the first tab");
  await answer("while you are away");
  await agent.getByRole("log").getByText("while you are away").waitFor();
  wire.restore();
  for (const tab of [first, second]) await tab.getByText("while you are away").waitFor();
  await agent.getByRole("log").getByText("three, of the first tab").waitFor();
  await say(second, "four, of the second tab");
  await first.getByText("four, of the second tab").waitFor();
  await second.close();

  wire.silence(); // nobody tells a sleeping machine that its connection is gone
  await answer("are you asleep?");
  await agent.getByRole("log").getByText("are you asleep?").waitFor();
  await first.clock.fastForward(60_000);
  await first.getByText("are you asleep?").waitFor();
  await say(first, "five");
  await agent.getByRole("log").getByText("five", { exact: true }).waitFor();

  const stored = (await threadOf(world.owner, id)).filter((one) =>
    ["incoming", "outgoing"].includes(one.type),
  );
  const texts = stored.map((one) => one.content.text);
  expect([...texts].sort()).toEqual(
    [
      ...["one", "two", "an answer to two", "three, of the first tab", "while you are away"],
      ...["four, of the second tab", "are you asleep?", "five"],
    ].sort(),
  );
  await waitFor(async () => (await saidOn(first)).length === texts.length, "all of them on the page");
  expect(await saidOn(first)).toEqual(texts);
  const inAgentsOrder = await agent.getByRole("log").getByRole("article").allInnerTexts();
  const shown = inAgentsOrder.flatMap((all) => texts.find((text) => all.split("\n").includes(text)) ?? []);
  expect(shown).toEqual(texts);
  await context.close();
});

it("works on a site that allows nothing of others but what the installation page names", async () => {
  const { context, page } = await shop.visit();
  await page.goto(`${shop.url}/strict`);
  await openChat(page);
  const bowl = { name: "bowl.png", mimeType: "image/png", buffer: await picture(80, 60) };
  await page.locator(".composer input[type=file]").setInputFiles(bowl);
  await field(page).fill("Such a bowl");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  const image = page.getByRole("img", { name: "bowl.png" });
  await image.waitFor();
  await page.waitForFunction(
    (element) => (element as HTMLImageElement).naturalWidth === 80,
    await image.elementHandle(),
  );
  expect(shop.faults).toEqual([]);
  await context.close();
});

it("ends the visit when its page is left", async () => {
  const { context, page } = await shop.visit();
  await page.goto(shop.url);
  await launcher(page).waitFor();
  await agent.goto(`${shop.world.hub.url}/visitors`);
  await agent.getByText("1 now").waitFor();
  await page.goto("about:blank");
  await agent.getByText("Nobody is on the site now").waitFor();
  await context.close();
});
