/** In a real browser, when things go wrong or cross: answers refused or late, a line that is cut, a disk that is full. */
import { describe, expect, it } from "vitest";
import { useDesk } from "../support/desk.ts";
import { waitFor } from "../support/hub.ts";
import { settle } from "../support/settle.ts";
import { threadOf } from "../support/world.ts";

const desk = useDesk();
const { openPage, show, composer, rows, shownTo, talk, write, line, copiesIn, hold, refuse } = desk;

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
    const person = await desk.world.owner.invite("zora@clay.example");
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
    const person = await desk.world.owner.invite("tabs@clay.example");
    const { id } = await talk("Two Tabs Tova", "Hello");
    const page = await openPage(person);
    const other = await page.context().newPage();
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
    const person = await desk.world.owner.invite("stay@clay.example");
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
    const person = await desk.world.owner.invite("guest@clay.example");
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
    const person = await desk.world.owner.invite("away@clay.example");
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
    await desk.world.owner.patch(`/conversations/${id}`, { state: "resolved" });
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
    await desk.world.owner.patch(`/conversations/${id}`, { state: "resolved" });
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
    await desk.world.owner.put(`/conversations/${id}/drafts/reply`, { content: { text: "From the phone" } });
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
    await desk.world.owner.put(`/conversations/${id}/drafts/reply`, { content: { text: "From the phone" } });
    await mend();
    await waitFor(async () => (await composer(page).textContent()) === "From the phone", "the draft");
  });

  it("a list that is scrolled still says which of its rows have news", async () => {
    const { customer } = await talk("Far Fiona", "Hello");
    for (let number = 1; number <= 14; number++) await talk(`Near ${number}`, "Hello");
    const page = await openPage();
    const { url, cut, mend } = await line(page);
    await page.goto(`${url}/inbox/all?order=newest`);
    await page.locator("[data-conversation]").nth(8).waitFor();
    await settle(page);
    await page.getByRole("region", { name: "Conversations" }).hover();
    await page.mouse.wheel(0, 500);
    customer.say("And one more thing");
    const pill = page.getByRole("button", { name: "1 new" });
    await pill.waitFor();
    const isList = (address: string) => new URL(address).pathname.endsWith("/conversations");
    await cut();
    const again = page.waitForResponse((response) => response.ok() && isList(response.url()));
    await mend();
    await again;
    await settle(page);
    expect(await pill.count()).toBe(1);
  });

  it("what was read meanwhile is told", async () => {
    const { customer, id } = await talk("Read Rita", "Hello");
    const page = await openPage();
    const { url, cut, mend } = await line(page);
    await page.goto(url + `/inbox/all/${id}`);
    await waitFor(async () => (await desk.world.owner.get(`/conversations/${id}`)).unread === 0, "the first");
    await page.route("**/read", (route) => route.abort());
    const tried = page.waitForRequest("**/read");
    customer.say("Another one");
    await tried;
    await cut();
    await page.unroute("**/read");
    await mend();
    await waitFor(
      async () => (await desk.world.owner.get(`/conversations/${id}`)).unread === 0,
      "the second",
    );
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
    expect((await desk.world.owner.get(`/conversations/${id}`)).state).toBe("open");
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
    await desk.world.owner.reply(id, "Frist words");
    await waitFor(() => shownTo(customer).includes("Frist words"), "the reply");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await page.getByRole("log").getByText("Frist words").waitFor();
    await waitFor(
      async () => (await threadOf(desk.world.owner, id)).at(-1)?.delivery?.state === "sent",
      "the delivery",
    );
    await settle(page);
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
    expect((await desk.world.owner.get(`/conversations/${id}`)).state).toBe("open");
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
      async () => (await desk.world.owner.get(`/conversations/${talks[2]?.id}`)).state === "resolved",
      "the first to be closed",
    );
    for (const { id } of talks.slice(0, 2))
      expect((await desk.world.owner.get(`/conversations/${id}`)).state).toBe("open");
  });
});

describe("long lists and threads", () => {
  it("a list whose first page was closed goes on with the next", async () => {
    const names = Array.from({ length: 60 }, (_, index) => `Row ${index + 1}`);
    for (const name of names) {
      const customer = await desk.world.simulator.addCustomer({ name });
      customer.start(desk.world.bot);
      customer.say("Hello");
    }
    const all: any[] = await waitFor(async () => {
      const { items } = await desk.world.owner.get("/conversations?view=unassigned&order=newest&limit=100");
      const there = items.filter(
        (one: any) => names.includes(one.contact.name) && one.preview?.text === "Hello",
      );
      return there.length === names.length && there;
    }, "sixty conversations");
    const page = await openPage();
    await show(page, "/inbox/unassigned?order=newest");
    await rows(page, all[0].contact.name).first().waitFor();
    await desk.world.owner.post("/conversations/bulk", {
      ids: all.slice(0, 50).map((one) => one.id),
      patch: { state: "resolved" },
    });
    await rows(page, all[51].contact.name).first().waitFor();
  });

  it("a long thread opened in its middle is not read to its end in order to be opened again", async () => {
    const { customer, id } = await talk("Long Lara", "Message 0");
    for (let index = 1; index <= 260; index += 1) customer.say(`Message ${index}`);
    await waitFor(
      async () => (await desk.world.owner.get(`/conversations/${id}`)).lastSeq >= 261,
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
    await settle(page);
    let asked = 0;
    page.on(
      "request",
      (request) => void (asked += Number(request.url().includes(`${id}/messages?afterRev`))),
    );
    await page.goBack();
    await page.getByRole("log").getByText("Message 18", { exact: true }).waitFor();
    customer.say("One more");
    await waitFor(
      async () => (await desk.world.owner.get(`/conversations/${id}`)).preview?.text === "One more",
      "it",
    );
    await rows(page, "Long Lara").first().waitFor();
    await page.getByText("One more").first().waitFor();
    expect(asked).toBeLessThanOrEqual(2);
  });
});
