/** What a newcomer stumbled over, in a real browser: each was seen once and is not to be seen again. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { TelegramCustomer } from "../../demo/simulators/telegram.ts";
import { launchBrowser, openContext, type Looks } from "../support/browser.ts";
import { Person, waitFor } from "../support/hub.ts";
import { settle } from "../support/settle.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
let browser: Browser;
let contexts: BrowserContext[] = [];

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
});

async function openPage(path: string, looks: Looks = {}, person: Person = world.owner): Promise<Page> {
  const context = await openContext(browser, world.hub.url, person.cookie, looks);
  contexts.push(context);
  await person.patch("/preferences", { locale: looks.locale ?? "en", hideSetup: true });
  const page = await context.newPage();
  await page.goto(`${world.hub.url}${path}`);
  return page;
}

/** A customer who has written, and their conversation. */
async function talk(name: string, ...texts: string[]): Promise<{ customer: TelegramCustomer; id: string }> {
  const customer = await world.simulator.addCustomer({ name });
  customer.start(world.bot);
  for (const text of texts) customer.say(text);
  const last = texts.at(-1);
  const found = await waitFor(
    async () =>
      (await world.owner.get("/conversations?view=all&order=newest&limit=100")).items.find(
        (one: any) => one.contact.name === name && one.preview?.text === last,
      ),
    `${name}'s conversation`,
  );
  return { customer, id: found.id };
}

const row = (page: Page, id: string) => page.locator(`[data-conversation="${id}"]`);

describe("a private note that came last", () => {
  it("is not shown as the customer's words, at home nor on the account's page", async () => {
    const { id } = await talk("Noah Reed", "Is the blue bowl free?");
    const oleg = await world.owner.invite("oleg@clay.example");
    await oleg.reply(id, "He haggles, stay friendly", { type: "note" });
    for (const path of ["/", `/channels/${world.channelId}`]) {
      const page = await openPage(path);
      const line = page.getByRole("link").filter({ hasText: "He haggles" });
      await line.getByRole("img", { name: "Private note" }).waitFor();
      await line.getByText("oleg:").waitFor();
    }
    await world.owner.reply(id, "Mine", { type: "note" });
    const page = await openPage("/");
    const line = page.getByRole("link").filter({ hasText: "Mine" });
    await line.getByText("You:").waitFor();
    await page.goto(`${world.hub.url}/inbox/all`);
    await row(page, id).getByRole("img", { name: "Private note" }).waitFor();
  });
});

describe("codes and ids", () => {
  it("do not stand in sentences: a refusal is said in the messenger's words, in both languages", async () => {
    const { id } = await talk("Vera Blok", "Hello");
    const page = await openPage(`/inbox/all/${id}`);
    world.simulator.failNext({ method: "send", kind: "400" });
    await page.getByRole("textbox", { name: "Reply", exact: true }).click();
    await page.keyboard.type("Good day");
    await page.keyboard.press("Enter");
    const trouble = page.getByRole("log").getByRole("alert").getByRole("paragraph").first();
    await trouble.waitFor();
    expect(await trouble.textContent()).toBe("Telegram refused it.");
    expect(await trouble.getAttribute("title")).toBe("bad_request");
    const russian = await openPage(`/inbox/all/${id}`, { locale: "ru" });
    await russian.getByRole("log").getByText("Telegram отклонил запрос.", { exact: true }).waitFor();
  });

  it("a contact who has only an id writes from Telegram", async () => {
    const { id } = await talk("Ira Nameless", "Hello");
    const page = await openPage(`/inbox/all/${id}`);
    const panel = page.getByRole("complementary", { name: "Contact details" });
    const from = panel.getByRole("paragraph").filter({ hasText: /^Telegram$/ });
    await from.waitFor();
    expect(await from.getAttribute("title")).toMatch(/^\d+$/);
    expect(await panel.textContent()).not.toMatch(/\d{5}/);
  });
});

describe("a snoozed conversation", () => {
  it("says what woke it: the customer's message, or its time", async () => {
    const { customer, id } = await talk("Sven Late", "Later please");
    await world.owner.patch(`/conversations/${id}`, { state: "snoozed", snoozedUntil: null });
    customer.say("Here I am");
    const page = await openPage(`/inbox/all/${id}`);
    await page.getByText(/^Back from snooze: the customer has written/).waitFor();
    const soon = new Date(Date.now() + 1000).toISOString();
    await world.owner.patch(`/conversations/${id}`, { state: "snoozed", snoozedUntil: soon });
    await page.getByText(/^It is time again/).waitFor();
    expect(await page.getByText(/^Back from snooze/).count()).toBe(1);
  });
});

describe("a snooze", () => {
  it("is counted from when it is chosen, however long the conversation has been open", async () => {
    const { id } = await talk("Greta Long", "Whenever you can");
    const page = await openPage("/");
    await page.clock.install();
    await page.goto(`${world.hub.url}/inbox/all/${id}`);
    await page.getByRole("log").getByText("Whenever you can").waitFor();
    await page.clock.fastForward(7_200_000);
    const later = Date.now() + 7_200_000;
    await page.getByRole("button", { name: "Snooze" }).first().click();
    await page.getByRole("menuitem", { name: /^One hour/ }).click();
    const until = await waitFor(
      async () => (await world.owner.get(`/conversations/${id}`)).snoozedUntil,
      "the snooze",
    );
    expect(Math.abs(Date.parse(until) - later - 3_600_000)).toBeLessThan(120_000);
  });
});

describe("closing many that were not read", () => {
  it("is taken back with what was unread", async () => {
    const both = [await talk("Hanna Unread", "Hello?"), await talk("Igor Unread", "Anybody?")];
    const page = await openPage("/inbox/all?order=newest");
    for (const { id, customer } of both) {
      await row(page, id).hover();
      await page.getByRole("checkbox", { name: customer.name }).click();
    }
    await page.keyboard.press("e");
    await page.getByText("2 conversations closed").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    for (const { id } of both)
      await waitFor(async () => {
        const { state, unread } = await world.owner.get(`/conversations/${id}`);
        return state === "open" && unread > 0;
      }, "an open and unread conversation");
  });
});

describe("an invitation that was used", () => {
  it("leads to the sign-in", async () => {
    const { link } = await world.owner.post("/invitations", {
      email: "pasha@clay.example",
      role: "employee",
      channelIds: "all",
    });
    await new Person(world.hub.url).post("/invitations/accept", {
      token: link.split("#")[1],
      name: "Pasha",
      password: "glaze and fire 900",
      locale: "en",
    });
    const page = await browser.newPage();
    await page.goto(link.replace(/^https?:\/\/[^/]+/, world.hub.url));
    await page.getByRole("heading", { name: "This invitation is used up" }).waitFor();
    await page.getByRole("link", { name: "Go to sign-in" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.close();
  });
});

describe("Undo", () => {
  it("leads back into the conversation that was closed", async () => {
    const first = await talk("Una Firstova", "First");
    const second = await talk("Una Secondova", "Second");
    const page = await openPage(`/inbox/all/${second.id}?order=newest`);
    await row(page, first.id).waitFor();
    await page.getByRole("log").getByText("Second").waitFor();
    await page.keyboard.press("e");
    await page.waitForURL((url) => url.pathname.endsWith(first.id));
    await page.getByRole("button", { name: "Undo" }).click();
    await page.waitForURL((url) => url.pathname.endsWith(second.id));
    await page.getByRole("log").getByText("Second").waitFor();
    await waitFor(
      async () => (await world.owner.get(`/conversations/${second.id}`)).state === "open",
      "it to be open",
    );
  });

  it("puts a closed conversation back where it stood, also under the pointer", async () => {
    const waiting = await talk("Vic Waiting", "Is it ready?");
    const answered = await talk("Wes Answered", "Thank you");
    await world.owner.reply(answered.id, "You are welcome");
    const page = await openPage(`/inbox/all/${waiting.id}`);
    await row(page, answered.id).hover();
    await page.getByRole("log").getByText("Is it ready?").waitFor();
    await page.keyboard.press("e");
    await row(page, waiting.id).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Undo" }).waitFor();
    await page.keyboard.press("z");
    await row(page, waiting.id).waitFor();
    const shown = () =>
      page
        .locator("[data-conversation]")
        .evaluateAll((rows) => rows.map((one) => one.dataset["conversation"]));
    await waitFor(async () => (await shown())[0] === waiting.id, "the newest that waits to be the first");
  });
});

describe("forwarding", () => {
  it("finds also whom nothing is open with, and says who has got it", async () => {
    const closed = await talk("Zora Closed", "That was all");
    await world.owner.patch(`/conversations/${closed.id}`, { state: "resolved" });
    const { id } = await talk("Yan Open", "The glaze is number five");
    const page = await openPage(`/inbox/all/${id}`);
    const message = page.getByRole("article").filter({ hasText: "The glaze is number five" });
    await message.hover();
    await message.getByRole("button", { name: "Forward" }).click();
    await page.getByRole("searchbox", { name: "Find a conversation" }).fill("zora");
    await page.getByRole("button", { name: /Zora Closed/ }).click();
    await waitFor(
      async () =>
        (await world.owner.get(`/conversations/${closed.id}`)).preview.text === "The glaze is number five",
      "the message in the other conversation",
    );
  });
});

describe("the composer", () => {
  it("is written in again at once, whatever sent the last words", async () => {
    const { id } = await talk("Cora Poser", "Hello");
    const page = await openPage(`/inbox/all/${id}`);
    const field = page.getByRole("textbox", { name: "Reply" });
    await field.fill("Pressed");
    const release = await holdDisk(page);
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByRole("log").getByText("Pressed").waitFor();
    await page.keyboard.type("typed on");
    await waitFor(async () => (await field.textContent()) === "typed on", "the words in the field");
    await release();
    await waitFor(
      async () => (await world.owner.get(`/conversations/${id}`)).preview.text === "Pressed",
      "what was sent",
    );
  });
});

/** What the page keeps in its outbox is on no disk until it is released. */
async function holdDisk(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(async (name) => {
    const request = indexedDB.open(name);
    await new Promise((resolve) => (request.onsuccess = resolve));
    const outbox = request.result.transaction("outbox", "readwrite").objectStore("outbox");
    const held = Object.assign(globalThis, { diskIsHeld: true });
    const goOn = (): void => {
      if (held.diskIsHeld) outbox.count().onsuccess = goOn;
      else request.result.close();
    };
    goOn();
  }, `switchboard-${world.owner.id}`);
  return () => page.evaluate(() => void Object.assign(globalThis, { diskIsHeld: false }));
}

describe("the palette", () => {
  it("begins an excerpt at a word, and finds a name together with words of a message", async () => {
    const { id } = await talk(
      "Harriet Boyle",
      "Good afternoon, I have been looking through the pictures of the celadon mug for an hour",
      "Thank you",
    );
    const page = await openPage("/inbox/all");
    await row(page, id).waitFor();
    await page.keyboard.press("Control+k");
    const field = page.getByPlaceholder(/command/);
    for (const words of ["celadon", "harriet boyle MUG", "celadon Harriet"]) {
      await field.fill(words);
      const found = page.getByRole("option", { name: /of the celadon mug/ });
      await found.waitFor();
      expect(await found.textContent(), words).toMatch(/^…(through |the |pictures |of )/);
    }
    await page.getByRole("option", { name: /of the celadon mug/ }).click();
    await page.waitForURL((url) => url.pathname.endsWith(id));
  });

  it("opens the first that was found by Enter, although it came later than the letters", async () => {
    const { id } = await talk("Quentin Zephyr", "Hello there");
    const page = await openPage("/inbox/mine");
    await page.getByRole("navigation").first().waitFor();
    await page.keyboard.press("Control+k");
    await page.getByPlaceholder(/command/).pressSequentially("quentin zeph");
    await page.getByRole("option", { name: /Quentin Zephyr/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.pathname.endsWith(id));
  });

  it("gives the open conversation to a colleague by name, and leads to a note", async () => {
    await world.owner.invite("nina@clay.example");
    const { id } = await talk("Ursula Given", "Who looks after me?");
    const page = await openPage(`/inbox/all/${id}`);
    await page.getByRole("textbox", { name: "Reply", exact: true }).waitFor();
    const choose = async (words: string, option: string): Promise<void> => {
      await page.keyboard.press("Control+k");
      const field = page.getByPlaceholder(/command/);
      await field.waitFor();
      expect(await page.getByRole("option", { name: option }).count()).toBe(
        option === "Write a note" ? 1 : 0,
      );
      await field.fill(words);
      await page.getByRole("option", { name: option }).click();
    };
    await choose("assign nina", "Assign to nina");
    await waitFor(
      async () => (await world.owner.get(`/conversations/${id}`)).assigneeId,
      "Nina to look after it",
    );
    await choose("note", "Write a note");
    await page.keyboard.type("she called");
    await page.getByRole("textbox", { name: "Note", exact: true }).getByText("she called").waitFor();
  });

  it("finds the theme by its words in either language", async () => {
    for (const locale of ["en", "ru"] as const) {
      const page = await openPage("/inbox/all", { locale });
      await page.getByRole("navigation").first().waitFor();
      await page.keyboard.press("Control+k");
      const field = page.getByRole("dialog").locator("input");
      const name = locale === "en" ? "Switch theme" : "Сменить тему";
      for (const word of ["dark", "light", "theme", "тема", "тёмная", "темная", "светлая"]) {
        await field.fill(word);
        await page.getByRole("option", { name }).waitFor();
      }
    }
  });
});

describe("a thread with the focus on nothing", () => {
  it("is scrolled by the keys, as after Escape in the field", async () => {
    const lines = Array.from({ length: 40 }, (_, number) => `line ${number + 1} of a long talk`);
    const { id } = await talk("Paige Upton", ...lines);
    const page = await openPage(`/inbox/all/${id}`);
    const field = page.getByRole("textbox", { name: "Reply", exact: true });
    const log = page.getByRole("log");
    await log.getByText("line 1 of a long talk", { exact: true }).waitFor();
    await field.click();
    await page.keyboard.press("Escape");
    await page.keyboard.press("End");
    await log.getByText("line 40 of a long talk").waitFor();
    const atEnd = () => log.evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight < 4);
    await waitFor(atEnd, "the end");
    await page.keyboard.press("PageUp");
    await waitFor(async () => !(await atEnd()), "a page further up");
    await page.keyboard.press("Home");
    await log.getByText("line 1 of a long talk", { exact: true }).waitFor();
    await page.keyboard.press("End");
    await waitFor(atEnd, "the end again");
  });
});

describe("two contacts that may be one", () => {
  it("are merged into the one of whom more is known", async () => {
    await world.owner.post("/contacts", { name: "P. Marsh", email: "marsh@example.org" });
    const richer = await world.owner.post("/contacts", {
      name: "Paula Marsh",
      phone: "+44 20 7946 0958",
      company: "Marsh & Sons",
    });
    await world.owner.patch(`/contacts/${richer.id}`, { email: "marsh@example.org", city: "Leeds" });
    const page = await openPage("/contacts");
    await page
      .getByRole("button", { name: /Compare/ })
      .first()
      .click();
    const head = page.getByRole("dialog").getByRole("columnheader");
    await head.first().waitFor();
    expect(await head.first().textContent()).toContain("Paula Marsh");
    expect(await head.nth(1).textContent()).toContain("P. Marsh");
  });
});

describe("a list that is scrolled", () => {
  it("says quietly how many are new, and leads to them by keyboard", async () => {
    for (let number = 1; number <= 14; number++) await talk(`Row ${number}`, `Text ${number}`);
    const old = await talk("Zoe Oldest", "An old question");
    await world.owner.reply(old.id, "An answer");
    for (let number = 15; number <= 20; number++) await talk(`Row ${number}`, `Text ${number}`);
    const page = await openPage("/inbox/all?order=newest");
    await page.locator("[data-conversation]").nth(8).waitFor();
    await settle(page);
    await page.getByRole("region", { name: "Conversations" }).hover();
    await page.mouse.wheel(0, 500);
    const pill = page.getByRole("button", { name: /new$/ });
    const late = await talk("Late Comer", "Is anybody there?");
    await pill.filter({ hasText: "1 new" }).waitFor();
    old.customer.say("And one more thing");
    await pill.filter({ hasText: "2 new" }).waitFor();
    await page.getByRole("status").filter({ hasText: "2 new" }).waitFor({ state: "attached" });
    await pill.focus();
    await page.keyboard.press("Enter");
    await pill.waitFor({ state: "hidden" });
    const first = page.locator("[data-conversation]").first();
    await waitFor(
      async () => (await first.getAttribute("data-conversation")) === old.id,
      "the newest on top",
    );
    await row(page, late.id).waitFor();
    await waitFor(() => first.evaluate((one) => one === document.activeElement), "the keys at the first row");
  });

  it("holds still under the pointer also after another list was chosen there", async () => {
    const page = await openPage("/inbox/all?order=newest");
    await page.locator("[data-conversation]").nth(8).waitFor();
    await page.getByRole("region", { name: "Conversations" }).hover();
    await page.keyboard.press("f");
    await page.getByRole("button", { name: "Channel" }).first().click();
    await page.getByRole("menuitemcheckbox").first().click();
    await page.keyboard.press("Escape");
    await page.locator("[data-conversation]").nth(8).waitFor();
    await settle(page);
    await page.locator("[data-conversation]").nth(3).hover();
    await page.mouse.wheel(0, 500);
    await talk("Later Comer", "Good evening");
    await page.getByRole("button", { name: "1 new" }).waitFor();
  });
});

describe("the line of a day", () => {
  it("is never seen twice while the thread is scrolled past it", async () => {
    const texts = Array.from({ length: 24 }, (_, index) => `Line ${index + 1}`);
    const { id } = await talk("Dora Daily", ...texts);
    const page = await openPage(`/inbox/all/${id}`);
    const log = page.getByRole("log");
    await log.getByText("Line 1", { exact: true }).waitFor();
    await log.hover();
    await page.mouse.wheel(0, -5000);
    for (let top = 0; top <= 60; top += 4) {
      await log.evaluate((box, at) => box.scrollTo({ top: at }), top);
      await page.evaluate(
        () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
      );
      const seen = await log.evaluate((box) => {
        const frame = box.getBoundingClientRect();
        const lines = [...box.parentElement!.querySelectorAll("p > span")].filter(
          (one) => one.textContent === "Today",
        );
        return lines.filter((one) => one.getBoundingClientRect().bottom > frame.top + 4).length;
      });
      expect(seen, `scrolled by ${top}`).toBeLessThanOrEqual(1);
    }
  });
});

/** Names of the controls that lie under this one when they are scrolled to the end of their place. */
function covers(cover: Element): string[] {
  const controls = [...document.querySelectorAll("button, input, select, textarea, a")];
  const under = controls.filter((control) => {
    control.scrollIntoView({ block: "end" });
    const [one, other] = [control.getBoundingClientRect(), cover.getBoundingClientRect()];
    const [left, right] = [Math.max(one.left, other.left), Math.min(one.right, other.right)];
    const [top, bottom] = [Math.max(one.top, other.top), Math.min(one.bottom, other.bottom)];
    if (control === cover || right <= left || bottom <= top) return false;
    return cover.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
  });
  return under.map((control) => control.outerHTML.slice(0, 120));
}

describe("settings of the widget and of a card", () => {
  it("tell whoever may not change them why, and who may", async () => {
    await world.owner.post("/widgets", { name: "Clay & Co", domain: "clay.example" });
    const card = await world.owner.post("/cards", { name: "Clay & Co", slug: "clay-trial", language: "en" });
    const rita = await world.owner.invite("rita@clay.example");
    for (const path of [
      "/widget",
      `/cards/${card.id}`,
      "/settings/general",
      `/channels/${world.channelId}`,
    ]) {
      const page = await openPage(path, {}, rita);
      await page.getByText("Only administrators can change this: Anna Kim.").waitFor();
    }
    const page = await openPage("/widget", { locale: "ru" }, rita);
    await page.getByText("Изменять это могут только администраторы: Anna Kim.").waitFor();
    const owners = await openPage("/widget");
    await owners.getByRole("button", { name: "Publish" }).waitFor();
    expect(await owners.getByText("Only administrators").count()).toBe(0);
  });

  it("leave every field free of the button for the preview on a phone", async () => {
    const [card] = (await world.owner.get("/cards")).items;
    for (const path of ["/widget", "/widget/forms", `/cards/${card.id}/design`]) {
      const page = await openPage(path, { width: 390 });
      const button = page.getByRole("button", { name: "Preview" });
      await button.waitFor();
      expect(await button.evaluate(covers), path).toEqual([]);
    }
  });
});

describe("the page of the API", () => {
  it("finds no fault with the description of the API", async () => {
    const page = await browser.newPage();
    const said: string[] = [];
    page.on("console", (message) => {
      if (["warning", "error"].includes(message.type())) said.push(message.text());
    });
    page.on("pageerror", (error) => void said.push(error.message));
    const read = page.waitForEvent("console", (message) => message.text().startsWith("addDocument"));
    await page.goto(`${world.hub.url}/docs`);
    await read;
    await page.getByRole("heading", { name: "Switchboard" }).waitFor();
    expect(said).toEqual([]);
    await page.close();
  });
});
