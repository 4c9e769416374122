/** Visitors on the site, live in a real browser: they come, go on, are written to first, and leave. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findings, looks } from "../support/axe.ts";
import { launchBrowser, openContext } from "../support/browser.ts";
import { gate } from "../support/hold.ts";
import { waitFor } from "../support/hub.ts";
import { settle } from "../support/settle.ts";
import { site, Visitor } from "../support/visitor.ts";
import { startWorld, threadOf, type World } from "../support/world.ts";

let world: World;
let widget: any;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const faults: string[] = [];

beforeAll(async () => {
  world = await startWorld();
  widget = await world.owner.post("/widgets", { name: "Clay & Co", domain: "clay.example" });
  browser = await launchBrowser();
  context = await openContext(browser, world.hub.url, world.owner.cookie);
  page = await context.newPage();
  page.on("pageerror", (error) => void faults.push(error.message));
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

const rows = () => page.locator("[data-visitor]");

describe("the screen", () => {
  it("says what will be here while nobody is", async () => {
    await page.goto(`${world.hub.url}/`);
    await page.getByRole("link", { name: "Visitors", exact: true }).click();
    await page.getByText("Nobody is on the site now").waitFor();
    await page.getByRole("link", { name: "Widget settings" }).waitFor();
  });

  it("shows who comes, follows where they go, begins a chat that the visitor sees, and lets them leave", async () => {
    const lena = await Visitor.arrive(world.hub.url, {
      key: widget.key,
      hello: {
        page: { url: `${site}/mugs/sand?utm_source=instagram&utm_campaign=autumn`, title: "Sand mug" },
      },
    });
    await page.getByRole("link", { name: "Sand mug" }).waitFor();
    await page.getByText("1 now").waitFor();
    await waitFor(async () => (await rows().innerText()).includes("instagram"), "the campaign's mark");
    lena.send({ t: "page", page: { url: `${site}/delivery`, title: "Delivery" } });
    await page.getByRole("link", { name: "Delivery" }).waitFor();
    await page.getByText("2 pages").click();
    await page.getByText("Sand mug").waitFor();

    await page.getByRole("button", { name: /Write first/ }).click();
    const dialog = page.getByRole("dialog", { name: /^Write first: Visitor / });
    await dialog.getByRole("textbox", { name: "Message" }).fill("May I help with the delivery?");
    await page.keyboard.press("Control+Enter");
    await page.waitForURL(/\/inbox\/all\/[0-9a-f]{24}/);
    await page.getByRole("log").getByText("May I help with the delivery?").waitFor();
    const conversationId = new URL(page.url()).pathname.split("/").at(-1) ?? "";
    expect((await threadOf(world.owner, conversationId)).map((one) => one.content.text)).toEqual([
      "May I help with the delivery?",
    ]);
    await lena.wait("messages", (frame) =>
      frame.items.some((one) => one.text === "May I help with the delivery?"),
    );

    await page.goto(`${world.hub.url}/visitors`);
    await page.getByRole("link", { name: /Open the chat/ }).waitFor();
    lena.leave();
    await page.getByText("Nobody is on the site now").waitFor();
    expect(faults).toEqual([]);
  });

  it("lets go of who left before the line was open, whenever the answer of before comes", async () => {
    const gone = await Visitor.arrive(world.hub.url, { key: widget.key });
    const own = await openContext(browser, world.hub.url, world.owner.cookie);
    const screen = await own.newPage();
    const [left, leave] = gate();
    const [seen, see] = gate();
    const [answered, answer] = gate();
    await screen.routeWebSocket(/\/socket\.io\//, async (line) => {
      await left;
      line.connectToServer();
    });
    await screen.route(
      "**/api/v1/visitors",
      async (route) => {
        const response = await route.fetch();
        gone.leave();
        const here = async (): Promise<unknown[]> => (await world.owner.get("/visitors")).items;
        await waitFor(async () => (await here()).length === 0, "the visitor to be gone");
        leave();
        await seen;
        await route.fulfill({ response });
        answer();
      },
      { times: 1 },
    );
    await screen.goto(`${world.hub.url}/visitors`);
    await screen.getByText("Nobody is on the site now").waitFor();
    see();
    await answered;
    await settle(screen);
    expect(await screen.locator("[data-visitor]").count()).toBe(0);
    await own.close();
  });

  it("says that a visitor has left meanwhile, and keeps what was written", async () => {
    const pavel = await Visitor.arrive(world.hub.url, { key: widget.key });
    await page.getByRole("button", { name: /Write first/ }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox").fill("Are you still there?");
    pavel.leave();
    await page.getByText("Nobody is on the site now").waitFor();
    await dialog.getByRole("button", { name: "Write first" }).click();
    await dialog.getByText("This visitor has left the site.").waitFor();
    expect(await dialog.getByRole("textbox").inputValue()).toBe("Are you still there?");
    expect(faults).toEqual([]);
  });
});

it.each(looks)("axe finds nothing in $theme, $locale, $width wide", async (look) => {
  await world.owner.patch("/preferences", { theme: look.theme, locale: look.locale });
  const visitor = await Visitor.arrive(world.hub.url, { key: widget.key });
  const own = await openContext(browser, world.hub.url, world.owner.cookie, look);
  const screen = await own.newPage();
  await screen.goto(`${world.hub.url}/visitors`);
  await screen.locator("[data-visitor]").waitFor();
  await settle(screen);
  expect(await findings(screen)).toEqual([]);
  visitor.leave();
  await own.close();
});
