/** Edits, deletions, reactions and statuses of messages. One whose message is not known yet waits a day for it. */
import type { InboundEvent } from "../connectors/contract.ts";
import { acrossWorkspaces, anyText, idOf, toObjectId, type ObjectId } from "../core/db.ts";
import type { Inbox } from "./inbox.ts";
import {
  ConversationModel,
  MessageModel,
  PendingEffectModel,
  type ChannelRecord,
  type ConversationRecord,
  type MessageRecord,
} from "./models/index.ts";
import { changeMessage } from "./record.ts";
import type { DeliveryState } from "./schema.ts";
import { contentTokens } from "./tokens.ts";

declare module "../core/events.ts" {
  interface EventMap {
    "contact.typing": {
      workspaceId: ObjectId;
      channelId: ObjectId;
      conversationId: ObjectId;
      on: boolean;
      /** What has been typed so far, where the channel tells. */
      text?: string;
    };
  }
}

type ChannelRef = Pick<ChannelRecord, "_id" | "workspaceId">;
export type Effect = Extract<InboundEvent, { type: "edit" | "delete" | "reaction" | "delivery" }>;

/** Applies an effect to each message that it names; what is not there yet is kept for it. */
export async function applyEffect(inbox: Inbox, channel: ChannelRef, event: Effect): Promise<void> {
  if (event.type === "delivery") await applyUnnamed(inbox, channel, event);
  for (const externalId of "externalIds" in event ? event.externalIds : [event.externalId]) {
    const message = await MessageModel.findOne({
      workspaceId: channel.workspaceId,
      channelId: channel._id,
      threadKey: event.threadKey,
      externalIds: externalId,
    }).lean();
    if (message) await apply(inbox, message, event);
    else await keep(inbox, channel, externalId, event);
  }
}

/** A status that names our own key, or a time up to which everything has arrived. */
async function applyUnnamed(
  inbox: Inbox,
  { workspaceId, _id: channelId }: ChannelRef,
  event: Extract<Effect, { type: "delivery" }>,
): Promise<void> {
  const { threadKey } = event;
  const own = event.idempotencyKey ? toObjectId(event.idempotencyKey) : undefined;
  const named =
    own && (await MessageModel.findOne({ workspaceId, channelId, _id: own, type: "outgoing" }).lean());
  if (named) await settle(inbox, named, event);
  if (!event.upTo || event.state === "failed") return;
  const earlier = await MessageModel.find({
    workspaceId,
    channelId,
    threadKey,
    externalIds: anyText, // the index that is bounded by the thread
    type: "outgoing",
    "delivery.state": { $in: rank.slice(rank.indexOf("sent"), rank.indexOf(event.state)) },
    sentAt: { $lte: event.upTo },
  })
    .sort({ _id: -1 })
    .limit(200)
    .lean();
  for (const message of earlier) await apply(inbox, message, event);
}

/** The platform brings our own key back: it has the message, under this id, whatever became of its answer. */
async function settle(
  inbox: Inbox,
  message: MessageRecord,
  event: Extract<Effect, { type: "delivery" }>,
): Promise<void> {
  const [externalId] = event.externalIds;
  if (externalId && !message.externalIds.includes(externalId))
    await changeMessage(
      inbox.hub,
      message,
      { $set: { externalIds: [externalId] } },
      { externalIds: { $size: 0 } },
    );
  await apply(inbox, message, event);
}

/** The message may have become known while its effect was being put aside: then nobody else looks for it any more. */
async function keep(inbox: Inbox, channel: ChannelRef, externalId: string, event: Effect): Promise<void> {
  const { workspaceId, _id: channelId } = channel;
  const { threadKey, dedupKey } = event;
  await PendingEffectModel.updateOne(
    { workspaceId, channelId, threadKey, externalId, dedupKey },
    { $setOnInsert: { event, createdAt: new Date() } },
    { upsert: true },
  );
  const known = await MessageModel.findOne({
    workspaceId,
    channelId,
    threadKey,
    externalIds: externalId,
  }).lean();
  if (known) await applyWaitingEffects(inbox, channel, known);
}

/** Called when a message becomes known under its external ids. */
export async function applyWaitingEffects(
  inbox: Inbox,
  channel: ChannelRef,
  message: MessageRecord,
): Promise<void> {
  if (message.externalIds.length === 0) return;
  const filter = {
    workspaceId: channel.workspaceId,
    channelId: channel._id,
    threadKey: message.threadKey,
    externalId: { $in: message.externalIds },
  };
  const waiting = await PendingEffectModel.find(filter).sort({ createdAt: 1 }).lean();
  for (const { _id, event } of waiting) {
    await apply(inbox, message, event as Effect);
    await PendingEffectModel.deleteOne({ workspaceId: channel.workspaceId, _id });
  }
}

/** A process may end between the storing of a message's external id and what waits for it: of effects since then. */
export async function sweepEffects(inbox: Inbox, since: Date): Promise<void> {
  const waiting = await acrossWorkspaces(PendingEffectModel.find({ createdAt: { $gte: since } }))
    .sort({ createdAt: 1 })
    .limit(5000)
    .lean();
  for (const { workspaceId, channelId, threadKey, externalId } of waiting) {
    const message = await MessageModel.findOne({
      workspaceId,
      channelId,
      threadKey,
      externalIds: externalId,
    }).lean();
    if (message) await applyWaitingEffects(inbox, { _id: channelId, workspaceId }, message);
  }
}

function apply(inbox: Inbox, message: MessageRecord, event: Effect): Promise<void> {
  const effects = { edit: applyEdit, delete: applyDelete, reaction: applyReaction, delivery: applyDelivery };
  const effect = effects[event.type] as (
    inbox: Inbox,
    message: MessageRecord,
    event: Effect,
  ) => Promise<void>;
  return effect(inbox, message, event);
}

/** Older news than what is stored changes nothing. Platforms tell whole seconds: of one second the last word counts. */
function notNewerThan(field: string, at: Date): object {
  return { $or: [{ [field]: { $exists: false } }, { [field]: null }, { [field]: { $lte: at } }] };
}

async function applyEdit(
  inbox: Inbox,
  message: MessageRecord,
  event: Extract<Effect, { type: "edit" }>,
): Promise<void> {
  const content = keepFiles(message, event.content);
  const pendingMedia =
    content.attachments?.some(
      (attachment) => "media" in attachment && attachment.media.state === "pending",
    ) ?? false;
  const changed = await changeMessage(
    inbox.hub,
    message,
    { $set: { content, editedAt: event.at, tokens: contentTokens(content), pendingMedia } },
    notNewerThan("editedAt", event.at),
  );
  if (changed?.pendingMedia) inbox.media.wake(`message ${idOf(changed)}`);
}

/** A caption that changed does not fetch the same picture again. */
function keepFiles(message: MessageRecord, content: MessageRecord["content"]): MessageRecord["content"] {
  if (!content.attachments) return content;
  const attachments = content.attachments.map((attachment, index) => {
    const former = message.content.attachments?.[index];
    const same =
      former &&
      "media" in former &&
      "media" in attachment &&
      former.source?.value === attachment.source?.value;
    return same ? { ...attachment, media: former.media } : attachment;
  });
  return { ...content, attachments };
}

async function applyDelete(
  inbox: Inbox,
  message: MessageRecord,
  event: Extract<Effect, { type: "delete" }>,
): Promise<void> {
  await changeMessage(
    inbox.hub,
    message,
    { $set: { deletedAt: event.at, tokens: [] } },
    { deletedAt: { $exists: false } },
  );
}

async function applyReaction(
  inbox: Inbox,
  message: MessageRecord,
  event: Extract<Effect, { type: "reaction" }>,
): Promise<void> {
  const others = (message.reactions ?? []).filter((reaction) => reaction.by !== event.actor);
  const reactions = [...others, ...event.emojis.map((emoji) => ({ by: event.actor, emoji }))];
  await changeMessage(
    inbox.hub,
    message,
    { $set: { reactions, reactedAt: event.at } },
    notNewerThan("reactedAt", event.at),
  );
}

const rank: DeliveryState[] = ["queued", "sending", "unknown", "failed", "sent", "delivered", "read"];

/** A state only rises; a late "delivered" after "read" changes nothing. */
async function applyDelivery(
  inbox: Inbox,
  message: MessageRecord,
  event: Extract<Effect, { type: "delivery" }>,
): Promise<void> {
  const failure =
    event.state === "failed" ? (event.failure ?? { class: "permanent", code: "failed", message: "" }) : null;
  const lower =
    event.state === "failed"
      ? rank.filter((state) => state !== "failed" && state !== "read")
      : rank.slice(0, rank.indexOf(event.state));
  const delivery = { state: event.state, at: event.at, attempts: message.delivery?.attempts ?? 1, failure };
  const changed = await changeMessage(
    inbox.hub,
    message,
    { $set: { delivery }, $unset: { outbox: 1 } },
    { type: "outgoing", "delivery.state": { $in: lower } },
  );
  if (changed) await noteClosedWindow(inbox, changed);
}

/** The messenger knows its window better than the hub's clock: after its refusal the screens offer what it does take. */
export async function noteClosedWindow(inbox: Inbox, message: MessageRecord): Promise<void> {
  if (message.delivery?.failure?.class !== "window_closed") return;
  const { workspaceId, conversationId: _id, channelId, threadKey, sentAt } = message;
  const conversation = await ConversationModel.findOneAndUpdate(
    {
      ...{ workspaceId, _id, channelId, threadKey },
      // the customer has not written since
      $or: [{ lastInboundAt: null }, { lastInboundAt: { $lte: sentAt } }],
    },
    { $set: { windowClosedAt: message.delivery.at } },
    { returnDocument: "after" },
  ).lean();
  if (conversation) inbox.hub.events.publish("conversation.changed", { conversation });
}

/** What was sent again and taken shows that the window is open, whatever the messenger said before. */
export async function noteOpenWindow(
  inbox: Inbox,
  { _id, windowClosedAt }: ConversationRecord,
  message: MessageRecord,
): Promise<void> {
  if (!windowClosedAt || message.content.template) return;
  const conversation = await ConversationModel.findOneAndUpdate(
    { workspaceId: message.workspaceId, _id, windowClosedAt },
    { $unset: { windowClosedAt: 1 } },
    { returnDocument: "after" },
  ).lean();
  if (conversation) inbox.hub.events.publish("conversation.changed", { conversation });
}
