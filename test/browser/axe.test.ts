/** Every screen, in both themes and both languages, without a finding of axe. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findings, looks } from "../support/axe.ts";
import { launchBrowser, openContext } from "../support/browser.ts";
import { fixturesOf } from "../support/fixtures.ts";
import { waitFor } from "../support/hub.ts";
import { settle, visit } from "../support/settle.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
let browser: Browser;
let thread: string;
let invitation: string;

beforeAll(async () => {
  world = await startWorld();
  browser = await launchBrowser();
  for (const { body } of fixturesOf("telegram"))
    world.simulator.inject(world.bot, JSON.parse(Buffer.from(body).toString()));
  const people = await waitFor(async () => {
    const { items } = await world.owner.get("/conversations?limit=50");
    return items.length > 1 && items.some((item: any) => item.lastSeq > 20) ? items : undefined;
  }, "conversations");
  const longest = people.toSorted((a: any, b: any) => b.lastSeq - a.lastSeq)[0];
  thread = longest.id;
  await world.owner.post(`/conversations/${thread}/messages`, {
    clientId: "a-note-for-axe",
    type: "note",
    content: { text: "Please check the glaze" },
  });
  await world.owner.patch(`/conversations/${thread}`, {
    tags: ["VIP", "Доставка"],
    assigneeId: world.owner.id,
  });
  await world.owner.reply(thread, "Yes, it is food safe.");
  const team = await world.owner.post("/teams", {
    name: "Orders",
    memberIds: [world.owner.id],
    public: true,
  });
  await world.owner.patch(`/conversations/${thread}`, { teamId: team.id });
  const workday = [
    { from: "09:00", to: "13:00" },
    { from: "14:00", to: "20:00" },
  ];
  await world.owner.put("/hours", {
    timeZone: "Europe/Moscow",
    week: [workday, workday, workday, workday, workday, [], []],
    holidays: [{ from: "2026-12-31", to: "2027-01-08", name: "New Year", yearly: true }],
  });
  const widget = await world.owner.post("/widgets", { name: "Clay & Co", domain: "clay.example" });
  await world.owner.put(`/widgets/${widget.id}/identity`, { on: true });
  await world.owner.put(`/widgets/${widget.id}/draft`, fullDraft(widget.draft));
  invitation = (
    await world.owner.post("/invitations", {
      email: "oleg@clay.example",
      role: "employee",
      channelIds: "all",
    })
  ).link;
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

/** Settings in which every part of the screen is there: rules, questions, typed links, languages with gaps. */
function fullDraft(draft: any): unknown {
  const condition = (what: string, how: string, value: string) => ({ what, how, value });
  const rule = {
    name: "Choosing a glaze",
    on: true,
    conditions: [
      condition("page", "starts", "/mugs/"),
      condition("time", "at_least", "25"),
      condition("exit", "is", ""),
      condition("device", "is", "phone"),
    ],
    greeting: { en: "Choosing a glaze?" },
    answers: [{ title: { en: "Yes, please" } }],
    from: null,
    every: "week",
  };
  const link = { id: "wa", kind: "link", url: "https://wa.me/1", title: "WhatsApp", handle: "+1", on: true };
  return {
    ...draft,
    rules: [
      { ...rule, id: "one" },
      { ...rule, id: "two", on: false },
    ],
    links: [...draft.links, link, { ...link, id: "viber", title: "Viber", on: false }],
    languages: ["en", "ru", "de", "fr"],
    preChat: {
      ...draft.preChat,
      on: true,
      departments: true,
      consent: { ...draft.preChat.consent, on: true },
    },
    domains: [...draft.domains, "*.courses.example"],
  };
}

const screens: Record<string, () => string> = {
  home: () => "/",
  "the list": () => "/inbox/all",
  "a thread of every kind": () => `/inbox/all/${thread}`,
  "an empty view": () => "/inbox/snoozed",
  channels: () => "/channels",
  ...Object.fromEntries(
    ["look", "channels", "triggers", "hours", "texts", "forms", "install"].map((section) => [
      `widget: ${section}`,
      () => `/widget/${section}`,
    ]),
  ),
  "connecting Telegram": () => "/channels/connect/telegram",
  "a channel": () => `/channels/${world.channelId}`,
  "nothing here": () => "/no/such/page",
  ...Object.fromEntries(
    [
      "profile",
      "notifications",
      "appearance",
      "keyboard",
      "sessions",
      "general",
      "team",
      "teams",
      "hours",
      "labels",
      "addresses",
    ].map((page) => [`settings: ${page}`, () => `/settings/${page}`]),
  ),
};

describe.each(looks)("in $theme, $locale, $width wide", (look) => {
  let context: BrowserContext;
  let page: Page;
  beforeAll(async () => {
    await world.owner.patch("/preferences", { theme: look.theme, locale: look.locale });
    context = await openContext(browser, world.hub.url, world.owner.cookie, look);
    page = await context.newPage();
  });
  afterAll(() => context.close());

  it.each(Object.keys(screens))("%s", async (name) => {
    await visit(page, `${world.hub.url}${screens[name]?.() ?? ""}`);
    expect(await findings(page)).toEqual([]);
  });

  it("writing first", async () => {
    await visit(page, `${world.hub.url}/inbox/all`);
    await page
      .getByRole("button", { name: /^(New conversation|Новый диалог)/ })
      .first()
      .click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("option").first().waitFor();
    expect(await findings(page)).toEqual([]);
    await dialog.getByRole("option").first().click();
    await dialog.getByRole("radio").first().waitFor();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press("Escape");
  });

  if (look.width === 1440)
    it("the note composer and the palette", async () => {
      await visit(page, `${world.hub.url}/inbox/all/${thread}`);
      await page.keyboard.press("n");
      expect(await findings(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await page.keyboard.press("Control+k");
      await page.getByRole("dialog").waitFor();
      expect(await findings(page)).toEqual([]);
      await page.keyboard.press("Escape");
    });

  it("sign-in and the invitation", async () => {
    const stranger = await openContext(browser, world.hub.url, undefined, look);
    const door = await stranger.newPage();
    for (const address of [`${world.hub.url}/sign-in`, invitation]) {
      await door.goto(address);
      await settle(door);
      expect(await findings(door)).toEqual([]);
    }
    await stranger.close();
  });
});

describe("a first-run link that was used", () => {
  it.each(looks)("in $theme, $locale, $width wide", async (look) => {
    const context = await openContext(browser, world.hub.url, undefined, look);
    const page = await context.newPage();
    await page.goto(`${world.hub.url}/first-run#a-link-that-was-used`);
    await settle(page);
    expect(await findings(page)).toEqual([]);
    await context.close();
  });
});
