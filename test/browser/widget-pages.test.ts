/**
 * The widget on pages that fight it, on phones, and greeting by what a visitor does. `PICTURES=1` writes what is seen to
 * screenshots/, to be looked at.
 */
import type { Page } from "playwright-core";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../../scripts/build.mjs";
import { findings } from "../support/axe.ts";
import { eventually } from "../support/eventually.ts";
import { waitFor } from "../support/hub.ts";
import { field, launcher, openChat, say, startShop, type Shop } from "../support/shop.ts";

let shop: Shop;

beforeAll(async () => {
  shop = await startShop();
});
afterAll(async () => {
  await shop?.close();
  expect(shop.faults).toEqual([]);
});

async function picture(page: Page, name: string): Promise<void> {
  if (!process.env["PICTURES"]) return;
  const folder = join(root, "screenshots");
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `widget-on-${name}.png`), animations: "disabled" });
}
/** What a page could have changed, as it has come out. */
const looksOf = (page: Page, selector: string) =>
  page.locator(selector).evaluate((element) => {
    const style = getComputedStyle(element);
    const { direction, fontSize, letterSpacing, textTransform, opacity, visibility, cursor, color } = style;
    return { direction, fontSize, letterSpacing, textTransform, opacity, visibility, cursor, color };
  });

describe("a page that fights it", () => {
  it.each(["/", "/hostile", "/transform", "/rtl", "/dark"])("%s", async (path) => {
    const { context, page } = await shop.visit();
    await page.goto(shop.url + path);
    await launcher(page).waitFor();
    const name = path.slice(1) || "plain";
    expect(await launcher(page).boundingBox()).toEqual({
      width: 56,
      height: 56,
      x: 1440 - 20 - 56,
      y: 900 - 20 - 56,
    });
    await picture(page, `${name}-launcher`);
    await launcher(page).click();
    const panel = page.getByRole("dialog");
    await panel.waitFor();
    await picture(page, `${name}-home`);
    await page.getByRole("button", { name: /Chat here/ }).click();
    await field(page).waitFor();
    await say(page, "Is there a darker glaze?");
    await page.locator(".msg.mine .when").waitFor();
    expect(await panel.boundingBox()).toMatchObject({ width: 384, x: 1440 - 20 - 384 });
    expect(await looksOf(page, ".panel")).toEqual({
      direction: "ltr",
      fontSize: "15px",
      letterSpacing: "normal",
      textTransform: "none",
      opacity: "1",
      visibility: "visible",
      cursor: "auto",
      color: path === "/dark" ? "rgb(243, 243, 245)" : "rgb(27, 27, 31)",
    });
    const bubble = (await page.locator(".msg.mine .bubble").boundingBox())!;
    expect(bubble.x + bubble.width).toBeGreaterThan(1440 - 20 - 30); // own words stand at the right
    const composer = (await page.locator(".composer").boundingBox())!;
    const box = (await panel.boundingBox())!;
    expect(composer.y + composer.height).toBeLessThanOrEqual(box.y + box.height + 0.5);
    await picture(page, `${name}-chat`);
    await context.close();
  });

  it("in an iframe stays within it", async () => {
    const { context, page } = await shop.visit();
    await page.goto(`${shop.url}/frame`);
    const frame = page.frameLocator("iframe");
    await frame.locator("[data-switchboard] .b").click();
    await frame.getByRole("button", { name: /Chat here/ }).click();
    await frame.locator(".composer").waitFor();
    const [outer, inner] = [
      (await page.locator("iframe").boundingBox())!,
      (await frame.getByRole("dialog").boundingBox())!,
    ];
    expect(inner.x).toBeGreaterThanOrEqual(outer.x);
    expect(inner.y).toBeGreaterThanOrEqual(outer.y);
    expect(inner.x + inner.width).toBeLessThanOrEqual(outer.x + outer.width);
    await picture(page, "frame");
    await context.close();
  });
});

describe("a phone", () => {
  const phone = {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    deviceScaleFactor: 2,
  };

  it.each([
    ["light", "en-GB", "/"],
    ["dark", "ru-RU", "/transform"],
  ] as const)("%s, %s on %s: is filled, and ends above the keyboard", async (colorScheme, locale, path) => {
    const { context, page } = await shop.visit({ ...phone, colorScheme, locale });
    await page.goto(shop.url + path);
    await launcher(page).tap();
    await page.locator(".panel [data-first]").tap();
    const panel = page.locator(".panel");
    const words = page.locator(".composer textarea");
    await words.waitFor();
    expect(await panel.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 });
    expect(await launcher(page).isVisible()).toBe(false);
    await words.fill("«Железо», и ещё вопрос");
    await page.locator(".composer .go").tap();
    await page.locator(".msg.mine .when").waitFor();
    await page.locator(".msg.mine .bubble").tap();
    await page.locator(".acts").waitFor();
    expect(await findings(page)).toEqual([]);
    await picture(page, `phone-acts-${colorScheme}`);
    await page.locator(".msg.mine .bubble").tap();
    await page.locator(".acts").waitFor({ state: "detached" });
    await words.tap();
    await page.evaluate(() => {
      Object.defineProperty(visualViewport, "height", { value: 500, configurable: true });
      visualViewport?.dispatchEvent(new Event("resize"));
    });
    await waitFor(async () => (await panel.boundingBox())?.height === 500, "the panel above the keyboard");
    const composer = (await page.locator(".composer").boundingBox())!;
    expect(composer.y + composer.height).toBeLessThanOrEqual(500);
    expect(await page.locator(".msg.mine .bubble").isVisible()).toBe(true);
    await picture(page, `phone-keyboard-${colorScheme}`);
    for (const button of await page.locator(".head button, .bar button").all()) {
      const box = (await button.boundingBox())!;
      expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44);
    }
    await context.close();
  });
});

describe("the next page of the shop", () => {
  it("has the panel open with its chat and what was being written, and keeps its own focus", async () => {
    const { context, page } = await shop.visit();
    await page.goto(shop.url);
    await openChat(page);
    await say(page, "Does it travel with me?");
    const { id } = await shop.findByText("Does it travel with me?");
    await field(page).fill("And anoth");
    await page.goto(`${shop.url}/long`);
    await page.getByText("Does it travel with me?").waitFor();
    await waitFor(async () => (await field(page).inputValue()) === "And anoth", "the text");
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("BODY");
    await picture(page, "next-page");
    await shop.world.owner.reply(id, "It does");
    await page.getByRole("log").getByText("It does").waitFor();
    await field(page).click();
    await page.keyboard.press("End");
    await page.keyboard.type("er one");
    await page.keyboard.press("Enter");
    await shop.findByText("And another one");

    const tab = await shop.openPage(context);
    await tab.goto(shop.url);
    await launcher(tab).waitFor();
    expect(await tab.locator(".panel").count()).toBe(0);
    await page.getByRole("button", { name: "Close" }).last().click();
    await page.goto(shop.url);
    await launcher(page).waitFor();
    await page.waitForFunction(() => document.querySelector("[data-switchboard]")?.shadowRoot !== null);
    expect(await page.locator(".panel").count()).toBe(0);
    await context.close();
  });

  it("does not tell the site that the visitor has opened it", async () => {
    const { context, page } = await shop.visit();
    await page.addInitScript(() => {
      const said: unknown[][] = [];
      const site = Object.assign((...command: unknown[]) => void said.push(command), { q: said });
      const told: string[] = [];
      Object.assign(globalThis, { Switchboard: site, told });
      for (const event of ["open", "close"]) site("on", event, () => told.push(event));
    });
    const told = () => page.evaluate(() => (globalThis as unknown as { told: string[] }).told.join());
    await page.goto(shop.url);
    await openChat(page);
    await waitFor(async () => (await told()) === "open", "the first opening");
    await page.goto(`${shop.url}/long`);
    await page.getByRole("button", { name: "Close" }).last().click();
    await waitFor(async () => (await told()).endsWith("close"), "the end");
    expect(await told()).toBe("close");
    await context.close();
  });

  it("is not covered on a phone, where the launcher counts what comes", async () => {
    const { context, page } = await shop.visit({
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    await page.goto(shop.url);
    await openChat(page);
    await say(page, "Does it cover the page?");
    const { id } = await shop.findByText("Does it cover the page?");
    await page.goto(`${shop.url}/long`);
    await launcher(page).waitFor();
    await shop.world.owner.reply(id, "It does not");
    await page.locator("[data-switchboard] .n", { hasText: "1" }).waitFor();
    expect(await page.locator(".panel").count()).toBe(0);
    await launcher(page).click();
    await page.getByRole("dialog").getByText("It does not").waitFor(); // what the badge counts
    await context.close();
  });
});

describe("a rule", () => {
  const rule = (id: string, page: string, what: string, value: string, more: object = {}) => ({
    id,
    name: id,
    on: true,
    conditions: [
      { what: "page", how: "is", value: page },
      { what, how: "at_least", value },
    ],
    greeting: { en: `Greeted by ${id}` },
    answers: [],
    from: null,
    every: "always",
    ...more,
  });
  const greeting = (page: Page, id: string) => page.getByText(`Greeted by ${id}`);

  beforeAll(async () => {
    const { owner } = shop.world;
    const draft = structuredClone(shop.widget.draft);
    draft.rules = [
      rule("scroll", "/long", "scroll", "50", { every: "once", answers: [{ title: { en: "Yes, please" } }] }),
      rule("time", "/dark", "time", "30"),
      rule("exit", "/", "exit", ""),
    ];
    await owner.put(`/widgets/${shop.widget.id}/draft`, draft);
    await owner.post(`/widgets/${shop.widget.id}/publish`);
  });

  it("by scrolling greets once, without taking the focus, and its answer begins the chat", async () => {
    const { context, page } = await shop.visit();
    await page.goto(`${shop.url}/long`);
    await launcher(page).waitFor();
    await page.evaluate(() => scrollTo(0, 3000));
    await greeting(page, "scroll").waitFor();
    expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
    expect(await findings(page)).toEqual([]);
    await picture(page, "greeting");
    await page.getByRole("button", { name: "Yes, please" }).click();
    await shop.findByText("Yes, please");
    await eventually(async () => {
      const { items } = await shop.world.owner.get(`/widgets/${shop.widget.id}/figures`);
      expect(items).toContainEqual({ ruleId: "scroll", shown: 1, opened: 1, wrote: 1 });
    });
    const again = await shop.openPage(context);
    await again.goto(`${shop.url}/long`);
    await launcher(again).waitFor();
    await again.evaluate(() => scrollTo(0, 3000));
    await again.waitForFunction(() => scrollY > 2000);
    expect(await greeting(again, "scroll").count()).toBe(0);
    await context.close();
  });

  it("by time waits for it, and Escape sends the greeting away", async () => {
    const { context, page } = await shop.visit();
    await page.clock.install();
    await page.goto(`${shop.url}/dark`);
    await launcher(page).waitFor();
    await page.clock.fastForward(15_000);
    expect(await greeting(page, "time").count()).toBe(0);
    await page.clock.fastForward(16_000);
    await greeting(page, "time").waitFor();
    await launcher(page).focus();
    await page.keyboard.press("Escape");
    await greeting(page, "time").waitFor({ state: "detached" });
    expect(await launcher(page).locator(".n").isVisible()).toBe(false);
    await context.close();
  });

  it("by leaving greets when the pointer goes up out of the page, and not before", async () => {
    const { context, page } = await shop.visit();
    await page.clock.install();
    await page.goto(shop.url);
    await launcher(page).waitFor();
    await page.mouse.move(400, 300);
    await page.mouse.move(400, 500);
    await page.clock.runFor(3000);
    expect(await greeting(page, "exit").count()).toBe(0);
    await page.mouse.move(400, 1);
    await page.mouse.move(400, -10);
    await page.clock.runFor(2000);
    await greeting(page, "exit").waitFor();
    await context.close();
  });
});

it("shows a right-to-left page's visitor the chat they know", async () => {
  const { context, page } = await shop.visit();
  await page.goto(`${shop.url}/rtl`);
  await openChat(page);
  const back = (await page.getByRole("button", { name: "Back" }).boundingBox())!;
  const panel = (await page.getByRole("dialog").boundingBox())!;
  expect(back.x - panel.x).toBeLessThan(40);
  await context.close();
});
