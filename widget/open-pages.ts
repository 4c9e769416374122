/** Pages that are open: what the settings say now, at once; and that it has closed meanwhile, within the minute. */
import { createHash } from "node:crypto";
import { acrossWorkspaces, type ObjectId } from "../core/db.ts";
import type { Desk } from "./desk.ts";
import { WidgetModel, type WidgetRecord } from "./models/index.ts";
import { chooseLocale, describePage, rulesFor } from "./page-config.ts";
import type { OpenPage } from "./presence.ts";
import type { PageConfig } from "./schema.ts";

/** Of the settings that the page has: enough to see that they are others. */
const told = new WeakMap<OpenPage, string>();

/** Notes what a page was told as it came. */
export function noteTold(page: OpenPage, config: PageConfig): void {
  told.set(page, markOf(page, config));
}

/** Shows the pages of this process what is published, where it differs from what they show. */
export function showOpenPages(desk: Desk, widget: WidgetRecord): Promise<void> {
  return inTurn(() => show(desk, widget));
}

/** One after the other: what was read first is never shown last. */
let last: Promise<void> = Promise.resolve();
function inTurn(work: () => Promise<void>): Promise<void> {
  const done = last.then(work);
  last = done.catch(() => undefined); // whoever asked for it is told
  return done;
}

async function show(desk: Desk, widget: WidgetRecord): Promise<void> {
  const config = widget.published ?? widget.draft;
  const described = new Map<string, Promise<PageConfig>>();
  for (const page of desk.presence.ofWidget(widget._id)) {
    page.widget = widget;
    page.locale = chooseLocale(config, page.view.language);
    if (!described.has(page.locale))
      described.set(page.locale, describePage(desk.hub, widget, config, page.locale));
    const shown = await described.get(page.locale);
    if (!shown) continue;
    const mark = markOf(page, shown);
    if (told.get(page) === mark) continue;
    told.set(page, mark);
    page.wire.send({ t: "config", config: shown });
    page.wire.send({ t: "rules", rules: await rulesFor(desk.hub, page) });
  }
}

function markOf({ widget }: OpenPage, config: PageConfig): string {
  return createHash("sha256")
    .update(JSON.stringify([widget.publishedAt, config]).replace(/\?e=[^"]*/g, "")) // what is signed for a time
    .digest("base64");
}

/** The hours have ended, or somebody set others: the pages of all widgets, or of those of a workspace. */
export function refreshOpenPages(desk: Desk, workspaceId?: ObjectId): Promise<void> {
  return inTurn(() => refresh(desk, workspaceId));
}

async function refresh(desk: Desk, workspaceId?: ObjectId): Promise<void> {
  const open = [...desk.presence.all()].filter(
    (page) => !workspaceId || page.widget.workspaceId.equals(workspaceId),
  );
  const ids = new Map(open.map(({ widget }) => [widget._id.toHexString(), widget._id]));
  for (const _id of ids.values()) {
    const widget = await acrossWorkspaces(WidgetModel.findOne({ _id })).lean();
    if (widget) await show(desk, widget);
  }
}
