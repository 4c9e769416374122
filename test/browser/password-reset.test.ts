/** Somebody has forgotten the password: from the sign-in page over the letter to a new one. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findings } from "../support/axe.ts";
import { launchBrowser, openContext, type Looks } from "../support/browser.ts";
import { startHub, waitFor, type TestHub } from "../support/hub.ts";
import { openMailbox, type Mailbox } from "../support/mailbox.ts";
import { settle } from "../support/settle.ts";

const password = "two kilns and a wheel";
let mailbox: Mailbox;
let hub: TestHub;
let browser: Browser;
const faults: string[] = [];

beforeAll(async () => {
  mailbox = await openMailbox();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await mailbox?.stop();
  expect(faults).toEqual([]);
});

async function open(path: string, looks: Looks = {}): Promise<Page> {
  const context = await openContext(browser, hub.url, undefined, looks);
  const page = await context.newPage();
  page.on("pageerror", (error) => void faults.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy|Uncaught|Vue warn|intlify/.test(message.text())) faults.push(message.text());
  });
  await page.goto(`${hub.url}${path}`);
  return page;
}
async function shown(page: Page, name: string): Promise<void> {
  await settle(page);
  expect(await findings(page)).toEqual([]);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(wide).toBeLessThanOrEqual(0);
  if (process.env["PICTURES"]) await page.screenshot({ path: `screenshots/password-${name}.png` });
}
const letterLink = async (count: number): Promise<string> => {
  await waitFor(() => mailbox.letters.length >= count, "a letter");
  return /https?:\S+new-password#\S+/.exec(mailbox.letters.at(-1)?.text ?? "")?.[0] ?? "";
};

describe("a forgotten password", () => {
  beforeAll(async () => {
    hub = await startHub(mailbox.environment);
    await hub.owner();
  });
  afterAll(() => hub?.stop());

  it("is set anew from the sign-in page by the letter", async () => {
    const page = await open("/sign-in");
    await page.getByLabel("E-mail").fill("anna@clay.example");
    await shown(page, "sign-in-1440");
    await page.getByRole("link", { name: "Forgot it?" }).click();
    await page.getByRole("heading", { name: "A new password" }).waitFor();
    expect(await page.getByLabel("E-mail").inputValue()).toBe("anna@clay.example");
    await shown(page, "ask-1440");
    await page.getByLabel("E-mail").press("Enter");
    await page.getByRole("heading", { name: "Look into your mailbox" }).waitFor();
    await shown(page, "sent-1440");
    await page.goto(await letterLink(1));
    await page.getByText("anna@clay.example").waitFor();
    await page.getByRole("textbox", { name: "New password" }).fill("password123");
    await page.getByRole("button", { name: "Set the password" }).click();
    await page.getByText("among the most common ones").waitFor();
    await shown(page, "choose-1440");
    await page.getByRole("textbox", { name: "New password" }).fill(password);
    await page.getByRole("button", { name: "Set the password" }).click();
    await page.getByRole("heading", { name: "The password is set" }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("The password is set");
    await shown(page, "done-1440");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByLabel("E-mail").fill("anna@clay.example");
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Inbox" }).first().waitFor();
    await page.goto(/\S+/.exec(await letterLink(1))?.[0] ?? "");
    await page.getByRole("heading", { name: "This link is used up" }).waitFor();
    await page.context().close();
  });

  it("in dark Russian on a phone", async () => {
    const page = await open("/sign-in", { theme: "dark", locale: "ru", width: 390 });
    await shown(page, "sign-in-390");
    await page.getByRole("link", { name: "Забыли?" }).click();
    await page.getByRole("heading", { name: "Новый пароль" }).waitFor();
    await page.getByLabel("Почта").fill("anna@clay.example");
    await page.getByRole("button", { name: "Отправить ссылку" }).click();
    await page.getByRole("heading", { name: "Загляните в почту" }).waitFor();
    await shown(page, "sent-390");
    await page.goto(await letterLink(2));
    await page.getByRole("heading", { name: "Выберите новый пароль" }).waitFor();
    await shown(page, "choose-390");
    await page.goto(`${hub.url}/new-password#${"x".repeat(22)}`);
    await page.getByRole("heading", { name: "Ссылка больше не действует" }).waitFor();
    await shown(page, "spent-390");
    await page.context().close();
  });
});

describe("where no letters go out", () => {
  it("the page says whom to ask", async () => {
    hub = await startHub();
    await hub.owner();
    const page = await open("/sign-in", { theme: "dark" });
    await page.getByRole("link", { name: "Forgot it?" }).click();
    await page.getByRole("heading", { name: "No letters go out from this hub" }).waitFor();
    await shown(page, "off-1440");
    await page.getByRole("link", { name: "Back to sign-in" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.context().close();
    await hub.stop();
  });
});
