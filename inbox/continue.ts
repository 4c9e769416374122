/** A conversation that goes on in another messenger, by a token in that messenger's start link. */
import { randomBytes } from "node:crypto";
import type { InboundMessageEvent } from "../connectors/contract.ts";
import type { ObjectId } from "../core/db.ts";
import { hashToken } from "../core/secrets.ts";
import { addAliases, findAlias } from "./find-contact.ts";
import type { Inbox } from "./inbox.ts";
import {
  ConversationModel,
  LinkTokenModel,
  MessageModel,
  ThreadModel,
  type ChannelRecord,
  type ConversationRecord,
  type LinkTokenRecord,
  type ThreadRecord,
} from "./models/index.ts";
import { previewOf } from "./record.ts";

export interface LinkTo {
  workspaceId: ObjectId;
  /** The account that the link leads to. */
  channelId: ObjectId;
  conversationId?: ObjectId;
  origin: string;
  from?: string;
}

/** No letter that looks like a digit (Crockford's base 32): people may have to type it. */
const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const shortCode = /#([0-9A-HJKMNP-TV-Z]{8})(?![0-9A-Za-z])/;

/**
 * A new token of 22 characters (128 bits), which fits every messenger's start parameter; a short one (40 bits) is for
 * messengers whose links only write a text beforehand. It lives `minutes`, once.
 */
export async function mintLinkToken(to: LinkTo, minutes: number, length?: "short"): Promise<string> {
  const token =
    length === "short"
      ? [...randomBytes(8)].map((byte) => letters[byte % 32]).join("")
      : randomBytes(16).toString("base64url");
  await LinkTokenModel.create({
    ...to,
    hash: hashToken(token),
    expiresAt: new Date(Date.now() + minutes * 60_000),
  });
  return token;
}

type ChannelRef = Pick<ChannelRecord, "_id" | "workspaceId" | "kind">;

/**
 * What a start link's parameter means here; undefined for one that is not ours, is over, or was brought by another thread.
 * The same thread may bring it again: an event that is delivered twice changes nothing.
 */
export async function takeLinkToken(
  { workspaceId, _id: channelId }: ChannelRef,
  event: InboundMessageEvent,
): Promise<LinkTokenRecord | undefined> {
  const token = tokenOf(event);
  if (!token) return undefined;
  const found = await LinkTokenModel.findOneAndUpdate(
    {
      workspaceId,
      channelId,
      hash: hashToken(token),
      $or: [{ usedBy: { $exists: false }, expiresAt: { $gt: new Date() } }, { usedBy: event.threadKey }],
    },
    { $set: { usedBy: event.threadKey } },
    { returnDocument: "after" },
  ).lean();
  return found ?? undefined;
}

/** The link's parameter, or the short code in the text that the link wrote. */
function tokenOf({ referral, content }: InboundMessageEvent): string | undefined {
  if (referral && /^[\w-]{22}$/.test(referral)) return referral;
  return shortCode.exec(content.text ?? "")?.[1];
}

/**
 * Leads the messenger's thread into the conversation, when the customer is a stranger there or the same contact. Somebody
 * who is known as another contact keeps the own conversations: whoever made the link may have sent it to them, and must
 * neither read them nor pass for them.
 */
export async function joinThread(
  channel: ChannelRef,
  event: InboundMessageEvent,
  conversationId: ObjectId,
): Promise<void> {
  const { workspaceId, _id: channelId } = channel;
  const conversation = await ConversationModel.findOne({ workspaceId, _id: conversationId }).lean();
  if (!conversation) return;
  const alias = await findAlias(workspaceId, event.peer.aliases);
  if (alias && !alias.contactId.equals(conversation.contactId)) return;
  if (!alias) await addAliases(workspaceId, channel.kind, event.peer, conversation.contactId);
  await ThreadModel.updateOne(
    { workspaceId, channelId, threadKey: event.threadKey },
    {
      $set: { conversationId, contactId: conversation.contactId },
      $setOnInsert: { createdAt: new Date() },
    },
    { upsert: true },
  );
}

type Place = Pick<ThreadRecord, "channelId" | "threadKey"> &
  Partial<Pick<ThreadRecord, "lastInboundAt" | "blockedAt">>;

/**
 * The conversation goes on in another thread of its customer: where it came from, or where an agent wants it. Its row shows
 * what was said last in that channel: those who may use it alone see the row from now on.
 */
export async function goBack(
  inbox: Inbox,
  conversation: ConversationRecord,
  { channelId, threadKey }: { channelId: ObjectId; threadKey: string },
): Promise<ConversationRecord> {
  const { workspaceId, _id } = conversation;
  const thread = await ThreadModel.findOneAndUpdate(
    { workspaceId, channelId, threadKey },
    { $set: { conversationId: _id } },
    { returnDocument: "after" },
  ).lean();
  return putInto(inbox, conversation, { channelId, threadKey, ...thread });
}

/** Answers go to this thread from now on, whatever conversation the thread itself writes into. */
export async function putInto(
  inbox: Inbox,
  { workspaceId, _id }: ConversationRecord,
  { channelId, threadKey, lastInboundAt, blockedAt }: Place,
): Promise<ConversationRecord> {
  const last = await MessageModel.findOne({
    workspaceId,
    conversationId: _id,
    channelId,
    type: { $ne: "event" },
  })
    .sort({ seq: -1 })
    .lean();
  const former = await ConversationModel.findOneAndUpdate(
    { workspaceId, _id },
    {
      $set: {
        ...(last ? { preview: previewOf(last) } : {}),
        channelId,
        threadKey,
        lastInboundAt: lastInboundAt ?? null,
        blocked: Boolean(blockedAt),
      },
      $unset: { windowClosedAt: 1, ...(last ? {} : { preview: 1 }) },
    },
    { returnDocument: "before" },
  )
    .orFail()
    .lean();
  const changed = await ConversationModel.findOne({ workspaceId, _id }).orFail().lean();
  inbox.hub.events.publish("conversation.changed", { conversation: changed });
  const fromChannelId = former.channelId;
  if (!fromChannelId.equals(channelId))
    inbox.hub.events.publish("conversation.moved", {
      workspaceId,
      conversationId: _id,
      fromChannelId,
      channelId,
    });
  return changed;
}
