/** Whatever is written on a card, its page is as wide as the phone, in every theme. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { cardContent } from "../../cards/blocks/schema.ts";
import { themeIds } from "../../cards/blocks/themes/names.ts";
import { launchBrowser, openContext } from "../support/browser.ts";
import { startWorld, type World } from "../support/world.ts";

const endless = "Превысокомногорассмотрительствующий";
const words = (ru: string) => ({ ru });
const blocks = [
  { id: "p", type: "person", name: words(endless), about: words(endless.repeat(3)) },
  { id: "h", type: "heading", text: words(endless) },
  {
    id: "m",
    type: "messengers",
    items: [{ id: "1", service: "telegram", to: "a_name", title: words(endless) }],
  },
  { id: "l", type: "link", url: "clay.example", title: words("Посмотреть каталог букетов"), main: true },
  { id: "k", type: "link", url: "clay.example", title: words(endless), main: true },
  { id: "n", type: "link", url: "clay.example", title: words(endless), note: words(endless.repeat(2)) },
  { id: "s", type: "address", address: words(endless.repeat(2)) },
  {
    id: "r",
    type: "prices",
    title: words(endless),
    items: [
      { id: "1", name: words("Свадебная церемония"), price: words("от 150 000 рублей за мероприятие") },
      { id: "2", name: words("Чистка"), price: words("3 500–5 500 ₽ за сеанс") },
      { id: "3", name: words("Гипсофила"), price: words("900 ₽") },
      { id: "4", name: words(endless), price: words(endless) },
    ],
  },
  {
    id: "f",
    type: "form",
    title: words(endless),
    fields: [{ id: "a", kind: "text", label: words(endless), options: {} }],
  },
];

let world: World;
let browser: Browser;
beforeAll(async () => {
  world = await startWorld();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

it("is never wider than the phone, and short prices stay on their line", async () => {
  for (const theme of themeIds) {
    const content = cardContent.parse({ languages: ["ru"], design: { theme }, blocks });
    const { id } = await world.owner.post("/cards", { name: theme, slug: `wide-${theme}`, content });
    await world.owner.post(`/cards/${id}/publish?rev=1`);
  }
  const context = await openContext(browser, world.hub.url, undefined, { width: 390, locale: "ru" });
  const page = await context.newPage();
  for (const theme of themeIds) {
    await page.goto(`${world.hub.url}/c/wide-${theme}`);
    for (const width of [390, 320]) {
      await page.setViewportSize({ width, height: 800 });
      const seen = await page.evaluate(() => {
        const price = [...document.querySelectorAll(".pr b")].find(({ textContent }) =>
          textContent.startsWith("900"),
        );
        return [document.documentElement.scrollWidth, price?.getClientRects().length];
      });
      expect([theme, width, ...seen]).toEqual([theme, width, width, 1]);
    }
    if (process.env["PICTURES"])
      await page.screenshot({ path: `screenshots/wide-${theme}.png`, fullPage: true });
  }
  await context.close();
});
