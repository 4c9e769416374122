/** On a phone, in a real browser with real touch events: a row of the list under a finger, the short composer. */
import type { Browser, BrowserContext, CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { launchBrowser, openContext } from "../support/browser.ts";
import { waitFor } from "../support/hub.ts";
import { settle } from "../support/settle.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let touch: CDPSession;

beforeAll(async () => {
  world = await startWorld();
  browser = await launchBrowser({ fakeMedia: true });
  for (let number = 1; number <= 20; number++) {
    const customer = await world.simulator.addCustomer({ name: `Customer ${number}` });
    customer.start(world.bot);
    customer.say(`Message ${number}`);
  }
  await waitFor(async () => (await rows("all")).length === 20, "twenty conversations");
  context = await openContext(browser, world.hub.url, world.owner.cookie, { width: 390 });
  page = await context.newPage();
  touch = await context.newCDPSession(page);
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});
beforeEach(async () => {
  await page.goto(`${world.hub.url}/inbox/all`);
  await settle(page);
  // a row is carried by what only fingers need, which comes after the list
  await page.locator("[class*=touch-pan-y]").first().waitFor();
});

const rows = async (view: string): Promise<{ id: string }[]> =>
  (await world.owner.get(`/conversations?view=${view}&limit=50`)).items;
const rowAt = (place: number) => page.locator("[data-conversation]").nth(place);

/** A finger put on a row, moved in ten steps, and lifted. */
async function drag(place: number, by: { x?: number; y?: number }): Promise<string> {
  const row = rowAt(place);
  const id = (await row.getAttribute("data-conversation")) ?? "";
  const box = await row.boundingBox();
  const [x, y] = [(box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + 20];
  const send = (type: "touchStart" | "touchMove" | "touchEnd", part: number) =>
    touch.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: type === "touchEnd" ? [] : [{ x: x + (by.x ?? 0) * part, y: y + (by.y ?? 0) * part }],
    });
  await send("touchStart", 0);
  for (let step = 1; step <= 10; step++) await send("touchMove", step / 10);
  await send("touchEnd", 1);
  return id;
}

describe("a row under a finger", () => {
  it("closes towards the start, and Undo brings it back", async () => {
    const id = await drag(0, { x: -200 });
    await page.getByText("Conversation closed").waitFor();
    await waitFor(async () => (await rows("resolved"))[0]?.id === id, "the closed conversation");
    await page.getByRole("button", { name: /Undo/ }).click();
    await waitFor(async () => (await rows("resolved")).length === 0, "it to be open again");
    expect((await rows("all")).map((row) => row.id)).toContain(id);
  });

  it("sleeps towards the end until the morning, and Undo wakes it", async () => {
    const id = await drag(1, { x: 200 });
    await page.getByText(/Snoozed until .*09:00/).waitFor();
    await waitFor(async () => (await rows("snoozed"))[0]?.id === id, "the snoozed conversation");
    await page.getByRole("button", { name: /Undo/ }).click();
    await waitFor(async () => (await rows("snoozed")).length === 0, "it to be open again");
  });

  it("goes back when it was not moved far, and opens nothing", async () => {
    await drag(0, { x: -60 });
    await waitFor(async () => (await transformOf(0)) === "none", "the row in its place");
    expect(new URL(page.url()).pathname).toBe("/inbox/all");
    expect(await rows("resolved")).toEqual([]);
  });

  it("lets the list scroll, even where the finger strays sideways", async () => {
    const id = await rowAt(0).getAttribute("data-conversation");
    await drag(4, { x: -40, y: -300 });
    await waitFor(async () => (await topOf(id)) < -100, "the list to scroll");
    expect(await rows("resolved")).toEqual([]);
  });

  it("opens by a tap", async () => {
    const id = await rowAt(0).getAttribute("data-conversation");
    await rowAt(0).tap();
    await page.waitForURL((url) => url.pathname.endsWith(`/${id}`));
  });
});

describe("the composer of one line", () => {
  beforeEach(async () => {
    await rowAt(0).tap();
    await page.getByRole("button", { name: "Record a voice message" }).waitFor();
  });

  it("records at a tap on the microphone", async () => {
    await page.getByRole("button", { name: "Record a voice message" }).tap();
    await page.getByRole("timer").waitFor();
  });

  it("becomes a note at a tap on the lock", async () => {
    await page.getByRole("button", { name: "Note" }).tap();
    await page.getByRole("textbox", { name: "Note" }).waitFor();
  });

  it("asks for a file at a tap on the clip", async () => {
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Attach" }).tap();
    await chooser;
  });
});

function transformOf(place: number): Promise<string> {
  return rowAt(place).evaluate((row) => {
    const carried = row.closest("[class*=touch-pan-y]")?.lastElementChild;
    return carried ? getComputedStyle(carried).transform : "";
  });
}

/** Where a row's upper edge stands; far above the screen when the list has let go of it. */
async function topOf(id: string | null): Promise<number> {
  const box = await page
    .locator(`[data-conversation="${id}"]`)
    .boundingBox({ timeout: 1000 })
    .catch(() => null);
  return box?.y ?? -1000;
}
