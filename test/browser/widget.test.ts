/** The widget on a site of another origin, under a strict policy, in a real browser. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findings } from "../support/axe.ts";
import { waitFor } from "../support/hub.ts";
import { picture } from "../support/pictures.ts";
import { field, launcher, openChat, say, startShop, type Shop } from "../support/shop.ts";
import type { Wire } from "../support/wire.ts";
import { messageWhere, threadOf, type World } from "../support/world.ts";

let shop: Shop;
let world: World;
let wire: Wire;
let widget: any;
let siteUrl: string;

beforeAll(async () => {
  shop = await startShop();
  ({ world, wire, widget, url: siteUrl } = shop);
});
afterAll(async () => {
  await shop?.close();
  expect(shop.faults).toEqual([]);
});
const visit: Shop["visit"] = (options) => shop.visit(options);
const openPage: Shop["openPage"] = (context) => shop.openPage(context);
const findByText: Shop["findByText"] = (text) => shop.findByText(text);

it("costs a page its loader and one socket before it is touched, and moves nothing", async () => {
  const { context, page } = await visit();
  const asked: string[] = [];
  page.on(
    "request",
    (request) => request.url().startsWith(wire.url) && asked.push(new URL(request.url()).pathname),
  );
  const sockets: string[] = [];
  page.on("websocket", (socket) => void sockets.push(new URL(socket.url()).pathname));
  await page.addInitScript(() => {
    const seen = { shift: 0 };
    Object.assign(globalThis, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.shift += (entry as unknown as { value: number }).value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(siteUrl);
  await launcher(page).waitFor();
  await page.waitForLoadState("networkidle");
  expect(asked.filter((path) => path !== "/widget/socket")).toEqual(["/w.js"]);
  expect(sockets).toEqual(["/widget/socket"]);
  expect(await page.evaluate(() => (globalThis as unknown as { seen: { shift: number } }).seen.shift)).toBe(
    0,
  );
  await context.close();
});

it("lets a visitor and an agent talk, with read marks both ways, and asks for a rating at the end", async () => {
  const { owner } = world;
  const { context, page } = await visit();
  await page.goto(siteUrl);
  await openChat(page);
  await say(page, "Is there a darker glaze?");
  const conversation = await findByText("Is there a darker glaze?");
  const reply = await owner.reply(conversation.id, "Yes: iron and moss.", {
    content: { text: "Yes: iron and moss.", buttons: [[{ title: "Iron", value: "iron" }]] },
  });
  await page.getByText("Yes: iron and moss.").waitFor();
  await messageWhere(
    owner,
    conversation.id,
    ({ id, delivery }) => id === reply.id && delivery.state === "read",
  );
  await owner.post(`/conversations/${conversation.id}/read`, { seq: 1 });
  await page.getByText(/· Read/).waitFor();
  await page.getByRole("button", { name: "Iron", exact: true }).click();
  await messageWhere(owner, conversation.id, ({ content }) => content.action?.value === "iron");
  await page.getByRole("button", { name: "Iron", exact: true }).waitFor({ state: "detached" });
  await owner.patch(`/conversations/${conversation.id}`, { state: "resolved" });
  await page.getByRole("radio", { name: "4 of 5" }).check({ force: true });
  await waitFor(
    async () => (await owner.get(`/conversations/${conversation.id}`)).rating?.score === 4,
    "the rating",
  );
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await context.close();
});

it("loses, doubles and disorders nothing through a cut, a reload and a second tab", async () => {
  const { owner } = world;
  const { context, page } = await visit();
  await page.goto(siteUrl);
  await openChat(page);
  await say(page, "one");
  const conversation = await findByText("one");
  wire.cut();
  await page.getByText("Connecting…").waitFor();
  await say(page, "two");
  await say(page, "three");
  await owner.reply(conversation.id, "from the team");
  wire.restore();
  await messageWhere(owner, conversation.id, ({ content }) => content.text === "three");
  await page.getByText("from the team").waitFor();
  wire.cut();
  await page.getByText("Connecting…").waitFor();
  await say(page, "four, before a reload");
  wire.restore();
  await page.reload();
  await messageWhere(owner, conversation.id, ({ content }) => content.text === "four, before a reload");
  const second = await openPage(context);
  await second.goto(siteUrl);
  await launcher(second).click();
  await second.getByRole("button", { name: /four, before a reload/ }).click();
  await say(second, "five, from the second tab");
  await messageWhere(owner, conversation.id, ({ content }) => content.text === "five, from the second tab");
  const texts = (await threadOf(owner, conversation.id))
    .filter(({ type }) => type === "incoming")
    .map(({ content }) => content.text);
  expect(texts).toEqual(["one", "two", "three", "four, before a reload", "five, from the second tab"]);
  await context.close();
});

it("keeps what two tabs could not send, though one is closed and the other reloaded", async () => {
  const { owner } = world;
  const { context, page } = await visit();
  await page.goto(siteUrl);
  await openChat(page);
  await say(page, "before the tunnel");
  const conversation = await findByText("before the tunnel");
  const second = await openPage(context);
  await second.goto(siteUrl);
  await openChat(second);
  await second.getByText("before the tunnel").waitFor();
  wire.cut();
  for (const tab of [page, second]) await tab.getByText("Connecting…").waitFor();
  await say(page, "from the first tab");
  await say(second, "from the second tab");
  await page.close();
  wire.restore();
  await second.reload();
  for (const text of ["from the first tab", "from the second tab"])
    await messageWhere(owner, conversation.id, ({ content }) => content.text === text);
  const incoming = (await threadOf(owner, conversation.id)).filter(({ type }) => type === "incoming");
  expect(incoming).toHaveLength(3);
  await context.close();
});

it("notices by itself that the other end is gone, and sends again", async () => {
  const { context, page } = await visit();
  await page.goto(siteUrl);
  await openChat(page);
  await say(page, "before the sleep");
  const conversation = await findByText("before the sleep");
  await page.getByText(/· Sent/).waitFor();
  wire.silence();
  await say(page, "after the sleep");
  await messageWhere(world.owner, conversation.id, ({ content }) => content.text === "after the sleep");
  await page.getByText("Sending").waitFor({ state: "detached" });
  await context.close();
});

it("wakes from a minute of sleep with all that was said meanwhile, once and in order", async () => {
  const { owner } = world;
  const { context, page } = await visit();
  await page.clock.install();
  await page.goto(siteUrl);
  await openChat(page);
  await say(page, "before I shut the lid");
  const conversation = await findByText("before I shut the lid");
  await page.getByText(/· Sent/).waitFor();
  wire.silence(); // nobody tells a sleeping machine that its connection is gone
  for (const text of ["are you there?", "we put it aside"]) await owner.reply(conversation.id, text);
  await page.clock.fastForward(60_000);
  await page.getByText("we put it aside").waitFor();
  await say(page, "back again");
  await messageWhere(owner, conversation.id, ({ content }) => content.text === "back again");
  await page.getByText("Sending").waitFor({ state: "detached" });
  expect(await page.locator(".msg .said").allTextContents()).toEqual([
    "before I shut the lid",
    "are you there?",
    "we put it aside",
    "back again",
  ]);
  await context.close();
});

it("counts what came while it was shut, and says it was read when it is on the screen", async () => {
  const { owner } = world;
  const { context, page } = await visit();
  await page.goto(siteUrl);
  await openChat(page);
  await say(page, "Are you open on Sunday?");
  const conversation = await findByText("Are you open on Sunday?");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  const reply = await owner.reply(conversation.id, "From ten to six.");
  const badge = page.locator("[data-switchboard] .n");
  await page.locator("[data-switchboard] .g p", { hasText: "From ten to six." }).waitFor();
  await page.waitForFunction(() => document.title === "(1) Shop");
  expect(await badge.textContent()).toBe("1");
  const stateOf = async () =>
    (await threadOf(owner, conversation.id)).find(({ id }) => id === reply.id)?.delivery.state;
  expect(await stateOf()).not.toBe("read");
  const { items } = await owner.get("/visitors");
  expect(items.find((one: any) => one.conversationId === conversation.id).page.title).toBe("Shop");
  const second = await openPage(context);
  await second.goto(siteUrl);
  await second.waitForFunction(() => document.title === "(1) Shop");
  await page.bringToFront();
  await launcher(page).click();
  await waitFor(async () => (await stateOf()) === "read", "the read mark");
  for (const tab of [page, second]) await tab.waitForFunction(() => document.title === "Shop");
  await context.close();
});

it("carries words, a picture that failed at first, and its retry", async () => {
  const { context, page } = await visit();
  await page.goto(siteUrl);
  await openChat(page);
  await page.route("**/widget/files?*", (route) => route.abort(), { times: 1 });
  const photo = { name: "mug.png", mimeType: "image/png", buffer: await picture() };
  await page.locator(".composer input[type=file]").setInputFiles(photo);
  await page.getByRole("button", { name: "Send again" }).click();
  await page.getByRole("button", { name: "Send again" }).waitFor({ state: "detached" });
  await field(page).fill("I have this one");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await page.getByRole("img", { name: "mug.png" }).waitFor();
  const conversation = await findByText("I have this one");
  const [message] = await threadOf(world.owner, conversation.id);
  expect(message.content).toMatchObject({ text: "I have this one", attachments: [{ kind: "image" }] });
  await context.close();
});

it("goes on by requests where the policy of the site forbids sockets, in order", async () => {
  const context = await shop.browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(`${siteUrl}/no-sockets`);
  await openChat(page);
  const texts = Array.from({ length: 8 }, (_, index) => `by request, ${index}`);
  for (const text of texts) await say(page, text);
  const conversation = await findByText("by request, 7");
  await world.owner.reply(conversation.id, "We hear you.");
  await page.getByText("We hear you.").waitFor();
  const incoming = (await threadOf(world.owner, conversation.id)).filter(({ type }) => type === "incoming");
  expect(incoming.map(({ content }) => content.text)).toEqual(texts);
  await context.close();
});

it("does what a page said before the loader came", async () => {
  const { context, page } = await visit();
  await page.goto(`${siteUrl}/queue`);
  await page.getByRole("dialog").waitFor();
  const tracked = await waitFor(async () => {
    const { items } = await world.owner.get("/visitors");
    return items.find((one: any) => one.events.some((event: any) => event.name === "added to cart"));
  }, "what the page tracked");
  expect(tracked.page.url).toContain("/queue");
  await context.close();
});

it("keeps the focus in the panel from view to view", async () => {
  const { context, page } = await visit();
  await page.goto(siteUrl);
  const focused = () =>
    page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.textContent?.trim() ?? "");
  await launcher(page).focus();
  await page.keyboard.press("Enter");
  await waitFor(async () => (await focused()).startsWith("Chat here"), "the focus on the chat");
  await page.keyboard.press("Enter");
  await page.locator(".composer textarea:focus").waitFor();
  await page.getByRole("button", { name: "Back" }).click();
  await waitFor(async () => (await focused()).startsWith("Chat here"), "the focus on the chat again");
  await page.keyboard.press("Escape");
  await page.locator("[data-switchboard] .b:focus").waitFor();
  await context.close();
});

it("takes everything away when the page says so", async () => {
  const { context, page } = await visit();
  await page.goto(siteUrl);
  await launcher(page).waitFor();
  const before = await page.evaluate(() => Object.keys(globalThis).filter((name) => /switch/i.test(name)));
  expect(before).toEqual(["Switchboard"]);
  const opened: string[] = [];
  await page.exposeFunction("told", (event: string) => void opened.push(event));
  await page.evaluate(() => {
    const { Switchboard, told } = globalThis as unknown as Record<string, (...args: unknown[]) => void>;
    Switchboard?.("on", "open", () => told?.("open"));
    Switchboard?.("open");
  });
  await page.getByRole("dialog").waitFor();
  await waitFor(() => opened.length === 1, "the event");
  await page.evaluate(() =>
    (globalThis as unknown as Record<string, (name: string) => void>)["Switchboard"]?.("shutdown"),
  );
  await page.locator("[data-switchboard]").waitFor({ state: "detached" });
  expect(await page.evaluate(() => Object.keys(globalThis).filter((name) => /switch/i.test(name)))).toEqual(
    [],
  );
  expect(await page.locator("script[data-hub]").count()).toBe(0);
  await context.close();
});

describe("axe and the keyboard", () => {
  it.each([
    ["light", "en-GB", 1440],
    ["dark", "ru-RU", 1440],
    ["dark", "en-GB", 390],
    ["light", "ru-RU", 390],
  ] as const)("%s, %s, %i wide", async (colorScheme, locale, width) => {
    const { context, page } = await visit({ colorScheme, locale, viewport: { width, height: 844 } });
    await page.goto(siteUrl);
    await launcher(page).waitFor();
    await launcher(page).focus();
    await page.keyboard.press("Enter");
    const chat = page.locator(".panel [data-first]");
    await chat.waitFor();
    expect(await findings(page)).toEqual([]);
    await chat.focus();
    await page.keyboard.press("Enter");
    await page.locator(".composer textarea").fill("По клавиатуре");
    await page.keyboard.press("Enter");
    await page.locator(".msg.mine .when").waitFor();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    expect(await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.className)).toBe("b");
    await page.keyboard.press("Enter");
    await page.locator(".head [aria-expanded]").click();
    await page.locator(".menu .row").first().waitFor();
    expect(await findings(page)).toEqual([]);
    await page.locator(".menu .row", { hasText: "Telegram" }).click();
    await page.locator(".continue .main").waitFor();
    expect(await findings(page)).toEqual([]);
    await context.close();
  });

  it.each([
    ["light", "en-GB", 1440],
    ["dark", "ru-RU", 390],
  ] as const)("the form and what is wrong in it: %s, %s, %i wide", async (colorScheme, locale, width) => {
    const { owner } = world;
    const { draft } = await owner.get(`/widgets/${widget.id}`);
    const { preChat } = draft;
    const asking = { ...preChat, on: true, consent: { ...preChat.consent, on: true } };
    await owner.put(`/widgets/${widget.id}/draft`, { ...draft, preChat: asking });
    await owner.post(`/widgets/${widget.id}/publish`);
    const { context, page } = await visit({ colorScheme, locale, viewport: { width, height: 844 } });
    await page.goto(siteUrl);
    await launcher(page).click();
    await page.locator(".panel [data-first]").click();
    await page.locator(".form .main").click();
    await page.locator(".form [role=alert]").first().waitFor();
    await page.locator(".form input[name=name]:focus").waitFor();
    expect(await findings(page)).toEqual([]);
    await page.locator(".form input[name=name]").fill("Лена");
    await page.locator(".form textarea").fill("Есть такая кружка?");
    await page.locator(".form [type=checkbox]").check();
    await page.locator(".form .main").click();
    await page.locator(".msg.mine .when").waitFor();
    await owner.put(`/widgets/${widget.id}/draft`, draft);
    await owner.post(`/widgets/${widget.id}/publish`);
    await context.close();
  });
});
