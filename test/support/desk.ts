/** An agent's browser before a hub with one bot, and what disturbs it: a line that is cut, answers that are late or refused. */
import type { Browser, BrowserContext, Page, Route } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import type { TelegramCustomer } from "../../demo/simulators/telegram.ts";
import { launchBrowser, openContext, type Looks } from "./browser.ts";
import { waitFor, type Person } from "./hub.ts";
import { startWire, type Wire } from "./wire.ts";
import { startWorld, type World } from "./world.ts";

export interface Talk {
  customer: TelegramCustomer;
  /** The conversation's id. */
  id: string;
}

/** For a file of tests: a world from its first to its last; pages and lines until the end of each. */
export function useDesk(options: Parameters<typeof launchBrowser>[0] = {}) {
  let world: World;
  let browser: Browser;
  let contexts: BrowserContext[] = [];
  let wires: Wire[] = [];

  beforeAll(async () => {
    world = await startWorld();
    browser = await launchBrowser(options);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.stop();
  });
  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    await Promise.all(wires.map((wire) => wire.close()));
    contexts = [];
    wires = [];
  });

  async function openPage(person: Person = world.owner, looks: Looks = {}): Promise<Page> {
    const context = await openContext(browser, world.hub.url, person.cookie, looks);
    contexts.push(context);
    const page = await context.newPage();
    return page;
  }

  const show = (page: Page, path: string) => page.goto(`${world.hub.url}${path}`);
  const shownTo = (customer: TelegramCustomer) =>
    customer
      .chat(world.bot)
      .messages.filter((one) => one.by === "bot" && !one.deleted)
      .map(({ message }) => message.text ?? message.caption);

  /** A customer who has written, and their conversation. */
  async function talk(name: string, ...texts: string[]): Promise<Talk> {
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

  /** A line to the hub that can be cut and mended; the page is opened through it. */
  async function line(page: Page) {
    const wire = await startWire(world.hub.url);
    wires.push(wire);
    const lost = page.getByText(/No connection since/).first();
    return {
      url: wire.url,
      async cut() {
        wire.cut();
        await lost.waitFor();
      },
      async mend() {
        wire.restore();
        await page.evaluate(() => window.dispatchEvent(new Event("online")));
        await lost.waitFor({ state: "detached" });
      },
    };
  }

  const draftsOf = async (id: string): Promise<string[]> =>
    (await world.owner.get(`/conversations/${id}/drafts`)).items.map((one: any) => one.content.text);

  return {
    get world() {
      return world;
    },
    openPage,
    show,
    shownTo,
    talk,
    line,
    draftsOf,
    composer,
    rows,
    write,
    openControlled,
    copiesIn,
    hold,
    refuse,
  };
}

const composer = (page: Page) => page.getByRole("textbox", { name: "Reply", exact: true });
const rows = (page: Page, name: string) =>
  page.getByRole("region", { name: "Conversations" }).getByText(name, { exact: true });

async function write(page: Page, text: string): Promise<void> {
  await composer(page).click();
  await page.keyboard.type(text);
}

/** Opens a page that the service worker of the built application is in charge of. */
async function openControlled(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await composer(page).waitFor();
  expect(await page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe("activated");
}

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
    /** The server refuses them. */
    async fail() {
      holding = false;
      for (const route of held) await route.fulfill(refusal);
    },
  };
}

const refusal = { status: 403, json: { error: { code: "forbidden", message: "No." } } };
const refuse = (page: Page, address: string, method: string) =>
  page.route(address, (route) =>
    route.request().method() === method ? route.fulfill(refusal) : route.fallback(),
  );
