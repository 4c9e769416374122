/** What happens while a page begins: while an answer is on its way, and before the live connection is open. */
import type { Browser, BrowserContext, Locator, Page, WebSocketRoute } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { launchBrowser, openContext } from "../support/browser.ts";
import { waitFor } from "../support/hub.ts";
import { settle } from "../support/settle.ts";
import { messageWhere, startWorld, type World } from "../support/world.ts";

const listAddress = "**/api/v1/conversations?*";
const threadAddress = "**/api/v1/conversations/*/messages?*";
let world: World;
let browser: Browser;
let context: BrowserContext;
let page: Page;
/** What the page was told by its live connection. */
let heard: string[];

beforeAll(async () => {
  world = await startWorld();
  browser = await launchBrowser();
  await write("Anna", "the first of all");
});
beforeEach(async () => {
  context = await openContext(browser, world.hub.url, world.owner.cookie);
  page = await context.newPage();
  heard = [];
  page.on("websocket", (line) => line.on("framereceived", ({ payload }) => void heard.push(String(payload))));
});
afterEach(() => context.close());
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

it("shows who wrote while a list was on its way", async () => {
  await page.goto(`${world.hub.url}/inbox/mine`);
  await page.getByText("Nobody is waiting for you").waitFor();
  await settle(page);
  await holdAnswer(listAddress, () => writeAndTell("Boris"));
  await page.getByRole("link", { name: /^All open/ }).click();
  await row("Boris").waitFor();
});

it("shows who wrote while a known list was read again", async () => {
  await page.goto(`${world.hub.url}/inbox/all`);
  await row("Anna").waitFor();
  await settle(page);
  heard.length = 0;
  await holdAnswer(listAddress, () => writeAndTell("Clara"), connected);
  await page.reload();
  await row("Clara").waitFor();
});

it("keeps the name that was told while the list was on its way, and shows the draft that the list brings", async () => {
  const { id, contact } = await write("Hedda", "good day");
  await world.owner.put(`/conversations/${id}/drafts/reply`, { content: { text: "Half a sentence" } });
  await page.goto(`${world.hub.url}/inbox/mine`);
  await page.getByText("Nobody is waiting for you").waitFor();
  await settle(page);
  const answered = page.waitForResponse(listAddress);
  await holdAnswer(listAddress, async () => {
    await world.owner.patch(`/contacts/${contact.id}`, { name: "Hedda Gabler" });
    await told("Hedda Gabler");
  });
  await page.getByRole("link", { name: /^All open/ }).click();
  await answered;
  await row("Half a sentence").waitFor();
  await settle(page);
  expect(await row("Hedda Gabler").count()).toBe(1);
});

it("shows who wrote after the list was read and before the line was open", async () => {
  const open = await holdLine();
  await page.goto(`${world.hub.url}/inbox/all`);
  await row("Anna").waitFor();
  await write("Dora", "nobody is told");
  open();
  await row("Dora").waitFor();
});

it("shows what was written after the thread was read and before the line was open", async () => {
  const open = await holdLine();
  const { id } = await write("Emil", "good morning");
  await holdAnswer(threadAddress, async () => {
    await world.owner.reply(id, "said by a colleague");
    open();
    await connected();
  });
  await page.goto(`${world.hub.url}/inbox/all/${id}`);
  await page.getByRole("log").getByText("said by a colleague").waitFor();
  expect(await page.getByRole("log").getByText("good morning").count()).toBe(1);
});

it("keeps a channel that was added while the channels were on their way", async () => {
  const token = "5550001113:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw3";
  await world.simulator.addBot({ token, username: "clay_fair_bot", name: "Clay fair" });
  const added = async (): Promise<void> => {
    await world.owner.post("/channels", { kind: "telegram", credentials: { token } });
    await told("clay_fair_bot");
    await page.getByRole("link", { name: /Clay fair/ }).waitFor();
  };
  const open = await holdLine();
  await page.goto(`${world.hub.url}/inbox/all`);
  await row("Anna").waitFor();
  const answered = page.waitForResponse("**/api/v1/channels");
  await holdAnswer("**/api/v1/channels", added);
  open();
  await answered;
  await settle(page);
  expect(await page.getByRole("link", { name: /Clay fair/ }).count()).toBe(1);
});

it("shows a contact that was added after the contacts were read and before the line was open", async () => {
  const open = await holdLine();
  await page.goto(`${world.hub.url}/contacts`);
  await page.getByText("Anna").first().waitFor();
  await world.owner.post("/contacts", { name: "Fedor Added" });
  open();
  await page.getByText("Fedor Added").waitFor();
});

it("lets a conversation go that goes on where this person may not read", async () => {
  const { owner, simulator, hub, channelId } = world;
  const token = "5550001112:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw2";
  const shop = await simulator.addBot({ token, username: "clay_shop_bot", name: "Clay shop" });
  const { id: shopId } = await owner.post("/channels", { kind: "telegram", credentials: { token } });
  const { id, contact } = await write("Gleb", "good day");
  simulator.customers.find(({ name }) => name === "Gleb")?.say("in the shop too", { bot: shop });
  const threadId = await waitFor(async () => {
    const { items } = await owner.get(`/contacts/${contact.id}/threads`);
    return items.find(({ channelId: one }: any) => one === shopId)?.id;
  }, "the thread in the shop");
  const limited = await owner.invite("limited@clay.example", { channelIds: [channelId] });
  await context.close();
  context = await openContext(browser, hub.url, limited.cookie);
  page = await context.newPage();
  await page.goto(`${hub.url}/inbox/all`);
  await row("Gleb").click();
  await page.getByRole("log").getByText("good day").waitFor();
  await settle(page);
  await owner.patch(`/conversations/${id}`, { threadId });
  await page.getByText("Nothing here for you").waitFor();
  expect(await row("Gleb").count()).toBe(0);
  await row("the first of all").waitFor();
  await page.keyboard.press("j");
  await page.waitForURL((url) => url.pathname.startsWith("/inbox/all/") && !url.pathname.endsWith(id));
});

/** The server answers the next such request, and the page gets the answer when the work is done. */
async function holdAnswer(
  address: string,
  work: () => Promise<unknown>,
  before: () => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  await page.route(
    address,
    async (route) => {
      await before();
      const response = await route.fetch();
      await work();
      await route.fulfill({ response });
    },
    { times: 1 },
  );
}

/** The live connection opens when the returned function is called. */
async function holdLine(): Promise<() => void> {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  await page.routeWebSocket(/\/socket\.io\//, async (line: WebSocketRoute) => {
    await opened;
    line.connectToServer().onMessage((message) => {
      heard.push(String(message));
      line.send(message);
    });
  });
  return open;
}

/** A customer writes for the first time, and the hub has it. */
async function write(name: string, text: string): Promise<{ id: string; contact: { id: string } }> {
  const customer = await world.simulator.addCustomer({ name });
  customer.say(text, { bot: world.bot });
  const conversation = await waitFor(async () => {
    const { items } = await world.owner.get("/conversations?view=all");
    return items.find(({ contact }: any) => contact.name === name);
  }, `the conversation with ${name}`);
  await messageWhere(world.owner, conversation.id, ({ content }) => content.text === text);
  return conversation;
}

/** The server's packet that a connection is open. */
const connected = (): Promise<unknown> => told("40{");

async function writeAndTell(name: string): Promise<void> {
  await write(name, "good day");
  await told(name);
}

function told(what: string): Promise<unknown> {
  return waitFor(() => heard.some((one) => one.includes(what)), `the page to be told of ${what}`);
}

function row(name: string): Locator {
  return page.locator("[data-conversation]").filter({ hasText: name });
}
