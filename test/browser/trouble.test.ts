/** In a real browser, when things go wrong or cross: answers refused or late, a line that is cut, a disk that is full. */
import { connect, createServer, type Socket } from "node:net";
import type { Browser, BrowserContext, Page, Route } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { TelegramCustomer } from "../../demo/simulators/telegram.ts";
import { launchBrowser, openContext } from "../support/browser.ts";
import { waitFor, type Person } from "../support/hub.ts";
import { startWorld, threadOf, type World } from "../support/world.ts";

let world: World;
let browser: Browser;
let contexts: BrowserContext[] = [];
let closing: (() => void)[] = [];

beforeAll(async () => {
  world = await startWorld();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});
afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()));
  contexts = [];
  closing.forEach((close) => close());
  closing = [];
});

async function openPage(person: Person = world.owner): Promise<Page> {
  const context = await openContext(browser, world.hub.url, person.cookie);
  contexts.push(context);
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  return page;
}

const show = (page: Page, path: string) => page.goto(`${world.hub.url}${path}`);
const composer = (page: Page) => page.getByRole("textbox", { name: "Reply", exact: true });
const rows = (page: Page, name: string) =>
  page.getByRole("region", { name: "Conversations" }).getByText(name, { exact: true });
const shownTo = (customer: TelegramCustomer) =>
  customer
    .chat(world.bot)
    .messages.filter((one) => one.by === "bot" && !one.deleted)
    .map(({ message }) => message.text ?? message.caption);

/** A customer who has written, and their conversation. */
async function talk(name: string, ...texts: string[]): Promise<{ customer: TelegramCustomer; id: string }> {
  const customer = await world.simulator.addCustomer({ name });
  customer.start(world.bot);
  for (const text of texts) customer.say(text);
  const last = texts.at(-1) ?? "";
  const found = await waitFor(
    async () =>
      (await world.owner.get("/conversations?view=all&order=newest&limit=100")).items.find(
        (one: any) => one.contact.name === name && one.preview?.text === last,
      ),
    `${name}'s conversation`,
  );
  return { customer, id: found.id };
}

async function write(page: Page, text: string): Promise<void> {
  await composer(page).click();
  await page.keyboard.type(text);
}

interface Line {
  url: string;
  cut: () => Promise<void>;
  mend: () => Promise<void>;
}

/** A line to the hub that can be cut and mended; the page is opened through it. */
async function line(page: Page): Promise<Line> {
  let whole = true;
  const ends = new Set<Socket>();
  const server = createServer((near) => {
    if (!whole) return void near.destroy();
    const far = connect(Number(new URL(world.hub.url).port), "127.0.0.1");
    for (const end of [near, far]) {
      ends.add(end);
      end.on("error", () => end.destroy());
      end.on("close", () => (near.destroy(), far.destroy(), ends.delete(end)));
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => (ends.forEach((end) => end.destroy()), server.close()));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const lost = page.getByText(/No connection since/).first();
  return {
    url: `http://127.0.0.1:${port}`,
    async cut() {
      whole = false;
      ends.forEach((end) => end.destroy());
      await lost.waitFor();
    },
    async mend() {
      whole = true;
      await page.evaluate(() => window.dispatchEvent(new Event("online")));
      await lost.waitFor({ state: "detached", timeout: 15_000 });
    },
  };
}

/** Opens a page that the service worker of the built application is in charge of. */
async function openControlled(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await composer(page).waitFor();
  expect(await page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe("activated");
}

const draftsOf = async (id: string): Promise<string[]> =>
  (await world.owner.get(`/conversations/${id}/drafts`)).items.map((one: any) => one.content.text);
const copiesIn = (page: Page) =>
  page.evaluate(() => Object.keys(sessionStorage).filter((name) => name.startsWith("draft ")));

/** Holds the requests that fit until they are let go. */
async function hold(page: Page, address: string, method: string) {
  const held: Route[] = [];
  let holding = true;
  await page.route(address, (route) => {
    if (!holding || route.request().method() !== method) return route.fallback();
    return void held.push(route);
  });
  return {
    some: () => waitFor(() => held.length > 0, `${method} ${address}`),
    async letGo() {
      holding = false;
      for (const route of held) await route.continue();
    },
  };
}

const refuse = (page: Page, address: string, method: string) =>
  page.route(address, (route) =>
    route.request().method() === method
      ? route.fulfill({ status: 403, json: { error: { code: "forbidden", message: "No." } } })
      : route.fallback(),
  );

describe("a page that came over plain http", () => {
  it("sends all the same, without the locks that only safe pages have", async () => {
    const { customer, id } = await talk("Plain Petra", "Hello");
    const page = await openPage();
    await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, "locks"));
    await show(page, `/inbox/all/${id}`);
    await write(page, "Without locks");
    await page.keyboard.press("Enter");
    await waitFor(() => shownTo(customer).includes("Without locks"), "the reply");
  });
});

describe("a disk that takes nothing more", () => {
  it("leaves the inbox open and its replies going out", async () => {
    const { customer, id } = await talk("Quota Quinn", "Hello");
    const page = await openPage();
    await page.addInitScript(() => {
      IDBObjectStore.prototype.put = () => {
        throw new DOMException("full", "QuotaExceededError");
      };
    });
    await show(page, `/inbox/all/${id}`);
    await write(page, "Nothing was written down");
    await page.keyboard.press("Enter");
    await waitFor(() => shownTo(customer).includes("Nothing was written down"), "the reply");
  });
});

describe("signing out", () => {
  it("takes away what was kept, though the socket hears of the end first", async () => {
    const person = await world.owner.invite("zora@clay.example");
    const { id } = await talk("Leaving Lena", "Hello");
    const page = await openPage(person);
    await show(page, `/inbox/all/${id}`);
    await composer(page).waitFor();
    await page.route("**/drafts/reply", (route) => route.abort());
    await write(page, "Nobody else's");
    expect(await copiesIn(page)).toHaveLength(1);
    await page.route("**/api/v1/session", async (route) => {
      if (route.request().method() !== "DELETE") return route.fallback();
      const response = await route.fetch();
      await page.waitForURL(/sign-in/, { timeout: 1500 }).catch(() => undefined);
      await route.fulfill({ response }).catch(() => undefined);
    });
    await page.getByRole("button", { name: "zora" }).last().click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.waitForURL(/sign-in/);
    const left = await page.evaluate(async () => ({
      stores: (await indexedDB.databases()).map((one) => one.name),
      last: localStorage.getItem("last-session"),
      drafts: Object.keys(sessionStorage).filter((name) => name !== "tab"),
    }));
    expect(left).toEqual({ stores: [], last: null, drafts: [] });
  });

  it("takes away what another tab kept", async () => {
    const person = await world.owner.invite("tabs@clay.example");
    const { id } = await talk("Two Tabs Tova", "Hello");
    const page = await openPage(person);
    const other = await page.context().newPage();
    other.setDefaultTimeout(60_000);
    await show(other, `/inbox/all/${id}`);
    await composer(other).waitFor();
    await other.route("**/drafts/reply", (route) => route.abort());
    await write(other, "Nobody else's");
    expect(await copiesIn(other)).toHaveLength(1);
    await show(page, "/inbox/all");
    await page.getByRole("button", { name: "tabs" }).last().click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.waitForURL(/sign-in/);
    await other.waitForURL(/sign-in/);
    await waitFor(async () => (await copiesIn(other)).length === 0, "no copy in the other tab");
  });

  it("says when it did not work, and goes on", async () => {
    const person = await world.owner.invite("stay@clay.example");
    const page = await openPage(person);
    await page.route("**/api/v1/session", (route) =>
      route.request().method() === "DELETE" ? route.abort() : route.fallback(),
    );
    await show(page, "/inbox/all");
    await page.getByRole("button", { name: "stay" }).last().click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByText("The server cannot be reached", { exact: false }).first().waitFor();
  });

  it("leaves another person's unsent messages in this browser alone", async () => {
    const person = await world.owner.invite("guest@clay.example");
    const page = await openPage(person);
    await show(page, "/inbox/all");
    await page.getByRole("region", { name: "Conversations" }).waitFor();
    await page.evaluate(
      () =>
        new Promise((resolve) => {
          const request = indexedDB.open("switchboard-somebodyelse", 1);
          request.onsuccess = () => resolve(request.result.close());
        }),
    );
    await page.getByRole("button", { name: "guest" }).last().click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.waitForURL(/sign-in/);
    const stores = await page.evaluate(async () => (await indexedDB.databases()).map((one) => one.name));
    expect(stores).toEqual(["switchboard-somebodyelse"]);
  });

  it("elsewhere, while the line was cut, is noticed when it is back", async () => {
    const person = await world.owner.invite("away@clay.example");
    const page = await openPage(person);
    const { url, cut, mend } = await line(page);
    await page.goto(url + "/inbox/all");
    await page.getByRole("region", { name: "Conversations" }).waitFor();
    await cut();
    await person.delete("/session");
    await mend().catch(() => undefined);
    await page.waitForURL(/sign-in/);
  });
});

describe("a server that is starting again", () => {
  it("does not look like a session that is over", async () => {
    const { customer, id } = await talk("Patient Paul", "Hello");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await composer(page).waitFor();
    let asked = 0;
    await page.route("**/api/v1/session", (route) => {
      if (route.request().method() !== "GET" || ++asked > 2) return route.fallback();
      return route.fulfill({ status: 502, body: "<h1>Bad gateway</h1>" });
    });
    await page.reload();
    await composer(page).waitFor();
    await write(page, "Still here");
    await page.keyboard.press("Enter");
    await waitFor(() => shownTo(customer).includes("Still here"), "the reply");
  });
});

describe("what a browser kept of a conversation", () => {
  it("is replaced by what the server says when it is opened by its address", async () => {
    const { id } = await talk("Stale Stella", "Hello");
    const page = await openPage();
    await show(page, `/inbox/mine/${id}`);
    await page
      .getByRole("button", { name: /^Close/ })
      .first()
      .waitFor();
    await composer(page).waitFor();
    await page.goto("about:blank");
    await world.owner.patch(`/conversations/${id}`, { state: "resolved" });
    await show(page, `/inbox/mine/${id}`);
    await page
      .getByRole("button", { name: /^Reopen/ })
      .first()
      .waitFor();
  });
});

describe("after a lost connection", () => {
  it("the open conversation is as the server has it, though no list shows it", async () => {
    const { id } = await talk("Cut Carla", "Hello");
    const page = await openPage();
    const { url, cut, mend } = await line(page);
    await page.goto(url + `/inbox/mine/${id}`);
    await page
      .getByRole("button", { name: /^Close/ })
      .first()
      .waitFor();
    await cut();
    await world.owner.patch(`/conversations/${id}`, { state: "resolved" });
    await mend();
    await page
      .getByRole("button", { name: /^Reopen/ })
      .first()
      .waitFor();
  });

  it("the draft written on another device meanwhile is there", async () => {
    const { id } = await talk("Draft Dora", "Hello");
    const page = await openPage();
    const { url, cut, mend } = await line(page);
    await page.goto(url + `/inbox/all/${id}`);
    await composer(page).waitFor();
    await cut();
    await world.owner.put(`/conversations/${id}/drafts/reply`, { content: { text: "From the phone" } });
    await mend();
    await page.getByText("From the phone").last().waitFor();
    await waitFor(async () => (await composer(page).textContent()) === "From the phone", "the draft");
  });

  it("the draft that could not be loaded before is there", async () => {
    const { id } = await talk("Draft Dana", "Hello");
    const page = await openPage();
    const { url, cut, mend } = await line(page);
    await page.route("**/drafts", (route) => route.abort());
    const tried = page.waitForEvent("requestfailed", (request) => request.url().endsWith("/drafts"));
    await page.goto(url + `/inbox/all/${id}`);
    await tried;
    await cut();
    await page.unroute("**/drafts");
    await world.owner.put(`/conversations/${id}/drafts/reply`, { content: { text: "From the phone" } });
    await mend();
    await waitFor(async () => (await composer(page).textContent()) === "From the phone", "the draft");
  });

  it("what was read meanwhile is told", async () => {
    const { customer, id } = await talk("Read Rita", "Hello");
    const page = await openPage();
    const { url, cut, mend } = await line(page);
    await page.goto(url + `/inbox/all/${id}`);
    await waitFor(async () => (await world.owner.get(`/conversations/${id}`)).unread === 0, "the first");
    await page.route("**/read", (route) => route.abort());
    const tried = page.waitForRequest("**/read");
    customer.say("Another one");
    await tried;
    await cut();
    await page.unroute("**/read");
    await mend();
    await waitFor(async () => (await world.owner.get(`/conversations/${id}`)).unread === 0, "the second");
  });
});

describe("a press in the composer", () => {
  it("on its tabs or on the emoji leads the keys to a field, not to the conversation", async () => {
    const { id } = await talk("Pressed Pru", "Hello");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await composer(page).waitFor();
    const field = page.locator("[contenteditable=true]");
    await page.getByRole("tab", { name: "Note" }).click();
    await page.keyboard.type("We call her ");
    await waitFor(async () => (await field.textContent())?.includes("We call her"), "the note");
    await page.getByRole("button", { name: "Emoji" }).click();
    await page.getByRole("searchbox").waitFor();
    await page.keyboard.type("fire");
    await page.getByRole("button", { name: /fire/i }).first().waitFor();
    await page.keyboard.press("Enter");
    await waitFor(
      async () => /We call her .*\p{Extended_Pictographic}/u.test((await field.textContent()) ?? ""),
      "the sign",
    );
    expect((await world.owner.get(`/conversations/${id}`)).state).toBe("open");
  });
});

describe("an act that is refused", () => {
  it("brings the conversation back into its list", async () => {
    const { id } = await talk("Refused Rosa", "Hello");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await rows(page, "Refused Rosa").first().waitFor();
    await composer(page).waitFor();
    await refuse(page, `**/api/v1/conversations/${id}`, "PATCH");
    await page.getByRole("log").focus();
    await page.keyboard.press("e");
    await page.getByText("That did not work").first().waitFor();
    await rows(page, "Refused Rosa").first().waitFor();
  });

  it("leaves an edited text in the field", async () => {
    const { customer, id } = await talk("Edited Edna", "Hello");
    await world.owner.reply(id, "Frist words");
    await waitFor(() => shownTo(customer).includes("Frist words"), "the reply");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await page.getByRole("log").getByText("Frist words").waitFor();
    await waitFor(
      async () => (await threadOf(world.owner, id)).at(-1)?.delivery?.state === "sent",
      "the delivery",
    );
    await refuse(page, "**/api/v1/messages/*", "PATCH");
    await composer(page).click();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("First words, in full");
    const asked = page.waitForResponse((response) => response.request().method() === "PATCH");
    await page.keyboard.press("Enter");
    await asked;
    await waitFor(async () => (await composer(page).textContent()) === "First words, in full", "the text");
  });

  it("takes a changed preference back and says so", async () => {
    const page = await openPage();
    await show(page, "/inbox/all");
    await page.getByRole("region", { name: "Conversations" }).waitFor();
    await page.route("**/api/v1/preferences", (route) => route.abort());
    await page.keyboard.press("ControlOrMeta+k");
    await page.getByPlaceholder("Type a command or search…").fill("Switch theme");
    await page.getByRole("option", { name: "Switch theme" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("The server cannot be reached", { exact: false }).first().waitFor();
    expect(await page.evaluate(() => document.documentElement.classList.contains("dark"))).toBe(false);
  });
});

describe("a draft", () => {
  it("does not come back when its last saving is slower than the sending", async () => {
    const { customer, id } = await talk("Slow Sven", "Hello");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await composer(page).waitFor();
    const saving = await hold(page, "**/drafts/reply", "PUT");
    await write(page, "Sent before it was saved");
    await saving.some();
    const saved = page.waitForResponse((response) => response.request().method() === "PUT");
    await page.keyboard.press("Enter");
    await waitFor(() => shownTo(customer).includes("Sent before it was saved"), "the reply");
    await saving.letGo();
    await saved;
    await waitFor(
      async () => (await world.owner.get(`/conversations/${id}/drafts`)).items.length === 0,
      "no draft",
    );
  });

  it("is kept when the page is left while it is being typed", async () => {
    const { id } = await talk("Quick Queenie", "Hello");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await composer(page).waitFor();
    await write(page, "Half a sen");
    await page.reload();
    await waitFor(async () => (await composer(page).textContent()) === "Half a sen", "the draft");
  });

  it("reaches the server when the page is left at once, though a service worker is in charge", async () => {
    const { id } = await talk("Worker Wanda", "Hello");
    const page = await openPage();
    await openControlled(page, `${world.hub.url}/inbox/all/${id}`);
    for (const text of ["Half", "Half a", "Half a sen", "Half a sentence", "A sentence"]) {
      await composer(page).click();
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.insertText(text);
      await page.goto("about:blank");
      await waitFor(async () => (await draftsOf(id)).includes(text), `"${text}" on the server`);
      await show(page, `/inbox/all/${id}`);
      await waitFor(async () => (await composer(page).textContent()) === text, "the draft");
    }
  });

  it("is there again after a reload without a connection, and is saved when there is one", async () => {
    const { id } = await talk("Tunnel Tilda", "Hello");
    const page = await openPage();
    const { url, cut, mend } = await line(page);
    await openControlled(page, `${url}/inbox/all/${id}`);
    await cut();
    await write(page, "From the tunnel");
    await page.reload();
    await waitFor(async () => (await composer(page).textContent()) === "From the tunnel", "the draft");
    expect(await draftsOf(id)).toEqual([]);
    await mend();
    await waitFor(async () => (await draftsOf(id)).includes("From the tunnel"), "the draft on the server");
    await waitFor(async () => (await copiesIn(page)).length === 0, "no copy in the tab");
  });

  it("that was emptied without a connection stays empty over a reload", async () => {
    const { id } = await talk("Empty Emil", "Hello");
    await world.owner.put(`/conversations/${id}/drafts/reply`, { content: { text: "Not this" } });
    const page = await openPage();
    const { url, cut, mend } = await line(page);
    await openControlled(page, `${url}/inbox/all/${id}`);
    await waitFor(async () => (await composer(page).textContent()) === "Not this", "the draft");
    await cut();
    await composer(page).click();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.press("Delete");
    await page.reload();
    await composer(page).waitFor();
    await mend();
    await waitFor(async () => (await draftsOf(id)).length === 0, "no draft");
    expect(await composer(page).textContent()).toBe("");
  });

  it("that was written here without a connection, and elsewhere meanwhile, keeps both", async () => {
    const { id } = await talk("Both Bea", "Hello");
    const page = await openPage();
    const { url, cut, mend } = await line(page);
    await openControlled(page, `${url}/inbox/all/${id}`);
    await cut();
    await write(page, "From the desk");
    await world.owner.put(`/conversations/${id}/drafts/reply`, { content: { text: "From the phone" } });
    await page.reload();
    await waitFor(async () => (await composer(page).textContent()) === "From the desk", "the draft");
    await mend();
    const both = "From the phone\n\nFrom the desk";
    await waitFor(async () => (await composer(page).innerText()) === both, "both in the field");
    await waitFor(async () => (await draftsOf(id)).includes(both), "both on the server");
  });

  it("that was left behind is saved when the line is back, though its box has the caret", async () => {
    const { id } = await talk("Caret Carla", "Hello");
    const page = await openPage();
    const { url, cut, mend } = await line(page);
    await openControlled(page, `${url}/inbox/all/${id}`);
    await cut();
    await write(page, "From the lift");
    await page.reload();
    await waitFor(async () => (await composer(page).textContent()) === "From the lift", "the draft");
    await composer(page).click();
    await mend();
    await waitFor(async () => (await draftsOf(id)).includes("From the lift"), "the draft on the server");
    await waitFor(async () => (await copiesIn(page)).length === 0, "no copy in the tab");
  });

  it.each([
    ["before the answer", "typed at once"],
    ["after it", ""],
  ])("keeps what another device wrote when it is written on %s", async (_when, atOnce) => {
    const { id } = await talk(`Slow Sibyl ${atOnce}`, "Hello");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await composer(page).waitFor();
    await page.route("**/drafts/reply", (route) => route.abort());
    await write(page, "Mine");
    await waitFor(async () => (await copiesIn(page)).length === 1, "a copy in the tab");
    const asking = await hold(page, `**/conversations/${id}/drafts`, "GET");
    await page.reload();
    await asking.some();
    await waitFor(async () => (await composer(page).textContent()) === "Mine", "the draft");
    await composer(page).click();
    await page.keyboard.press("End");
    if (atOnce) await page.keyboard.type(` ${atOnce}`);
    await world.owner.put(`/conversations/${id}/drafts/reply`, { content: { text: "Theirs" } });
    await page.unroute("**/drafts/reply");
    await asking.letGo();
    const mine = atOnce ? `Mine ${atOnce}` : "Mine";
    const both = `Theirs\n\n${mine}`;
    await waitFor(async () => (await composer(page).innerText()) === both, "both in the field");
    await page.keyboard.type(", and on");
    await waitFor(async () => (await draftsOf(id)).includes(`${both}, and on`), "both on the server");
  });

  it("that was sent from another device does not come back with an old tab", async () => {
    const { id } = await talk("Late Lotte", "Hello");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await composer(page).waitFor();
    await write(page, "Sent by phone");
    await page.goto(`${world.hub.url}/openapi.json`);
    await waitFor(async () => (await draftsOf(id)).includes("Sent by phone"), "the draft on the server");
    await world.owner.delete(`/conversations/${id}/drafts/reply`);
    await page.addInitScript(() => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + 120_000;
    });
    await show(page, `/inbox/all/${id}`);
    await composer(page).waitFor();
    await waitFor(async () => (await copiesIn(page)).length === 0, "no copy in the tab");
    expect(await composer(page).textContent()).toBe("");
    expect(await draftsOf(id)).toEqual([]);
  });

  it("that is typed without a pause is saved in between", async () => {
    const { id } = await talk("Steady Stan", "Hello");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await composer(page).click();
    const saved = page.waitForRequest(
      (request) => request.method() === "PUT" && /drafts/.test(request.url()),
    );
    let typing = true;
    const typed = (async () => {
      while (typing) await page.keyboard.type("on and on ", { delay: 60 });
    })();
    await saved;
    typing = false;
    await typed;
  });

  it("keeps the message it answers when the thread loads after it", async () => {
    const { id } = await talk("Quoted Quentin", "Which glaze?");
    const [asked] = (await threadOf(world.owner, id)).filter((one) => one.content.text === "Which glaze?");
    await world.owner.put(`/conversations/${id}/drafts/reply`, {
      content: { text: "Blue" },
      replyToMessageId: asked.id,
    });
    const page = await openPage();
    const thread = await hold(page, `**/conversations/${id}/messages?*`, "GET");
    const drafts = page.waitForResponse("**/drafts");
    await show(page, `/inbox/all/${id}`);
    await drafts;
    await thread.some();
    await composer(page).waitFor();
    await thread.letGo();
    await page.getByRole("log").getByText("Which glaze?").waitFor();
    await composer(page).click();
    await page.keyboard.type(" one");
    await waitFor(
      async () => (await world.owner.get(`/conversations/${id}/drafts`)).items[0]?.content.text !== "Blue",
      "the draft to be saved",
    );
    const [draft] = (await world.owner.get(`/conversations/${id}/drafts`)).items;
    expect(draft.replyToMessageId).toBe(asked.id);
  });
});

describe("a file on its way", () => {
  const file = { name: "plan.txt", mimeType: "text/plain", buffer: Buffer.from("a plan") };

  it("goes out with its message when another conversation was opened meanwhile", async () => {
    const { customer, id } = await talk("File Fiona", "Hello");
    const other = await talk("Other Olga", "Hello");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await composer(page).waitFor();
    const upload = await hold(page, "**/api/v1/files", "POST");
    await page.locator('input[type="file"]').first().setInputFiles(file);
    await upload.some();
    await write(page, "Here is the plan");
    await page.keyboard.press("Enter");
    await page.getByText("plan.txt").first().waitFor();
    await rows(page, "Other Olga").first().click();
    await page.waitForURL((url) => url.pathname.endsWith(other.id));
    await page.getByRole("region", { name: "Other Olga" }).first().waitFor();
    await upload.letGo();
    await waitFor(() => shownTo(customer).includes("Here is the plan"), "the message");
  });

  it("is in the draft when it has arrived after another conversation was opened", async () => {
    const { id } = await talk("File Fred", "Hello");
    const other = await talk("Other Otto", "Hello");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await composer(page).waitFor();
    const upload = await hold(page, "**/api/v1/files", "POST");
    await page.locator('input[type="file"]').first().setInputFiles(file);
    await upload.some();
    await rows(page, "Other Otto").first().click();
    await page.waitForURL((url) => url.pathname.endsWith(other.id));
    await page.getByRole("region", { name: "Other Otto" }).first().waitFor();
    await upload.letGo();
    await waitFor(
      async () =>
        (await world.owner.get(`/conversations/${id}/drafts`)).items[0]?.content.attachments?.length === 1,
      "the draft with the file",
    );
  });
});

describe("keys", () => {
  it("typed before the palette has loaded do nothing to the conversation", async () => {
    const { id } = await talk("Hasty Hilda", "Hello");
    const page = await openPage();
    const palette = await hold(page, "**/CommandPalette-*.js", "GET");
    await show(page, `/inbox/all/${id}`);
    await composer(page).waitFor();
    await page.getByRole("log").focus();
    await page.keyboard.press("ControlOrMeta+k");
    await palette.some();
    await page.keyboard.type("theme");
    await palette.letGo();
    await page.getByPlaceholder("Type a command or search…").waitFor();
    expect(new URL(page.url()).pathname).toBe(`/inbox/all/${id}`);
    expect((await world.owner.get(`/conversations/${id}`)).state).toBe("open");
  });

  it("held down close one conversation, not the whole list", async () => {
    const talks = [
      await talk("Held Hans", "Hello"),
      await talk("Held Hugo", "Hello"),
      await talk("Held Hedy", "Hello"),
    ];
    const page = await openPage();
    await show(page, `/inbox/all/${talks[2]?.id}?order=newest`);
    await composer(page).waitFor();
    await page.getByRole("log").focus();
    await page.keyboard.down("e");
    await page.waitForURL((url) => !url.pathname.endsWith(talks[2]?.id ?? ""));
    for (let turn = 0; turn < 5; turn += 1) await page.keyboard.down("e");
    await page.keyboard.up("e");
    await waitFor(
      async () => (await world.owner.get(`/conversations/${talks[2]?.id}`)).state === "resolved",
      "the first to be closed",
    );
    for (const { id } of talks.slice(0, 2))
      expect((await world.owner.get(`/conversations/${id}`)).state).toBe("open");
  });
});

describe("long lists and threads", () => {
  it("a list whose first page was closed goes on with the next", async () => {
    const names = Array.from({ length: 60 }, (_, index) => `Row ${index + 1}`);
    for (const name of names) {
      const customer = await world.simulator.addCustomer({ name });
      customer.start(world.bot);
      customer.say("Hello");
    }
    const all: any[] = await waitFor(async () => {
      const { items } = await world.owner.get("/conversations?view=unassigned&order=newest&limit=100");
      const there = items.filter(
        (one: any) => names.includes(one.contact.name) && one.preview?.text === "Hello",
      );
      return there.length === names.length && there;
    }, "sixty conversations");
    const page = await openPage();
    await show(page, "/inbox/unassigned?order=newest");
    await rows(page, all[0].contact.name).first().waitFor();
    await world.owner.post("/conversations/bulk", {
      ids: all.slice(0, 50).map((one) => one.id),
      patch: { state: "resolved" },
    });
    await rows(page, all[51].contact.name).first().waitFor();
  });

  it("a long thread opened in its middle is not read to its end in order to be opened again", async () => {
    const { customer, id } = await talk("Long Lara", "Message 0");
    for (let index = 1; index <= 260; index += 1) customer.say(`Message ${index}`);
    await waitFor(
      async () => (await world.owner.get(`/conversations/${id}`)).lastSeq >= 261,
      "all of them",
      undefined,
      90_000,
    );
    const other = await talk("Short Shura", "Hello");
    const page = await openPage();
    await show(page, `/inbox/all/${id}?seq=20`);
    await page.getByRole("log").getByText("Message 18", { exact: true }).waitFor();
    await rows(page, "Short Shura").first().click();
    await page.waitForURL((url) => url.pathname.endsWith(other.id));
    let asked = 0;
    page.on(
      "request",
      (request) => void (asked += Number(request.url().includes(`${id}/messages?afterRev`))),
    );
    await page.goBack();
    await page.getByRole("log").getByText("Message 18", { exact: true }).waitFor();
    customer.say("One more");
    await waitFor(
      async () => (await world.owner.get(`/conversations/${id}`)).preview?.text === "One more",
      "it",
    );
    await rows(page, "Long Lara").first().waitFor();
    await page.getByText("One more").first().waitFor();
    expect(asked).toBeLessThanOrEqual(2);
  });
});
