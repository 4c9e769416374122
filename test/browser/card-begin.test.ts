/** The first card is begun with a layout that is seen before it is chosen. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { findings, looks } from "../support/axe.ts";
import { launchBrowser, openContext, type Looks } from "../support/browser.ts";
import { waitFor } from "../support/hub.ts";
import { settle } from "../support/settle.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
let browser: Browser;
const faults: string[] = [];

beforeAll(async () => {
  world = await startWorld();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
  expect(faults).toEqual([]);
});

async function open(look: Looks = {}): Promise<Page> {
  const { theme = "light", locale = "en" } = look;
  await world.owner.patch("/preferences", { theme, locale });
  const context = await openContext(browser, world.hub.url, world.owner.cookie, look);
  const page = await context.newPage();
  page.on("pageerror", (error) => void faults.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy|Uncaught|Vue warn/.test(message.text())) faults.push(message.text());
  });
  await page.goto(`${world.hub.url}/cards/new`);
  return page;
}

/** What a preview shows, without its examples' own texts. */
const shownIn = (page: Page, at: number) => page.frameLocator("fieldset label iframe >> nth=" + at);

it.each(looks)("nothing is wrong with the choice: $theme, $locale, $width wide", async (look) => {
  const page = await open(look);
  await waitFor(async () => (await shownIn(page, 4).locator("h1").count()) === 1, "the last preview");
  await settle(page);
  expect(await findings(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  if (process.env["PICTURES"])
    await page.screenshot({ path: `screenshots/card-begin-${look.width}-${look.theme}.png` });
  await page.context().close();
});

it("is chosen by keyboard among true previews, and is the card that is made", async () => {
  const page = await open();
  const name = page.getByLabel("Name", { exact: true });
  await name.fill("Vera's kiln");
  for (const at of [0, 1, 2, 3, 4]) {
    await shownIn(page, at)
      .getByRole("heading", { level: 1, name: "Vera's kiln" })
      .waitFor({ state: "attached" });
    await shownIn(page, at).getByText("Telegram", { exact: true }).waitFor({ state: "attached" });
  }
  const chosen = page.getByRole("radio", { name: "Studio and classes" });
  expect(await chosen.isChecked()).toBe(true);
  await chosen.focus();
  await page.keyboard.press("ArrowRight");
  expect(await page.getByRole("radio", { name: "Appointments" }).isChecked()).toBe(true);
  await page.getByLabel("Address of the card").fill("vera");
  await page.getByText("free", { exact: true }).waitFor();
  await page.getByLabel("Address of the card").press("Enter");
  await page.locator("[aria-controls=form-booking]").waitFor();
  const [{ id }] = (await world.owner.get("/cards")).items;
  const { draft, name: made } = await world.owner.get(`/cards/${id}`);
  expect(made).toBe("Vera's kiln");
  expect(draft.design.theme).toBe("clinic");
  expect(draft.blocks.map((block: any) => block.id)).toEqual([
    "person",
    "messengers",
    "hours",
    "booking",
    "phone",
    "contact",
    "address",
  ]);
  await page.context().close();
});

it("puts no address of its own under what somebody is about to type", async () => {
  const page = await open();
  const address = page.getByLabel("Address of the card");
  await waitFor(async () => (await address.inputValue()) === "clay-and-co", "the name as an address");
  const lookedUp = /\/cards\/slug\?slug=Kiln/;
  let answer = (): void => undefined;
  const held = new Promise<void>((resolve) => (answer = resolve));
  let asked = false;
  await page.route(lookedUp, async (route) => {
    asked = true;
    await held;
    await route.continue();
  });
  await page.getByLabel("Name", { exact: true }).fill("Kiln and glaze");
  await waitFor(() => asked, "the name to be looked up");
  await address.selectText();
  const answered = page.waitForResponse(lookedUp);
  answer(); // it comes when the field is entered already
  await (await answered).finished();
  await page.keyboard.type("my-own");
  expect(await address.inputValue()).toBe("my-own");
  await page.context().close();
});

it("still makes a blank card where the layouts could not be shown, and shows them at the next try", async () => {
  const context = await openContext(browser, world.hub.url, world.owner.cookie);
  const page = await context.newPage();
  let down = true;
  await page.route("**/api/v1/cards/beginning", (route) => (down ? route.abort() : route.continue()));
  await page.goto(`${world.hub.url}/cards/new`);
  await page.getByText("The layouts could not be shown").waitFor();
  expect(await findings(page)).toEqual([]);
  down = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("radio", { name: "Studio and classes" }).waitFor({ state: "attached" });
  await page.getByLabel("Address of the card").fill("plain");
  await page.getByText("free", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Blank card" }).click();
  await page.locator("[aria-controls=form-messengers]").waitFor();
  const { items } = await world.owner.get("/cards");
  const { draft } = await world.owner.get(`/cards/${items.find((one: any) => one.slug === "plain").id}`);
  expect(draft.blocks).toHaveLength(2);
  await context.close();
});
