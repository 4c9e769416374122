/** The door of the widget: chat and messengers on the sites of the business. */
import { acrossWorkspaces, toObjectId } from "../core/db.ts";
import { createLimit } from "../core/limits.ts";
import type { Hub, Running } from "../core/hub.ts";
import type { Inbox } from "../inbox/index.ts";
import { peerOf } from "./acts.ts";
import type { Desk } from "./desk.ts";
import { goLive } from "./live.ts";
import { sweepMails } from "./mails.ts";
import { WidgetModel } from "./models/index.ts";
import { refreshOpenPages } from "./open-pages.ts";
import { Presence } from "./presence.ts";
import { addWidgetRoutes } from "./routes.ts";
import { addSiteRoutes, panelPath } from "./site-routes.ts";
import { listenToPages } from "./sockets.ts";
import { noteSeen } from "./widgets.ts";

export { widgetConnector } from "./connector.ts";
export { widgetIcon } from "./icon.ts";

const everyMs = 5000;

/** Adds the widget to the hub. `folder` holds the built loader and panel. */
export function addWidget(hub: Hub, inbox: Inbox, folder: string): { start(): Running } {
  const desk: Desk = {
    hub,
    inbox,
    presence: new Presence(),
    limits: {
      messages: createLimit(40, 60),
      chats: createLimit(300, 3600),
      files: createLimit(30, 300),
      uploads: createLimit(200, 300),
      pieces: createLimit(3000, 300),
      mails: createLimit(5, 3600),
    },
    panel: panelPath(folder),
    seen: new Map(),
    peerOf,
  };
  const polls = addSiteRoutes(desk, folder);
  addWidgetRoutes(desk);
  const stopTelling = goLive(desk);
  const sockets = listenToPages(desk);
  return {
    start() {
      let running: Promise<void> | undefined;
      const stopping = new AbortController();
      let refreshed = 0;
      const sweep = async (): Promise<void> => {
        await writeSeen(desk);
        await sweepMails(desk, stopping.signal);
        const minute = Math.floor(Date.now() / 60_000);
        if (minute === refreshed) return;
        refreshed = minute;
        await refreshOpenPages(desk);
      };
      const timer = setInterval(() => {
        running ??= sweep()
          .catch((err: unknown) => hub.log.error({ err }, "the widget's sweep failed"))
          .finally(() => (running = undefined));
      }, everyMs);
      timer.unref();
      return {
        async stop() {
          clearInterval(timer);
          stopping.abort();
          stopTelling();
          sockets.close();
          polls.close();
          await running;
          await writeSeen(desk);
        },
      };
    },
  };
}

async function writeSeen({ seen }: Desk): Promise<void> {
  const notes = [...seen.values()];
  seen.clear();
  for (const note of notes) {
    const _id = toObjectId(note.widgetId);
    const widget = _id && (await acrossWorkspaces(WidgetModel.findOne({ _id })).lean());
    if (widget) await noteSeen(widget, note);
  }
}
