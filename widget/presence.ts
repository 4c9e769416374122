/** Who is on the sites now, and which of them listens to which chat. Of this process; nothing here is stored. */
import type { ObjectId } from "../core/db.ts";
import type { ConversationRecord } from "../inbox/index.ts";
import type { ChatRecord, VisitRecord, WidgetRecord } from "./models/index.ts";
import type { HubFrame, Visit } from "./schema.ts";

/** The way to a page: a socket, or a queue that is fetched. */
export interface Wire {
  send(frame: HubFrame): void;
  close(code: string): void;
}

/** A page on which the widget runs. */
export interface OpenPage {
  id: string;
  widget: WidgetRecord;
  visitorId: ObjectId;
  userId?: string | undefined;
  locale: string;
  view: VisitRecord;
  chats: Map<string, OpenChat>;
  wire: Wire;
}
export interface OpenChat {
  chat: ChatRecord;
  /** Unknown until the first message is recorded. */
  conversationId?: ObjectId | undefined;
}

/** Of a visit what its next page goes on with; who it is, each page says itself. */
type Trail = Pick<VisitRecord, "visits" | "since" | "path" | "utm"> & {
  referrer: VisitRecord["referrer"] | undefined;
};

/** After so long another visit begins, as the loader counts it. */
const pauseMs = 30 * 60_000;
const mostLeft = 5000;

export class Presence {
  readonly #pages = new Set<OpenPage>();
  readonly #byVisitor = new Map<string, Set<OpenPage>>();
  readonly #byChat = new Map<string, Set<OpenPage>>();
  /** Of those who have left a page, the oldest first. */
  readonly #left = new Map<string, { trail: Trail; at: number }>();

  enter(page: OpenPage): void {
    this.#pages.add(page);
    put(this.#byVisitor, page.visitorId.toHexString(), page);
    for (const key of page.chats.keys()) put(this.#byChat, chatKey(page.widget, key), page);
  }

  leave(page: OpenPage): void {
    this.#pages.delete(page);
    this.#remember(page);
    take(this.#byVisitor, page.visitorId.toHexString(), page);
    for (const key of page.chats.keys()) take(this.#byChat, chatKey(page.widget, key), page);
  }

  /** Where a visitor was who has just left a page of the widget: the next page of the site goes on from there. */
  lastOf(widgetId: ObjectId, visitorId: ObjectId): Trail | undefined {
    const left = this.#left.get(`${widgetId.toHexString()} ${visitorId.toHexString()}`);
    return left && Date.now() - left.at < pauseMs ? left.trail : undefined;
  }

  #remember({ widget, visitorId, view }: OpenPage): void {
    const { visits, since, path, referrer, utm } = view;
    const key = `${widget._id.toHexString()} ${visitorId.toHexString()}`;
    this.#left.delete(key);
    this.#left.set(key, { trail: { visits, since, path, referrer, utm }, at: Date.now() });
    for (const [oldest, { at }] of this.#left) {
      if (this.#left.size <= mostLeft && Date.now() - at < pauseMs) break;
      this.#left.delete(oldest);
    }
  }

  /** From now on the page hears what happens in the chat. */
  join(page: OpenPage, threadKey: string, open: OpenChat): void {
    page.chats.set(threadKey, open);
    if (this.#pages.has(page)) put(this.#byChat, chatKey(page.widget, threadKey), page);
  }

  /** Pages that show a chat, of whatever visitor and device. */
  ofChat(channelId: ObjectId, threadKey: string): ReadonlySet<OpenPage> {
    return this.#byChat.get(`${channelId.toHexString()} ${threadKey}`) ?? none;
  }

  /** Pages that have a conversation open in any of their chats, where ever it goes on now. */
  ofConversation({ _id, channelId, threadKey }: ConversationRecord): OpenPage[] {
    const here = this.ofChat(channelId, threadKey);
    if (here.size > 0) return [...here];
    return [...this.#pages].filter((page) =>
      [...page.chats.values()].some((open) => open.conversationId?.equals(_id)),
    );
  }

  /** Pages of a visitor, the one entered last at the end. */
  ofVisitor(visitorId: string): OpenPage[] {
    return [...(this.#byVisitor.get(visitorId) ?? none)];
  }

  ofWidget(widgetId: ObjectId): OpenPage[] {
    return [...this.#pages].filter((page) => page.widget._id.equals(widgetId));
  }

  all(): ReadonlySet<OpenPage> {
    return this.#pages;
  }
}

const none: ReadonlySet<OpenPage> = new Set();

function chatKey(widget: WidgetRecord, threadKey: string): string {
  return `${widget._id.toHexString()} ${threadKey}`;
}

function put(map: Map<string, Set<OpenPage>>, key: string, page: OpenPage): void {
  const set = map.get(key);
  if (set) set.add(page);
  else map.set(key, new Set([page]));
}

function take(map: Map<string, Set<OpenPage>>, key: string, page: OpenPage): void {
  const set = map.get(key);
  set?.delete(page);
  if (set?.size === 0) map.delete(key);
}

/** A visitor as agents see one. */
export function describeVisit(page: OpenPage, online: boolean): Visit {
  const conversationId = [...page.chats.values()].map((open) => open.conversationId).find(Boolean);
  return {
    ...page.view,
    id: page.visitorId.toHexString(),
    channelId: page.widget._id.toHexString(),
    online,
    ...(conversationId ? { conversationId: conversationId.toHexString() } : {}),
  };
}

declare module "../core/events.ts" {
  interface EventMap {
    /** A visitor came, went on, or left. */
    "visit.changed": { page: OpenPage; online: boolean };
  }
}
