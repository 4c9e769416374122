/** What is a page's own: the chats of its visitor, or of its signed-in customer, and every other page of the same. */
import { AppError } from "../core/errors.ts";
import type { ConversationRecord } from "../inbox/index.ts";
import { findConversation, ownedBy } from "./chats.ts";
import type { Desk } from "./desk.ts";
import { ChatModel, type ChatRecord } from "./models/index.ts";
import type { OpenPage } from "./presence.ts";

/** A chat of this page's visitor. Somebody else's and none at all look the same. */
export async function accessChat(page: OpenPage, threadKey: string): Promise<ChatRecord> {
  const open = page.chats.get(threadKey);
  if (open) return open.chat;
  const { workspaceId, _id: channelId } = page.widget;
  const own = ownedBy(page.visitorId, page.userId);
  const chat = await ChatModel.findOne({ workspaceId, channelId, threadKey, ...own }).lean();
  if (!chat) throw new AppError("not_found");
  return chat;
}

export async function accessConversationOf(page: OpenPage, threadKey: string): Promise<ConversationRecord> {
  const conversation = await findConversation(await accessChat(page, threadKey));
  if (!conversation) throw new AppError("not_found");
  return conversation;
}

/** Every open page of the same visitor, or of the same signed-in customer: other tabs, other devices. */
export function pagesOfOwner(desk: Desk, page: OpenPage): OpenPage[] {
  if (!page.userId) return [...new Set([page, ...desk.presence.ofVisitor(page.visitorId.toHexString())])];
  const same = desk.presence.ofWidget(page.widget._id).filter((other) => other.userId === page.userId);
  return [...new Set([page, ...same])];
}
