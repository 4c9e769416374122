/** Going from screen to screen of the app, and knowing when a screen is all there. */
import type { BrowserContext, Page, Request, WebSocket } from "playwright-core";

/** So long nothing may have begun or ended before a page counts as at rest. */
const quietMs = 150;
const longestMs = 20_000;

interface Traffic {
  underWay: number;
  changedAt: number;
}
const traffic = new WeakMap<Page, Traffic>();

/** Counts what the context's pages fetch, so that {@link settle} knows when it is there. */
export function watchRequests(context: BrowserContext): void {
  context.on("page", (page) => {
    const seen: Traffic = { underWay: 0, changedAt: performance.now() };
    traffic.set(page, seen);
    const count = (change: number) => (request: Request) => {
      if (waitsForNews(request)) return;
      seen.underWay += change;
      seen.changedAt = performance.now();
    };
    page.on("request", count(1)).on("requestfinished", count(-1)).on("requestfailed", count(-1));
    page.on("websocket", (line) => followOpening(line, seen));
  });
}

/** The hub's live connection is under way until it is open or refused: the page reads again then what it had read before. */
function followOpening(line: WebSocket, seen: Traffic): void {
  if (!isLive(line.url())) return;
  let opening = true;
  seen.underWay += 1;
  const opened = (): void => {
    if (!opening) return;
    opening = false;
    seen.underWay -= 1;
    seen.changedAt = performance.now();
  };
  line.on("framereceived", ({ payload }) => /^4[04]/.test(String(payload)) && opened());
  line.on("close", opened).on("socketerror", opened);
}

const waitsForNews = (request: Request): boolean =>
  request.resourceType() === "eventsource" || isLive(request.url());

const isLive = (address: string): boolean => new URL(address).pathname.startsWith("/socket.io/");

/**
 * The page has what it shows: nothing under way but what waits for news, nothing left to do, no skeleton, fonts there.
 * A page that goes on asking (a widget that found no socket) is as it is after twenty seconds.
 */
export async function settle(page: Page): Promise<void> {
  const seen = traffic.get(page);
  if (!seen) throw new Error("The page's context was not opened by openContext");
  await page.waitForLoadState();
  const began = performance.now();
  for (;;) {
    await page.evaluate(
      () => new Promise<void>((resolve) => requestIdleCallback(() => resolve(), { timeout: 1000 })),
    );
    const now = performance.now();
    if (seen.underWay <= 0 && now - Math.max(seen.changedAt, began) >= quietMs) break;
    if (now - began > longestMs) break;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  await page.locator("[data-skeleton]").first().waitFor({ state: "detached" });
  await page.evaluate(() => document.fonts.ready);
}

/** Opens an address and waits until it is at rest: within the app as the browser's own buttons do, which loads nothing anew. */
export async function visit(page: Page, address: string): Promise<void> {
  const { origin, pathname, search } = new URL(address);
  const within = page.url().startsWith(origin);
  if (within)
    await page.evaluate((path) => {
      history.pushState(null, "", path);
      dispatchEvent(new PopStateEvent("popstate", { state: null }));
    }, pathname + search);
  else await page.goto(address);
  await settle(page);
  if (within && new URL(page.url()).pathname !== pathname)
    throw new Error(`The app went to ${page.url()} instead of ${address}`);
}
