/** The screens of the cards: the builder, sharing, statistics, import, and the public page. */
import type { Page } from "playwright-core";
import { themeIds } from "../../cards/blocks/themes/names.ts";
import type { Visitor } from "../../demo/visitor.ts";
import { openContext } from "../../test/support/browser.ts";
import type { Places } from "./places.ts";
import { fresh, nina, type Shot } from "./shot.ts";

const card =
  (tab = "") =>
  ({ demo }: Places): string =>
    `${demo.url}/cards/${demo.card.id}${tab}`;

/** A card whose draft may be changed: that of the demo stays as the story has it. */
const changing =
  (tab = "") =>
  ({ host }: Places): string =>
    `${host.url}/cards/${host.card.id}${tab}`;

const guest = ({ host }: Places): Visitor => host.owner;

/** The builder has drawn the page beside the blocks; a phone has no room for it. */
async function drawn(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^(Undo|Отменить)/ }).waitFor();
  const frame = page.locator("iframe[title=Preview], iframe[title=Просмотр]");
  if ((await frame.count()) > 0) await frame.contentFrame().getByRole("heading", { level: 1 }).waitFor();
}

async function openBlock(page: Page): Promise<void> {
  await drawn(page);
  await page.locator("[aria-controls=form-write]").click();
}

async function openTiles(page: Page): Promise<void> {
  await drawn(page);
  await page
    .getByRole("button", { name: /^(Add a block|Добавить блок)/ })
    .first()
    .click();
  await page.getByRole("option").first().waitFor();
}

/** A colleague came first to the block that is opened. */
async function openHeld(page: Page, { demo }: Places): Promise<() => Promise<void>> {
  const browser = page.context().browser();
  if (!browser) throw new Error("the page has no browser");
  const context = await openContext(browser, demo.url, demo.people.mark.cookie);
  const his = await context.newPage();
  await his.goto(page.url());
  await his.locator("[aria-controls=form-shop]").click();
  await page.locator("[data-editors=shop]").waitFor();
  await drawn(page);
  const row = page.locator("[aria-controls=form-shop]");
  await row.click();
  await page
    .getByText(/is editing this block\.|правит этот блок\./)
    .first()
    .waitFor();
  return async () => {
    await row.click(); // whoever only loses the line has the block for a while yet
    await his.locator("[data-editors=shop]").waitFor({ state: "detached" });
    await context.close();
  };
}

async function linkToNowhere(page: Page): Promise<void> {
  await drawn(page);
  await page.locator("[aria-controls=form-shop]").click();
  const field = page.locator("#form-shop").getByRole("textbox", { name: /^(Address|Адрес)$/ });
  await field.fill("127.0.0.1");
  await field.press("Tab");
  await page
    .getByText(/No site answers|сайт не отвечает/)
    .first()
    .waitFor();
}

async function keepTheme(page: Page): Promise<void> {
  await drawn(page);
  await page.getByRole("button", { name: /^(Save as my theme|Сохранить как мою тему)$/ }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("Winter glaze");
}

async function asPrint(page: Page): Promise<void> {
  await page.getByRole("img", { name: /QR/ }).waitFor();
  await page.getByText("PDF", { exact: true }).click();
  await page.getByRole("button", { name: /. PDF$/ }).scrollIntoViewIfNeeded();
}

async function importNowhere(page: Page): Promise<void> {
  const field = page.getByLabel(/^(Address of your page|Адрес вашей страницы)$/);
  await field.fill("linktr.ee.invalid/clayandco");
  await field.press("Enter");
  await page.locator("[aria-invalid=true]").waitFor();
  await page.getByLabel(/^(Or paste your links|Или вставьте ссылки)/).scrollIntoViewIfNeeded();
}

async function importList(page: Page): Promise<void> {
  const links = ["Shop https://clay.example/shop", "https://wa.me/442079460142", "javascript:alert(1)"];
  await page.getByLabel(/^(Or paste your links|Или вставьте ссылки)/).fill(links.join("\n"));
  await page.getByRole("button", { name: /^(Look at it|Посмотреть)$/ }).click();
  await page.getByRole("button", { name: /^(Another file|Другой файл)$/ }).scrollIntoViewIfNeeded();
}

const empty = (places: Places): string => `${places.fresh.url}/cards`;

export const cardShots: Shot[] = [
  { name: "cards-empty", who: fresh, address: empty },
  { name: "cards-import-nowhere", who: fresh, address: empty, act: importNowhere },
  { name: "cards-import-review", who: fresh, address: empty, act: importList },
  { name: "cards-builder", who: nina, address: card(), act: openBlock },
  { name: "cards-builder-add-block", who: nina, address: card(), act: openTiles },
  { name: "cards-builder-held", who: nina, address: card(), act: openHeld },
  { name: "cards-builder-link", who: guest, address: changing(), act: linkToNowhere },
  { name: "cards-builder-design", who: nina, address: card("/design"), act: drawn },
  { name: "cards-builder-own-theme", who: guest, address: changing("/design"), act: keepTheme },
  { name: "cards-share", who: nina, address: card("/share") },
  { name: "cards-share-print", who: guest, address: changing("/share"), act: asPrint },
  {
    name: "cards-statistics",
    who: nina,
    address: card("/statistics"),
    act: (page) => page.locator("main figure").first().waitFor(),
  },
  ...themeIds.map((theme) => ({
    name: `cards-public-${theme}`,
    address: ({ host }: Places) => `${host.url}/c/look-${theme}`,
    ownLooks: true as const,
  })),
  { name: "cards-public", address: ({ demo }) => demo.card.url, ownLooks: true },
];
