/** In a real browser: a page is connected through its screen, its webhook is shown, and somebody is answered. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser, openContext } from "../support/browser.ts";
import { startHub, waitFor, type TestHub } from "../support/hub.ts";
import { app, pageCredentials, raiseMeta, type MetaStage } from "../support/messenger.ts";

let hub: TestHub;
let meta: MetaStage;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  meta = await raiseMeta((url) => url.replace("https://hub.example", hub.url));
  hub = await startHub({
    API_ROOTS: `facebook=${meta.url},instagram=${meta.url}`,
    PUBLIC_URL: "https://hub.example",
  });
  const owner = await hub.owner();
  browser = await launchBrowser();
  const context = await openContext(browser, hub.url, owner.cookie);
  page = await context.newPage();
  page.setDefaultTimeout(20_000);
});
afterAll(async () => {
  await browser?.close();
  await hub?.stop();
  await meta?.close();
});

it("connects Messenger through its screen and talks", async () => {
  await page.goto(`${hub.url}/channels/connect/facebook`);
  await page.getByLabel("App secret", { exact: true }).fill(pageCredentials.appSecret);
  await page.getByLabel("Page access token").fill(pageCredentials.pageToken);
  await page.getByText("App secret matches").waitFor();
  await page.getByText("Clay & Co, ceramics studio").first().waitFor();
  await page.getByRole("button", { name: "Save and go on" }).click();
  await waitFor(() => meta.simulator.callbackOf(app, "page"), "the webhook");
  await page
    .getByText(/https:\/\/hub\.example\/webhooks\/facebook/)
    .first()
    .waitFor();
  await page.getByText("message_reads", { exact: true }).waitFor();
  await page.getByText(/Turned on for you/).waitFor();

  meta.kate.say("Do you glaze on Sundays?");
  await page.goto(`${hub.url}/inbox/all`);
  await page.getByText("Kate Winslow").first().click();
  const composer = page.getByRole("textbox", { name: "Reply", exact: true });
  await composer.click();
  await page.keyboard.type("Every Sunday from ten.");
  await page.keyboard.press("Enter");
  await meta.simulator.graph.waitFor(() => meta.kate.received.at(-1)?.text === "Every Sunday from ten.");
  meta.kate.read();
  await page.getByText("Read", { exact: true }).first().waitFor();
  expect(meta.kate.received).toHaveLength(1);
});
