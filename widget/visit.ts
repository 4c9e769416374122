/**
 * A visit: the frames of one page, in order, one at a time. The first is `hello`; it says who comes back. Whatever is
 * acknowledged is stored; a frame that is repeated adds nothing.
 */
import { randomUUID } from "node:crypto";
import { toAppError } from "../core/http.ts";
import { acts } from "./acts.ts";
import { cursorOf, describeMessages, findChats, loadChanges, loadMessages, type Found } from "./chats.ts";
import type { Asker, Desk } from "./desk.ts";
import { threadOf } from "./live.ts";
import { noteTold } from "./open-pages.ts";
import { chooseLocale, describePage, rulesFor } from "./page-config.ts";
import type { WidgetRecord } from "./models/index.ts";
import type { OpenPage, Wire } from "./presence.ts";
import { pageFrame, type HelloFrame } from "./schema.ts";
import { signVisitor } from "./tokens.ts";
import { noteSeen, viewOf } from "./where.ts";
import { recognise } from "./who.ts";

export interface VisitOf {
  /** Takes a frame as it came. Frames are carried out one after another; what goes wrong is answered on the wire. */
  take(raw: unknown): Promise<void>;
  /** The page is gone. */
  end(): Promise<void>;
  page(): OpenPage | undefined;
}

export function openVisit(desk: Desk, widget: WidgetRecord, asker: Asker, wire: Wire): VisitOf {
  let page: OpenPage | undefined;
  let turn: Promise<void> = Promise.resolve();
  let ended = false;

  const carryOut = async (raw: unknown): Promise<void> => {
    if (ended) return;
    const parsed = pageFrame.safeParse(raw);
    const id = frameId(raw);
    if (!parsed.success) return wire.send({ t: "no", ...(id ? { id } : {}), code: "invalid_input" });
    const frame = parsed.data;
    try {
      if (frame.t === "hello") {
        if (page) desk.presence.leave(page);
        page = await greet(desk, widget, asker, wire, frame);
      } else if (!page) wire.send({ t: "no", ...(id ? { id } : {}), code: "bad_request" });
      else await acts(desk, asker, page, frame);
    } catch (error) {
      const known = toAppError(error);
      if (known.status >= 500) desk.hub.log.error({ err: error, frame: frame.t }, "a visitor's frame failed");
      wire.send({
        t: "no",
        ...(id ? { id } : {}),
        code: known.code,
        ...(known.details ? { details: known.details } : {}),
      });
    }
  };

  return {
    take: (raw) => (turn = turn.then(() => carryOut(raw))),
    end() {
      ended = true;
      return turn.then(() => {
        if (!page) return;
        desk.presence.leave(page);
        desk.hub.events.publish("visit.changed", {
          page,
          online: desk.presence.ofVisitor(page.visitorId.toHexString()).length > 0,
        });
      });
    },
    page: () => page,
  };
}

function frameId(raw: unknown): string | undefined {
  const id = typeof raw === "object" && raw !== null && "id" in raw ? raw.id : undefined;
  return typeof id === "string" ? id.slice(0, 64) : undefined;
}

async function greet(
  desk: Desk,
  widget: WidgetRecord,
  asker: Asker,
  wire: Wire,
  hello: HelloFrame,
): Promise<OpenPage> {
  const { hub } = desk;
  const config = widget.published ?? widget.draft;
  const who = await recognise(desk, widget, hello);
  const locale = chooseLocale(config, hello.language);
  const page: OpenPage = {
    id: randomUUID(),
    widget,
    visitorId: who.visitorId,
    userId: who.identified?.userId,
    locale,
    view: await viewOf(desk, asker, hello, who.visitorId, widget),
    chats: new Map(),
    wire,
  };
  const chats = await findChats(widget, page.visitorId, page.userId);
  for (const { chat, conversation } of chats)
    page.chats.set(chat.threadKey, { chat, conversationId: conversation?._id });
  const [described, rules, threads] = await Promise.all([
    describePage(hub, widget, config, locale),
    rulesFor(hub, page),
    Promise.all(chats.map((found) => threadOf(desk, page, found))),
  ]);
  wire.send({
    t: "welcome",
    token: signVisitor(hub.secrets, widget._id, page.visitorId),
    config: described,
    rules,
    threads,
    ...(who.refused ? { refused: who.refused } : {}),
    identified: page.userId !== undefined,
    panel: desk.panel,
  });
  noteTold(page, described);
  await catchUp(desk, page, chats, hello.cursors ?? {});
  desk.presence.enter(page);
  noteSeen(desk, widget, hello.page.url);
  hub.events.publish("visit.changed", { page, online: true });
  return page;
}

/** What changed in the chats that the page knows, since it knew them. */
async function catchUp(
  desk: Desk,
  page: OpenPage,
  chats: Found[],
  cursors: Record<string, string>,
): Promise<void> {
  for (const { chat, conversation } of chats) {
    const cursor = cursors[chat.threadKey];
    if (cursor === undefined || !conversation || cursor === cursorOf(conversation)) continue;
    const changes = await loadChanges(chat, conversation, cursor);
    const { items, more } = changes
      ? { items: changes, more: undefined }
      : await loadMessages(chat, conversation);
    page.wire.send({
      t: "messages",
      thread: chat.threadKey,
      items: await describeMessages(desk.hub, page.widget, items),
      ...(changes ? {} : { reset: true, more: more ?? false }),
    });
  }
}
