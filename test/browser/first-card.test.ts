/** From the first start to a published card whose messenger buttons work: what a newcomer does on a phone, by the clock. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { TelegramSimulator } from "../../demo/simulators/telegram.ts";
import { launchBrowser, openContext } from "../support/browser.ts";
import { waitFor } from "../support/hub.ts";
import { Program } from "../support/program.ts";
import { botToken } from "../support/world.ts";

/** What the product promises. Nobody's reading and typing is in it: this is what the hub and its screens take. */
const promisedMs = 120_000;
const phone =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1";

let simulator: TelegramSimulator;
let closeSimulator: () => Promise<void>;
let program: Program;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  simulator = new TelegramSimulator();
  const { url, close } = await simulator.listen();
  closeSimulator = close;
  await simulator.addBot({ token: botToken, username: "clay_and_co_bot", name: "Clay & Co" });
  program = await Program.create({ environment: { TELEGRAM_API_ROOT: url } });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await program?.remove();
  await closeSimulator?.();
});

it("takes less than two minutes", async () => {
  const began = performance.now();
  await program.start();
  const context = await openContext(browser, program.url, undefined, { width: 390 });
  page = await context.newPage();

  await page.goto(await waitFor(() => /https?:\S+first-run#[\w-]+/.exec(program.output)?.[0], "the link"));
  await page.getByLabel("Company").fill("Clay & Co");
  await page.getByLabel("Your name").fill("Anna Kim");
  await page.getByLabel("E-mail").fill("anna@clay.example");
  await page.getByLabel("Password", { exact: true }).fill("a kiln at 1240 degrees");
  await page.getByRole("button", { name: "Create the workspace" }).click();

  const step = (id: string) => page.locator(`[data-step="${id}"]`);
  await step("channels").getByRole("link", { name: "Connect" }).click();
  await page
    .getByRole("link", { name: /^Telegram/ })
    .or(page.getByRole("button", { name: /Telegram/ }))
    .first()
    .click();
  await page.getByRole("textbox").first().fill(botToken);
  await page.getByText("@clay_and_co_bot").first().waitFor();
  await page.getByRole("button", { name: "Finish" }).click();
  await waitFor(() => simulator.callsOf("getUpdates").length > 0, "the hub to poll");

  await page.goto(`${program.url}/`);
  await step("card").getByRole("link", { name: "Create" }).click();
  await page.getByText("free", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Start with this layout" }).click();
  await page.locator("[aria-controls=form-messengers]").click();
  const form = page.locator("#form-messengers");
  await form.getByRole("button", { name: "Add" }).click();
  const added = form.locator("[data-row]").nth(1);
  await added.getByLabel("Service").click();
  await page.getByRole("option", { name: "WhatsApp", exact: true }).click();
  await added.getByLabel("Name, number or address").fill("+44 20 7946 0142");
  await page.getByRole("status").getByText("Saved", { exact: true }).waitFor();
  await page.getByRole("button", { name: /^Publish/ }).click();
  await page.getByText("Visitors see it now").waitFor();
  const took = performance.now() - began;

  const visitor = await browser.newContext({ javaScriptEnabled: false });
  const card = await visitor.newPage();
  await card.goto(`${program.url}/c/clay-and-co`);
  const target = async (name: string): Promise<string | null> => {
    const href = (await card.getByRole("link", { name }).getAttribute("href")) ?? "";
    const tap = await fetch(new URL(href, program.url), {
      redirect: "manual",
      headers: { "user-agent": phone },
    });
    return tap.headers.get("location");
  };
  expect(await target("Telegram")).toMatch(/^https:\/\/t\.me\/clay_and_co_bot\?start=[\w-]{8,}$/);
  expect(await target("WhatsApp")).toMatch(/^https:\/\/wa\.me\/442079460142/);
  expect(took).toBeLessThan(promisedMs);
});
