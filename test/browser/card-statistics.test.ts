/** The statistics of a card on the screen: read by pointer and keyboard, compared, taken along as a table. */
import { readFile } from "node:fs/promises";
import mongoose from "mongoose";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ObjectId, toObjectId } from "../../core/db.ts";
import { findings, looks } from "../support/axe.ts";
import { launchBrowser, openContext, type Looks } from "../support/browser.ts";
import { settle } from "../support/settle.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
let browser: Browser;
let page: Page;
let card: any;
const faults: string[] = [];

beforeAll(async () => {
  world = await startWorld();
  card = await world.owner.post("/cards", { name: "Clay & Co", slug: "clay" });
  card.draft.languages = ["en", "ru"];
  card = await world.owner.put(`/cards/${card.id}/draft?rev=${card.rev}`, card.draft);
  card = await world.owner.post(`/cards/${card.id}/publish?rev=${card.rev}`);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
  expect(faults).toEqual([]);
});

async function open(path: string, given: Looks = {}): Promise<Page> {
  const context = await openContext(browser, world.hub.url, world.owner.cookie, given);
  const opened = await context.newPage();
  opened.on("pageerror", (error) => void faults.push(error.message));
  opened.on("console", (message) => {
    if (/Content Security Policy|Uncaught|Vue warn/.test(message.text())) faults.push(message.text());
  });
  await opened.goto(world.hub.url + path);
  return opened;
}

/** Two months of a small business, as the counting leaves them. */
async function fill(): Promise<void> {
  const workspaceId = toObjectId((await world.owner.get("/session")).workspace.id)!;
  const cardId = toObjectId(card.id)!;
  const [, messengers] = card.draft.blocks;
  const item = `${messengers.id}/${messengers.items[0].id}`;
  const lists: Record<string, [string, number][]> = {
    source: [
      ["instagram.com", 0.62],
      ["?qr", 0.11],
      ["", 0.09],
      ["clay.example", 0.06],
      ["t.me", 0.05],
      ["?counter", 0.03],
      ["youtube.com", 0.02],
      ["vk.com", 0.02],
    ],
    utm: [["news / mail / autumn", 0.08]],
    device: [
      ["iphone", 0.58],
      ["android", 0.33],
      ["computer", 0.09],
    ],
    country: [
      ["RU", 0.71],
      ["KZ", 0.1],
      ["DE", 0.06],
      ["RS", 0.04],
      ["GE", 0.03],
      ["", 0.06],
    ],
    bot: [["", 0.15]],
  };
  const counts = Array.from({ length: 60 }, (_, ago) => {
    const day = new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
    const views = Math.round((ago < 30 ? 270 : 215) + 60 * Math.sin(ago / 3) + (ago === 15 ? 190 : 0));
    const row = (kind: string, key: string, more: object) => ({
      ...{ workspaceId, cardId, day, language: "en", kind, key },
      ...{ views: 0, taps: 0, visitors: 0, pressed: 0, ...more },
    });
    const taps = Math.round(views * 0.37);
    return [
      row("all", "", { views, taps, visitors: Math.round(views * 0.72), pressed: Math.round(views * 0.22) }),
      row("block", item, { taps: Math.round(taps * 0.7) }),
      row("block", "gone", { taps: Math.round(taps * 0.3) }),
      ...Object.entries(lists).flatMap(([kind, keys]) =>
        keys.map(([key, share]) =>
          row(kind, key, { views: Math.round(views * share), visitors: Math.round(views * share) }),
        ),
      ),
    ];
  });
  await mongoose.connection.collection("card_counts").insertMany(counts.flat());
  const conversations = Array.from({ length: 40 }, (_, n) => ({
    _id: new ObjectId(),
    ...{ workspaceId, channelId: toObjectId(world.channelId), threadKey: `from the card ${n}` },
    ...{ contactId: new ObjectId(), contactName: `Customer ${n}`, state: "open", assigneeId: null, tags: [] },
    ...{ mentionedIds: [], needsReply: false, lastSeq: 1, lastRev: 1, readSeq: 1, unread: 0, blocked: false },
    lastActivityAt: new Date(),
    createdAt: new Date(Date.now() - (n % 29) * 86_400_000),
    from: `card:${card.id}:en`,
    ...(n % 10 === 0 ? {} : { firstAnswerMs: (n % 9) * 120_000 + 60_000 }),
  }));
  await mongoose.connection.collection<any>("conversations").insertMany(conversations);
}

describe("the statistics of a card", () => {
  it("say what to do while nobody has come", async () => {
    page = await open(`/cards/${card.id}/statistics`);
    await page.getByText("Nobody has opened the card in these days").waitFor();
    await page
      .getByText(`${new URL(world.hub.url).host}/c/clay`)
      .first()
      .waitFor();
    expect(await page.getByRole("button", { name: "CSV" }).isDisabled()).toBe(true);
    expect(await findings(page)).toEqual([]);
  });

  it("show the figures beside those of the time before, and each by day", async () => {
    await fill();
    await page.reload();
    await page.getByRole("button", { name: /^Views/ }).waitFor();
    const views = await page.getByRole("button", { name: /^Views/ }).innerText();
    expect(views).toMatch(/Views\s+[78],\d{3}\s+\+?\s*\d+%/);
    await page.getByRole("button", { name: /^Tap rate/ }).click();
    await page.getByText("Tap rate by day").first().waitFor();
    await page.getByText("Half are answered within").waitFor();
    await page.getByText("QR code").waitFor();
    await page.getByText("Kazakhstan").waitFor();
    await page.getByText("A block that is no more").waitFor();
  });

  it("read a day by the arrow keys", async () => {
    await page.getByRole("button", { name: /^Views/ }).click();
    const chart = page.getByRole("slider");
    await chart.focus();
    await page.keyboard.press("End");
    expect(await chart.getAttribute("aria-valuetext")).toMatch(/\d{1,2} \w{3}.*: \d+ \(.*: \d+\)/);
    await page.keyboard.press("ArrowLeft");
    expect(Number(await chart.getAttribute("aria-valuenow"))).toBe(28);
    await page.keyboard.press("Escape");
  });

  it("leave the comparison out, open a long list, and show UTM", async () => {
    await page.getByRole("button", { name: /with the 30 days before/ }).click();
    await page.getByRole("menuitem", { name: "without comparison" }).click();
    await page.getByRole("button", { name: "without comparison" }).waitFor();
    await page.getByRole("button", { name: "Show all 8" }).click();
    await page.getByText("vk.com").waitFor();
    await page.getByRole("button", { name: "UTM" }).click();
    await page.getByText("news / mail / autumn").waitFor();
    await page.getByRole("button", { name: "without comparison" }).click();
    await page.getByRole("menuitem", { name: "with the 30 days before" }).click();
  });

  it("are of the days and the language that are chosen", async () => {
    await page.getByRole("button", { name: /^Days:/ }).click();
    await page.getByRole("button", { name: "7 days" }).click();
    await page.getByRole("button", { name: "Apply" }).click();
    await page.getByRole("button", { name: /with the 7 days before/ }).waitFor();
    await page.getByRole("button", { name: "All languages" }).click();
    await page.getByRole("menuitem", { name: "Русский" }).click();
    await page.getByText("Nobody has opened the card in these days").waitFor();
  });

  it("come along as a table", async () => {
    await page.goto(`${world.hub.url}/cards/${card.id}/statistics`);
    await page.getByRole("button", { name: /^Views/ }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "CSV" }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^clay-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv$/);
    const text = await readFile(await download.path(), "utf8");
    expect(text).toMatch(/^\uFEFFDay,Views,Visitors,Taps,Tap rate,First messages\r\n/);
    expect(text.split("\r\n").filter((line) => /^\d{4}-/.test(line))).toHaveLength(30);
    expect(text).toMatch(/instagram\.com,\d+\r\n/);
    expect(text).toMatch(/From view to answer,\r\nOpened the card,\d+\r\nPressed a messenger,\d+\r\n/);
  });

  it("come along as Russian spreadsheets read a table", async () => {
    await world.owner.patch("/preferences", { locale: "ru" });
    await page.goto(`${world.hub.url}/cards/${card.id}/statistics`);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "CSV" }).click(),
    ]);
    await world.owner.patch("/preferences", { locale: "en" });
    const text = await readFile(await download.path(), "utf8");
    expect(text).toMatch(/^\uFEFFДень;Просмотры;/);
    expect(text).toMatch(/\r\n\d{4}-\d\d-\d\d;\d+;\d+;\d+;\d+,\d;\d+\r\n/);
  });

  it.each(looks)("look well in $theme $locale at $width", async (look) => {
    await world.owner.patch("/preferences", { theme: look.theme, locale: look.locale });
    const shown = await open(`/cards/${card.id}/statistics`, look);
    await shown.getByRole("slider").waitFor();
    await settle(shown);
    const folder = process.env["LOOK_FOLDER"];
    if (folder)
      await shown.screenshot({ path: `${folder}/st-${look.theme}-${look.locale}-${look.width}.png` });
    expect(await findings(shown)).toEqual([]);
    expect(await shown.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await shown.context().close();
  });
});
