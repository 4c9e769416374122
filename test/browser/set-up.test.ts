/** Somebody registers, and goes the whole guided path on a phone: card, messengers, bio, widget, to the first message. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TelegramSimulator, type SimBot } from "../../demo/simulators/telegram.ts";
import { findings, looks } from "../support/axe.ts";
import { launchBrowser, openContext } from "../support/browser.ts";
import { startHub, waitFor, type Person, type TestHub } from "../support/hub.ts";
import { openMailbox, type Mailbox } from "../support/mailbox.ts";
import { settle } from "../support/settle.ts";
import { Visitor } from "../support/visitor.ts";
import { botToken } from "../support/world.ts";

const instagram =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/22B83 Instagram 355.0.0.30.109 (iPhone15,3; iOS 18_1; en_US; en; scale=3.00; 1290x2796; 654111336)";

let mailbox: Mailbox;
let hub: TestHub;
let simulator: TelegramSimulator;
let closeSimulator: () => Promise<void>;
let bot: SimBot;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let host: Person;
const faults: string[] = [];

beforeAll(async () => {
  mailbox = await openMailbox();
  simulator = new TelegramSimulator();
  const { url, close } = await simulator.listen();
  closeSimulator = close;
  bot = await simulator.addBot({ token: botToken, username: "clay_and_co_bot", name: "Clay & Co" });
  hub = await startHub({ ...mailbox.environment, SIGNUP: "open", TELEGRAM_API_ROOT: url });
  host = await hub.owner();
  browser = await launchBrowser();
  context = await openContext(browser, hub.url, undefined, { width: 390 });
  page = await context.newPage();
  page.on("pageerror", (error) => void faults.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy|Uncaught|Vue warn/.test(message.text())) faults.push(message.text());
  });
});
afterAll(async () => {
  await browser?.close();
  await hub?.stop();
  await closeSimulator?.();
  await mailbox?.stop();
  expect(faults).toEqual([]);
});

const linkOf = (email: string): string => {
  const letter = mailbox.letters.findLast(
    ({ to }) => to && !Array.isArray(to) && to.value[0]?.address === email,
  );
  return /https?:\S+\/sign-up#\S+/.exec(letter?.text ?? "")?.[0] ?? "";
};
const step = (id: string) => page.locator(`[data-step="${id}"]`);
const isDone = (id: string) => step(id).getByText("done", { exact: true }).waitFor({ state: "attached" });
const home = (): Promise<unknown> => page.goto(`${hub.url}/`);

describe("a newcomer", () => {
  it("registers by a confirmed e-mail", async () => {
    await page.goto(`${hub.url}/sign-in`);
    await page.getByRole("link", { name: "Register" }).click();
    await page.getByRole("heading", { name: "A workspace of your own" }).waitFor();
    await page.getByLabel("E-mail").fill("lena");
    await page.getByRole("button", { name: "Send the link" }).click();
    await page.getByText("This does not look like an e-mail address").waitFor();
    await page.getByLabel("E-mail").fill("lena@moss.example");
    await page.getByLabel("E-mail").press("Enter");
    await page.getByRole("heading", { name: "Look into your mailbox" }).waitFor();
    await page.goto(await waitFor(() => linkOf("lena@moss.example"), "the letter"));
    await page.getByText("lena@moss.example is confirmed").waitFor();
    await page.getByLabel("Company").fill("Moss");
    await page.getByLabel("Your name").fill("Lena Moss");
    await page.getByLabel("Password", { exact: true }).fill("two kilns and a wheel");
    await page.getByRole("button", { name: "Create the workspace" }).click();
    await page.getByText("5 steps are left").waitFor();
  });

  it("makes a card and publishes it", async () => {
    await step("card").getByRole("link", { name: "Create" }).click();
    await page.getByLabel("Address of the card").fill("moss-studio");
    await page.getByText("free", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Start with this layout" }).click();
    await home();
    await step("card").getByText("It is begun").waitFor();
    await step("card").getByRole("link", { name: "Edit" }).click();
    await page.getByRole("button", { name: /Publish/ }).click();
    await page.getByText("Visitors see it now").waitFor();
    await home();
    await isDone("card");
    await step("card").getByText("/c/moss-studio").waitFor();
    await page.getByRole("heading", { name: "Your card", exact: true }).waitFor();
  });

  it("connects a messenger, and comes back to the next step", async () => {
    await step("channels").getByRole("link", { name: "Connect" }).click();
    await page
      .getByRole("button", { name: /Telegram/ })
      .or(page.getByRole("link", { name: /^Telegram/ }))
      .first()
      .click();
    await page.getByRole("textbox").first().fill(botToken);
    await page.getByText("@clay_and_co_bot").first().waitFor();
    await page.getByRole("button", { name: "Finish" }).click();
    await waitFor(() => simulator.callsOf("getUpdates").length > 0, "the hub to poll");
    await home();
    await isDone("channels");
  });

  it("puts the messenger onto the card that was published without it", async () => {
    await step("card").getByRole("button", { name: "Put them onto the card" }).click();
    await isDone("card");
    const shown = await (await fetch(`${hub.url}/c/moss-studio`)).text();
    expect(shown).toMatch(/href="[^"]*\/go\/messengers\/[^"]+"/);
  });

  it("puts the link into the bio, and sees the first visit without a reload", async () => {
    await step("bio").getByText(`${hub.url}/c/moss-studio?s=bio`).waitFor();
    await step("bio").getByText("Waiting for the first visit").waitFor();
    await fetch(`${hub.url}/c/moss-studio?s=bio`, { headers: { "user-agent": instagram } });
    await isDone("bio");
    await page.getByText("1 visit", { exact: true }).waitFor();
  });

  it("puts the widget on the site, and sees it seen", async () => {
    await step("widget").getByRole("link", { name: "Create" }).click();
    await page.getByLabel("Address of the site").fill("moss.example");
    await page.getByRole("button", { name: "Make the widget" }).click();
    const made = async (): Promise<any> =>
      page.evaluate(async () => (await (await fetch("/api/v1/widgets")).json()).items[0]);
    const widget = await waitFor(made, "the widget");
    const visitor = await Visitor.arrive(hub.url, {
      key: widget.key,
      origin: "https://moss.example",
    });
    await home();
    await isDone("widget");
    visitor.leave();
  });

  it("is shown the first message as it comes, and answers it there", async () => {
    const maria = await simulator.addCustomer({ name: "Maria Sokolova", username: "masha" });
    await page.getByText("1 step is left").waitFor();
    maria.start(bot);
    maria.say("Is there a place on Saturday?");
    await page.getByText("Is there a place on Saturday?", { exact: true }).waitFor();
    await page.getByRole("textbox", { name: "Write an answer…" }).fill("Yes, two");
    await page.getByRole("button", { name: "Send the answer" }).click();
    await page.getByText("Your answer is on its way").waitFor();
  });
});

describe("somebody who works in two workspaces", () => {
  it("goes from one to the other on a phone", async () => {
    const { link } = await host.post("/invitations", {
      email: "lena@moss.example",
      role: "employee",
      channelIds: "all",
    });
    const own = await openContext(browser, hub.url, undefined, { width: 390 });
    const shown = await own.newPage();
    await shown.goto(link);
    await shown.getByLabel("Your name").fill("Lena Moss");
    await shown.getByLabel("Password", { exact: true }).fill("two kilns and a wheel");
    await shown.getByRole("button", { name: "Join" }).click();
    await shown.getByRole("button", { name: "More" }).click();
    await shown.getByRole("heading", { name: "Clay & Co" }).waitFor();
    expect(await findings(shown)).toEqual([]);
    await shown.getByRole("button", { name: "Workspace: Moss" }).click();
    await shown.getByRole("button", { name: "More" }).click();
    await shown.getByRole("heading", { name: "Moss", exact: true }).waitFor();
    await shown.getByRole("button", { name: "Workspace: Clay & Co" }).waitFor();
    await own.close();
  });
});

describe("the screens of the way", () => {
  it.each(looks)("are clean in $theme, $locale, $width wide", async (look) => {
    const own = await openContext(browser, hub.url, undefined, look);
    const shown = await own.newPage();
    await shown.goto(`${hub.url}/sign-up`);
    await shown.locator("input[type=email]").waitFor();
    await settle(shown);
    expect(await findings(shown)).toEqual([]);
    await shown.goto(`${hub.url}/sign-up#used-up`);
    await shown.reload();
    await shown.getByRole("link", { name: /Sign in|Войти/ }).waitFor();
    await settle(shown);
    expect(await findings(shown)).toEqual([]);
    await own.close();
  });
});
