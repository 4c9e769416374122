/** A form made in the builder, sent by a visitor without any script, and read by the team. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findings } from "../support/axe.ts";
import { launchBrowser, openContext, type Looks } from "../support/browser.ts";
import { waitFor } from "../support/hub.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
let browser: Browser;
let page: Page;
let card: any;
const faults: string[] = [];

beforeAll(async () => {
  world = await startWorld();
  browser = await launchBrowser();
  card = await world.owner.post("/cards", { name: "Clay & Co", slug: "clay" });
  page = await open(`/cards/${card.id}`);
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
  expect(faults).toEqual([]);
});

function watch(opened: Page): Page {
  opened.setDefaultTimeout(60_000);
  opened.on("pageerror", (error) => void faults.push(error.message));
  opened.on("console", (message) => {
    if (/Content Security Policy|Uncaught|Vue warn/.test(message.text())) faults.push(message.text());
  });
  return opened;
}
async function open(path: string, looks: Looks = {}): Promise<Page> {
  const context = await openContext(browser, world.hub.url, world.owner.cookie, looks);
  const opened = watch(await context.newPage());
  await opened.goto(world.hub.url + path);
  return opened;
}
const read = (): Promise<any> => world.owner.get(`/cards/${card.id}`);
async function picture(opened: Page, name: string): Promise<void> {
  if (process.env["PICTURES"])
    await opened.screenshot({ path: `screenshots/card-forms-${name}.png`, fullPage: true });
}

describe("a form", () => {
  it("is built: questions are added, put in order by keyboard, and shown beside at once", async () => {
    await page.getByRole("button", { name: "Add a block" }).click();
    await page.getByRole("option", { name: "Form", exact: true }).click();
    const frame = page.frameLocator("iframe[title='Preview']");
    await frame.getByLabel("Your question").waitFor();
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByLabel("Question", { exact: true }).last().fill("Which one?");
    await page.getByRole("combobox", { name: "Answer" }).last().click();
    await page.getByRole("option", { name: "One of several" }).click();
    await page.getByLabel("Choices").fill("Mug\nPlate");
    await frame.getByRole("combobox", { name: "Which one?" }).waitFor();
    await page.getByRole("button", { name: "Move: Which one?" }).focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Space");
    await page.getByText("Which one? is put down at place 4 of 5").waitFor();
    await waitFor(async () => (await read()).draft.blocks.at(-1)?.fields?.[3]?.options?.en === "Mug\nPlate");
    expect(await findings(page)).toEqual([]);
    await picture(page, "builder");
    await page.getByRole("button", { name: "Publish" }).click();
    await page.getByText("Visitors see it now").waitFor();
  });

  it("is sent by a visitor without JavaScript, who is told what is missing and then thanked", async () => {
    const context = await browser.newContext({
      javaScriptEnabled: false,
      viewport: { width: 390, height: 844 },
      locale: "en-GB",
    });
    const visitor = watch(await context.newPage());
    await visitor.goto(`${world.hub.url}/c/clay?utm_source=instagram`);
    await visitor.getByLabel("Name").fill("Vera Lind");
    await visitor.getByLabel("Phone").fill("+7 495 555-01-42");
    await visitor.getByLabel("Which one?").selectOption("Plate");
    await visitor.getByLabel("Your question").fill("Is it dishwasher safe?");
    await visitor.getByRole("checkbox").check();
    await visitor.getByLabel("E-mail").fill("vera@example"); // a browser takes it, the card does not
    await visitor.getByRole("button", { name: "Send" }).click();
    await visitor.getByText("This is no e-mail address").waitFor();
    expect(await visitor.getByLabel("Your question").inputValue()).toBe("Is it dishwasher safe?");
    expect(await visitor.getByLabel("Which one?").inputValue()).toBe("1");
    await picture(visitor, "wrong");
    await visitor.getByLabel("E-mail").fill("");
    await visitor.getByRole("button", { name: "Send" }).click();
    await visitor.getByText("Thank you. We will get back to you.").waitFor();
    expect(visitor.url()).toContain("/c/clay?l=en&sent=");
    await picture(visitor, "thanks");
    await context.close();
  });

  it("is read in the inbox, with the consent beside it, and says that nobody can be answered there", async () => {
    const inbox = await open("/inbox/all");
    await inbox.getByText("Vera Lind").first().click();
    await inbox.getByText("Is it dishwasher safe?").last().waitFor();
    await inbox.getByText("Form from the card").waitFor();
    await inbox.getByText("Plate", { exact: true }).waitFor();
    await inbox.getByText("There is nowhere to answer").waitFor();
    const panel = inbox.getByRole("complementary").filter({ hasText: "Clay & Co" });
    await panel.getByText("Agreed to").click();
    await panel.getByText("I agree that what I send is used to answer me.").waitFor();
    await panel.getByText("instagram").first().waitFor();
    await picture(inbox, "inbox");
    await inbox.context().close();
  });
});

describe("a review", () => {
  it("is asked for beside the conversation, left without JavaScript, and shown by the owner", async () => {
    const { draft, rev } = await read();
    draft.blocks.push({ id: "rev", type: "reviews" });
    await world.owner.put(`/cards/${card.id}/draft?rev=${rev}`, draft);
    await world.owner.post(`/cards/${card.id}/publish?rev=${rev + 1}`);
    const inbox = await open("/inbox/all");
    await inbox.getByText("Vera Lind").first().click();
    await inbox.getByRole("button", { name: "Ask for a review" }).click();
    const link = inbox.getByLabel("Link for the customer, good for one review");
    await link.waitFor();
    const url = await link.inputValue();
    await inbox.context().close();

    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: "ru-RU" });
    const looked = watch(await context.newPage());
    await looked.goto(url);
    await looked.getByRole("heading", { name: "Ваш отзыв" }).waitFor();
    expect(await findings(looked)).toEqual([]);
    await context.close();
    const plain = await browser.newContext({ javaScriptEnabled: false, locale: "en-GB" });
    const customer = watch(await plain.newPage());
    await customer.goto(url);
    await customer.getByLabel("How was it?").selectOption({ label: "★★★★★ Very good" });
    await customer.getByLabel("Name that is shown").fill("Vera L.");
    await customer.getByLabel("What would you tell others?").fill("Light and lovely mugs.");
    await customer.getByRole("checkbox").check();
    await picture(customer, "review");
    await customer.getByRole("button", { name: "Send" }).click();
    await customer.getByText("Your review has arrived").waitFor();

    await page.goto(`${world.hub.url}/cards/${card.id}`);
    await page.locator("[aria-controls='form-rev']").click();
    await page.getByText("Light and lovely mugs.").waitFor();
    expect(await findings(page)).toEqual([]);
    await page.getByRole("button", { name: "Show", exact: true }).click();
    await page.frameLocator("iframe[title='Preview']").getByText("Light and lovely mugs.").waitFor();
    await picture(page, "reviews");
    await waitFor(async () => {
      await customer.goto(`${world.hub.url}/c/clay?l=en`);
      return (await customer.getByText("5 of 5, reviews: 1").count()) === 1;
    }, "the review on the page");
    await plain.close();
  });
});

describe.each<Looks>([
  { theme: "dark", locale: "ru", width: 1440 },
  { theme: "light", locale: "ru", width: 390 },
])("axe finds nothing in the builder's form in $theme, $locale, $width", (looks) => {
  it("with its questions", async () => {
    await world.owner.patch("/preferences", { theme: looks.theme, locale: looks.locale });
    const opened = await open(`/cards/${card.id}`, looks);
    await opened.locator("[aria-controls^=form-]").nth(2).click();
    await opened.getByText("Спрашивать согласие").waitFor();
    expect(await findings(opened)).toEqual([]);
    await picture(opened, `builder-${looks.width}-${looks.theme}`);
    await opened.context().close();
  });
});

describe.each([
  ["terracotta", "en"],
  ["nocturne", "ru"],
])("axe finds nothing on the public forms in %s, %s", (theme, language) => {
  it("as they are, and with what is wrong", async () => {
    const { draft, rev } = await read();
    draft.design.theme = theme;
    if (!draft.blocks.some(({ type }: any) => type === "booking"))
      draft.blocks.push({
        id: "book",
        type: "booking",
        services: { en: "Wheel\nGlaze", ru: "Круг\nГлазурь" },
      });
    await world.owner.put(`/cards/${card.id}/draft?rev=${rev}`, draft);
    await world.owner.post(`/cards/${card.id}/publish?rev=${rev + 1}`);
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const seen = watch(await context.newPage());
    await waitFor(async () => {
      await seen.goto(`${world.hub.url}/c/clay?l=${language}`);
      return (await seen.locator("form").count()) === 2;
    }, "both forms");
    expect(await findings(seen)).toEqual([]);
    await seen.evaluate(() => document.querySelectorAll("form").forEach((one) => (one.noValidate = true)));
    await seen.locator("form").last().getByRole("button").click();
    await seen.getByRole("alert").waitFor();
    expect(await findings(seen)).toEqual([]);
    await picture(seen, `${theme}-${language}`);
    await context.close();
  });
});
