/** An address in the builder is looked at when its field is left, and saved whatever comes of it. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openAbroad, type Abroad } from "../support/abroad.ts";
import { findings } from "../support/axe.ts";
import { launchBrowser, openContext, type Looks } from "../support/browser.ts";
import { waitFor } from "../support/hub.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
let abroad: Abroad;
let browser: Browser;
let card: any;
const faults: string[] = [];

beforeAll(async () => {
  abroad = await openAbroad(["clay.example", "shop.example"]);
  abroad.set("shop.example", (_, response) => response.writeHead(200).end());
  abroad.set("clay.example", ({ url }, response) => {
    if (url === "/moved") response.writeHead(301, { location: "https://shop.example/" });
    else if (url === "/gone") response.writeHead(404);
    else if (url === "/closed") response.writeHead(403);
    response.end();
  });
  world = await startWorld({}, { outside: abroad.outside });
  browser = await launchBrowser();
  const blocks = [
    { id: "p", type: "person", name: { en: "Clay & Co" } },
    { id: "l", type: "link", url: "", title: { en: "Shop" } },
  ];
  card = await world.owner.post("/cards", {
    name: "Clay & Co",
    slug: "clay",
    content: { languages: ["en"], blocks },
  });
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
  await abroad?.stop();
  expect(faults).toEqual([]);
});

async function open(looks: Looks): Promise<Page> {
  const { theme = "light", locale = "en" } = looks;
  await world.owner.patch("/preferences", { theme, locale });
  const context = await openContext(browser, world.hub.url, world.owner.cookie, looks);
  const page = await context.newPage();
  page.on("pageerror", (error) => void faults.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy|Uncaught|Vue warn|intlify/.test(message.text())) faults.push(message.text());
  });
  await page.goto(`${world.hub.url}/cards/${card.id}`);
  await page.getByRole("button", { name: /^Shop/ }).first().click();
  return page;
}
const savedUrl = async (): Promise<string> =>
  (await world.owner.get(`/cards/${card.id}`)).draft.blocks[1].url;

it.each([
  [
    { theme: "light", locale: "en", width: 1440 },
    "Address",
    [
      ["clay.example/shop", "Answers"],
      ["clay.example/moved", "Answers, and sends on to shop.example"],
      ["clay.example/closed", "Could not be checked; it may well work"],
      ["tel:+74955550142", "Could not be checked; it may well work"],
      ["127.0.0.1", "No site answers at this address. Is it right?"],
      ["clay.example/gone", "The site answers with an error (404). Is the address right?"],
    ],
  ],
  [
    { theme: "dark", locale: "ru", width: 390 },
    "Адрес",
    [
      ["clay.example/shop", "Отвечает"],
      ["clay.example/gone", "Сайт отвечает ошибкой (404). Верен ли адрес?"],
    ],
  ],
] as const)("in words, and keeps nothing from being saved: %j", async (looks, label, cases) => {
  const page = await open(looks);
  const field = page.getByLabel(label, { exact: true });
  for (const [typed, said] of cases) {
    await field.fill(typed);
    expect(await page.getByText(said, { exact: true }).count()).toBe(0);
    await field.press("Tab");
    await page.getByRole("status").getByText(said, { exact: true }).waitFor();
    await waitFor(async () => (await savedUrl()) === typed, `${typed} to be saved`);
  }
  expect(await findings(page)).toEqual([]);
  if (process.env["PICTURES"]) await page.screenshot({ path: `screenshots/card-link-${looks.width}.png` });
  await page.context().close();
});
