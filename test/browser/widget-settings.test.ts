/** The configuration screen in a real browser: the preview, the order by keyboard, and what visitors get of it. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, BrowserContext, FrameLocator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser, openContext, type Looks } from "../support/browser.ts";
import { eventually } from "../support/eventually.ts";
import { Person, startHub, waitFor, type TestHub } from "../support/hub.ts";

let hub: TestHub;
let owner: Person;
let browser: Browser;
let site: Server;
let siteUrl: string;
let widget: any;
const faults: string[] = [];

beforeAll(async () => {
  hub = await startHub();
  owner = await hub.owner();
  browser = await launchBrowser();
  site = createServer((_, response) => {
    const snippet = `<script async src="${hub.url}/w.js" data-hub="${widget.key}"></script>`;
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end(`<!doctype html><html lang="en"><title>Shop</title><main><h1>Shop</h1></main>${snippet}`);
  });
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  siteUrl = `http://localhost:${(site.address() as AddressInfo).port}`;
  widget = await owner.post("/widgets", { name: "Clay & Co", domain: "clay.example" });
});
afterAll(async () => {
  await browser?.close();
  site?.closeAllConnections();
  site?.close();
  owner.leave();
  await hub?.stop();
  expect(faults).toEqual([]);
});

function watch(page: Page): Page {
  page.setDefaultTimeout(60_000);
  page.on("pageerror", (error) => void faults.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy|Uncaught|Vue warn/.test(message.text())) faults.push(message.text());
  });
  return page;
}
async function open(section: string, looks: Looks = {}): Promise<{ context: BrowserContext; page: Page }> {
  const context = await openContext(browser, hub.url, owner.cookie, looks);
  const page = watch(await context.newPage());
  await page.goto(`${hub.url}/widget/${section}`);
  await page.getByRole("heading", { level: 2 }).first().waitFor();
  return { context, page };
}
async function visitSite(): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ locale: "en-GB" });
  const page = watch(await context.newPage());
  await page.goto(siteUrl);
  await page.locator("[data-switchboard] .b").waitFor();
  return { context, page };
}
const previewOf = (page: Page): FrameLocator => page.frameLocator("iframe[title=Preview]");
const read = (): Promise<any> => owner.get(`/widgets/${widget.id}`);
const draftWhere = (fits: (draft: any) => boolean): Promise<any> =>
  waitFor(async () => {
    const { draft } = await read();
    return fits(draft) && draft;
  }, "the draft");
const change = async (part: object): Promise<any> =>
  owner.put(`/widgets/${widget.id}/draft`, { ...(await read()).draft, ...part });
/** One of the choices that stand side by side. */
const choose = (page: Page, group: string, choice: string): Promise<void> =>
  page.getByRole("group", { name: group }).last().getByText(choice, { exact: true }).click();
const show = (page: Page, state: string): Promise<void> => choose(page, "What is shown", state);

describe("the preview", () => {
  it("is the real widget, shows every change at once, and is no visit", async () => {
    const { context, page } = await open("look");
    const preview = previewOf(page);
    const main = preview.getByRole("button", { name: /Chat here/ });
    await main.waitFor();
    const colourOf = (): Promise<string> =>
      main.evaluate((element) => getComputedStyle(element).backgroundColor);
    await page.getByRole("button", { name: "Pine" }).click();
    await waitFor(async () => (await colourOf()) === "rgb(17, 98, 75)", "the accent in the preview");
    await page.getByText("text 7.3 : 1").waitFor();
    await page.getByRole("link", { name: "Texts" }).click();
    await page
      .getByRole("textbox", { name: "Chat button, English", exact: true })
      .fill("Write to the potters");
    await preview.getByRole("button", { name: "Write to the potters" }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe(
      "Chat button, English",
    );
    await draftWhere((draft) => draft.accent === "#11624b" && draft.texts.chat.en === "Write to the potters");
    await page.getByRole("button", { name: "Discard" }).click();
    await preview.getByRole("button", { name: /Chat here/ }).waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await preview.getByRole("button", { name: "Write to the potters" }).waitFor();
    await draftWhere((draft) => draft.accent === "#11624b");
    expect((await owner.get("/visitors")).items).toEqual([]);
    expect((await read()).seen).toEqual([]);
    expect((await owner.get("/conversations?limit=10")).items).toEqual([]);
    await context.close();
  });

  it("shows each state, in each language, theme and size, and keeps the focus where it was", async () => {
    await change({ preChat: { ...widget.draft.preChat, on: true } });
    const { context, page } = await open("forms");
    const preview = previewOf(page);
    await preview.getByRole("textbox", { name: /^Name/ }).waitFor();
    await show(page, "Chat");
    await preview.getByText("Do you deliver on Saturdays?").waitFor();
    await preview.getByRole("textbox", { name: "Message" }).fill("On Sunday?");
    await preview.getByRole("textbox", { name: "Message" }).press("Enter");
    await preview.getByText("Thank you, we answer soon.").first().waitFor();
    await show(page, "Offline");
    await preview.getByRole("button", { name: "Leave the message" }).waitFor();
    await preview.getByRole("textbox", { name: /^E-mail/ }).waitFor();
    expect(await preview.getByText("if you like").count()).toBe(0); // the answer goes by e-mail
    await show(page, "Open");
    await preview
      .getByText("Do you deliver", { exact: false })
      .or(preview.getByText("Yes, from ten to six", { exact: false }))
      .first()
      .waitFor();
    await show(page, "Greeting");
    await preview.getByText("Can we help you to choose?").waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe("IFRAME");
    await page.getByRole("combobox", { name: "Language of the visitor" }).click();
    await page.getByRole("option", { name: "Russian" }).click();
    await preview.getByText("Помочь вам выбрать?").waitFor();
    await choose(page, "Theme", "Dark");
    const host = preview.locator("[data-switchboard]");
    await waitFor(async () => (await host.getAttribute("data-theme")) === "dark", "the dark theme");
    await page.getByRole("button", { name: "Phone" }).click();
    await show(page, "Open");
    const panel = preview.getByRole("dialog");
    await panel.waitFor();
    expect((await panel.boundingBox())?.width).toBeGreaterThan(350);
    expect((await owner.get("/conversations?limit=10")).items).toEqual([]);
    await context.close();
  });

  it("greets as the rule that is open says, however soon after the first greeting it comes", async () => {
    const rule = { id: "glaze", name: "Choosing a glaze", on: true, conditions: [], answers: [], from: null };
    await change({ rules: [{ ...rule, greeting: { en: "Choosing a glaze?" }, every: "week" }] });
    for (let time = 0; time < 5; time += 1) {
      const { context, page } = await open("triggers");
      await previewOf(page).locator(".g").getByText("Choosing a glaze?").waitFor();
      await context.close();
    }
    await change({ rules: [] });
  });

  it("lies behind a button on a phone", async () => {
    const { context, page } = await open("look", { width: 390 });
    expect(await page.locator("iframe").count()).toBe(0);
    await page.getByRole("button", { name: "Preview" }).click();
    await previewOf(page).getByRole("dialog").waitFor();
    await page.getByRole("button", { name: "Close", exact: true }).click();
    expect(await page.locator("iframe").count()).toBe(0);
    await context.close();
  });
});

describe("the order of the channels", () => {
  const link = { kind: "link", url: "https://wa.me/74955550140", handle: "", on: true };
  const links = ["WhatsApp", "Viber", "Phone"].map((title) => ({ ...link, id: title, title }));
  const idsOf = async (): Promise<string[]> => (await read()).draft.links.map((one: any) => one.id);

  it("is changed with Space and the arrows, and said aloud", async () => {
    await change({ links });
    const { context, page } = await open("channels");
    const handle = page.getByRole("button", { name: "Move: WhatsApp" });
    await handle.focus();
    await page.keyboard.press("Space");
    await page.getByText("WhatsApp is lifted, place 1 of 3").waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.getByText("WhatsApp: place 3 of 3").waitFor();
    await page.keyboard.press("Space");
    await draftWhere((draft) => draft.links.map((one: any) => one.id).join() === "Viber,Phone,WhatsApp");
    expect(await handle.evaluate((element) => element === document.activeElement)).toBe(true);
    const rows = previewOf(page).locator("a.row b");
    await waitFor(
      async () => (await rows.allTextContents()).join() === "Viber,Phone,WhatsApp",
      "the order in the preview",
    );
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowUp");
    await page.getByText("WhatsApp: place 2 of 3").waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("WhatsApp is back in its place").waitFor();
    await eventually(async () => expect(await idsOf()).toEqual(["Viber", "Phone", "WhatsApp"]));
    await context.close();
  });

  it("is changed by drawing a row, and a typed address becomes a link", async () => {
    await change({ links });
    const { context, page } = await open("channels");
    const [from, to] = await Promise.all(
      ["Phone", "WhatsApp"].map((name) => page.getByRole("button", { name: `Move: ${name}` }).boundingBox()),
    );
    if (!from || !to) throw new Error("the rows are not there");
    await page.mouse.move(from.x + 10, from.y + 20);
    await page.mouse.down();
    for (let y = from.y + 20; y >= to.y - 5; y -= 8) await page.mouse.move(from.x + 10, y);
    await page.mouse.up();
    await draftWhere((draft) => draft.links.map((one: any) => one.id).join() === "Phone,WhatsApp,Viber");
    await page.getByRole("button", { name: "Add" }).click();
    await page.getByRole("textbox", { name: "Any other address" }).fill("@clay_and_co");
    await page.getByRole("dialog").getByRole("button", { name: "Add", exact: true }).click();
    await previewOf(page).getByText("@clay_and_co").waitFor();
    await draftWhere((draft) => draft.links.at(-1).url === "https://t.me/clay_and_co");
    await context.close();
  });
});

describe("a site of another origin", () => {
  it("is added, checked and seen; a change reaches its open page when it is published", async () => {
    const { context, page } = await open("install");
    await page.getByRole("textbox", { name: "Add a domain" }).fill(siteUrl);
    await page.getByRole("textbox", { name: "Add a domain" }).press("Enter");
    const host = new URL(siteUrl).host;
    await draftWhere((draft) => draft.domains.includes(host));
    const popup = context.waitForEvent("page");
    const row = page.getByRole("listitem").filter({ hasText: host });
    await row.getByRole("button", { name: "Check now" }).click();
    await (await popup).locator("[data-switchboard] .b").waitFor();
    await row.getByText(/seen/).filter({ hasNotText: "not seen" }).first().waitFor();
    await row.getByText(`${siteUrl}/`).waitFor();
    const visit = await visitSite();
    const launcher = visit.page.locator("[data-switchboard] .b");
    await page.getByRole("link", { name: "Appearance" }).click();
    await page.getByRole("radio", { name: "With text" }).click();
    await draftWhere((draft) => draft.launcher === "text");
    expect(await launcher.innerText()).not.toContain("Ask us");
    await page.getByRole("button", { name: "Publish" }).click();
    await page.getByText("Everything is published").waitFor();
    await launcher.getByText("Ask us").waitFor();
    await visit.context.close();
    await context.close();
  });

  it("greets by a rule that was made on the screen, and the screen counts it", async () => {
    const { context, page } = await open("triggers");
    await page.getByRole("button", { name: "New rule" }).click();
    await page.getByRole("spinbutton", { name: "Value" }).fill("1");
    await page.getByRole("textbox", { name: "Greeting, English" }).fill("Choosing a glaze?");
    await page.getByRole("button", { name: "Answer", exact: true }).click();
    await page.getByRole("textbox", { name: "Answer 1: text" }).fill("Yes, please");
    await previewOf(page).getByRole("button", { name: "Yes, please" }).waitFor();
    await page.getByRole("textbox", { name: "Name of the rule" }).fill("Glaze");
    await page.getByText("Russian · missing").waitFor();
    await draftWhere((draft) => draft.rules[0]?.name === "Glaze" && draft.rules[0].answers.length === 1);
    await page.getByRole("button", { name: "Publish" }).click();
    await page.getByText("Everything is published").waitFor();
    const visit = await visitSite();
    await visit.page.getByText("Choosing a glaze?").waitFor();
    await waitFor(
      async () => (await owner.get(`/widgets/${widget.id}/figures`)).items[0]?.shown === 1,
      "the figures",
    );
    await page.reload();
    await page.getByRole("definition").filter({ hasText: "1" }).first().waitFor();
    await visit.context.close();
    await context.close();
  });
});

describe("two people who change the settings", () => {
  /** Holds the screen's next save until somebody else has changed the draft. */
  async function meanwhile(page: Page, part: object, act: () => Promise<void>): Promise<void> {
    await page.route(
      "**/draft?*",
      async (route) => {
        await change(part);
        await route.continue();
      },
      { times: 1 },
    );
    await act();
  }

  it("keep both changes where they changed different things", async () => {
    await change({ side: "right", radius: 18 });
    const { context, page } = await open("look");
    await meanwhile(page, { radius: 3 }, () => choose(page, "Place", "Left"));
    await draftWhere((draft) => draft.side === "left" && draft.radius === 3);
    await page.getByText("3 px").waitFor();
    await change({ radius: 7 });
    await page.getByText("7 px").waitFor();
    await context.close();
  });

  it.each([
    ["Take theirs", "#f2b61c"],
    ["Keep mine", "#4b52d6"],
  ])("are asked where they changed the same: %s", async (answer, accent) => {
    await change({ accent: "#a84a24" });
    const { context, page } = await open("look");
    await meanwhile(page, { accent: "#f2b61c" }, () => page.getByRole("button", { name: "Indigo" }).click());
    await page.getByText("Anna changed this at the same time.").waitFor();
    expect((await read()).draft.accent).toBe("#f2b61c");
    await page.getByRole("button", { name: answer }).click();
    await draftWhere((draft) => draft.accent === accent);
    await page.getByRole("button", { name: answer }).waitFor({ state: "detached" });
    await context.close();
  });
});

it("keeps a second site's widget apart, and opens either", async () => {
  const { context, page } = await open("look");
  await page.getByRole("button", { name: "Website widget" }).click();
  await page.getByRole("menuitem", { name: "Another widget" }).click();
  await page.getByText("Another widget").first().waitFor();
  await page.getByLabel("Address of the site").fill("bowls.example");
  await page.getByRole("button", { name: "Make the widget" }).click();
  await page.getByRole("button", { name: "Website widget: bowls.example" }).waitFor();
  await page.getByRole("link", { name: "Appearance" }).click();
  await page.getByRole("button", { name: "Indigo" }).click();
  const all = (): Promise<any[]> => owner.get("/widgets").then(({ items }) => items);
  await waitFor(async () => (await all())[1]?.draft.accent === "#4b52d6", "the second one's colour");
  expect((await all())[0].draft.accent).toBe((await read()).draft.accent);
  await page.reload();
  await page.getByRole("button", { name: "Website widget: bowls.example" }).click();
  await page.getByRole("menuitem", { name: "clay.example" }).click();
  await page.getByRole("button", { name: "Website widget: clay.example" }).waitFor();
  await owner.delete(`/channels/${(await all())[1].id}`);
  await context.close();
});

it("tells an employee the settings without letting them be changed", async () => {
  await change({ links: widget.draft.links });
  const { link } = await owner.post("/invitations", {
    email: "oleg@clay.example",
    role: "employee",
    channelIds: "all",
  });
  const person = new Person(hub.url);
  await person.enter("/invitations/accept", {
    token: link.split("#")[1],
    name: "Oleg Brook",
    password: "a kiln at 1240 degrees",
    locale: "en",
  });
  const context = await openContext(browser, hub.url, person.cookie);
  const page = watch(await context.newPage());
  await page.goto(`${hub.url}/widget/look`);
  await previewOf(page).getByRole("dialog").waitFor();
  expect(await page.getByRole("button", { name: "Publish" }).count()).toBe(0);
  for (const name of ["Pine", "Left", "Move: Live chat"])
    expect([name, await page.getByRole("button", { name }).isDisabled()]).toEqual([name, true]);
  await context.close();
});
