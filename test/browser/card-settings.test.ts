/** A card's settings on the screen: name, address, languages, search engines, and its end. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { findings } from "../support/axe.ts";
import { launchBrowser, openContext, type Looks } from "../support/browser.ts";
import { waitFor } from "../support/hub.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
let browser: Browser;
let card: any;
const faults: string[] = [];

beforeAll(async () => {
  world = await startWorld();
  browser = await launchBrowser();
  card = await world.owner.post("/cards", { name: "Clay & Co", slug: "clay" });
  card = await world.owner.post(`/cards/${card.id}/publish?rev=${card.rev}`);
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
  expect(faults).toEqual([]);
});

const titles = { en: "Settings of the card", ru: "Настройки визитки" };
async function open(looks: Looks = {}): Promise<Page> {
  const { theme = "light", locale = "en" } = looks;
  await world.owner.patch("/preferences", { theme, locale });
  const context = await openContext(browser, world.hub.url, world.owner.cookie, looks);
  const page = await context.newPage();
  page.on("pageerror", (error) => void faults.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy|Uncaught|Vue warn|intlify/.test(message.text())) faults.push(message.text());
  });
  await page.goto(`${world.hub.url}/cards/${card.id}`);
  // by keyboard: the menu under the card's name
  const name = page.getByRole("heading", { level: 1 }).getByRole("button");
  await name.focus();
  await page.keyboard.press("Enter");
  const entry = page.getByRole("menuitem", { name: titles[locale] });
  await entry.waitFor();
  await entry.press("Enter");
  await page.getByRole("dialog", { name: titles[locale] }).waitFor();
  return page;
}
const read = (): Promise<any> => world.owner.get(`/cards/${card.id}`);

it.each([
  { theme: "light", locale: "en", width: 1440 },
  { theme: "dark", locale: "ru", width: 390 },
] as const)("nothing is wrong with the dialog: $theme, $locale, $width wide", async (looks) => {
  const page = await open(looks);
  expect(await findings(page)).toEqual([]);
  const { SHOTS } = process.env;
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/settings-${looks.theme}-${looks.width}.png` });
  await page.context().close();
});

it("a card is renamed, moved, hidden from search engines, and gets another language", async () => {
  const page = await open();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill("Clay Studio");
  const address = dialog.getByLabel("Address of the card");
  await address.fill("admin");
  await dialog.getByText("kept for the hub itself").waitFor();
  expect(await dialog.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
  await address.fill("clay-studio");
  await dialog.getByRole("switch", { name: "Search engines may show it" }).click();
  await dialog.getByRole("switch", { name: /Runs on/ }).click();
  await dialog.getByRole("combobox", { name: "Add a language" }).click();
  await page.getByRole("option", { name: "Deutsch" }).click();
  await dialog.getByRole("button", { name: "Put first: Deutsch" }).click();
  await dialog.getByRole("button", { name: "Without Русский" }).click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "hidden" });
  expect(await read()).toMatchObject({
    name: "Clay Studio",
    slug: "clay-studio",
    hidden: true,
    runsOn: true,
  });
  await waitFor(async () => (await read()).draft.languages.join() === "de,en", "the languages");
  const moved = await waitFor(async () => {
    const answer = await fetch(`${world.hub.url}/c/clay`, { redirect: "manual" });
    return answer.status === 301 ? answer : undefined;
  }, "the former address");
  expect(moved.headers.get("location")).toBe("/c/clay-studio");
  await page.getByRole("heading", { level: 1, name: "Clay Studio" }).waitFor();
  await page.context().close();
});

it("a card is deleted after a question, and its page is gone", async () => {
  const page = await open();
  await page.getByRole("dialog").getByRole("button", { name: "Delete the card" }).click();
  const question = page.getByRole("dialog", { name: "Delete Clay Studio?" });
  await question.waitFor();
  expect(await findings(page)).toEqual([]);
  await question.getByRole("button", { name: "Delete the card" }).click();
  await page.getByText("Make your first card").waitFor();
  await waitFor(async () => (await fetch(`${world.hub.url}/c/clay-studio`)).status === 404, "no page");
  await page.context().close();
});
