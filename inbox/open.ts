/** Threads and the conversation that each writes into now: found, made, and followed by the next one. */
import type { InboundMessageEvent } from "../connectors/contract.ts";
import { ObjectId } from "../core/db.ts";
import { isDuplicate } from "../core/errors.ts";
import { findOrMakeContact } from "./find-contact.ts";
import {
  ConversationModel,
  ThreadModel,
  type ChannelRecord,
  type ContactRecord,
  type ConversationRecord,
  type ThreadRecord,
} from "./models/index.ts";
import { findTeam } from "./teams.ts";

export type ChannelRef = Pick<ChannelRecord, "_id" | "workspaceId" | "kind">;

/** The conversation of a thread in which nobody has written yet: an agent begins. */
export async function openConversation(
  channel: ChannelRef,
  { threadKey, peer }: Pick<InboundMessageEvent, "threadKey" | "peer">,
): Promise<ConversationRecord> {
  const contact = await findOrMakeContact(channel, peer);
  const thread = await findOrMakeThread(channel, threadKey, contact);
  const found = await ConversationModel.findOne({
    workspaceId: channel.workspaceId,
    _id: thread.conversationId,
  }).lean();
  return found ?? insertConversation(channel, thread, contact, thread.conversationId, {});
}

export async function findOrMakeThread(
  channel: ChannelRef,
  threadKey: string,
  contact: ContactRecord,
  lastInboundAt?: Date,
): Promise<ThreadRecord> {
  const filter = { workspaceId: channel.workspaceId, channelId: channel._id, threadKey };
  const now = new Date();
  try {
    return await ThreadModel.findOneAndUpdate(
      filter,
      {
        ...(lastInboundAt ? { $max: { lastInboundAt } } : {}),
        $setOnInsert: { contactId: contact._id, conversationId: new ObjectId(), createdAt: now },
      },
      { upsert: true, returnDocument: "after" },
    ).lean();
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    return ThreadModel.findOne(filter).orFail().lean();
  }
}

/**
 * A new conversation in the thread, in place of the one that `thread` points at: first the pointer is moved by
 * compare-and-set, then the conversation is inserted under that id. Whoever comes second gets the same one.
 */
export async function followingConversation(
  channel: ChannelRef,
  thread: ThreadRecord,
  contact: ContactRecord,
  beginning: Beginning,
): Promise<ConversationRecord> {
  const { workspaceId } = channel;
  const moved = await ThreadModel.findOneAndUpdate(
    { workspaceId, _id: thread._id, conversationId: thread.conversationId },
    { $set: { conversationId: new ObjectId() } },
    { returnDocument: "after" },
  ).lean();
  const pointer = moved ?? (await ThreadModel.findOne({ workspaceId, _id: thread._id }).orFail().lean());
  return insertConversation(channel, thread, contact, pointer.conversationId, beginning);
}

/** How a conversation begins: where the customer came from, whom it is for. */
export type Beginning = Pick<InboundMessageEvent, "referral" | "teamId"> & {
  assigneeId?: ObjectId;
  from?: string;
};

/** Under an id that the thread points at already; one that is there is answered as it is. */
export async function insertConversation(
  channel: ChannelRef,
  thread: ThreadRecord,
  contact: ContactRecord,
  _id: ObjectId,
  { referral, teamId, assigneeId, from }: Beginning,
): Promise<ConversationRecord> {
  const now = new Date();
  const team = teamId ? await findTeam(channel.workspaceId, teamId) : null;
  try {
    const conversation = await ConversationModel.create({
      _id,
      workspaceId: channel.workspaceId,
      channelId: channel._id,
      threadKey: thread.threadKey,
      contactId: contact._id,
      contactName: contact.name,
      ...(contact.avatarFileId ? { contactAvatarFileId: contact.avatarFileId } : {}),
      state: "open",
      lastActivityAt: now,
      ...(thread.lastInboundAt ? { lastInboundAt: thread.lastInboundAt } : {}),
      createdAt: now,
      ...(referral ? { referral } : {}),
      ...(from ? { from } : {}),
      ...(team ? { teamId: team._id } : {}),
      ...(assigneeId ? { assigneeId } : {}),
    });
    return conversation.toObject();
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    return ConversationModel.findOne({ workspaceId: channel.workspaceId, _id }).orFail().lean();
  }
}
