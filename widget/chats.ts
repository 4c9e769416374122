/** A visitor's chats as the visitor's page shows them: only what was said, never notes or lines of the team. */
import { StaffModel } from "../core/auth/index.ts";
import { idOf, type ObjectId } from "../core/db.ts";
import type { Hub } from "../core/hub.ts";
import {
  ConversationModel,
  MessageModel,
  ThreadModel,
  type ConversationRecord,
  type MessageRecord,
} from "../inbox/index.ts";
import { ChatModel, type ChatRecord, type WidgetRecord } from "./models/index.ts";
import { fileLink } from "./uploads.ts";
import type { ChatFile, ChatMessage, ChatThread } from "./schema.ts";

/** Long enough for a slip of the finger, too short to rewrite what was agreed upon. */
const changeableMs = 15 * 60_000;

/** How many messages a page gets at a time, and how many chats it lists. */
const pageSize = 40;
const maxChats = 20;

/** Whose chats: those of a signed-in customer on every device, else those of this browser that nobody was signed in for. */
export function ownedBy(visitorId: ObjectId, userId: string | undefined): object {
  return userId ? { userId } : { visitorId, userId: { $exists: false } };
}

export interface Found {
  chat: ChatRecord;
  conversation?: ConversationRecord;
}

/** Newest first. */
export async function findChats(
  widget: WidgetRecord,
  visitorId: ObjectId,
  userId: string | undefined,
): Promise<Found[]> {
  const { workspaceId, _id: channelId } = widget;
  const chats = await ChatModel.find({ workspaceId, channelId, ...ownedBy(visitorId, userId) })
    .sort({ createdAt: -1 })
    .limit(maxChats)
    .lean();
  if (chats.length === 0) return [];
  const threads = await ThreadModel.find({
    workspaceId,
    channelId,
    threadKey: { $in: chats.map((chat) => chat.threadKey) },
  }).lean();
  const conversations = await ConversationModel.find({
    workspaceId,
    _id: { $in: threads.map((thread) => thread.conversationId) },
  }).lean();
  return chats.map((chat) => {
    const thread = threads.find((one) => one.threadKey === chat.threadKey);
    const conversation = conversations.find((one) => thread?.conversationId.equals(one._id));
    return { chat, ...(conversation ? { conversation } : {}) };
  });
}

export async function findConversation(chat: ChatRecord): Promise<ConversationRecord | undefined> {
  const { workspaceId, channelId, threadKey } = chat;
  const thread = await ThreadModel.findOne({ workspaceId, channelId, threadKey }).lean();
  const conversation =
    thread && (await ConversationModel.findOne({ workspaceId, _id: thread.conversationId }).lean());
  return conversation ?? undefined;
}

/** Said by either side, and out: what is queued or was refused is nobody's business but the team's. */
const out = { "delivery.state": { $nin: ["queued", "sending", "failed", "unknown"] } } as const;
const shown = { ...out, type: { $in: ["incoming", "outgoing"] } } as const;

export function isShown({ type, delivery }: MessageRecord): boolean {
  if (type === "incoming") return true;
  return type === "outgoing" && ["sent", "delivered", "read"].includes(delivery?.state ?? "");
}

/**
 * What was said in the chat itself: a visitor's token reads its own thread alone. A conversation that goes on in a
 * messenger is read there, by whoever writes there.
 */
export function saidIn({ channelId, threadKey }: Pick<ChatRecord, "channelId" | "threadKey">) {
  return { channelId, threadKey };
}

/** The newest messages, or those before a place; oldest first. */
export async function loadMessages(
  chat: ChatRecord,
  conversation: ConversationRecord,
  before?: number,
): Promise<{ items: MessageRecord[]; more: boolean }> {
  const { workspaceId, _id: conversationId } = conversation;
  const found = await MessageModel.find({
    workspaceId,
    conversationId,
    ...saidIn(chat),
    ...shown,
    ...(before === undefined ? {} : { seq: { $lt: before } }),
  })
    .sort({ seq: -1 })
    .limit(pageSize + 1)
    .lean();
  return { items: found.slice(0, pageSize).reverse(), more: found.length > pageSize };
}

/**
 * What changed since a cursor; undefined when it is of another conversation or too long ago, and the page has to begin
 * anew.
 */
export async function loadChanges(
  chat: ChatRecord,
  conversation: ConversationRecord,
  cursor: string,
): Promise<MessageRecord[] | undefined> {
  const { workspaceId, _id: conversationId } = conversation;
  const [id, rev] = cursor.split(":");
  if (id !== idOf(conversation) || !/^\d{1,12}$/.test(rev ?? "")) return undefined;
  const found = await MessageModel.find({
    workspaceId,
    conversationId,
    ...saidIn(chat),
    ...shown,
    rev: { $gt: Number(rev) },
  })
    .sort({ rev: 1 })
    .limit(pageSize * 5 + 1)
    .lean();
  return found.length > pageSize * 5 ? undefined : found.sort((a, b) => a.seq - b.seq);
}

export function cursorOf(conversation: ConversationRecord): string {
  return `${idOf(conversation)}:${conversation.lastRev}`;
}

// ---- as pages see it ------------------------------------------------------------------------------------------------

export type Face = { name: string; photo?: string };

/** First names and photos of colleagues. */
export async function findFaces(
  hub: Hub,
  workspaceId: ObjectId,
  ids: ObjectId[],
): Promise<Map<string, Face>> {
  if (ids.length === 0) return new Map();
  const people = await StaffModel.find({ workspaceId, _id: { $in: ids } }).lean();
  return new Map(
    people.map((person) => [
      idOf(person),
      {
        name: person.displayName,
        ...(person.photoFileId ? { photo: fileLink(hub, person.photoFileId.toHexString()) } : {}),
      },
    ]),
  );
}

export async function describeMessages(
  hub: Hub,
  { workspaceId, _id }: Pick<WidgetRecord, "workspaceId" | "_id">,
  messages: MessageRecord[],
): Promise<ChatMessage[]> {
  const ids = messages.flatMap(({ sender }) => (sender.kind === "staff" && sender.id ? [sender.id] : []));
  const faces = await findFaces(hub, workspaceId, ids);
  return messages.map((message) => describeChatMessage(hub, _id, message, faces));
}

function describeChatMessage(
  hub: Hub,
  widgetId: ObjectId,
  message: MessageRecord,
  faces: Map<string, Face>,
): ChatMessage {
  const { content, sender, replyTo } = message;
  const mine = message.type === "incoming";
  const face = sender.id && faces.get(sender.id.toHexString());
  const base = {
    id: idOf(message),
    seq: message.seq,
    rev: message.rev,
    mine,
    ...(mine && message.externalIds[0] ? { clientId: message.externalIds[0] } : {}),
    ...(mine ? {} : { by: face ?? { name: sender.name } }),
    at: message.createdAt.toISOString(),
  };
  if (message.deletedAt) return { ...base, deleted: true };
  const files = (content.attachments ?? []).flatMap((one) =>
    "media" in one ? [describeFile(hub, one)] : [],
  );
  const place = content.attachments?.find((one) => one.kind === "location");
  const reactions = (message.reactions ?? []).map(({ emoji, by }) => ({ emoji, mine: by === "contact" }));
  const until = changeableUntil(message, widgetId)?.toISOString();
  const buttons = content.buttons?.flat() ?? [];
  return {
    ...base,
    ...(textOf(message) ? { text: textOf(message) } : {}),
    ...(files.length > 0 ? { files } : {}),
    ...(place && "latitude" in place
      ? {
          location: {
            latitude: place.latitude,
            longitude: place.longitude,
            ...(place.name ? { name: place.name } : {}),
          },
        }
      : {}),
    ...(buttons.length > 0
      ? {
          buttons: buttons.map(({ title, url, value }) => ({
            title,
            ...(url ? { url } : {}),
            ...(value ? { value } : {}),
          })),
        }
      : {}),
    ...(replyTo ? { replyTo: { text: replyTo.text ?? "", name: replyTo.senderName ?? "" } } : {}),
    ...(reactions.length > 0 ? { reactions } : {}),
    ...(message.editedAt ? { edited: true } : {}),
    ...(until ? { changeableUntil: until } : {}),
  };
}

function textOf({ content }: MessageRecord): string {
  return content.text ?? content.action?.title ?? "";
}

/** Until when a visitor may change a message; undefined for what was not said here by the visitor. */
export function changeableUntil(
  { type, channelId, createdAt, deletedAt }: MessageRecord,
  widgetId: MessageRecord["channelId"],
): Date | undefined {
  const until = new Date(createdAt.getTime() + changeableMs);
  const own = type === "incoming" && channelId.equals(widgetId) && !deletedAt;
  return own && until.getTime() > Date.now() ? until : undefined;
}

type MediaPart = Extract<NonNullable<MessageRecord["content"]["attachments"]>[number], { media: unknown }>;

function describeFile(hub: Hub, { kind, media }: MediaPart): ChatFile {
  const { fileId, fileName, mime, size, width, height, durationMs } = media;
  return {
    kind,
    ...(fileId ? { url: fileLink(hub, fileId) } : {}),
    name: fileName ?? "",
    mime: mime ?? "application/octet-stream",
    size: size ?? 0,
    ...(width && height ? { width, height } : {}),
    ...(durationMs === undefined ? {} : { durationMs }),
  };
}

export async function describeThread(
  hub: Hub,
  widget: WidgetRecord,
  { chat, conversation }: Found,
): Promise<ChatThread> {
  const base = {
    key: chat.threadKey,
    preview: "",
    at: chat.createdAt.toISOString(),
    unread: 0,
    lastSeq: 0,
    cursor: "",
    readSeq: 0,
    resolved: false,
  };
  if (!conversation) return base;
  const { workspaceId, _id: conversationId, assigneeId } = conversation;
  const here = { workspaceId, conversationId, ...saidIn(chat) };
  const [unread, answer, last, faces] = await Promise.all([
    MessageModel.countDocuments(
      { ...here, ...out, type: "outgoing", seq: { $gt: chat.readSeq } },
      { limit: 99 },
    ),
    MessageModel.findOne({ ...here, type: "outgoing" }, { sender: 1 })
      .sort({ seq: -1 })
      .lean(),
    MessageModel.findOne({ ...here, type: shown.type })
      .sort({ seq: -1 })
      .lean(),
    findFaces(hub, workspaceId, assigneeId ? [assigneeId] : []),
  ]);
  const by =
    (assigneeId && faces.get(assigneeId.toHexString())) ??
    (answer?.sender.id
      ? (await findFaces(hub, workspaceId, [answer.sender.id])).get(answer.sender.id.toHexString())
      : undefined);
  const resolved = conversation.state === "resolved";
  const { rating } = conversation;
  const config = widget.published ?? widget.draft;
  return {
    ...base,
    ...(by ? { by } : {}),
    preview: last && !last.deletedAt ? textOf(last).slice(0, 140) : "",
    at: conversation.lastActivityAt.toISOString(),
    unread,
    lastSeq: conversation.lastSeq,
    cursor: cursorOf(conversation),
    readSeq: conversation.readSeq,
    resolved,
    ...(config.rating && (rating || (resolved && answer))
      ? { rating: { asked: resolved && !rating, ...(rating ? { score: rating.score } : {}) } }
      : {}),
  };
}
