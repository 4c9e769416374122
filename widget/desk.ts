/** What the parts of the widget share. */
import type { Peer } from "../connectors/contract.ts";
import type { Limit } from "../core/limits.ts";
import type { Hub } from "../core/hub.ts";
import type { Inbox } from "../inbox/index.ts";
import type { OpenPage, Presence } from "./presence.ts";

export interface Desk {
  hub: Hub;
  inbox: Inbox;
  presence: Presence;
  /** Per visitor, and per address where a new visitor would begin to count anew. */
  limits: Record<"messages" | "chats" | "files" | "uploads" | "pieces" | "mails", Limit>;
  peerOf(page: OpenPage): Promise<Peer>;
  /** Path of the panel's code, relative to the hub: a new one with each build. */
  panel: string;
  /** Pages seen since the last note of them: per widget and domain. */
  seen: Map<string, { widgetId: string; domain: string; url: string; pages: number }>;
}

/** What the edge knows of the browser that asks. */
export interface Asker {
  ip: string;
  userAgent: string;
  headers: Record<string, string | string[] | undefined>;
}
