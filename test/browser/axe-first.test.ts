/** The owner's form of a new hub, and the kit, without a finding of axe. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { findings, looks } from "../support/axe.ts";
import { launchBrowser, openContext } from "../support/browser.ts";
import { startHub, type TestHub } from "../support/hub.ts";
import { startKit, type KitServer } from "../support/kit.ts";
import { settle } from "../support/settle.ts";

let hub: TestHub;
let kit: KitServer;
let browser: Browser;

beforeAll(async () => {
  hub = await startHub();
  kit = await startKit(hub.url);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await kit?.close();
  await hub?.stop();
});

it.each(looks)("the owner's form, in $theme, $locale, $width wide", async (look) => {
  const { origin, href } = new URL((await hub.server.firstRunLink()) ?? "");
  const context = await openContext(browser, origin, undefined, look);
  const page = await context.newPage();
  await page.goto(href);
  await page.locator("input[type=password]").waitFor();
  await settle(page);
  expect(await findings(page)).toEqual([]);
  await context.close();
});

it.each(looks)("the kit, in $theme, $locale, $width wide", async (look) => {
  const context = await openContext(browser, kit.url, undefined, look);
  for (const address of [kit.url, `${kit.url}#states`]) {
    const page = await context.newPage();
    await page.goto(address);
    await page.getByRole("heading", { name: "Kit" }).waitFor();
    await page.waitForLoadState("networkidle");
    expect(await findings(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(look.width);
  }
  await context.close();
});
