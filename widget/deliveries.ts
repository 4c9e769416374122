/** The way of what visitors do into the inbox: stored as a delivery, as if a platform had brought it. */
import { storeUpdates } from "../inbox/index.ts";
import { widgetUpdate, type WidgetUpdate } from "./connector.ts";
import type { Desk } from "./desk.ts";
import type { OpenPage } from "./presence.ts";

let lastOrder = "";
let inSameMoment = 0;

/** Rises with every call, so that what one process takes in is recorded in that order. */
function nextOrderKey(): string {
  const now = String(Date.now()).padStart(15, "0");
  inSameMoment = now === lastOrder ? inSameMoment + 1 : 0;
  lastOrder = now;
  return `${now}.${String(inSameMoment).padStart(6, "0")}`;
}

type WithoutMoment<T> = T extends unknown ? Omit<T, "orderKey" | "at"> : never;
type Update = WithoutMoment<WidgetUpdate>;

/** Durable when it resolves; recorded in the inbox soon after. */
export async function storeUpdate(desk: Desk, page: OpenPage, update: Update): Promise<void> {
  const moment = { orderKey: nextOrderKey(), at: new Date().toISOString() };
  const bytes = Buffer.from(JSON.stringify(widgetUpdate.parse({ ...update, ...moment })));
  const { _id, workspaceId, key: externalId } = page.widget;
  const channel = { _id, workspaceId, kind: "widget", externalId };
  await storeUpdates(desk.inbox, channel, [bytes]);
}
