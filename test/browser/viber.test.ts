/** In a real browser: a Viber bot is connected through its screen, and somebody is answered. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ViberSimulator, type ViberBot, type ViberCustomer } from "../../demo/simulators/viber.ts";
import { launchBrowser, openContext } from "../support/browser.ts";
import { startHttpsFront, type HttpsFront } from "../support/https-front.ts";
import { startHub, waitFor, type TestHub } from "../support/hub.ts";

const token = "4453b6ac12345678-e02c5f12174805f9-daec9cbb5448c51f";
let hub: TestHub;
let front: HttpsFront;
let closeSimulator: () => Promise<void>;
let bot: ViberBot;
let vera: ViberCustomer;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  front = await startHttpsFront(() => hub.url);
  const simulator = new ViberSimulator({ fetch: front.fetch });
  const { url, close } = await simulator.listen();
  closeSimulator = close;
  bot = simulator.addBot({ token, id: "pa:75346594275468546724", name: "Clay & Co", uri: "clayandco" });
  vera = simulator.addCustomer(bot, "Vera Lindqvist");
  hub = await startHub({ API_ROOTS: `viber=${url}`, PUBLIC_URL: front.url });
  const owner = await hub.owner();
  browser = await launchBrowser();
  const context = await openContext(browser, hub.url, owner.cookie);
  page = await context.newPage();
  page.setDefaultTimeout(20_000);
});
afterAll(async () => {
  await browser?.close();
  await hub?.stop();
  await closeSimulator?.();
  await front?.close();
});

it("connects through its screen and talks", async () => {
  await page.goto(`${hub.url}/channels/connect/viber`);
  await page.getByLabel("Token", { exact: true }).fill(token);
  await page.getByLabel("Welcome message").fill("Hello! Ask us anything.");
  await page.getByText("Token is valid").waitFor();
  await page.getByRole("button", { name: "Finish" }).click();
  await waitFor(() => bot.webhook, "the webhook");
  await vera.open();
  expect(vera.read).toEqual(["Hello! Ask us anything."]);

  await page.goto(`${hub.url}/inbox/all`);
  await vera.say("Do you glaze on Sundays?");
  await page.getByText("Vera Lindqvist").first().click();
  const composer = page.getByRole("textbox", { name: "Reply", exact: true });
  await composer.click();
  await page.keyboard.type("Every Sunday from ten.");
  await page.keyboard.press("Enter");
  await waitFor(() => vera.read.includes("Every Sunday from ten."), "the answer");
  await vera.see();
  await page.getByText("Read", { exact: true }).first().waitFor();
});
