/** The contacts' screen in a real browser: found, compared, merged, told apart again; and who writes where. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { findings, looks } from "../support/axe.ts";
import { launchBrowser, openContext } from "../support/browser.ts";
import { waitFor } from "../support/hub.ts";
import { settle } from "../support/settle.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const faults: string[] = [];

beforeAll(async () => {
  world = await startWorld();
  for (const name of ["Maria Sokolova", "Masha S.", "Daniel Brooks"]) {
    const customer = await world.simulator.addCustomer({ name });
    customer.say(`I am ${name}`, { bot: world.bot });
  }
  const rows = await waitFor(async () => {
    const { items } = await world.owner.get("/contacts");
    return items.length === 3 ? items : undefined;
  }, "three contacts");
  for (const row of rows)
    if (row.name.startsWith("Ma"))
      await world.owner.patch(`/contacts/${row.id}`, { phone: "+7 916 555-01-42" });
  browser = await launchBrowser();
  context = await openContext(browser, world.hub.url, world.owner.cookie);
  page = await context.newPage();
  page.on("pageerror", (error) => void faults.push(error.message));
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

const row = (name: string) => page.getByRole("row", { name: new RegExp(name) });

it.each(looks)("axe finds nothing in $theme, $locale, $width wide", async (look) => {
  await world.owner.patch("/preferences", { theme: look.theme, locale: look.locale });
  const own = await openContext(browser, world.hub.url, world.owner.cookie, look);
  const screen = await own.newPage();
  await screen.goto(`${world.hub.url}/contacts`);
  await screen.getByText("Daniel Brooks").waitFor();
  await settle(screen);
  expect(await findings(screen)).toEqual([]);
  await screen.getByRole("button", { name: /^(Compare|Сравнить)$/ }).click();
  await screen.getByRole("dialog").waitFor();
  await settle(screen);
  expect(await findings(screen)).toEqual([]);
  await own.close();
});

it("finds by words and says when nobody fits", async () => {
  await world.owner.patch("/preferences", { theme: "light", locale: "en" });
  await page.goto(`${world.hub.url}/contacts`);
  await row("Daniel Brooks").waitFor();
  await page.getByRole("searchbox").fill("masha");
  await row("Daniel Brooks").waitFor({ state: "detached" });
  await row("Masha S.").waitFor();
  await page.getByRole("searchbox").fill("nobody at all");
  await page.getByText("Nobody fits").waitFor();
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await row("Daniel Brooks").waitFor();
});

it("merges two of one person by keyboard, and takes it back from the contact", async () => {
  await page.getByRole("button", { name: "Compare" }).press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio").nth(1).check();
  await dialog.getByRole("button", { name: "Merge" }).press("Enter");
  await page.getByText(/^Merged: /).waitFor();
  await waitFor(async () => (await page.locator("tbody tr").count()) === 2, "one row less");
  await page
    .getByRole("row", { name: /Masha|Maria/ })
    .getByRole("button")
    .click();
  await page.getByRole("button", { name: /^Tell apart again/ }).click();
  await waitFor(async () => (await world.owner.get("/contacts")).items.length === 3, "both again");
  expect(faults).toEqual([]);
});

it("adds a contact by hand", async () => {
  await page.goto(`${world.hub.url}/contacts`);
  await page.getByRole("button", { name: "Contact", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Add" }).click();
  await dialog.getByText("Enter a name.").waitFor();
  await dialog.getByLabel("Name").fill("Vera Holt");
  await dialog.getByRole("button", { name: "Add" }).click();
  await row("Vera Holt").waitFor();
  expect(faults).toEqual([]);
});

it("an agent chooses another way for the answers", async () => {
  const second = await world.simulator.addBot({
    token: "7418025592:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw2",
    username: "clay_second_bot",
    name: "Second",
  });
  await world.owner.post("/channels", { kind: "telegram", credentials: { token: second.token } });
  const [daniel] = world.simulator.customers.filter(({ name }) => name === "Daniel Brooks");
  daniel?.say("I am here too", { bot: second });
  const found = await waitFor(
    async () =>
      (await world.owner.get("/contacts?q=Daniel")).items.find((one: any) => one.channelIds.length === 2),
    "both ways",
  );
  await page.goto(`${world.hub.url}/inbox/all/${found.conversationId}`);
  await page.getByRole("button", { name: /@clay_second_bot.*another way/ }).click();
  await page.getByRole("menuitem", { name: /clay_and_co_bot/ }).click();
  await page.getByText(/moved the answers to @clay_and_co_bot/).waitFor();
  expect(faults).toEqual([]);
});
