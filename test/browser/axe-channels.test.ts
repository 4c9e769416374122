/** Connecting every messenger, its account's page, and what only some of them bring, without a finding of axe. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findings, looks } from "../support/axe.ts";
import { launchBrowser, openContext } from "../support/browser.ts";
import { kinds, startEveryChannel, type EveryChannel } from "../support/every-channel.ts";
import { visit } from "../support/settle.ts";

let world: EveryChannel;
let browser: Browser;
beforeAll(async () => {
  world = await startEveryChannel();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

describe.each(looks)("in $theme, $locale, $width wide", (look) => {
  let context: BrowserContext;
  let page: Page;
  beforeAll(async () => {
    await world.owner.patch("/preferences", { theme: look.theme, locale: look.locale });
    context = await openContext(browser, world.hub.url, world.owner.cookie, look);
    page = await context.newPage();
  });
  afterAll(() => context.close());

  async function open(path: string): Promise<void> {
    await visit(page, `${world.hub.url}${path}`);
  }

  it.each(kinds)("connecting %s", async (kind) => {
    await open(`/channels/connect/${kind}`);
    expect(await findings(page)).toEqual([]);
  });

  it.each(kinds)("an account of %s", async (kind) => {
    await open(`/channels/${world.channels[kind]}`);
    expect(await findings(page)).toEqual([]);
  });

  it.each(["Kate Winslow", "Lena Fischer", "Olga Petrova"])("the cards and letters of %s", async (name) => {
    await open(`/inbox/all/${world.conversations.get(name) ?? ""}`);
    expect(await findings(page)).toEqual([]);
  });

  it("a closed window, and the templates that it offers", async () => {
    await open(`/inbox/all/${world.conversations.get("Vera Lind") ?? ""}`);
    expect(await findings(page)).toEqual([]);
    await page.getByRole("button", { name: /^(Choose a template|Выбрать шаблон)$/ }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: /with_picture/ }).waitFor();
    expect(await findings(page)).toEqual([]);
    await dialog.getByRole("button", { name: /with_video/ }).click();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press("Escape");
  });
});
