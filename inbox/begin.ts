/** An agent writes first: where a contact can be reached, and the conversation that begins or goes on there. */
import type { z } from "zod";
import { channelFilter, mayUseChannel, type StaffRecord } from "../core/auth/index.ts";
import { idOf, toObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import { capabilitiesIn } from "./capabilities-in.ts";
import { accessContact } from "./contacts.ts";
import { goBack } from "./continue.ts";
import type { Inbox } from "./inbox.ts";
import { checkLimits } from "./limits.ts";
import {
  ChannelModel,
  ContactModel,
  ConversationModel,
  MessageModel,
  ThreadModel,
  type ChannelRecord,
  type ConversationRecord,
  type MessageRecord,
  type ThreadRecord,
} from "./models/index.ts";
import { followingConversation, insertConversation } from "./open.ts";
import { postMessage, refuseOutsideWindow } from "./reply.ts";
import type { beginRequest, ContactThread } from "./schema.ts";

/** The contact's threads on channels that the asker may use and that take an answer, the one used last first. */
export async function listContactThreads(
  { connectors }: Inbox,
  staff: StaffRecord,
  contactId: string,
): Promise<ContactThread[]> {
  const { workspaceId } = staff;
  const { _id } = await accessContact(staff, contactId);
  const threads = await ThreadModel.find({ workspaceId, contactId: _id, ...channelFilter(staff) })
    .limit(100)
    .lean();
  const [channels, conversations] = await Promise.all([
    ChannelModel.find(
      { workspaceId, _id: { $in: threads.map((thread) => thread.channelId) }, removedAt: null },
      { kind: 1 },
    ).lean(),
    ConversationModel.find({
      workspaceId,
      _id: { $in: threads.map((thread) => thread.conversationId) },
    }).lean(),
  ]);
  return threads
    .flatMap((thread) => {
      const channel = channels.find((one) => one._id.equals(thread.channelId));
      const connector = channel && connectors.get(channel.kind);
      const conversation = conversations.find((one) => one._id.equals(thread.conversationId));
      // A thread whose conversation goes on where the asker has no right is none of theirs.
      if (connector && capabilitiesIn(connector, thread.threadKey).answers === false) return [];
      if (!channel || (conversation && !mayUseChannel(staff, conversation.channelId))) return [];
      return [describeThread(thread, conversation)];
    })
    .sort((a, b) => b.lastActivityAt.localeCompare(a.lastActivityAt));
}

function describeThread(thread: ThreadRecord, conversation: ConversationRecord | undefined): ContactThread {
  return {
    id: idOf(thread),
    channelId: thread.channelId.toHexString(),
    blocked: Boolean(thread.blockedAt),
    lastActivityAt: (conversation?.lastActivityAt ?? thread.createdAt).toISOString(),
    ...(conversation && conversation.state !== "resolved" ? { conversationId: idOf(conversation) } : {}),
  };
}

export interface Begun {
  conversation: ConversationRecord;
  message: MessageRecord;
}

/**
 * Writes to a contact's thread: into its conversation while that is not resolved, else into a new one, which is the
 * writer's. The text is checked before anything is opened. The same `clientId` again answers with what was stored first.
 */
export async function beginConversation(
  inbox: Inbox,
  staff: StaffRecord,
  { threadId, clientId, text }: z.output<typeof beginRequest>,
): Promise<Begun> {
  const { thread, channel } = await accessThread(staff, threadId);
  const connector = inbox.connectors.get(channel.kind);
  const capabilities = connector && capabilitiesIn(connector, thread.threadKey);
  if (!capabilities) throw new AppError("unsupported_by_channel", { what: "channel_removed" });
  if (capabilities.answers === false) throw new AppError("unsupported_by_channel", { what: "answer" });
  if (thread.blockedAt) throw new AppError("unsupported_by_channel", { what: "blocked" });
  checkLimits(capabilities, { text });
  refuseOutsideWindow(capabilities, thread, false);
  const earlier = await MessageModel.findOne({ workspaceId: staff.workspaceId, clientId }).lean();
  const conversation = earlier
    ? await readConversation(thread, earlier.conversationId)
    : await openFor(inbox, staff, channel, thread);
  const message = await postMessage(inbox, staff, idOf(conversation), {
    clientId,
    type: "outgoing",
    content: { text },
  });
  return { conversation: await readConversation(thread, message.conversationId), message };
}

async function accessThread(
  staff: StaffRecord,
  id: string,
): Promise<{ thread: ThreadRecord; channel: ChannelRecord }> {
  const { workspaceId } = staff;
  const _id = toObjectId(id);
  const thread = _id && (await ThreadModel.findOne({ workspaceId, _id, ...channelFilter(staff) }).lean());
  const channel =
    thread && (await ChannelModel.findOne({ workspaceId, _id: thread.channelId, removedAt: null }).lean());
  if (!thread || !channel) throw new AppError("not_found");
  return { thread, channel };
}

/** A conversation that goes on in another messenger comes back to the thread that was chosen. */
async function openFor(
  inbox: Inbox,
  staff: StaffRecord,
  channel: ChannelRecord,
  thread: ThreadRecord,
): Promise<ConversationRecord> {
  const { workspaceId, channelId, threadKey } = thread;
  const current = await ConversationModel.findOne({ workspaceId, _id: thread.conversationId }).lean();
  if (current && current.state !== "resolved") {
    if (!mayUseChannel(staff, current.channelId)) throw new AppError("not_found");
    const here = current.channelId.equals(channelId) && current.threadKey === threadKey;
    return here ? current : goBack(inbox, current, { channelId, threadKey });
  }
  const contact = await ContactModel.findOne({ workspaceId, _id: thread.contactId }).orFail().lean();
  const beginning = { assigneeId: staff._id };
  return current
    ? followingConversation(channel, thread, contact, beginning)
    : insertConversation(channel, thread, contact, thread.conversationId, beginning);
}

function readConversation(
  { workspaceId }: ThreadRecord,
  _id: ConversationRecord["_id"],
): Promise<ConversationRecord> {
  return ConversationModel.findOne({ workspaceId, _id }).orFail().lean();
}
