/** A card made on the screen by a newcomer, changed by mouse and keyboard, and looked at as a visitor. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findings } from "../support/axe.ts";
import { launchBrowser, openContext, type Looks } from "../support/browser.ts";
import { waitFor } from "../support/hub.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
let browser: Browser;
let page: Page;
const faults: string[] = [];

beforeAll(async () => {
  world = await startWorld();
  browser = await launchBrowser();
  page = await open("/cards");
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
  expect(faults).toEqual([]);
});

async function open(path: string, looks: Looks = {}): Promise<Page> {
  const context = await openContext(browser, world.hub.url, world.owner.cookie, looks);
  const opened = await context.newPage();
  opened.on("pageerror", (error) => void faults.push(error.message));
  opened.on("console", (message) => {
    if (/Content Security Policy|Uncaught|Vue warn/.test(message.text())) faults.push(message.text());
  });
  await opened.goto(world.hub.url + path);
  return opened;
}
const cards = (): Promise<any[]> => world.owner.get("/cards").then(({ items }) => items);
const read = async (): Promise<any> => world.owner.get(`/cards/${(await cards())[0].id}`);
const saved = () => page.getByRole("status").getByText("Saved", { exact: true }).waitFor();

describe("the builder", () => {
  it("makes a card with the connected messenger, publishes it, and its button leads there", async () => {
    const address = page.getByLabel("Address of the card");
    await waitFor(async () => (await address.inputValue()) === "clay-and-co", "the name as an address");
    await address.fill("admin");
    await page.getByText("kept for the hub itself").waitFor();
    await page.getByLabel("Address of the card").fill("clay");
    await page.getByText("free", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Blank card" }).click();
    await page.getByRole("button", { name: "Publish" }).click();
    await page.getByText("Visitors see it now").waitFor();
    const visitor = await browser.newContext({ javaScriptEnabled: false });
    const seen = await visitor.newPage();
    await seen.goto(`${world.hub.url}/c/clay`);
    const href = await seen.getByRole("link", { name: "Telegram" }).getAttribute("href");
    const tap = await fetch(world.hub.url + href, {
      redirect: "manual",
      headers: { "user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1" },
    });
    expect(tap.headers.get("location")).toMatch(/^https:\/\/t\.me\/clay_and_co_bot\?start=/);
    await visitor.close();
  });

  it("adds a block, shows it at once as visitors will see it, and takes it back", async () => {
    await page.getByRole("button", { name: "Add a block" }).click();
    await page.getByRole("option", { name: "Link", exact: true }).click();
    await page.getByLabel("Title").fill("Shop");
    await page.getByLabel("Address", { exact: true }).fill("clay.example/shop");
    const frame = page.frameLocator("iframe[title='Preview']");
    await frame.getByText("Shop").waitFor();
    await saved();
    await waitFor(async () => (await read()).draft.blocks.at(-1).url === "clay.example/shop", "the link");
    expect(await (await fetch(`${world.hub.url}/c/clay`)).text()).not.toContain("Shop");
    await page.getByRole("heading", { name: /^Blocks/ }).click();
    await page.getByRole("button", { name: "Undo" }).click();
    await waitFor(
      async () => (await read()).draft.blocks.at(-1).url !== "clay.example/shop",
      "one step back",
    );
    await page.getByRole("button", { name: "Redo" }).click();
    await waitFor(
      async () => (await read()).draft.blocks.at(-1).url === "clay.example/shop",
      "one step forth",
    );
  });

  it("previews the very page that is published", async () => {
    await page.getByRole("button", { name: /^Publish/ }).click();
    await waitFor(async () =>
      (await fetch(`${world.hub.url}/c/clay`)).text().then((text) => text.includes("Shop")),
    );
    const { id } = await read();
    const shown = await page
      .frameLocator("iframe[title='Preview']")
      .locator("main")
      .evaluate((main) => main.outerHTML.replace(/ data-(b|open)="[^"]*"/g, ""));
    const visitor = await browser.newContext({ locale: "en-GB" });
    const seen = await visitor.newPage();
    await seen.goto(`${world.hub.url}/c/clay`);
    const published = await seen.locator("main").evaluate((main) => main.outerHTML);
    expect(shown.replaceAll(`/api/v1/cards/${id}`, "/c/clay")).toBe(published);
    await visitor.close();
  });

  it("moves a block by keyboard, and says so", async () => {
    const handle = page.getByRole("button", { name: "Move: Shop" });
    await handle.focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Space");
    await page.getByText("Shop is put down at place 2 of 3").waitFor();
    await waitFor(async () => (await read()).draft.blocks[1].type === "link", "the new order");
  });

  it("finds a kind of block by what people call it, in the wrong layout, and adds by keyboard", async () => {
    const types = async (): Promise<string[]> =>
      (await read()).draft.blocks.map((block: { type: string }) => block.type);
    const before = await types();
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { name: /^Blocks/ }).click();
    await page.keyboard.press("/");
    const search = page.getByRole("combobox", { name: "Find a block" });
    for (const typed of ["menu", "услуги", "eckeub"]) {
      await search.fill(typed);
      await page.getByRole("option", { name: "Price list", selected: true }).waitFor();
    }
    await search.fill("");
    await page.keyboard.press("ArrowRight");
    await page.getByRole("option", { name: "Phone", selected: true }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.getByRole("option", { name: "Heading", selected: true }).waitFor();
    await page.keyboard.press("Shift+Enter");
    await page.getByText("Heading is added").waitFor();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await waitFor(async () => (await types()).length === before.length + 2, "both blocks");
    await page.getByRole("heading", { name: /^Blocks/ }).click();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("button", { name: "Undo" }).click();
    await waitFor(async () => (await types()).length === before.length, "both gone again");
  });

  it("doubles, hides with a way back, and shows a block in its time alone", async () => {
    const blocks = async (): Promise<any[]> => (await read()).draft.blocks;
    const shop = page.getByRole("button", { name: /^Shop/ }).first();
    await shop.focus();
    await page.keyboard.press("Control+d");
    await waitFor(
      async () => (await blocks()).filter(({ type }) => type === "link").length === 2,
      "the double",
    );
    await page.getByRole("button", { name: /^Shop/ }).nth(1).focus();
    await page.keyboard.press("Delete");
    await page.getByText("Shop is hidden").waitFor();
    await page.getByText("Hidden", { exact: true }).waitFor();
    await waitFor(async () => (await blocks()).some(({ on }) => !on), "hidden");
    await page.getByRole("button", { name: "Undo" }).last().click();
    await waitFor(async () => (await blocks()).every(({ on }) => on), "shown again");
    await page.getByRole("button", { name: "More: Shop" }).nth(1).click();
    await page.getByRole("menuitem", { name: "Remove" }).click();
    await waitFor(async () => (await blocks()).filter(({ type }) => type === "link").length === 1, "removed");
    if ((await shop.getAttribute("aria-expanded")) === "false") await shop.click();
    await page.getByRole("button", { name: "Schedule" }).click();
    await page.getByLabel("Shown from").fill("2026-01-05T10:00");
    await page.getByLabel("Shown until").fill("2026-01-07T10:00");
    await page.getByText("Over since 7 Jan").waitFor();
    await waitFor(
      async () => (await blocks())[1].until === "2026-01-07T10:00:00.000Z",
      "the time of the business",
    );
    await page.frameLocator("iframe[title='Preview']").getByText("Shop").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Show always" }).click();
    await waitFor(async () => (await blocks())[1].until === undefined, "always again");
  });

  it("keeps what could not be saved over a reload, and saves it when the line is back", async () => {
    await page.context().setOffline(true);
    await page.getByLabel("Line below").fill("Autumn glazes");
    await page.getByText("Offline, kept on this device").waitFor();
    await page.context().setOffline(false);
    await saved();
    expect((await read()).draft.blocks[1].note.en).toBe("Autumn glazes");
    await page.route("**/draft?*", (route) => route.abort());
    await page.getByLabel("Line below").fill("Winter glazes");
    await page.getByRole("button", { name: "Retry" }).waitFor();
    await page.reload();
    await page.unroute("**/draft?*");
    await waitFor(async () => (await read()).draft.blocks[1].note.en === "Winter glazes", "what was kept");
    await page.getByRole("button", { name: /^Shop/ }).first().click();
  });

  it("keeps what two people change in different blocks, and asks where it is the same one", async () => {
    const meanwhile = async (edit: (draft: any) => void): Promise<void> => {
      const { id, rev, draft } = await read();
      edit(draft);
      await world.owner.put(`/cards/${id}/draft?rev=${rev}`, draft);
    };
    await meanwhile((draft) => (draft.blocks[0].about = { en: "Ceramics" }));
    await page.getByLabel("Title").fill("Our shop");
    await waitFor(async () => {
      const { draft } = await read();
      return draft.blocks[0].about.en === "Ceramics" && draft.blocks[1].title.en === "Our shop";
    }, "both changes");
    await meanwhile((draft) => (draft.blocks[1].title = { en: "Theirs" }));
    await page.getByLabel("Title").fill("Mine");
    await page.getByRole("status").getByText("Your decision is needed").waitFor();
    await page.getByRole("button", { name: "Keep mine" }).click();
    await waitFor(async () => (await read()).draft.blocks[1].title.en === "Mine", "the decision");
  });

  it("shows the face of a colleague on the block that is edited there, and keeps it for the one who came first", async () => {
    const vera = await world.owner.invite("vera@clay.example", { role: "administrator" });
    const context = await openContext(browser, world.hub.url, vera.cookie);
    const theirs = await context.newPage();
    await page.locator("[aria-controls=form-messengers]").click();
    await theirs.goto(page.url());
    const face = theirs.locator("[data-editors=messengers]");
    await face.getByRole("img", { name: "Anna is editing this block" }).waitFor();
    await theirs.locator("[aria-controls=form-messengers]").click();
    await theirs.getByText("Anna is editing this block.", { exact: false }).waitFor();
    const field = theirs.locator("#form-messengers").getByLabel("First message");
    expect(await field.isDisabled()).toBe(true);
    await page.locator("[data-editors=messengers]").waitFor();
    expect(await page.locator("#form-messengers").getByLabel("First message").isDisabled()).toBe(false);
    expect(await findings(theirs)).toEqual([]);
    if (process.env["PICTURES"]) await theirs.screenshot({ path: "screenshots/cards-held.png" });
    const cut = await world.owner.listen();
    cut.socket.emit("card_edit", { cardId: (await cards())[0].id, blockId: "messengers" });
    await waitFor(() => cut.heard.some(({ name }) => name === "card_editors"), "Anna's second tab");
    await page.locator("[aria-controls=form-messengers]").click();
    cut.socket.disconnect();
    await face.waitFor({ state: "detached" });
    await waitFor(() => field.isEnabled(), "the block to be free");
    const former = await field.inputValue();
    await field.fill(`${former}!`);
    await field.fill(former);
    await page.locator("[aria-controls=form-messengers]").click(); // back soon: Anna is the first again
    await face.waitFor();
    expect(await field.isEnabled(), "what is being written").toBe(true);
    await page.locator("[aria-controls=form-messengers]").click();
    await context.close(); // its socket ends
    await page.locator("[data-editors=messengers]").waitFor({ state: "detached" });
    vera.leave();
  });

  it("shows a theme and colours at once, and offers a readable one", async () => {
    await page.getByRole("link", { name: "Design" }).click();
    await page.getByRole("button", { name: "Clinic" }).click();
    await page.getByLabel("Main button", { exact: true }).fill("#cf9f7f");
    await page.getByRole("button", { name: "Darken the button" }).click();
    await page.getByText("needs 4.5").waitFor({ state: "detached" });
    await waitFor(async () => (await read()).draft.design.theme === "clinic", "the theme");
    await saved();
  });

  it("keeps the looks as a theme that another card wears, is renamed and removed", async () => {
    await page.getByRole("button", { name: "Save as my theme" }).click();
    await page.getByLabel("Name of the theme").fill("Not this one");
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Save as my theme" }).click();
    expect(await page.getByLabel("Name of the theme").inputValue()).toBe("");
    await page.getByLabel("Name of the theme").fill("Kiln");
    await page.getByLabel("Name of the theme").press("Enter");
    const kiln = page.getByRole("button", { name: "Kiln", exact: true });
    await kiln.waitFor();
    expect(await kiln.getAttribute("aria-pressed")).toBe("true");
    const { design } = (await read()).draft;
    const other = await world.owner.post("/cards", { name: "Classes", slug: "classes", layout: "photo" });
    await page.goto(`${world.hub.url}/cards/${other.id}/design`);
    await kiln.waitFor();
    expect(await kiln.getAttribute("aria-pressed")).toBe("false");
    expect(await findings(page)).toEqual([]);
    await kiln.focus();
    await page.keyboard.press("Enter");
    await waitFor(
      async () =>
        JSON.stringify((await world.owner.get(`/cards/${other.id}`)).draft.design) === JSON.stringify(design),
      "the looks on the other card",
    );
    await page.getByRole("button", { name: "Theme Kiln: more" }).click();
    await page.getByRole("menuitem", { name: "Rename" }).click();
    await page.getByLabel("Name of the theme").fill("Glaze");
    if (process.env["PICTURES"]) await page.screenshot({ path: "screenshots/cards-own-theme-dialog.png" });
    await page.getByLabel("Name of the theme").press("Enter");
    await page.getByRole("button", { name: "Glaze", exact: true }).waitFor();
    if (process.env["PICTURES"]) await page.screenshot({ path: "screenshots/cards-own-theme.png" });
    await page.getByRole("button", { name: "Theme Glaze: more" }).click();
    await page.getByRole("menuitem", { name: "Remove the theme" }).click();
    await page.getByRole("button", { name: "Remove the theme" }).click();
    // a role is not found behind a dialog either: the theme has gone when the server says so
    const kept = async (): Promise<unknown[]> => (await world.owner.get("/card-themes")).items;
    await waitFor(async () => (await kept()).length === 0, "the theme to be gone");
    await page.getByRole("button", { name: "Glaze", exact: true }).waitFor({ state: "detached" });
    await world.owner.delete(`/cards/${other.id}`);
    await world.owner.post("/card-themes", { name: "Обжиг и глазурь", design });
  });
});

describe.each<Looks>([
  { theme: "light", locale: "en", width: 1440 },
  { theme: "dark", locale: "ru", width: 1440 },
  { theme: "light", locale: "ru", width: 390 },
])("axe finds nothing in $theme, $locale, $width", (looks) => {
  it.each(["", "/design"])("on the builder%s", async (tab) => {
    await world.owner.patch("/preferences", { theme: looks.theme, locale: looks.locale });
    const opened = await open(`/cards/${(await cards())[0].id}${tab}`, looks);
    await opened.getByRole("heading", { level: 2 }).first().waitFor();
    if (tab === "") await opened.locator("[aria-controls^=form-]").first().click();
    expect(await findings(opened)).toEqual([]);
    if (process.env["PICTURES"])
      await opened.screenshot({
        path: `screenshots/cards${tab.replace("/", "-")}-${looks.width}-${looks.theme}-${looks.locale}.png`,
      });
    if (tab === "/design") {
      await opened.getByRole("button", { name: /Save as my theme|Сохранить как мою тему/ }).click();
      await opened.getByRole("dialog").getByRole("textbox").fill("Kiln");
      expect(await findings(opened)).toEqual([]);
      if (process.env["PICTURES"])
        await opened.screenshot({ path: `screenshots/cards-keep-theme-${looks.width}-${looks.theme}.png` });
    }
    await opened.context().close();
  });
});

it.each(["en", "ru"])("axe finds nothing on the public page, %s", async (language) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const seen = await context.newPage();
  await seen.goto(`${world.hub.url}/c/clay?l=${language}`);
  expect(await findings(seen)).toEqual([]);
  await context.close();
});
