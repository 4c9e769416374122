/** In a real browser: from the first-run link to an answered customer, with a colleague who sees it all. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TelegramSimulator, type SimBot, type TelegramCustomer } from "../../demo/simulators/telegram.ts";
import { launchBrowser, openContext } from "../support/browser.ts";
import { startHub, waitFor, type TestHub } from "../support/hub.ts";
import { picture } from "../support/pictures.ts";
import { botToken } from "../support/world.ts";

let hub: TestHub;
let simulator: TelegramSimulator;
let closeSimulator: () => Promise<void>;
let bot: SimBot;
let maria: TelegramCustomer;
let browser: Browser;
let context: BrowserContext;
let anna: Page;
const faults: string[] = [];

beforeAll(async () => {
  simulator = new TelegramSimulator();
  const { url, close } = await simulator.listen();
  closeSimulator = close;
  bot = await simulator.addBot({ token: botToken, username: "clay_and_co_bot", name: "Clay & Co" });
  maria = await simulator.addCustomer({ name: "Maria Sokolova", username: "masha" });
  hub = await startHub({ TELEGRAM_API_ROOT: url });
  browser = await launchBrowser({ fakeMedia: true });
  context = await openContext(browser, hub.url, undefined, { worker: true });
  anna = await openPage(context);
});
afterAll(async () => {
  await browser?.close();
  await hub?.stop();
  await closeSimulator?.();
});

/** A page whose script errors and policy violations are faults. */
async function openPage(within: BrowserContext): Promise<Page> {
  const page = await within.newPage();
  page.on("pageerror", (error) => void faults.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && /Content Security Policy|Uncaught|\[Vue warn\]/.test(message.text()))
      faults.push(message.text());
  });
  return page;
}

const shownTo = (customer: TelegramCustomer): (string | undefined)[] =>
  customer
    .chat(bot)
    .messages.filter((message) => message.by === "bot" && !message.deleted)
    .map(({ message }) => message.text ?? message.caption);
const composer = (page: Page) => page.getByRole("textbox", { name: "Reply", exact: true });

describe("a new business", () => {
  it("makes its owner by the printed link", async () => {
    await anna.goto((await hub.server.firstRunLink()) ?? "");
    await anna.getByLabel("Company").fill("Clay & Co");
    await anna.getByLabel("Your name").fill("Anna Kim");
    await anna.getByLabel("E-mail").fill("anna@clay.example");
    await anna.getByLabel("Password", { exact: true }).fill("a kiln at 1240 degrees");
    await anna.getByRole("button", { name: "Create the workspace" }).click();
    await anna.getByText("Clay & Co").first().waitFor();
    await anna.waitForURL((url) => !url.pathname.startsWith("/first-run"));
  });

  it("connects a Telegram bot through the guided screen", async () => {
    await anna.goto(`${hub.url}/channels`);
    await anna
      .getByRole("button", { name: /Telegram/ })
      .or(anna.getByRole("link", { name: /^Telegram/ }))
      .first()
      .click();
    await anna.getByRole("textbox").first().fill(botToken);
    await anna.getByText("@clay_and_co_bot").first().waitFor();
    await anna.getByRole("button", { name: "Finish" }).click();
    await waitFor(() => simulator.callsOf("getUpdates").length > 0, "the hub to poll");
  });

  it("sees the customer's message without a reload, and answers with a text and a photo in order", async () => {
    await anna.goto(`${hub.url}/inbox/all`);
    await anna
      .getByText(/Nobody is waiting|All open/)
      .first()
      .waitFor();
    const said = performance.now();
    maria.start(bot);
    maria.say("Is there a place left on the Saturday course?");
    await anna.getByText("Is there a place left on the Saturday course?").first().waitFor();
    const taken = performance.now() - said;
    process.stderr.write(`customer to screen: ${Math.round(taken)} ms\n`);
    await anna.getByText("Maria Sokolova").first().click();
    await composer(anna).waitFor();
    await composer(anna).click();
    await anna.keyboard.type("Yes, two places.");
    await anna.keyboard.press("Enter");
    await anna
      .locator('input[type="file"]')
      .first()
      .setInputFiles({ name: "mug.png", mimeType: "image/png", buffer: await picture(640, 420) });
    await anna.getByText("mug.png").first().waitFor();
    await composer(anna).click();
    await anna.keyboard.type("This is our studio");
    await anna.getByRole("button", { name: /^Send/ }).first().click();
    await waitFor(() => shownTo(maria).length === 2, "both answers");
    expect(shownTo(maria)).toEqual(["Yes, two places.", "This is our studio"]);
    expect(maria.chat(bot).messages.at(-1)?.message.photo).toBeDefined();
    await anna.getByText("Sent").first().waitFor();
  });

  it("invites a colleague, who sees the same live", async () => {
    await anna.goto(`${hub.url}/settings/team`);
    await anna
      .getByRole("button", { name: /Invite/ })
      .first()
      .click();
    await anna.getByLabel("E-mail").fill("oleg@clay.example");
    await anna
      .getByRole("button", { name: /link|Invite/i })
      .last()
      .click();
    const field = anna
      .locator("input[readonly]")
      .first()
      .or(anna.getByText(/\/invite#/))
      .first();
    await field.waitFor();
    const link = (await field.inputValue().catch(() => undefined)) ?? (await field.textContent()) ?? "";
    const own = await openContext(browser, hub.url, undefined);
    const oleg = await openPage(own);
    await oleg.goto(/https?:\S+/.exec(link)?.[0] ?? "");
    await oleg.getByText("Anna Kim").first().waitFor();
    await oleg.getByLabel("Your name").fill("Oleg Volkov");
    await oleg.getByLabel("Password", { exact: true }).fill("blue glaze number five");
    await oleg.getByRole("button", { name: "Join" }).click();
    await oleg.waitForURL((url) => !url.pathname.startsWith("/invite"));
    await oleg.goto(`${hub.url}/inbox/all`);
    await oleg.getByText("Maria Sokolova").first().click();
    await oleg.getByText("Yes, two places.").first().waitFor();

    await anna.goto(`${hub.url}/inbox/all`);
    await anna.getByText("Maria Sokolova").first().click();
    maria.say("And on Sunday?");
    for (const page of [anna, oleg]) await page.getByText("And on Sunday?").last().waitFor();
    await composer(oleg).click();
    await oleg.keyboard.type("On Sunday too.");
    await oleg.keyboard.press("Enter");
    await anna.getByText("On Sunday too.").last().waitFor();
    await waitFor(() => shownTo(maria).at(-1) === "On Sunday too.", "the colleague's answer");
    await own.close();
  });
});

describe("a connection that is lost", () => {
  it("keeps a reply that was written offline through a reload, and sends it once", async () => {
    await anna.goto(`${hub.url}/inbox/all`);
    await anna.getByText("Maria Sokolova").first().click();
    await composer(anna).waitFor();
    await anna.route("**/api/v1/**/messages", (route) =>
      route.request().method() === "POST" ? route.abort("internetdisconnected") : route.continue(),
    );
    await composer(anna).click();
    await anna.keyboard.type("Written without a connection");
    await anna.keyboard.press("Enter");
    await anna.getByText("Written without a connection").last().waitFor();
    expect(shownTo(maria)).not.toContain("Written without a connection");
    await anna.unroute("**/api/v1/**/messages");
    await anna.reload();
    await waitFor(() => shownTo(maria).includes("Written without a connection"), "the outbox to be sent");
    await anna.getByText("Written without a connection").last().waitFor();
    await composer(anna).click();
    await anna.keyboard.type("And this one after it");
    await anna.keyboard.press("Enter");
    await waitFor(() => shownTo(maria).includes("And this one after it"), "the next one");
    expect(shownTo(maria).filter((text) => text === "Written without a connection")).toHaveLength(1);
  });
});

it("ran without a script error or a violation of its policy", () => {
  expect(faults).toEqual([]);
});
