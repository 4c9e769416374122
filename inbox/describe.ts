/** From stored records to the shapes that screens get: ids as strings, times as ISO 8601, nothing that is not theirs. */
import type { Content, InboundContent } from "../connectors/contract.ts";
import { idOf } from "../core/db.ts";
import type { ConversationRecord, DraftRecord, MessageRecord, PreviewRecord } from "./models/index.ts";
import type { Conversation, Draft, Message } from "./schema.ts";

export function describeMessage(message: MessageRecord): Message {
  const { delivery, change, event } = message;
  return {
    id: idOf(message),
    conversationId: message.conversationId.toHexString(),
    channelId: message.channelId.toHexString(),
    type: message.type,
    seq: message.seq,
    rev: message.rev,
    ...(message.clientId ? { clientId: message.clientId } : {}),
    sender: {
      kind: message.sender.kind,
      name: message.sender.name,
      ...(message.sender.id ? { id: message.sender.id.toHexString() } : {}),
    },
    content: message.deletedAt ? {} : describeContent(message.content),
    ...(event ? { event: describeEvent(event) } : {}),
    ...(message.albumId ? { albumId: message.albumId } : {}),
    ...(message.replyTo ? { replyTo: message.replyTo } : {}),
    ...(message.forwardedFrom ? { forwardedFrom: message.forwardedFrom } : {}),
    ...(message.mentions ? { mentions: message.mentions.map((id) => id.toHexString()) } : {}),
    ...(message.reactions && message.reactions.length > 0 ? { reactions: message.reactions } : {}),
    ...(delivery
      ? {
          delivery: {
            state: delivery.state,
            at: delivery.at.toISOString(),
            ...(delivery.failure ? { failure: delivery.failure } : {}),
            ...(delivery.nextAttemptAt ? { nextAttemptAt: delivery.nextAttemptAt.toISOString() } : {}),
          },
        }
      : {}),
    ...(change
      ? {
          change: {
            op: change.op,
            state: change.state,
            ...(change.failure ? { failure: change.failure } : {}),
          },
        }
      : {}),
    sentAt: message.sentAt.toISOString(),
    ...(message.editedAt ? { editedAt: message.editedAt.toISOString() } : {}),
    ...(message.deletedAt ? { deletedAt: message.deletedAt.toISOString() } : {}),
    createdAt: message.createdAt.toISOString(),
  };
}

/** Without the platform's ways to the files. */
function describeContent(content: InboundContent): Content {
  const { attachments, ...rest } = content;
  if (!attachments) return rest;
  return {
    ...rest,
    attachments: attachments.map((attachment) => {
      const { source, ...shown } = attachment;
      void source;
      return shown;
    }),
  };
}

function describeEvent(event: NonNullable<MessageRecord["event"]>): NonNullable<Message["event"]> {
  return {
    what: event.what as NonNullable<Message["event"]>["what"],
    ...(event.staffId ? { staffId: event.staffId.toHexString() } : {}),
    ...(event.staffName ? { staffName: event.staffName } : {}),
    ...(event.until ? { until: event.until.toISOString() } : {}),
    ...(event.tag ? { tag: event.tag } : {}),
    ...(event.teamName ? { teamName: event.teamName } : {}),
    ...(event.channelName ? { channelName: event.channelName } : {}),
    ...(event.score ? { score: event.score } : {}),
    ...(event.comment ? { comment: event.comment } : {}),
  };
}

export function describeConversation(conversation: ConversationRecord, draft?: DraftRecord): Conversation {
  const iso = (
    name:
      "snoozedUntil" | "waitingSince" | "firstAnsweredAt" | "resolvedAt" | "lastInboundAt" | "windowClosedAt",
  ) => {
    const at = conversation[name];
    return at ? { [name]: at.toISOString() } : {};
  };
  return {
    id: idOf(conversation),
    channelId: conversation.channelId.toHexString(),
    threadKey: conversation.threadKey,
    contact: {
      id: conversation.contactId.toHexString(),
      name: conversation.contactName,
      ...(conversation.contactAvatarFileId
        ? { avatarFileId: conversation.contactAvatarFileId.toHexString() }
        : {}),
    },
    state: conversation.state,
    ...(conversation.assigneeId ? { assigneeId: conversation.assigneeId.toHexString() } : {}),
    tags: conversation.tags,
    needsReply: conversation.needsReply,
    ...iso("snoozedUntil"),
    ...iso("waitingSince"),
    ...iso("firstAnsweredAt"),
    ...iso("resolvedAt"),
    ...iso("lastInboundAt"),
    ...iso("windowClosedAt"),
    lastActivityAt: conversation.lastActivityAt.toISOString(),
    createdAt: conversation.createdAt.toISOString(),
    lastSeq: conversation.lastSeq,
    lastRev: conversation.lastRev,
    readSeq: conversation.readSeq,
    unread: conversation.unread,
    blocked: conversation.blocked,
    canWrite: !conversation.blocked,
    ...(conversation.preview ? { preview: describePreview(conversation.preview) } : {}),
    ...(conversation.referral ? { referral: conversation.referral } : {}),
    ...(conversation.teamId ? { teamId: conversation.teamId.toHexString() } : {}),
    ...(conversation.rating
      ? { rating: { ...conversation.rating, at: conversation.rating.at.toISOString() } }
      : {}),
    ...(draft ? { draft: withoutConversation(describeDraft(draft)) } : {}),
  };
}

/** The newest message of a conversation, in short. */
export function describePreview(preview: PreviewRecord): NonNullable<Conversation["preview"]> {
  const { staffId, at, rev: _rev, ...rest } = preview;
  return { ...rest, ...(staffId ? { staffId: staffId.toHexString() } : {}), at: at.toISOString() };
}

export function describeDraft(draft: DraftRecord): Draft {
  return {
    conversationId: draft.conversationId.toHexString(),
    mode: draft.mode,
    content: draft.content,
    ...(draft.replyToMessageId ? { replyToMessageId: draft.replyToMessageId } : {}),
    updatedAt: draft.updatedAt.toISOString(),
  };
}

function withoutConversation({
  mode,
  content,
  replyToMessageId,
  updatedAt,
}: Draft): NonNullable<Conversation["draft"]> {
  return { mode, content, updatedAt, ...(replyToMessageId ? { replyToMessageId } : {}) };
}
