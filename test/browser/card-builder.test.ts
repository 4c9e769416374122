/** What a newcomer types and presses wrong in the builder of a card: told in words, at the field and on the block's row. */
import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findings } from "../support/axe.ts";
import { launchBrowser, openContext, type Looks } from "../support/browser.ts";
import { eventually } from "../support/eventually.ts";
import { waitFor } from "../support/hub.ts";
import { firstConversation, startWorld, type World } from "../support/world.ts";

let world: World;
let browser: Browser;
let card: any;
const faults: string[] = [];
const openTab = `nav:has(a[href$="/design"]) [aria-current=page]`;
const long = "https://clay.example/" + "a-very-long-address/".repeat(12);

beforeAll(async () => {
  world = await startWorld();
  browser = await launchBrowser();
  const items = [
    { id: "t", service: "telegram", to: "clay_and_co_bot", channelId: world.channelId },
    { id: "v", service: "viber", to: "clayandco" },
  ];
  card = await world.owner.post("/cards", {
    name: "Мастерская керамики «Глина и Ко» на Гончарной улице",
    slug: "clay",
    content: {
      languages: ["en"],
      blocks: [
        { id: "p", type: "person", name: { en: "Clay & Co" } },
        { id: "m", type: "messengers", items },
        { id: "s", type: "social", items: [{ id: "i", service: "instagram", to: "clay" }] },
        { id: "l", type: "link", url: long, title: { en: "Shop" } },
        { id: "e", type: "email", address: "hello@clay.example" },
        { id: "h", type: "hours" },
        { id: "hd", type: "heading", text: { en: "Classes" } },
        { id: "g", type: "gallery", pictures: [] },
        { id: "r", type: "reviews" },
      ],
    },
  });
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
  expect(faults).toEqual([]);
});

async function open(looks: Looks = {}, tab = ""): Promise<Page> {
  const { theme = "light", locale = "en" } = looks;
  await world.owner.patch("/preferences", { theme, locale });
  const context = await openContext(browser, world.hub.url, world.owner.cookie, looks);
  const page = await context.newPage();
  page.on("pageerror", (error) => void faults.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy|Uncaught|Vue warn|intlify|SelectItem/.test(message.text()))
      faults.push(message.text());
  });
  await page.goto(`${world.hub.url}/cards/${card.id}${tab}`);
  await page.locator(openTab).waitFor();
  return page;
}
const blocks = async (): Promise<any[]> => (await world.owner.get(`/cards/${card.id}`)).draft.blocks;
const blockOf = async (id: string): Promise<any> => (await blocks()).find((one) => one.id === id);
const press = (page: Page, id: string): Promise<void> => page.locator(`[aria-controls=form-${id}]`).click();
const shot = async (page: Page, name: string): Promise<void> => {
  if (process.env["PICTURES"]) await page.screenshot({ path: `screenshots/builder-${name}.png` });
};

describe("the builder", () => {
  let page: Page;
  beforeAll(async () => {
    page = await open({ width: 1440 });
  });
  afterAll(() => page?.context().close());
  const form = (id: string) => page.locator(`#form-${id}`);
  const row = (id: string) => page.locator(`[aria-controls=form-${id}]`);

  it("takes an account off a messenger's button, puts it back, and drops it with its service", async () => {
    await press(page, "m");
    const first = form("m").locator("[data-row=t]");
    const account = first.getByLabel("Connected account");
    expect(await account.textContent()).toContain("clay_and_co_bot");
    expect(await form("m").locator("[data-row=v]").getByLabel("Connected account").count()).toBe(0);
    await account.click();
    await page.getByRole("option", { name: "None: typed below" }).click();
    await waitFor(async () => (await blockOf("m")).items[0].channelId === undefined, "no account");
    expect(await account.textContent()).toContain("None: typed below");
    expect(await first.getByLabel("Name, number or address").isEnabled()).toBe(true);
    await account.click();
    await page.getByRole("option", { name: /clay_and_co_bot/ }).click();
    await waitFor(async () => (await blockOf("m")).items[0].channelId === world.channelId, "the account");
    await first.getByLabel("Service").click();
    await page.getByRole("option", { name: "WhatsApp" }).click();
    await waitFor(async () => (await blockOf("m")).items[0].service === "whatsapp", "the service");
    expect((await blockOf("m")).items[0]).toMatchObject({ to: "" });
    expect((await blockOf("m")).items[0].channelId).toBeUndefined();
    await row("m").getByText("Not on the page: WhatsApp").waitFor();
  });

  it("says at the field what is expected, and on the row what is not shown", async () => {
    const field = form("m").locator("[data-row=t]").getByLabel("Name, number or address");
    await field.fill("I do not know");
    await field.press("Tab");
    await form("m").getByText("This is no number.", { exact: false }).waitFor();
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    await field.fill("+44 20 7946 0142");
    await form("m").getByText("This is no number.", { exact: false }).waitFor({ state: "detached" });
    await row("m").getByText("Not on the page").waitFor({ state: "detached" });
    const cases = [
      ["s", "Name, number or address", "https://vk.com/olga", "another site than Instagram", "Instagram"],
      ["e", "E-mail", "olga@clay", "This is no e-mail.", "no valid e-mail"],
      ["l", "Address", "javascript:alert(1)", "This cannot be a link.", "no valid address"],
      ["l", "Address", "Just a text", "This is no address.", "no valid address"],
    ] as const;
    for (const [id, label, typed, said, why] of cases) {
      if ((await row(id).getAttribute("aria-expanded")) === "false") await press(page, id);
      const one = form(id).getByLabel(label, { exact: true });
      await one.fill(typed);
      await one.press("Tab");
      await form(id).getByText(said, { exact: false }).waitFor();
      await row(id).getByText(`Not on the page: ${why}`).waitFor();
    }
    await shot(page, "wrong");
    await form("l").getByLabel("Address", { exact: true }).fill(long);
    await press(page, "hd");
    await form("hd").getByLabel("Text").fill("");
    await row("hd").getByText("Not on the page: nothing in it yet").waitFor();
    const frame = page.frameLocator("iframe[title='Preview']");
    await frame.locator("[data-b=hd]").waitFor({ state: "detached" });
  });

  it("shows the hours of the business or its own", async () => {
    await row("h").getByText("no hours are set").waitFor();
    await press(page, "h");
    expect(await form("h").getByRole("link").getAttribute("href")).toBe("/settings/hours");
    await form("h").getByRole("radio", { name: "Own ones of this card" }).click();
    await form("h").getByLabel("Mon: to").fill("18:00");
    await form("h").getByLabel("Mon: to").press("Enter");
    await form("h").getByRole("switch", { name: "Sat" }).click();
    await form("h").getByRole("button", { name: "Tue: one more span" }).click();
    const frame = page.frameLocator("iframe[title='Preview']");
    await frame.getByText("10:00–18:00").waitFor();
    await eventually(async () =>
      expect((await blockOf("h")).own).toMatchObject({
        0: [{ to: "18:00" }],
        1: [{ to: "13:00" }, { from: "14:00" }],
        5: [],
        6: [],
      }),
    );
    await shot(page, "hours");
    await form("h").getByRole("radio", { name: "The business's hours" }).click();
    await waitFor(async () => (await blockOf("h")).own === undefined, "those of the business");
  });

  it("takes several pictures at once", async () => {
    await press(page, "g");
    const picture = (background: string): Promise<Buffer> =>
      sharp({ create: { width: 40, height: 40, channels: 3, background } })
        .png()
        .toBuffer();
    await form("g")
      .getByLabel("Add pictures")
      .last()
      .setInputFiles([
        { name: "a.png", mimeType: "image/png", buffer: await picture("#804020") },
        { name: "b.png", mimeType: "image/png", buffer: await picture("#204080") },
      ]);
    await waitFor(async () => (await blockOf("g")).pictures.length === 2, "both pictures");
  });

  it("acts by keys on a block's own row alone, and behind no dialog", async () => {
    const before = (await blocks()).length;
    await press(page, "m");
    await form("m")
      .getByRole("button", { name: /^Move:/ })
      .first()
      .focus();
    await page.keyboard.press("Control+d");
    await page.keyboard.press("Delete");
    await page.getByRole("heading", { name: /^Blocks/ }).click();
    await page.keyboard.press("/");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Control+Enter");
    await page.keyboard.press("Control+d");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("button", { name: /Мастерская/ }).click();
    await page.getByRole("menuitem", { name: "Settings of the card" }).click();
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Control+Enter");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect((await world.owner.get(`/cards/${card.id}`)).published).toBe(false);
    expect(await page.getByText("is hidden").count()).toBe(0);
    expect(await page.locator("[aria-controls^=form-]").count()).toBe(before);
  });

  it("takes back the step that was told, or none", async () => {
    const toast = page.getByRole("status").filter({ hasText: "Shop is hidden" });
    await row("l").focus();
    await page.keyboard.press("Delete");
    await toast.waitFor();
    await press(page, "e");
    await form("e").getByLabel("E-mail", { exact: true }).fill("shop@clay.example");
    await toast.waitFor({ state: "detached" });
    await row("l").focus();
    await waitFor(async () => (await blockOf("l")).on === false, "still hidden");
    await page.getByRole("switch", { name: "Shown on the page: Shop" }).click();
    await page.keyboard.press("Delete");
    await toast.getByRole("button", { name: "Undo" }).click();
    await waitFor(async () => (await blockOf("l")).on, "shown again");
    expect((await blockOf("e")).address).toBe("shop@clay.example");
  });

  it("asks before all changes are discarded, and names how many", async () => {
    await page.getByRole("button", { name: "Publish", exact: true }).click();
    await page.getByText("Visitors see it now").waitFor();
    await form("e").getByLabel("E-mail", { exact: true }).fill("gone@clay.example");
    await page.getByRole("button", { name: "Publish 1 change" }).waitFor();
    await page.getByRole("button", { name: "Discard", exact: true }).click();
    await page.getByText("1 change that is not published goes.", { exact: false }).waitFor();
    await shot(page, "discard");
    await page.getByRole("button", { name: "Cancel" }).click();
    expect((await blockOf("e")).address).toBe("gone@clay.example");
    await page.getByRole("button", { name: "Discard", exact: true }).click();
    await page.getByRole("button", { name: "Discard the changes" }).click();
    await waitFor(async () => (await blockOf("e")).address === "shop@clay.example", "as published");
  });

  it("shows a review as soon as a customer has left it", async () => {
    await press(page, "r");
    await form("r")
      .getByText("A customer gets", { exact: false })
      .or(form("r").getByText("waits here"))
      .first()
      .waitFor();
    const customer = await world.simulator.addCustomer({ name: "Vera Lind" });
    customer.start(world.bot);
    customer.say("The mugs are here");
    const { id } = await firstConversation(world.owner);
    const { url } = await world.owner.post<{ url: string }>(`/conversations/${id}/review-link`, {
      cardId: card.id,
    });
    const sent = await fetch(`${url}?l=en`, {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams({ "q-stars": "1", "q-name": "Vera", "q-text": "Light mugs", agree: "on" }),
      headers: { "user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1" },
    });
    expect(sent.status).toBeLessThan(400);
    await form("r").getByText("Light mugs").waitFor();
  });
});

describe.each<Looks>([
  { theme: "light", locale: "ru", width: 390 },
  { theme: "dark", locale: "ru", width: 390 },
])("on a phone, $theme", (looks) => {
  it("has every row, menu and the header within the screen", async () => {
    const page = await open(looks);
    for (const more of await page.getByRole("button", { name: /^Ещё: / }).all()) {
      const box = await more.boundingBox();
      expect((box?.x ?? 999) + (box?.width ?? 0)).toBeLessThanOrEqual(390);
    }
    const name = await page.getByRole("button", { name: /Мастерская/ }).boundingBox();
    const undo = await page.getByRole("button", { name: "Отменить" }).boundingBox();
    expect((name?.x ?? 0) + (name?.width ?? 999)).toBeLessThanOrEqual(undo?.x ?? 0);
    await shot(page, `phone-${looks.theme}`);
    await press(page, "m");
    await press(page, "h");
    await page.getByRole("radio", { name: "Свои для этой визитки" }).click();
    await page.getByRole("button", { name: "Пн: ещё промежуток" }).click();
    await page.getByLabel("Вт: до").scrollIntoViewIfNeeded();
    await shot(page, `phone-own-${looks.theme}`);
    expect(await findings(page)).toEqual([]);
    const wide = await page.locator("#form-h").evaluate((one) => one.scrollWidth - one.clientWidth);
    expect(wide).toBe(0);
    await page.getByRole("radio", { name: "Часы компании" }).click();
    expect(await findings(page)).toEqual([]);
    await shot(page, `phone-hours-${looks.theme}`);
    const bar = await page.getByRole("button", { name: "Просмотр" }).boundingBox();
    await page.getByRole("button", { name: "Ещё: Shop" }).click();
    await page.getByRole("menuitem", { name: "Скрыть" }).click();
    const toast = await page.getByRole("status").filter({ hasText: "Скрыт блок" }).boundingBox();
    expect((toast?.y ?? 999) + (toast?.height ?? 0)).toBeLessThanOrEqual(bar?.y ?? 0);
    await shot(page, `phone-toast-${looks.theme}`);
    await page.getByRole("status").filter({ hasText: "Скрыт блок" }).getByRole("button").click();
    await page.context().close();
  });

  it("adds a block with a field to search in, whole names and a way out", async () => {
    const page = await open(looks);
    await page.getByRole("button", { name: "Добавить блок" }).click();
    const dialog = page.getByRole("dialog");
    expect((await dialog.getByRole("combobox").boundingBox())?.width).toBeGreaterThan(150);
    const name = dialog.locator("#tile-contact > span").last();
    expect(
      await name.evaluate(
        (one) => one.scrollWidth <= one.clientWidth && one.scrollHeight <= one.clientHeight + 1,
      ),
    ).toBe(true);
    await shot(page, `phone-add-${looks.theme}`);
    expect(await findings(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Закрыть" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.context().close();
  });

  it("shows the tab that is open", async () => {
    const page = await open(looks, "/statistics");
    const box = await page.locator(openTab, { hasText: "Статистика" }).boundingBox();
    expect((box?.x ?? 999) + (box?.width ?? 0)).toBeLessThanOrEqual(390);
    await shot(page, `phone-tab-${looks.theme}`);
    await page.context().close();
  });
});
