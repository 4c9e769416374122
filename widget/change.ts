/** What visitors change in what was said: their own words for some minutes, and a reaction to those of the team. */
import { toObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import { MessageModel, type MessageRecord } from "../inbox/index.ts";
import { changeableUntil } from "./chats.ts";
import { maxText, reactions } from "./connector.ts";
import { storeUpdate } from "./deliveries.ts";
import type { Desk } from "./desk.ts";
import { accessConversationOf } from "./own.ts";
import type { OpenPage } from "./presence.ts";
import type { PageFrame } from "./schema.ts";

type Frame<T extends PageFrame["t"]> = Extract<PageFrame, { t: T }>;

/** Other words under the same pictures. */
export async function editOwn(desk: Desk, page: OpenPage, frame: Frame<"edit">): Promise<void> {
  if (frame.text.length > maxText)
    throw new AppError("text_too_long", { max: maxText, length: frame.text.length });
  const { threadKey, externalId, content } = await accessChangeable(desk, page, frame);
  await storeUpdate(desk, page, {
    type: "edit",
    threadKey,
    externalId,
    text: frame.text,
    attachments: content.attachments ?? [],
  });
}

export async function removeOwn(desk: Desk, page: OpenPage, frame: Frame<"remove">): Promise<void> {
  const { threadKey, externalId } = await accessChangeable(desk, page, frame);
  await storeUpdate(desk, page, { type: "delete", threadKey, externalIds: [externalId] });
}

export async function reactTo(desk: Desk, page: OpenPage, frame: Frame<"react">): Promise<void> {
  if (frame.emoji !== null && !reactions.includes(frame.emoji))
    throw new AppError("unsupported_by_channel", { what: "reaction" });
  const { threadKey, externalId } = await accessMessage(desk, page, frame, "outgoing");
  const emojis = frame.emoji === null ? [] : [frame.emoji];
  await storeUpdate(desk, page, { type: "reaction", threadKey, externalId, emojis });
}

async function accessChangeable(desk: Desk, page: OpenPage, frame: Frame<"edit" | "remove">) {
  const message = await accessMessage(desk, page, frame, "incoming");
  if (!changeableUntil(message, page.widget._id)) throw new AppError("forbidden");
  return message;
}

/** A message of this page's own chat that went through this widget. */
async function accessMessage(
  desk: Desk,
  page: OpenPage,
  frame: Frame<"edit" | "remove" | "react">,
  type: "incoming" | "outgoing",
): Promise<MessageRecord & { externalId: string }> {
  await desk.limits.messages.take(page.visitorId.toHexString());
  const conversation = await accessConversationOf(page, frame.thread);
  const { workspaceId, _id: channelId } = page.widget;
  const _id = toObjectId(frame.message);
  const filter = { workspaceId, conversationId: conversation._id, channelId, type };
  const message = _id && (await MessageModel.findOne({ ...filter, _id }).lean());
  const externalId = message?.externalIds[0];
  if (!message || !externalId || message.deletedAt) throw new AppError("not_found");
  return { ...message, externalId };
}

/** The id by which a quoted message of the page's own chats is known to the channel. */
export async function quotedId(page: OpenPage, messageId: string): Promise<string | undefined> {
  const _id = toObjectId(messageId);
  const { workspaceId } = page.widget;
  const conversationIds = [...page.chats.values()].flatMap((open) => open.conversationId ?? []);
  const quoted =
    _id &&
    (await MessageModel.findOne({ workspaceId, _id, conversationId: { $in: conversationIds } }).lean());
  return quoted?.externalIds[0];
}
