/** The Share tab: the link for each place, the code that is printed, and the domain of the card's own. */
import { readFile } from "node:fs/promises";
import jsQR from "jsqr";
import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAbroad, type Abroad } from "../support/abroad.ts";
import { findings } from "../support/axe.ts";
import { launchBrowser, openContext, type Looks } from "../support/browser.ts";
import { startDns, type TestDns } from "../support/dns.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
let dns: TestDns;
let abroad: Abroad;
let browser: Browser;
let card: any;
let page: Page;
const faults: string[] = [];

beforeAll(async () => {
  dns = await startDns();
  dns.set("hub.clay.example", "A", "203.0.113.7");
  abroad = await openAbroad(["linktr.ee"]);
  const environment = { PUBLIC_URL: "http://hub.clay.example", DNS_SERVER: dns.address };
  world = await startWorld(environment, { outside: abroad.outside });
  browser = await launchBrowser();
  card = await world.owner.post("/cards", { name: "Clay & Co", slug: "clay" });
  card = await world.owner.post(`/cards/${card.id}/publish?rev=${card.rev}`);
  page = await open({});
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
  await abroad?.stop();
  await dns?.stop();
  expect(faults).toEqual([]);
});

async function open(looks: Looks): Promise<Page> {
  const { theme = "light", locale = "en" } = looks;
  await world.owner.patch("/preferences", { theme, locale });
  const context = await openContext(browser, world.hub.url, world.owner.cookie, looks);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const opened = await context.newPage();
  opened.on("pageerror", (error) => void faults.push(error.message));
  opened.on("console", (message) => {
    if (/Content Security Policy|Uncaught|Vue warn|intlify/.test(message.text())) faults.push(message.text());
  });
  await opened.goto(`${world.hub.url}/cards/${card.id}/share`);
  return opened;
}
async function download(name: string): Promise<Buffer> {
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name }).click(),
  ]);
  return readFile(await file.path());
}
async function decode(bytes: Buffer): Promise<string | undefined> {
  const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return jsQR(new Uint8ClampedArray(data), info.width, info.height)?.data;
}

describe("the Share tab", () => {
  it("copies a link with its tag", async () => {
    await page.getByRole("button", { name: "Copy: Instagram bio" }).click();
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()))
      .toBe("http://hub.clay.example/c/clay?s=bio");
    await page.getByLabel("Another place").fill("Shop window");
    await page.getByText("/c/clay?s=shop-window").waitFor();
  });

  it("gives the code as a drawing and as pixels, which read as the link", async () => {
    const svg = await download("Download SVG");
    expect(svg.toString()).toContain('width="3cm"');
    expect(await decode(await sharp(svg, { density: 600 }).png().toBuffer())).toBe(
      "http://hub.clay.example/c/clay?s=qr",
    );
    await page.getByText("PNG", { exact: true }).click();
    const png = await download("Download PNG");
    expect((await sharp(png).metadata()).width).toBe(709);
    expect(await decode(png)).toBe("http://hub.clay.example/c/clay?s=qr");
  });

  it("gives the code on paper, in the language that is chosen", async () => {
    await page.getByText("PDF", { exact: true }).click();
    await page.getByText("it is read from both sides of the table").waitFor();
    await page.getByLabel("Printed as").click();
    await page.getByRole("option", { name: "Stickers" }).click();
    await page.getByLabel("Language of the print").click();
    await page.getByRole("option", { name: "Русский" }).click();
    const pdf = await download("Download PDF");
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    expect(pdf.toString("latin1")).toMatch(/\/FontFile[23]/);
    expect(pdf.toString("latin1")).toContain("/Lang (ru)");
    expect(await findings(page)).toEqual([]);
  });

  it("says how a tag is written where the browser cannot", async () => {
    await page.getByText("How to write a tag").click();
    await page.getByText("NTAG213").waitFor();
  });

  it("leads through a domain: refused, waiting, wrong, found", async () => {
    await page.getByLabel("Domain").fill("localhost");
    await page.getByRole("button", { name: "Use this domain" }).click();
    await page.getByText("no domain that a card can have").waitFor();
    dns.set("go.clay.example", "CNAME", "shop.elsewhere.example");
    await page.getByLabel("Domain").fill("go.clay.example");
    await page.getByRole("button", { name: "Use this domain" }).click();
    await page.getByText("there is now: shop.elsewhere.example").waitFor();
    await page.getByText("not seen yet").waitFor();
    const { domain } = await world.owner.get(`/cards/${card.id}/domain`);
    dns.set("go.clay.example", "CNAME", "hub.clay.example");
    dns.set("_switchboard.go.clay.example", "TXT", domain.rows[2].value);
    await expect
      .poll(
        async () => {
          await page.getByRole("button", { name: "Check now" }).click();
          return page.getByText("The card opens on this domain").isVisible();
        },
        { timeout: 60_000, interval: 1500 },
      )
      .toBe(true);
    await page.getByText("go.clay.example/?s=bio").first().waitFor();
    await page.getByText("Also opens at hub.clay.example/c/clay").waitFor();
  });

  it.each([
    ["light English", {}],
    ["dark Russian on a phone", { theme: "dark", locale: "ru", width: 390 }],
  ] as [string, Looks][])("has no findings of axe in %s", async (_, looks) => {
    const shown = await open(looks);
    await shown.getByText("_switchboard.go.clay.example").waitFor();
    expect(await findings(shown)).toEqual([]);
    const wide = await shown.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
    await shown.getByText("_switchboard.go.clay.example").scrollIntoViewIfNeeded();
    if (process.env["PICTURES"])
      await shown.screenshot({ path: `screenshots/card-share-${looks.width ?? 1440}.png` });
    await shown.getByText("PDF", { exact: true }).click();
    expect(await findings(shown)).toEqual([]);
    if (process.env["PICTURES"]) {
      await shown.getByRole("button", { name: /. PDF$/ }).scrollIntoViewIfNeeded();
      await shown.screenshot({ path: `screenshots/card-print-${looks.width ?? 1440}.png` });
    }
    await shown.context().close();
  });
});

describe("moving from another service", () => {
  const links = [
    "Shop https://clay.example/shop",
    "Bad javascript:alert(1)",
    "Blog https://blog.clay.example",
    "Telegram https://t.me/clay_and_co",
  ].join("\n");

  it("shows what comes over before anything is made, and makes what was kept", async () => {
    await world.owner.patch("/preferences", { theme: "light", locale: "en" });
    await page.goto(`${world.hub.url}/cards/new`);
    await page.getByLabel("Or paste your links").fill("There is none");
    await page.getByRole("button", { name: "Look at it" }).click();
    await page.getByText("Nothing that could become a card").waitFor();
    await page.getByLabel("Or paste your links").fill(links);
    await page.getByRole("button", { name: "Look at it" }).click();
    await page.getByText("this address leads nowhere safe").waitFor();
    await page.getByText("became a messenger button").waitFor();
    await page.getByLabel("Take over: Blog").uncheck();
    await page.getByText("2 things come over, 2 are left out").waitFor();
    expect((await world.owner.get("/cards")).items).toHaveLength(1);
    expect(await findings(page)).toEqual([]);
    await page.getByLabel("Address of the card").fill("moved");
    await page.getByText("free", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Make the card from it" }).click();
    await page.getByRole("heading", { name: /^Blocks/ }).waitFor();
    const { id } = (await world.owner.get("/cards")).items.find(({ slug }: any) => slug === "moved");
    const { draft, published } = await world.owner.get(`/cards/${id}`);
    expect(draft.blocks.map(({ type }: any) => type)).toEqual(["person", "messengers", "link"]);
    expect(published).toBe(false);
  });

  it("opens a page at its address, and says what is the matter where there is none", async () => {
    const links = [{ type: "CLASSIC", title: "Mugs and bowls", url: "https://clay.example/", position: 0 }];
    const pageProps = { account: { pageTitle: "Clay at Linktree", links }, links: [] };
    abroad.set("linktr.ee", ({ url }, response) => {
      if (url !== "/clay") return void response.writeHead(url === "/closed" ? 403 : 404).end();
      const data = JSON.stringify({ props: { pageProps } });
      response.writeHead(200, { "content-type": "text/html" });
      response.end(`<!doctype html><script id="__NEXT_DATA__" type="application/json">${data}</script>`);
    });
    await world.owner.patch("/preferences", { theme: "light", locale: "en" });
    await page.goto(`${world.hub.url}/cards/new`);
    const address = page.getByLabel("Address of your page");
    for (const [typed, said] of [
      ["127.0.0.1", "There is no site of the internet at this address"],
      ["linktr.ee/nobody", "There is no such page"],
      ["linktr.ee/closed", "(403): some refuse programs"],
    ] as const) {
      await address.fill(typed);
      await address.press("Enter");
      await page.getByText(said).waitFor();
    }
    expect(await findings(page)).toEqual([]);
    if (process.env["PICTURES"])
      await page.screenshot({ path: "screenshots/card-import-1440.png", fullPage: true });
    await address.fill("linktr.ee/clay");
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await page.getByText("Mugs and bowls").waitFor();
    await page.getByText("From Linktree").waitFor();
    await page.getByText("2 things come over").waitFor();
    expect(await page.getByLabel("Name").first().inputValue()).toBe("Clay at Linktree");
  });

  it("has no findings of axe in dark Russian on a phone", async () => {
    const shown = await open({ theme: "dark", locale: "ru", width: 390 });
    await shown.goto(`${world.hub.url}/cards/new`);
    await shown.getByLabel("Адрес вашей страницы").fill("linktr.ee/closed");
    await shown.getByRole("button", { name: "Перенести" }).click();
    await shown.getByText("некоторые не пускают программы").waitFor();
    expect(await findings(shown)).toEqual([]);
    if (process.env["PICTURES"])
      await shown.screenshot({ path: "screenshots/card-import-address-390.png", fullPage: true });
    await shown.getByLabel("Или вставьте ссылки").fill(links);
    await shown.getByRole("button", { name: "Посмотреть" }).click();
    await shown.getByText("станет кнопкой мессенджера").waitFor();
    expect(await findings(shown)).toEqual([]);
    const wide = await shown.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
    if (process.env["PICTURES"])
      await shown.screenshot({ path: "screenshots/card-import-390.png", fullPage: true });
    await shown.context().close();
  });
});
