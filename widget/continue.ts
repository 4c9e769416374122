/** From the widget into a messenger, and back. */
import { idOf, toObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import { ChannelModel, goBack, mintLinkToken, type ConversationRecord } from "../inbox/index.ts";
import { findConversation } from "./chats.ts";
import type { Desk } from "./desk.ts";
import type { ChatRecord } from "./models/index.ts";
import type { OpenPage } from "./presence.ts";

/** A code on the screen lives so long; a link that only tells where somebody came from, a day. */
const minutes = { conversation: 10, origin: 24 * 60 };

/** The messenger's link with a fresh token. With a conversation the same one goes on there. */
export async function continueIn(
  desk: Desk,
  page: OpenPage,
  linkId: string,
  conversation: ConversationRecord | undefined,
): Promise<{ url: string; expiresAt: string }> {
  const config = page.widget.published ?? page.widget.draft;
  const link = config.links.find((one) => one.id === linkId && one.on);
  const _id = link?.channelId ? toObjectId(link.channelId) : undefined;
  const { workspaceId } = page.widget;
  const channel = _id && (await ChannelModel.findOne({ workspaceId, _id, removedAt: null }).lean());
  if (!channel?.link) throw new AppError("not_found");
  const connector = desk.inbox.connectors.get(channel.kind);
  const lives = conversation ? minutes.conversation : minutes.origin;
  const expiresAt = new Date(Date.now() + lives * 60_000).toISOString();
  if (!connector?.startLink) return { url: channel.link, expiresAt };
  const token = await mintLinkToken(
    {
      workspaceId,
      channelId: channel._id,
      ...(conversation ? { conversationId: conversation._id } : {}),
      origin: originOf(page),
    },
    lives,
    connector.startCode,
  );
  return { url: connector.startLink(channel.link, token), expiresAt };
}

/** The page without its query: `clay.example/mugs/sand`. */
function originOf({ view, widget }: OpenPage): string {
  if (!URL.canParse(view.page.url)) return widget.name;
  const { host, pathname } = new URL(view.page.url);
  return `${host}${pathname === "/" ? "" : pathname}`.slice(0, 200);
}

/** The chat goes on in the widget. */
export async function returnHere(desk: Desk, _page: OpenPage, chat: ChatRecord): Promise<void> {
  const conversation = await findConversation(chat);
  if (!conversation) throw new AppError("not_found");
  await goBack(desk.inbox, conversation, { channelId: chat.channelId, threadKey: chat.threadKey });
}

/** Where the chat goes on now, when that is not the widget. */
export async function movedTo(
  desk: Pick<Desk, "inbox">,
  chat: ChatRecord,
  conversation: ConversationRecord,
): Promise<{ kind: string; title: string } | undefined> {
  if (conversation.channelId.equals(chat.channelId)) return undefined;
  const { workspaceId, channelId } = conversation;
  const channel = await ChannelModel.findOne({ workspaceId, _id: channelId }, { kind: 1 }).lean();
  const connector = channel && desk.inbox.connectors.get(channel.kind);
  return connector
    ? { kind: connector.kind, title: connector.title }
    : { kind: "", title: idOf(conversation) };
}
