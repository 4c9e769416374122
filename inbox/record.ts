/**
 * Writes messages. A message takes the numbers one above the highest stored, under unique indexes, so there is no hole
 * and no N+1 before N; the conversation is raised afterwards.
 */
import type { Content, InboundContent } from "../connectors/contract.ts";
import type { ObjectId } from "../core/db.ts";
import { isDuplicate } from "../core/errors.ts";
import type { Hub } from "../core/hub.ts";
import {
  ConversationModel,
  MessageModel,
  type ConversationRecord,
  type MessageRecord,
  type PreviewRecord,
} from "./models/index.ts";
import { contentTokens } from "./tokens.ts";

declare module "../core/events.ts" {
  interface EventMap {
    /** A message is new or has changed; it is stored. */
    "message.changed": { message: MessageRecord };
    /** A conversation has changed; it is stored. */
    "conversation.changed": { conversation: ConversationRecord };
    /** A conversation goes on in another channel; it is stored. */
    "conversation.moved": {
      workspaceId: ObjectId;
      conversationId: ObjectId;
      fromChannelId: ObjectId;
      channelId: ObjectId;
    };
  }
}

type Given =
  | "workspaceId"
  | "conversationId"
  | "channelId"
  | "threadKey"
  | "seq"
  | "rev"
  | "tokens"
  | "externalIds"
  | "createdAt"
  | "_id";
export type NewMessage = Omit<MessageRecord, Given> & { externalIds?: string[] };
export type Recorded = { message: MessageRecord; fresh: boolean };

const maxTries = 50;

/** Stores a message at the end of its conversation; an event or client id seen before gives the stored one, not fresh. */
export async function recordMessage(conversation: ConversationRecord, fields: NewMessage): Promise<Recorded> {
  const { workspaceId, _id: conversationId, channelId, threadKey } = conversation;
  let last = { seq: conversation.lastSeq, rev: conversation.lastRev };
  for (let tries = 0; tries < maxTries; tries += 1) {
    try {
      const message = await MessageModel.create({
        externalIds: [],
        ...fields,
        workspaceId,
        conversationId,
        channelId,
        threadKey,
        seq: last.seq + 1,
        rev: last.rev + 1,
        tokens: fields.type === "event" ? [] : contentTokens(fields.content),
        createdAt: new Date(),
      });
      return { message: message.toObject(), fresh: true };
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      const earlier = await findSame(conversation, fields);
      if (earlier) return { message: earlier, fresh: false };
      last = await highest(workspaceId, conversationId);
    }
  }
  throw new Error("no free place in the conversation");
}

async function findSame(
  { workspaceId, channelId, threadKey }: ConversationRecord,
  fields: NewMessage,
): Promise<MessageRecord | null> {
  const same = [
    ...(fields.clientId ? [{ clientId: fields.clientId }] : []),
    ...(fields.dedupKey ? [{ channelId, dedupKey: fields.dedupKey }] : []),
    ...(fields.externalIds?.length
      ? [{ channelId, threadKey, externalIds: { $in: fields.externalIds } }]
      : []),
  ];
  for (const filter of same) {
    const found = await MessageModel.findOne({ workspaceId, ...filter }).lean();
    if (found) return found;
  }
  return null;
}

async function highest(
  workspaceId: ObjectId,
  conversationId: ObjectId,
): Promise<{ seq: number; rev: number }> {
  const [bySeq, rev] = await Promise.all([
    MessageModel.findOne({ workspaceId, conversationId }, { seq: 1 }).sort({ seq: -1 }).lean(),
    highestRev(workspaceId, conversationId),
  ]);
  return { seq: bySeq?.seq ?? 0, rev };
}

async function highestRev(workspaceId: ObjectId, conversationId: ObjectId): Promise<number> {
  const newest = await MessageModel.findOne({ workspaceId, conversationId }, { rev: 1 })
    .sort({ rev: -1 })
    .lean();
  return newest?.rev ?? 0;
}

/**
 * Changes a stored message under a new `rev` and tells the screens; the row of the list shows the newest as it is now.
 * `guard` is part of the filter: when it does not match (the state has moved on), nothing changes and the answer is
 * undefined.
 */
export async function changeMessage(
  hub: Hub,
  message: Pick<MessageRecord, "_id" | "workspaceId" | "conversationId">,
  update: { $set?: object; $unset?: object; $inc?: object },
  guard: object = {},
): Promise<MessageRecord | undefined> {
  const { workspaceId, conversationId, _id } = message;
  for (let tries = 0; tries < maxTries; tries += 1) {
    const rev = await highestRev(workspaceId, conversationId);
    try {
      const changed = await MessageModel.findOneAndUpdate(
        { ...guard, workspaceId, _id },
        { ...update, $set: { ...update.$set, rev: rev + 1 } },
        { returnDocument: "after" },
      ).lean();
      if (!changed) return undefined;
      const conversation = await raiseRevision(changed);
      hub.events.publish("message.changed", { message: changed });
      if (conversation) hub.events.publish("conversation.changed", { conversation });
      return changed;
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
  }
  throw new Error("no free revision in the conversation");
}

/** Gives the conversation when its row in the list shows this message now; a later change of it may be there already. */
async function raiseRevision(message: MessageRecord): Promise<ConversationRecord | undefined> {
  const { workspaceId, conversationId, seq, rev } = message;
  const preview = previewOf(message);
  const $max = { lastRev: rev };
  const shown = await ConversationModel.findOneAndUpdate(
    { workspaceId, _id: conversationId, "preview.seq": seq, "preview.rev": { $not: { $gte: rev } } },
    { $set: { preview }, $max },
    { returnDocument: "after" },
  ).lean();
  if (!shown) await ConversationModel.updateOne({ workspaceId, _id: conversationId }, { $max });
  return shown ?? undefined;
}

/**
 * Raises the conversation after a message was stored in it. Repeating it changes nothing. `asRead` is what the conversation
 * must still be like; when it is not, nothing changes and the answer is undefined. Its row shows the message where it is of
 * the same channel, or leads the conversation into its own: others may read the row than what was said elsewhere.
 */
export async function raiseConversation(
  hub: Hub,
  message: MessageRecord,
  more: { $set?: object; $unset?: object; $addToSet?: object } = {},
  asRead: object = {},
): Promise<ConversationRecord | undefined> {
  const { workspaceId, conversationId, channelId, seq, rev } = message;
  const isSaid = message.type !== "event";
  const raise = (place: object, shown: object): Promise<ConversationRecord | null> =>
    ConversationModel.findOneAndUpdate(
      { workspaceId, _id: conversationId, lastSeq: { $lt: seq }, ...place, ...asRead },
      {
        ...more,
        $set: {
          ...more.$set,
          lastSeq: seq,
          ...(isSaid ? { lastActivityAt: message.createdAt } : {}),
          ...shown,
        },
        $max: { lastRev: rev },
      },
      { returnDocument: "after" },
    ).lean();
  const isLed = "channelId" in (more.$set ?? {});
  const shown = isSaid && (await raise(isLed ? {} : { channelId }, { preview: previewOf(message) }));
  const conversation = shown || (isSaid && isLed ? null : await raise({}, {}));
  if (conversation) hub.events.publish("conversation.changed", { conversation });
  return conversation ?? undefined;
}

export function previewOf(message: MessageRecord): PreviewRecord {
  const content = message.deletedAt ? { service: { what: "deleted" } } : message.content;
  const { text, action, card, letter }: InboundContent = content;
  const first = content.attachments?.[0];
  const media = first && "media" in first ? first.media : undefined;
  return {
    seq: message.seq,
    rev: message.rev,
    type: message.type === "event" ? "incoming" : message.type,
    text: (text ?? action?.title ?? card?.title ?? card?.text ?? letter?.subject ?? "").slice(0, 140),
    kind: kindOf(content),
    senderName: message.sender.name,
    ...(message.sender.kind === "staff" && message.sender.id ? { staffId: message.sender.id } : {}),
    ...(message.delivery ? { deliveryState: message.delivery.state } : {}),
    ...(media?.durationMs === undefined ? {} : { durationMs: media.durationMs }),
    ...(media?.fileName === undefined ? {} : { fileName: media.fileName }),
    at: message.sentAt,
  };
}

/** `text`, the kind of the first attachment, `action`, `card`, `service`, `deleted` or `unsupported`. */
export function kindOf(content: InboundContent | Content): string {
  const first = content.attachments?.[0];
  if (first) return first.kind;
  if (content.unsupported) return "unsupported";
  if (content.action) return "action";
  if (content.card && !content.text) return "card";
  if (content.service && !content.text) return content.service.what === "deleted" ? "deleted" : "service";
  return "text";
}

/** Something that happened, as a line between the messages. */
export async function recordEvent(
  hub: Hub,
  conversation: ConversationRecord,
  event: NonNullable<MessageRecord["event"]>,
  sender: MessageRecord["sender"],
  more: { dedupKey?: string; at?: Date } = {},
): Promise<void> {
  const { message, fresh } = await recordMessage(conversation, {
    type: "event",
    sender,
    content: {},
    event,
    sentAt: more.at ?? new Date(),
    ...(more.dedupKey ? { dedupKey: more.dedupKey } : {}),
  });
  await raiseConversation(hub, message);
  if (fresh) hub.events.publish("message.changed", { message });
}
