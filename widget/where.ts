/** Where a visitor is on the site, came from, and with what. */
import { idOf, type ObjectId } from "../core/db.ts";
import type { Asker, Desk } from "./desk.ts";
import { describeDevice } from "../core/visitors.ts";
import type { VisitRecord, WidgetRecord } from "./models/index.ts";
import type { OpenPage } from "./presence.ts";
import { readUtm } from "./rules.ts";
import type { HelloFrame } from "./schema.ts";
import { findVisitor } from "./who.ts";

/** How much of the path through the site is kept. */
const maxPath = 30;

export async function viewOf(
  desk: Desk,
  asker: Asker,
  hello: HelloFrame,
  visitorId: ObjectId,
  widget: WidgetRecord,
): Promise<VisitRecord> {
  const now = new Date().toISOString();
  const other = desk.presence.ofVisitor(visitorId.toHexString()).at(-1)?.view;
  const stored = other ? undefined : await findVisitor(widget, visitorId);
  const former = other ?? stored?.visit;
  const trail = other ?? desk.presence.lastOf(widget._id, visitorId) ?? stored?.visit;
  const goesOn = trail && trail.visits === hello.visits;
  const country = desk.hub.countryOf(asker.ip, asker.headers);
  const referrer = outside(hello.referrer, hello.page.url) ?? (goesOn ? trail.referrer : undefined);
  const utm = readUtm(hello.page.url);
  return {
    name: former?.name ?? stored?.name ?? "",
    ...(former?.email ? { email: former.email } : {}),
    ...(former?.userId ? { userId: former.userId } : {}),
    ...describeDevice(asker.userAgent),
    page: hello.page,
    path: [...(goesOn ? trail.path : []), { ...hello.page, at: now }].slice(-maxPath),
    ...(referrer ? { referrer } : {}),
    utm: Object.keys(utm).length > 0 ? utm : goesOn ? trail.utm : {},
    ...(country ? { country } : {}),
    language: hello.language,
    ...(hello.timeZone ? { timeZone: hello.timeZone } : {}),
    visits: hello.visits,
    since: goesOn ? trail.since : now,
    seenAt: now,
    traits: former?.traits ?? {},
    events: former?.events ?? [],
  };
}

/** The site's own pages are no source. */
function outside(referrer: string | undefined, url: string): string | undefined {
  if (!referrer || !URL.canParse(referrer) || !URL.canParse(url)) return undefined;
  return new URL(referrer).host === new URL(url).host ? undefined : referrer;
}

/** The visitor went on to another page of the site. */
export function goTo(page: OpenPage, to: { url: string; title: string }): void {
  const at = new Date().toISOString();
  const last = page.view.path.at(-1);
  const path = last?.url === to.url ? page.view.path : [...page.view.path, { ...to, at }].slice(-maxPath);
  page.view = { ...page.view, page: to, path, seenAt: at };
}

/** Counted in memory and written with the next sweep: a busy site costs a write per domain every few seconds. */
export function noteSeen(desk: Desk, widget: WidgetRecord, url: string): void {
  if (!URL.canParse(url)) return;
  const domain = new URL(url).host;
  const key = `${idOf(widget)} ${domain}`;
  const former = desk.seen.get(key);
  desk.seen.set(key, {
    widgetId: idOf(widget),
    domain,
    url: url.slice(0, 500),
    pages: (former?.pages ?? 0) + 1,
  });
}
