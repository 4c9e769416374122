/** Tells pages what happened in their chats, and agents what happens on the sites. */
import { mayUseChannel } from "../core/auth/index.ts";
import { idOf } from "../core/db.ts";
import type { Hub } from "../core/hub.ts";
import type { ConversationRecord, MessageRecord } from "../inbox/index.ts";
import { describeMessages, describeThread, isShown } from "./chats.ts";
import { onStaffTyping } from "./connector.ts";
import { movedTo } from "./continue.ts";
import type { Desk } from "./desk.ts";
import { dueMail } from "./mails.ts";
import { VisitorModel, WidgetModel } from "./models/index.ts";
import { refreshOpenPages } from "./open-pages.ts";
import { describeVisit, type OpenPage } from "./presence.ts";
import type { ChatThread } from "./schema.ts";

declare module "../core/events.ts" {
  interface EventMap {
    /** A colleague types; the page may be open at any process. */
    "widget.typing": { key: string; threadKey: string };
  }
}

const roomOf = (channelId: string): string => `channel-visitors:${channelId}`;

/** Listens until the returned function is called. */
export function goLive(desk: Desk): () => void {
  const { hub } = desk;
  hub.events.subscribe("message.changed", ({ message }) => mailAnswer(desk, message));
  hub.events.subscribeEverywhere("message.changed", ({ message }) => tellMessage(desk, message));
  hub.events.subscribeEverywhere("conversation.changed", ({ conversation }) =>
    tellThread(desk, conversation),
  );
  hub.events.subscribeEverywhere("teams.changed", ({ workspaceId }) => refreshOpenPages(desk, workspaceId));
  hub.events.subscribe("visit.changed", ({ page, online }) => tellAgents(hub, page, online));
  hub.realtime.onConnect((socket) => {
    socket.on("visitors", (on: unknown) => {
      void watch(hub, socket, on === true).catch((err: unknown) =>
        hub.log.warn({ err }, "visitors were not shown"),
      );
    });
  });
  hub.events.subscribeEverywhere("widget.typing", ({ key, threadKey }) => tellTyping(desk, key, threadKey));
  return onStaffTyping((key, threadKey) => hub.events.publish("widget.typing", { key, threadKey }));
}

async function mailAnswer({ hub }: Desk, message: MessageRecord): Promise<void> {
  if (message.type === "outgoing" && message.delivery?.state === "sent") await dueMail(hub, message);
}

async function tellMessage(desk: Desk, message: MessageRecord): Promise<void> {
  const pages = desk.presence.ofChat(message.channelId, message.threadKey);
  if (pages.size === 0 || !isShown(message)) return;
  const { workspaceId, channelId } = message;
  const items = await describeMessages(desk.hub, { workspaceId, _id: channelId }, [message]);
  for (const page of pages) {
    const open = page.chats.get(message.threadKey);
    if (open) open.conversationId = message.conversationId;
    page.wire.send({ t: "messages", thread: message.threadKey, items });
  }
}

async function tellThread(desk: Desk, conversation: ConversationRecord): Promise<void> {
  for (const page of desk.presence.ofConversation(conversation)) {
    for (const [, open] of page.chats) {
      const same =
        open.conversationId?.equals(conversation._id) || open.chat.threadKey === conversation.threadKey;
      if (!same) continue;
      open.conversationId = conversation._id;
      page.wire.send({ t: "thread", thread: await threadOf(desk, page, { chat: open.chat, conversation }) });
    }
  }
}

/** A chat with where it goes on. */
export async function threadOf(
  desk: Desk,
  page: OpenPage,
  found: Parameters<typeof describeThread>[2],
): Promise<ChatThread> {
  const thread = await describeThread(desk.hub, page.widget, found);
  const moved = found.conversation && (await movedTo(desk, found.chat, found.conversation));
  return moved ? { ...thread, unread: 0, movedTo: moved } : thread;
}

function tellTyping(desk: Desk, key: string, threadKey: string): void {
  for (const page of desk.presence.all())
    if (page.widget.key === key && page.chats.has(threadKey))
      page.wire.send({ t: "typing", thread: threadKey, on: true });
}

// ---- agents ---------------------------------------------------------------------------------------------------------

/** Those who watch the visitors, and, once there is a conversation, everybody who may see it. */
async function tellAgents(hub: Hub, page: OpenPage, online: boolean): Promise<void> {
  const visit = describeVisit(page, online);
  const { workspaceId, _id } = page.widget;
  const ofConversation = visit.conversationId
    ? [`channels:${workspaceId.toHexString()}`, `channel:${workspaceId.toHexString()}:${idOf(page.widget)}`]
    : [];
  hub.realtime.emit([roomOf(idOf(page.widget)), ...ofConversation], "visit", { visit });
  if (visit.conversationId)
    await VisitorModel.updateOne(
      { workspaceId, channelId: _id, _id: page.visitorId },
      { $set: { visit: page.view } },
    );
}

type Socket = Parameters<Parameters<Hub["realtime"]["onConnect"]>[0]>[0];

async function watch(hub: Hub, socket: Socket, on: boolean): Promise<void> {
  const { staff } = socket.data;
  const widgets = await WidgetModel.find({ workspaceId: staff.workspaceId }, { _id: 1 }).limit(100).lean();
  for (const { _id } of widgets) {
    if (on && mayUseChannel(staff, _id)) await socket.join(roomOf(_id.toHexString()));
    else await socket.leave(roomOf(_id.toHexString()));
  }
  hub.log.debug({ on }, "visitors watched");
}
