/** A shop on another origin than the hub, under a strict policy, with the widget on its pages; for tests in a real browser. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import { conversationSaying } from "./hub.ts";
import { policyFor } from "../../widget/web/settings/snippets.ts";
import { startWire, type Wire } from "./wire.ts";
import { startWorld, type World } from "./world.ts";

/** Pages of the shop by path, round the widget's snippet. */
const pages: Record<string, (snippet: string) => string> = {
  "/": (snippet) => `<main><h1>Shop</h1></main>${snippet}`,
  "/long": (snippet) => `<main class="long"><h1>Long</h1></main>${snippet}`,
  "/hostile": (snippet) => `<link rel="stylesheet" href="/hostile.css"><main><h1>Shop</h1></main>${snippet}`,
  "/transform": (snippet) =>
    `<link rel="stylesheet" href="/transform.css"><main class="long"><h1>Shop</h1></main>${snippet}`,
  "/dark": (snippet) => `<link rel="stylesheet" href="/dark.css"><main><h1>Shop</h1></main>${snippet}`,
  "/rtl": (snippet) => `<main dir="rtl"><h1>متجر</h1><p>أكواب مصنوعة يدويًا</p></main>${snippet}`,
  "/queue": (snippet) => `<main><h1>Shop</h1></main><script src="/queue.js"></script>${snippet}`,
  "/strict": (snippet) => `<main><h1>Shop</h1></main>${snippet}`,
  "/no-sockets": (snippet) => `<main><h1>Shop</h1></main>${snippet}`,
  "/frame": () => `<main><iframe src="/" title="shop" width="600" height="760"></iframe></main>`,
};
const files: Record<string, string> = {
  "/queue.js":
    'function Switchboard(){(Switchboard.q??=[]).push(arguments)}Switchboard("track","added to cart");Switchboard("open")',
  "/site.css": ".long{height:4000px}",
  "/hostile.css":
    "html>*,html>body *{all:unset!important;display:none!important;color:red!important;position:static!important;transform:scale(3)!important;opacity:.1!important;visibility:hidden!important}body{transform:translateX(300px)}",
  "/transform.css":
    "html{font-size:9px;filter:none}body{transform:translate(40px,60px) scale(.8);overflow:hidden;line-height:3;letter-spacing:4px;text-transform:uppercase;word-spacing:12px;text-align:center;cursor:crosshair}*{box-sizing:content-box;margin:7px;font-family:cursive}button,input,textarea{border:9px dashed lime;background:yellow;text-transform:uppercase;min-width:300px}div,section{float:left;max-width:40px}",
  "/dark.css": "html{color-scheme:dark;background:#101014;color:#eee}",
};

export interface Shop {
  world: World;
  /** The hub as the site sees it, so that its network can be cut. */
  wire: Wire;
  browser: Browser;
  url: string;
  widget: any;
  /** Script errors and policy violations of every page that was opened. */
  faults: string[];
  visit(options?: Parameters<Browser["newContext"]>[0]): Promise<{ context: BrowserContext; page: Page }>;
  openPage(context: BrowserContext): Promise<Page>;
  /** The conversation whose newest message has this text, as soon as there is one. */
  findByText(text: string): Promise<any>;
  close(): Promise<void>;
}

export async function startShop(options: { fakeMedia?: boolean } = {}): Promise<Shop> {
  const world = await startWorld();
  const wire = await startWire(world.hub.url);
  const faults: string[] = [];
  let key = "";
  const site = createServer((request, response) => {
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    const mime = path.endsWith(".js") ? "text/javascript" : "text/css";
    if (files[path]) return void response.writeHead(200, { "content-type": mime }).end(files[path]);
    const body = pages[path]?.(`<script async src="${wire.url}/w.js" data-hub="${key}"></script>`) ?? "";
    const sockets = path === "/no-sockets" ? "" : wire.url.replace("http", "ws");
    const usual = `script-src 'self' ${wire.url}; style-src 'self'; connect-src ${wire.url} ${sockets}`;
    // nothing of others but what the installation page names
    const policy = path === "/strict" ? `default-src 'self'; ${withSelf(policyFor(wire.url))}` : usual;
    const icon = path === "/strict" ? "" : '<link rel="icon" href="data:,">';
    const direction = path === "/rtl" ? "rtl" : "ltr";
    response.writeHead(200, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy,
    });
    response.end(
      `<!doctype html><html lang="en" dir="${direction}"><head><meta name="viewport" content="width=device-width"><title>Shop</title>${icon}<link rel="stylesheet" href="/site.css"></head><body>${body}</body></html>`,
    );
  });
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  const url = `http://localhost:${(site.address() as AddressInfo).port}`;
  const widget = await world.owner.post<any>("/widgets", { name: "Clay & Co", domain: new URL(url).host });
  key = widget.key;
  const browser = await launchBrowser(options);
  const openPage = async (context: BrowserContext): Promise<Page> => {
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    page.on("pageerror", (error) => void faults.push(error.message));
    page.on("console", (message) => {
      if (/Content Security Policy|Uncaught|Vue warn/.test(message.text())) faults.push(message.text());
    });
    return page;
  };
  return {
    world,
    wire,
    browser,
    url,
    widget,
    faults,
    openPage,
    async visit(more = {}) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...more });
      return { context, page: await openPage(context) };
    },
    findByText: (text) => conversationSaying(world.owner, text),
    async close() {
      await browser.close();
      site.closeAllConnections();
      site.close();
      await wire.close();
      await world.stop();
    },
  };
}

const withSelf = (policy: string): string => policy.replace(/-src /g, "-src 'self' ").replace(/\n/g, " ");

export const launcher = (page: Page) => page.locator("[data-switchboard] .b");
export const field = (page: Page) => page.getByRole("textbox", { name: "Message" });

export async function openChat(page: Page): Promise<void> {
  await launcher(page).click();
  await page.getByRole("button", { name: /Chat here/ }).click();
  await field(page).waitFor();
}
export async function say(page: Page, text: string): Promise<void> {
  await field(page).fill(text);
  await field(page).press("Enter");
}
