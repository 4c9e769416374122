/** What an agent does beside answering, in a real browser: writes first, jumps to what was quoted long ago. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { TelegramCustomer } from "../../demo/simulators/telegram.ts";
import { launchBrowser, openContext } from "../support/browser.ts";
import { conversationSaying, waitFor } from "../support/hub.ts";
import { settle } from "../support/settle.ts";
import { startWorld, threadOf, type World } from "../support/world.ts";

let world: World;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let maria: TelegramCustomer;
let long: any;
const faults: string[] = [];

beforeAll(async () => {
  world = await startWorld();
  browser = await launchBrowser();
  maria = await world.simulator.addCustomer({ name: "Maria Sokolova", username: "masha" });
  maria.start(world.bot);
  const first = maria.say("The very first question, about celadon");
  for (let number = 1; number <= 130; number++) maria.say(`Line ${number}`);
  maria.say("As I asked before", { replyTo: first.message.message_id });
  long = await conversationSaying(world.owner, "As I asked before");
  await world.owner.post(`/conversations/${long.id}/read`, { seq: long.lastSeq });
  const pavel = await world.simulator.addCustomer({ name: "Pavel Orlov" });
  pavel.start(world.bot);
  pavel.say("Hello");
  context = await openContext(browser, world.hub.url, world.owner.cookie);
  page = await context.newPage();
  page.on("pageerror", (error) => void faults.push(error.message));
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});
beforeEach(() => void faults.splice(0));

const inSight = async (text: string): Promise<boolean> => {
  const box = await page.getByRole("log").getByText(text, { exact: true }).first().boundingBox();
  const log = await page.getByRole("log").boundingBox();
  return box !== null && log !== null && box.y >= log.y && box.y + box.height <= log.y + log.height;
};

describe("a message of long ago", () => {
  it("is shown by one request when its quote is pressed, and the way back leads to the latest", async () => {
    await page.goto(`${world.hub.url}/inbox/all/${long.id}`);
    await page.getByText("As I asked before").last().waitFor();
    const asked: string[] = [];
    page.on("request", (request) => {
      if (/\/messages/.test(request.url())) asked.push(request.url());
    });
    await page
      .getByRole("log")
      .getByRole("button", { name: /celadon/ })
      .last()
      .click();
    const quoted = page.getByRole("log").getByText("The very first question, about celadon", { exact: true });
    await quoted.first().waitFor();
    await waitFor(() => inSight("The very first question, about celadon"), "the quoted message in sight");
    expect(asked.filter((url) => url.includes("/around"))).toHaveLength(1);
    expect(asked.filter((url) => url.includes("before="))).toEqual([]);
    await page.getByRole("button", { name: /Jump to latest|new$/ }).click();
    await waitFor(() => inSight("As I asked before"), "the latest message in sight");
    expect(faults).toEqual([]);
  });

  it("is shown from the search, also in the thread that is open", async () => {
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.type("Line 60");
    await page
      .getByRole("option", { name: /Line 60/ })
      .first()
      .click();
    await waitFor(() => inSight("Line 60"), "the found message in sight");
    expect(faults).toEqual([]);
  });

  it("is found in an earlier conversation of the same chat", async () => {
    await world.owner.patch(`/conversations/${long.id}`, { state: "resolved" });
    const [thread] = (await world.owner.get(`/contacts/${long.contact.id}/threads`)).items;
    const begun = await world.owner.post("/conversations", {
      threadId: thread.id,
      clientId: "begun-for-the-quote",
      text: "We have news",
    });
    const old = maria.chat(world.bot).messages.find(({ message }) => message.text === "Line 40")?.message;
    maria.say("About this one", { replyTo: old?.message_id ?? 0 });
    await waitFor(
      async () =>
        (await threadOf(world.owner, begun.conversation.id)).some(
          (one) => one.content.text === "About this one",
        ),
      "the answer",
    );
    await page.goto(`${world.hub.url}/inbox/all/${begun.conversation.id}`);
    await page
      .getByRole("log")
      .getByRole("button", { name: /Line 40/ })
      .click();
    await page.waitForURL((url) => url.pathname.endsWith(long.id));
    await waitFor(() => inSight("Line 40"), "the quoted message in sight");
    expect(faults).toEqual([]);
  });
});

describe("the key C", () => {
  it("writes first to a contact that was searched for, by keyboard alone", async () => {
    await page.goto(`${world.hub.url}/inbox/all`);
    await page.getByText("Pavel Orlov").first().waitFor();
    await settle(page);
    await page.keyboard.press("c");
    const dialog = page.getByRole("dialog", { name: "New conversation" });
    await dialog.waitFor();
    await page.keyboard.type("Pavel");
    await dialog.getByRole("option", { name: /Pavel Orlov/ }).waitFor();
    await waitFor(async () => (await dialog.getByRole("option").count()) === 1, "the one that fits");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await dialog.getByText("Goes on in the open conversation").waitFor();
    await dialog.getByRole("textbox", { name: "Message" }).waitFor();
    await page.keyboard.type("The kiln is free on Friday");
    await page.keyboard.press("Control+Enter");
    await dialog.waitFor({ state: "hidden" });
    await page.getByRole("log").getByText("The kiln is free on Friday").waitFor();
    await page.getByText("Sent").first().waitFor();
    expect(faults).toEqual([]);
  });

  it("stands in the palette and beside the company's name, and says what is refused", async () => {
    await page.goto(`${world.hub.url}/`);
    await page.getByRole("button", { name: "New conversation" }).click();
    const dialog = page.getByRole("dialog", { name: "New conversation" });
    await dialog.getByRole("option", { name: /Maria/ }).click();
    await dialog.getByText(/open conversation/).waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    await page.keyboard.press("Control+k");
    await page.getByPlaceholder(/command/).fill("New conver");
    await page.getByRole("option", { name: /New conversation/ }).click();
    await dialog.waitFor();
    await page.keyboard.press("Escape");
    expect(faults).toEqual([]);
  });
});

describe("a colleague", () => {
  it("is seen in the rows of what she has, and can be filtered by", async () => {
    const { owner } = world;
    const nina = await owner.invite("nina@clay.example");
    const pavel = (await owner.get("/conversations")).items.find(
      (one: any) => one.contact.name === "Pavel Orlov",
    );
    await owner.patch(`/conversations/${pavel.id}`, { assigneeId: nina.id });
    await page.goto(`${world.hub.url}/inbox/all`);
    const row = page.locator(`[data-conversation="${pavel.id}"]`);
    await row.getByText("Colleague: nina").waitFor();
    await page.keyboard.press("f");
    const list = page.getByRole("region", { name: "Conversations" });
    await list.getByRole("button", { name: "Colleague" }).click();
    await page.getByRole("menuitemcheckbox", { name: "nina" }).click();
    await waitFor(async () => (await page.locator("[data-conversation]").count()) === 1, "what she has");
    expect(page.url()).toContain(`assignee=${nina.id}`);
    await page.mouse.move(0, 0); // a list under the pointer holds still
    await owner.patch(`/conversations/${pavel.id}`, { assigneeId: null });
    await page.getByText("Nothing matches the filter").waitFor();
    await page.getByRole("button", { name: "Clear the filter", exact: true }).click();
    await row.waitFor();
    expect(await row.getByText("Colleague:").count()).toBe(0);
    expect(faults).toEqual([]);
  });
});

it("begins the keyboard's way with one into the content", async () => {
  await page.goto(`${world.hub.url}/settings`);
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await page.keyboard.press("Tab");
  const skip = page.getByRole("button", { name: "Skip to the content" });
  expect(await skip.evaluate((button) => button === document.activeElement)).toBe(true);
  await page.keyboard.press("Enter");
  expect(await page.evaluate(() => document.activeElement?.localName)).toBe("main");
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.closest("main") !== null)).toBe(true);
});

describe("teams", () => {
  it("are offered beside people by A, shown in the header, the row and a line, and can be filtered by", async () => {
    const { owner } = world;
    const orders = await owner.post("/teams", { name: "Orders", memberIds: [], public: true });
    await owner.post("/teams", { name: "Wholesale", memberIds: [], public: false });
    const pavel = (await owner.get("/conversations")).items.find(
      (one: any) => one.contact.name === "Pavel Orlov",
    );
    await page.goto(`${world.hub.url}/inbox/all/${pavel.id}`);
    await page.getByRole("log").getByText("Hello").waitFor();
    await page.keyboard.press("a");
    await page.getByRole("menuitemcheckbox", { name: "Orders" }).click();
    await page.getByText(/^Anna.* moved it to the team Orders/).waitFor();
    await page.locator(`[data-conversation="${pavel.id}"]`).getByText("Orders").waitFor();
    expect((await owner.get(`/conversations/${pavel.id}`)).teamId).toBe(orders.id);

    await page
      .getByRole("complementary", { name: "Contact details" })
      .getByRole("button", { name: /Team/ })
      .last()
      .click();
    await page.getByRole("menuitemcheckbox", { name: "Wholesale" }).click();
    await page.getByText(/^Anna.* moved it to the team Wholesale/).waitFor();
    await page.getByRole("status").filter({ hasText: "Team: Wholesale" }).waitFor();
    await page.keyboard.press("z");
    await page
      .getByText(/^Anna.* moved it to the team Orders/)
      .nth(1)
      .waitFor();

    await page.keyboard.press("f");
    await page.getByRole("region", { name: "Conversations" }).getByRole("button", { name: "Team" }).click();
    await page.getByRole("menuitemcheckbox", { name: /Orders/ }).click();
    await page.getByRole("heading", { name: "Orders" }).waitFor();
    await waitFor(
      async () => (await page.locator("[data-conversation]").count()) === 1,
      "the team's conversations",
    );
    await owner.put(`/teams/${orders.id}`, { name: "Orders and delivery", memberIds: [], public: true });
    await page.getByRole("heading", { name: "Orders and delivery" }).waitFor();
    await page.mouse.move(0, 0); // a list under the pointer holds still
    await owner.patch(`/conversations/${pavel.id}`, { teamId: null });
    await page.getByText("Nothing matches the filter").waitFor();
    expect(faults).toEqual([]);
  });
});
