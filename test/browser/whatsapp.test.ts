/** In a real browser: a WhatsApp number is connected through its screen and talks; a phone's WhatsApp shows its code. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { WhatsappSimulator, type SimNumber } from "../../demo/simulators/whatsapp.ts";
import { launchBrowser, openContext } from "../support/browser.ts";
import { startHub, waitFor, type TestHub } from "../support/hub.ts";
import { newNumber, whatsappCredentials } from "../support/whatsapp.ts";
import { servePage } from "../support/whatsapp-page.ts";

const address = "https://hub.example";
let hub: TestHub;
let simulator: WhatsappSimulator;
let number: SimNumber;
let web: Awaited<ReturnType<typeof servePage>>;
let closeSimulator: () => Promise<void>;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  simulator = new WhatsappSimulator({ reach: (url) => url.replace(address, hub.url) });
  const { url, close } = await simulator.listen();
  closeSimulator = close;
  number = newNumber(simulator);
  web = await servePage();
  hub = await startHub({ API_ROOTS: `whatsapp=${url},whatsapp-web=${web.root}`, PUBLIC_URL: address });
  const owner = await hub.owner();
  browser = await launchBrowser();
  const context = await openContext(browser, hub.url, owner.cookie);
  page = await context.newPage();
  page.setDefaultTimeout(30_000);
});
afterAll(async () => {
  await browser?.close();
  await hub?.stop();
  await closeSimulator?.();
  await web?.close();
});

it("a number connects through its screen and talks", async () => {
  await page.goto(`${hub.url}/channels/connect/whatsapp`);
  await page.getByLabel("Phone number ID", { exact: true }).fill(whatsappCredentials.phoneNumberId);
  await page.getByLabel("WhatsApp Business account ID").fill(whatsappCredentials.businessAccountId);
  await page.getByLabel("Access token", { exact: true }).fill(whatsappCredentials.accessToken);
  await page.getByLabel("App secret", { exact: true }).fill(whatsappCredentials.appSecret);
  await page.getByText("The number answers").waitFor();
  await page.getByText("The app secret is right").waitFor();
  const { SHOTS } = process.env;
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/whatsapp-connect.png`, fullPage: true });
  await page.getByRole("button", { name: "Save and go on" }).click();
  await waitFor(() => simulator.overrides.get(number.accountId), "the webhook");

  const kate = simulator.addCustomer({ name: "Kate Winslow", phone: "447700900123", userId: "GB.7700900" });
  kate.say(number, "Is it food safe?");
  await page.goto(`${hub.url}/inbox/all`);
  await page.getByText("Kate Winslow").first().click();
  await page.getByRole("textbox", { name: "Reply", exact: true }).click();
  await page.keyboard.type("Yes, it is.");
  await page.keyboard.press("Enter");
  const answered = () =>
    kate
      .chat(number)
      .messages.some(({ by, body }) => by === "business" && JSON.stringify(body).includes("Yes, it is."));
  await waitFor(answered, "the answer");
  kate.read(number);
  await page.getByText("Read", { exact: true }).first().waitFor();
}, 90_000);

it("a phone's WhatsApp asks for a consent and shows the code", async () => {
  await page.goto(`${hub.url}/channels/connect/whatsapp-web`);
  await page.getByText("WhatsApp may block the number").waitFor();
  await page.getByLabel("I understand that the number may be blocked").check();
  await page.getByRole("button", { name: "Save and go on" }).click();
  await page.getByText("Open WhatsApp, Settings, Linked devices.").waitFor();
  const code = page.getByRole("img", { name: /code/i });
  await code.waitFor({ timeout: 60_000 });
  const { SHOTS } = process.env;
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/whatsapp-web-code.png`, fullPage: true });
  expect(hub.logged.join("")).not.toContain("2@reference");
}, 120_000);
