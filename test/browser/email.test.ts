/** In a real browser: a mailbox is connected through its screen, and a letter is answered. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { MailSimulator, type MailServers } from "../../demo/simulators/mail.ts";
import { launchBrowser, openContext } from "../support/browser.ts";
import { startHub, waitFor, type Person, type TestHub } from "../support/hub.ts";

const address = "hello@clay.example";
const simulator = new MailSimulator();
let servers: MailServers;
let hub: TestHub;
let owner: Person;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  servers = await simulator.listen();
  simulator.addMailbox(address, "an app password");
  hub = await startHub({ API_ROOTS: `email=${servers.url}` });
  owner = await hub.owner();
  browser = await launchBrowser();
  const context = await openContext(browser, hub.url, owner.cookie);
  page = await context.newPage();
  page.setDefaultTimeout(20_000);
});
afterAll(async () => {
  await browser?.close();
  await hub?.stop();
  await servers?.close();
});

it("connects through its screen and answers in the thread", async () => {
  await page.goto(`${hub.url}/channels/connect/email`);
  await page.getByLabel("E-mail address").fill(address);
  await page.getByLabel("Password", { exact: true }).fill("an app password");
  await page.getByLabel("Incoming server (IMAP)").fill(servers.imap);
  await page.getByLabel("Outgoing server (SMTP)").fill(servers.smtp);
  await page.getByText("Letters arrive at once").waitFor();
  await page.getByText("Letters can be sent").waitFor();
  await page.getByRole("button", { name: "Finish" }).click();
  await waitFor(
    async () => (await owner.get("/channels")).items[0]?.health.state === "connected",
    "the mailbox",
  );

  await page.goto(`${hub.url}/inbox/all`);
  await simulator.deliver({
    from: { name: "Vera Lindqvist", address: "vera@example.com" },
    to: address,
    subject: "A bowl for salad",
    text: "Do you still make them?",
  });
  await page.getByText("Vera Lindqvist").first().click();
  await page.getByText("A bowl for salad").first().waitFor();
  await page.getByRole("textbox", { name: "Reply", exact: true }).click();
  await page.keyboard.type("In May again.");
  await page.keyboard.press("Enter");
  const letter = await waitFor(() => simulator.taken[0], "the answer");
  expect(letter.subject).toBe("Re: A bowl for salad");
  expect(letter.text?.trim()).toBe("In May again.");
});
