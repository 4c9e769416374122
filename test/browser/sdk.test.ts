/** The npm package of the widget as a site gets it: packed, installed, imported on a server, bundled, run, and taken away. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { root } from "../../scripts/build.mjs";
import { launchBrowser } from "../support/browser.ts";
import { waitFor } from "../support/hub.ts";
import { startWorld, type World } from "../support/world.ts";

const run = promisify(execFile);
let folder: string;
let world: World;
let widget: any;
let site: Server;
let siteUrl: string;
let browser: Browser;

/** A site of its own: the tarball is installed as from npm, without a network. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "switchboard-sdk-"));
  await run("npm", ["pack", "--pack-destination", folder, join(root, "dist", "sdk")]);
  const tarball = (await readdir(folder)).find((name) => name.endsWith(".tgz"))!;
  await writeFile(join(folder, "package.json"), '{"name":"shop","private":true,"type":"module"}');
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", `./${tarball}`], { cwd: folder });

  world = await startWorld();
  site = createServer((request, response) => void serve(request.url ?? "/", response));
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  siteUrl = `http://localhost:${(site.address() as AddressInfo).port}`;
  widget = await world.owner.post("/widgets", { name: "Clay & Co", domain: new URL(siteUrl).host });
  await bundle();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  site?.closeAllConnections();
  site?.close();
  await world?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function bundle(): Promise<void> {
  await mkdir(join(folder, "src"), { recursive: true });
  await writeFile(
    join(folder, "index.html"),
    '<!doctype html><html lang="en"><head><title>Shop</title></head><body><h1>Shop</h1><script type="module" src="/src/main.ts"></script></body></html>',
  );
  await writeFile(
    join(folder, "src", "main.ts"),
    `import * as widget from "@switchboard/widget";
const options = { hub: ${JSON.stringify(world.hub.url)}, key: ${JSON.stringify(widget.key)} };
Object.assign(window, { shop: { ...widget, start: () => widget.load(options) } });`,
  );
  await build({ root: folder, configFile: false, logLevel: "error", build: { outDir: "out" } });
}
async function serve(url: string, response: import("node:http").ServerResponse): Promise<void> {
  const path = new URL(url, "http://site").pathname;
  const name = extname(path) ? path : "/index.html";
  try {
    const body = await readFile(join(folder, "out", name));
    const mime = name.endsWith(".js") ? "text/javascript" : "text/html";
    response.writeHead(200, { "content-type": `${mime}; charset=utf-8` }).end(body);
  } catch {
    response.writeHead(404).end();
  }
}

/** What a page holds for later: its listeners, timers, sockets and nodes, and the names that it has added to the window. */
interface Held {
  listeners: string[];
  timers: number;
  sockets: number;
  nodes: number;
  globals: string[];
}
/** Runs in the page before anything else, and counts. */
function count(): void {
  const listeners = new Map<object, Map<string, Set<unknown>>>();
  const timers = new Set<unknown>();
  const sockets = new Set<WebSocket>();
  const nameOf = (target: object): string =>
    target instanceof Node
      ? `${target.nodeName}${target.isConnected || target === document ? "" : " (gone)"}`
      : target.constructor.name;
  const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
  EventTarget.prototype.addEventListener = function (this: EventTarget, type, listener, options) {
    const target = this ?? globalThis;
    const ofTarget = listeners.get(target) ?? new Map<string, Set<unknown>>();
    listeners.set(target, ofTarget.set(type, (ofTarget.get(type) ?? new Set()).add(listener)));
    if (typeof options === "object" && options?.signal)
      add.call(options.signal, "abort", () => ofTarget.get(type)?.delete(listener));
    if (listener) add.call(target, type, listener, options);
  };
  EventTarget.prototype.removeEventListener = function (this: EventTarget, type, listener, options) {
    const target = this ?? globalThis;
    listeners.get(target)?.get(type)?.delete(listener);
    if (listener) remove.call(target, type, listener, options);
  };
  const wrap = (begin: "setTimeout" | "setInterval", end: "clearTimeout" | "clearInterval"): void => {
    const [start, stop] = [globalThis[begin].bind(globalThis), globalThis[end].bind(globalThis)] as [
      (work: () => void, ms?: number) => number,
      (id?: number) => void,
    ];
    Object.assign(globalThis, {
      [begin]: (work: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => {
        const id = start(() => {
          if (begin === "setTimeout") timers.delete(id);
          work(...args);
        }, ms);
        timers.add(id);
        return id;
      },
      [end]: (id?: number) => {
        timers.delete(id);
        stop(id);
      },
    });
  };
  wrap("setTimeout", "clearTimeout");
  wrap("setInterval", "clearInterval");
  const Native = globalThis.WebSocket;
  globalThis.WebSocket = class extends Native {
    constructor(url: string | URL) {
      super(url);
      sockets.add(this);
    }
  };
  const atFirst = new Set(Object.keys(globalThis));
  Object.assign(globalThis, {
    held: (): Held => ({
      listeners: [...listeners]
        .filter(([target]) => !(target instanceof Node) || target.isConnected || target === document)
        .flatMap(([target, types]) =>
          [...types].flatMap(([type, all]) => [...all].map(() => `${nameOf(target)} ${type}`)),
        )
        .sort(),
      timers: timers.size,
      sockets: [...sockets].filter((socket) => socket.readyState < 2).length,
      nodes: document.querySelectorAll("*").length,
      globals: Object.keys(globalThis).filter((name) => !atFirst.has(name)),
    }),
  });
}
const heldBy = (page: Page): Promise<Held> =>
  page.evaluate(() => (globalThis as unknown as { held(): Held }).held());

type Shop = typeof import("../../widget/site/sdk/index.ts") & { start(): void };
const inShop = <T>(page: Page, work: (shop: Shop) => T): Promise<T> =>
  page.evaluate<T>(`(${work.toString()})(globalThis.shop)`);

async function openShop(): Promise<Page> {
  const page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  await page.addInitScript(count);
  await page.goto(siteUrl);
  await page.waitForFunction(() => "shop" in globalThis);
  return page;
}
const launcher = (page: Page) => page.locator("[data-switchboard] .b");
const visits = async (): Promise<any[]> => (await world.owner.get("/visitors")).items;

it("carries its code, its types and nothing else", async () => {
  const { stdout } = await run("npm", ["pack", "--dry-run", "--json", join(root, "dist", "sdk")]);
  const [{ files, name }] = JSON.parse(stdout);
  expect(name).toBe("@switchboard/widget");
  expect(files.map((file: any) => file.path).sort()).toEqual([
    "LICENSE",
    "README.md",
    "index.d.ts",
    "index.js",
    "package.json",
  ]);
});

it("does nothing on a server", async () => {
  const script = `
    import * as widget from "@switchboard/widget";
    widget.load({ hub: "https://chat.example.com", key: "wgt_x" });
    widget.identify({ name: "Lena" }); widget.track("seen"); widget.open(); widget.close(); widget.show(); widget.hide();
    widget.on("ready", () => {})(); widget.shutdown();
    console.log(JSON.stringify([typeof window, "Switchboard" in globalThis]));`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script], { cwd: folder });
  expect(JSON.parse(stdout)).toEqual(["undefined", false]);
});

it.each(["bundler", "nodenext"])("has types that hold, under %s", async (moduleResolution) => {
  await writeFile(
    join(folder, "types.ts"),
    `import { identify, load, on, open, track, type Message } from "@switchboard/widget";
load({ hub: "https://chat.example.com", key: "wgt_x" });
identify({ name: "Lena", plan: "studio", orders: 3, identity: { jwt: "x" } });
track("added to cart", { sku: "mug" });
open({ say: "Hello" });
const off: () => void = on("unread", (count) => count.toFixed());
on("message", (message: Message) => message.text?.trim());
off();
// @ts-expect-error a key is needed
load({ hub: "https://chat.example.com" });
// @ts-expect-error there is no such event
on("opened", () => undefined);
// @ts-expect-error a user id alone proves nothing
identify({ identity: { userId: "7" } });`,
  );
  const module = moduleResolution === "nodenext" ? "nodenext" : "esnext";
  await writeFile(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        strict: true,
        exactOptionalPropertyTypes: true,
        noEmit: true,
        module,
        moduleResolution,
        target: "es2022",
        types: [],
      },
      files: ["types.ts"],
    }),
  );
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const answer = await run(process.execPath, [tsc, "-p", folder]).catch((error: any) => error);
  expect(answer.stdout).toBe("");
});

it("does in order what was said before it was there, and follows the page from view to view", async () => {
  const page = await openShop();
  await inShop(page, (shop) => {
    shop.track("before load");
    shop.identify({ name: "Lena Orlova", plan: "studio" });
    shop.open({ say: "Said before load" });
    shop.on("unread", (count) => (document.body.dataset["unread"] = String(count)));
    shop.start();
    shop.start();
    shop.track("after load");
  });
  await page.getByRole("dialog").waitFor();
  await page.getByText("Said before load").waitFor();
  expect(await page.locator("script[data-hub]").count()).toBe(1);
  await page.evaluate(() => {
    document.body.innerHTML = "<h1>Cart</h1>";
    document.title = "Cart";
    history.pushState({}, "", "/cart");
  });
  const visit = await waitFor(
    async () =>
      (await visits()).find((one) => one.name === "Lena Orlova" && one.page.url === `${siteUrl}/cart`),
    "the visit on its second page",
  );
  expect(visit).toMatchObject({ page: { title: "Cart" }, traits: { plan: "studio" } });
  expect(visit.events.map((one: any) => one.name)).toEqual(["before load", "after load"]);
  expect(visit.path.map((one: any) => new URL(one.url).pathname)).toEqual(["/", "/cart"]);
  await page.getByRole("dialog").waitFor();
  await inShop(page, (shop) => shop.close());
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await inShop(page, (shop) => shop.hide());
  await launcher(page).waitFor({ state: "hidden" });
  await inShop(page, (shop) => shop.show());
  await launcher(page).waitFor();
  await page.waitForFunction(
    () => document.body.dataset["unread"] === "0" || !document.body.dataset["unread"],
  );
  await page.close();
});

it("leaves no listener, timer, node, socket or name behind, and begins anew when it is asked to", async () => {
  const page = await openShop();
  const before = await heldBy(page);
  for (const turn of ["first", "second"]) {
    await inShop(page, (shop) => {
      shop.start();
      shop.on("open", () => undefined);
      shop.open({ say: "Is there a darker glaze?" });
    });
    await page.getByText("Is there a darker glaze?").first().waitFor();
    await page.locator(".msg.mine .when").first().waitFor();
    const field = page.getByRole("textbox", { name: "Message" });
    await field.fill("not sent");
    await page.getByRole("button", { name: "Emoji" }).click();
    const during = await heldBy(page);
    expect(during.sockets, turn).toBe(1);
    expect(during.listeners.length, turn).toBeGreaterThan(before.listeners.length);
    await inShop(page, (shop) => shop.shutdown());
    await page.locator("[data-switchboard]").waitFor({ state: "detached" });
    await page.waitForFunction(() => !("Switchboard" in globalThis));
    await waitFor(async () => (await heldBy(page)).sockets === 0, "the end of the socket");
    const after = await heldBy(page);
    expect(after, turn).toEqual(before);
  }
  await page.close();
});

it("can be taken away before it has come, and be asked for again at once", async () => {
  const page = await openShop();
  const before = await heldBy(page);
  await inShop(page, (shop) => {
    shop.start();
    shop.open();
    shop.shutdown();
  });
  expect(await heldBy(page)).toEqual(before);
  await page.waitForLoadState("networkidle");
  expect(await heldBy(page)).toEqual(before);
  await inShop(page, (shop) => shop.start());
  await launcher(page).waitFor();
  await inShop(page, (shop) => {
    shop.shutdown();
    shop.start();
    shop.open();
  });
  await page.getByRole("dialog").waitFor();
  expect(await page.locator("[data-switchboard]").count()).toBe(1);
  await page.close();
});

it("comes later when the hub could not be reached at first", async () => {
  const page = await openShop();
  await page.route("**/w.js", (route) => route.abort(), { times: 1 });
  await inShop(page, (shop) => {
    shop.start();
    shop.open();
  });
  await page.locator("script[data-hub]").waitFor({ state: "detached" });
  await inShop(page, (shop) => shop.start());
  await page.getByRole("dialog").waitFor();
  await page.close();
});
