/** What the customer thought of a conversation that is over. */
import type { Hub } from "../core/hub.ts";
import { ConversationModel, MessageModel, type ConversationRecord } from "./models/index.ts";
import { changeMessage, recordEvent } from "./record.ts";

export interface Rating {
  /** 1 to 5. */
  score: number;
  comment?: string;
}

/**
 * Stores the rating with a line in the thread; a later one of the same conversation takes its place, and that of its
 * line while nothing has come after it (stars first, words then). It reopens nothing.
 * With `dedupKey` the line is there once, however often the same is told.
 */
export async function rateConversation(
  hub: Hub,
  conversation: ConversationRecord,
  { score, comment }: Rating,
  dedupKey?: string,
): Promise<ConversationRecord> {
  const { workspaceId, _id } = conversation;
  const rating = { score, at: new Date(), ...(comment ? { comment } : {}) };
  const same = conversation.rating?.score === score && conversation.rating.comment === comment;
  if (same && !dedupKey) return conversation; // with a key the line may be missing still: a process ends between the two
  const rated = same
    ? conversation
    : await ConversationModel.findOneAndUpdate(
        { workspaceId, _id },
        { $set: { rating } },
        { returnDocument: "after" },
      )
        .orFail()
        .lean();
  const sender = { kind: "contact" as const, id: conversation.contactId, name: conversation.contactName };
  const event = { what: "rated" as const, score, ...(comment ? { comment } : {}) };
  const last = dedupKey ? undefined : await lastLine(conversation);
  // a review's line is the review's own
  if (last?.event?.what === "rated" && last.sender.kind === "contact" && !last.dedupKey)
    await changeMessage(hub, last, { $set: { event, sentAt: rating.at } });
  else await recordEvent(hub, rated, event, sender, dedupKey ? { dedupKey, at: rating.at } : undefined);
  const changed = await ConversationModel.findOne({ workspaceId, _id }).orFail().lean();
  hub.events.publish("conversation.changed", { conversation: changed });
  return changed;
}

const lastLine = ({ workspaceId, _id }: ConversationRecord) =>
  MessageModel.findOne({ workspaceId, conversationId: _id }).sort({ seq: -1 }).lean();
