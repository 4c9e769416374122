/** From a connector's event to a stored message: contact by alias, thread, its open conversation, then the message. */
import type { InboundEvent, InboundMessageEvent, Peer } from "../connectors/contract.ts";
import { WorkspaceModel } from "../core/auth/index.ts";
import { idOf, type ObjectId } from "../core/db.ts";
import { applyEffect, applyWaitingEffects } from "./effects.ts";
import { noteTraffic } from "./calls.ts";
import { joinThread, takeLinkToken } from "./continue.ts";
import { fillContact, noteActivity } from "./contacts.ts";
import { findAlias, findOrMakeContact } from "./find-contact.ts";
import type { Inbox } from "./inbox.ts";
import { giveBackOfLeaver } from "./leavers.ts";
import {
  ChannelModel,
  ConversationModel,
  MessageModel,
  ThreadModel,
  type ContactRecord,
  type ConversationRecord,
  type MessageRecord,
  type ThreadRecord,
} from "./models/index.ts";
import { findOrMakeThread, followingConversation, insertConversation, type ChannelRef } from "./open.ts";
import { raiseConversation, recordEvent, recordMessage } from "./record.ts";

const dayMs = 24 * 3_600_000;

/** Records one event. Doing it again changes nothing. */
export async function recordInbound(inbox: Inbox, channel: ChannelRef, event: InboundEvent): Promise<void> {
  switch (event.type) {
    case "message":
      return recordInboundMessage(inbox, channel, event);
    case "blocked":
    case "unblocked":
      return recordBlock(inbox, channel, event);
    case "typing":
      return tellTyping(inbox, channel, event);
    case "peer":
      return recordPeer(inbox, channel, event.peer);
    case "account":
      return recordAccountNews(inbox, channel, event);
    case "unknown":
      return undefined;
    default:
      return applyEffect(inbox, channel, event);
  }
}

async function recordInboundMessage(
  inbox: Inbox,
  channel: ChannelRef,
  given: InboundMessageEvent,
): Promise<void> {
  const { hub } = inbox;
  if (given.echo) return recordEcho(inbox, channel, given);
  const token = await takeLinkToken(channel, given);
  if (token?.conversationId) await joinThread(channel, given, token.conversationId);
  const event = token ? withOrigin(given, token.origin) : given;
  const known = await findOrMakeContact(channel, event.peer);
  const contact = await fillContact(inbox, known, event.peer);
  const thread = await findOrMakeThread(channel, event.threadKey, contact, event.at);
  const conversation = await currentConversation(channel, thread, contact, event, token?.from ?? event.from);
  const opened =
    conversation.state === "open" ? conversation : await reopen(inbox, channel, conversation, event);
  // The conversation may have begun elsewhere: the message is of the thread that brought it.
  const place = { ...opened, channelId: channel._id, threadKey: event.threadKey };
  const { message, fresh } = await recordMessage(place, await toMessage(place, event, contact));
  await raiseForInbound(inbox, message, opened);
  if (fresh) hub.events.publish("message.changed", { message });
  await noteActivity(contact, channel._id, message.createdAt);
  await applyWaitingEffects(inbox, channel, message);
  await noteTraffic(inbox, channel, "lastInboundAt", message.createdAt);
  if (message.pendingMedia) inbox.media.wake(`message ${idOf(message)}`);
  if (!contact.avatarCheckedAt) inbox.media.wake(`contact ${idOf(contact)}`);
  if (event.ackToken) acknowledge(inbox, channel, event, event.ackToken);
}

/** The business wrote elsewhere: its message stands among ours, and the customer waits no more. */
async function recordEcho(inbox: Inbox, channel: ChannelRef, event: InboundMessageEvent): Promise<void> {
  const contact = await findOrMakeContact(channel, event.peer);
  const thread = await findOrMakeThread(channel, event.threadKey, contact);
  const conversation = await giveBackOfLeaver(
    inbox,
    await currentConversation(channel, thread, contact, event),
  );
  const account = await ChannelModel.findOne(
    { workspaceId: channel.workspaceId, _id: channel._id },
    { name: 1 },
  ).lean();
  const place = { ...conversation, channelId: channel._id, threadKey: event.threadKey };
  const fields = await toMessage(place, event, contact);
  const { message, fresh } = await recordMessage(place, {
    ...fields,
    type: "outgoing",
    sender: { kind: "system", name: account?.name ?? "" },
    delivery: { state: "sent", at: event.at, attempts: 1 },
  });
  await raiseConversation(inbox.hub, message, {
    $set: {
      needsReply: false,
      unread: 0,
      readSeq: message.seq,
      ...(conversation.state === "snoozed" ? {} : { state: "open" }),
    },
    $unset: {
      waitingSince: 1,
      ...(conversation.state === "resolved" ? { resolvedAt: 1, resolvedById: 1 } : {}),
    },
  });
  if (fresh) inbox.hub.events.publish("message.changed", { message });
  await noteActivity(contact, channel._id, message.createdAt);
  await applyWaitingEffects(inbox, channel, message);
  if (message.pendingMedia) inbox.media.wake(`message ${idOf(message)}`);
  if (!contact.avatarCheckedAt) inbox.media.wake(`contact ${idOf(contact)}`);
}

/** A person is known under further ids from now on. Somebody whom none of them names yet is not made up. */
async function recordPeer(inbox: Inbox, channel: ChannelRef, peer: Peer): Promise<void> {
  const known = await findAlias(channel.workspaceId, peer.aliases);
  if (!known) return;
  const contact = await findOrMakeContact(channel, peer);
  await fillContact(inbox, contact, peer);
}

async function recordAccountNews(
  inbox: Inbox,
  channel: ChannelRef,
  { code, message, state, at }: Extract<InboundEvent, { type: "account" }>,
): Promise<void> {
  const { workspaceId, _id } = channel;
  const level =
    state === "disconnected" || state === "revoked" ? "bad" : state === "connected" ? "info" : "warn";
  await inbox.accounts.note(channel, { level, code, message });
  if (state)
    await ChannelModel.updateOne(
      { workspaceId, _id },
      { $set: { health: { state, since: at, problem: state === "connected" ? null : { code, message } } } },
    );
  inbox.hub.events.publish("channel.changed", { workspaceId, channelId: _id });
}

/** Where the customer comes from, in place of the token that said so. */
function withOrigin(event: InboundMessageEvent, origin: string): InboundMessageEvent {
  const { referral: _token, ...rest } = event;
  const { service } = event.content;
  const content = service?.data ? { ...event.content, service: { what: service.what } } : event.content;
  return { ...rest, content, ...(origin ? { referral: origin } : {}) };
}

/**
 * The thread's conversation. One that was resolved longer ago than the workspace allows is followed by a new one.
 */
async function currentConversation(
  channel: ChannelRef,
  thread: ThreadRecord,
  contact: ContactRecord,
  event: InboundMessageEvent,
  from?: string,
): Promise<ConversationRecord> {
  const { workspaceId } = channel;
  const beginning = { ...event, ...(from ? { from } : {}) };
  const found = await ConversationModel.findOne({ workspaceId, _id: thread.conversationId }).lean();
  if (!found) return insertConversation(channel, thread, contact, thread.conversationId, beginning);
  if (!(await isOver(found)) || (await isRecorded(channel, event))) return found;
  return followingConversation(channel, thread, contact, beginning);
}

async function isOver(conversation: ConversationRecord): Promise<boolean> {
  if (conversation.state !== "resolved" || !conversation.resolvedAt) return false;
  const workspace = await WorkspaceModel.findById(conversation.workspaceId, { reopenDays: 1 }).lean();
  return Date.now() - conversation.resolvedAt.getTime() > (workspace?.reopenDays ?? 7) * dayMs;
}

/** An old event that comes once more belongs where it was stored, and begins nothing. */
async function isRecorded(channel: ChannelRef, event: InboundMessageEvent): Promise<boolean> {
  const earlier = await MessageModel.findOne(
    { workspaceId: channel.workspaceId, channelId: channel._id, dedupKey: event.dedupKey },
    { _id: 1 },
  ).lean();
  return earlier !== null;
}

async function toMessage(
  conversation: ConversationRecord,
  event: InboundMessageEvent,
  contact: ContactRecord,
): Promise<Parameters<typeof recordMessage>[1]> {
  const pendingMedia =
    event.content.attachments?.some(
      (attachment) => "media" in attachment && attachment.media.state === "pending",
    ) ?? false;
  return {
    type: "incoming",
    dedupKey: event.dedupKey,
    externalIds: event.externalId ? [event.externalId] : [],
    sender: { kind: "contact", id: contact._id, name: contact.name },
    content: event.content,
    ...(event.albumId ? { albumId: event.albumId } : {}),
    ...(event.replyTo ? { replyTo: await resolveQuote(conversation, event.replyTo) } : {}),
    ...(event.forwardedFrom ? { forwardedFrom: event.forwardedFrom } : {}),
    ...(pendingMedia ? { pendingMedia } : {}),
    sentAt: event.at,
  };
}

/** A quote of a message that the hub has points at it. */
async function resolveQuote(
  conversation: ConversationRecord,
  quote: NonNullable<InboundMessageEvent["replyTo"]>,
): Promise<NonNullable<InboundMessageEvent["replyTo"]>> {
  if (!quote.externalId) return quote;
  const { workspaceId, channelId, threadKey } = conversation;
  const quoted = await MessageModel.findOne({
    workspaceId,
    channelId,
    threadKey,
    externalIds: quote.externalId,
  }).lean();
  if (!quoted) return quote;
  return {
    ...quote,
    messageId: idOf(quoted),
    text: quote.text ?? quoted.content.text?.slice(0, 300) ?? "",
    senderName: quoted.sender.name,
  };
}

/** A message wakes a snoozed conversation and reopens a resolved one, after a line that says so. */
async function reopen(
  inbox: Inbox,
  channel: ChannelRef,
  conversation: ConversationRecord,
  event: InboundMessageEvent,
): Promise<ConversationRecord> {
  if (await isRecorded(channel, event)) return conversation;
  conversation = await giveBackOfLeaver(inbox, conversation);
  const what = conversation.state === "resolved" ? "reopened" : "woken";
  const sender = { kind: "system" as const, name: "" };
  const line = await recordMessage(conversation, {
    type: "event",
    sender,
    content: {},
    event: { what },
    sentAt: event.at,
    dedupKey: `${event.dedupKey} ${what}`,
  });
  if (line.fresh) inbox.hub.events.publish("message.changed", { message: line.message });
  return { ...conversation, lastSeq: line.message.seq, lastRev: line.message.rev };
}

/**
 * The customer wrote last. The message that follows the conversation as it was read counts one more; after anything that
 * happened meanwhile unread is counted anew, so that a repetition changes nothing.
 */
async function raiseForInbound(
  inbox: Inbox,
  message: MessageRecord,
  before: ConversationRecord,
): Promise<void> {
  const { workspaceId, conversationId } = message;
  const { readSeq, unread, waitingSince, channelId } = before;
  if (before.lastSeq === message.seq - 1) {
    const change = changeForInbound(message, Math.min(99, unread + 1), waitingSince ?? message.createdAt);
    const asRead = {
      lastSeq: before.lastSeq,
      readSeq,
      unread,
      waitingSince: waitingSince ?? null,
      channelId,
    };
    if (await raiseConversation(inbox.hub, message, change, asRead))
      return tellOfMove(inbox, message, channelId);
  }
  const now = await ConversationModel.findOne(
    { workspaceId, _id: conversationId },
    { readSeq: 1, waitingSince: 1, channelId: 1 },
  )
    .orFail()
    .lean();
  const counted = await MessageModel.countDocuments(
    { workspaceId, conversationId, type: "incoming", seq: { $gt: now.readSeq } },
    { limit: 99 },
  );
  const change = changeForInbound(message, counted, now.waitingSince ?? message.createdAt);
  if (await raiseConversation(inbox.hub, message, change)) return tellOfMove(inbox, message, now.channelId);
  // A colleague's note, line or reply took a later place meanwhile: the message counts unless it was read with it.
  const late = await ConversationModel.findOneAndUpdate(
    { workspaceId, _id: conversationId, readSeq: { $lt: message.seq } },
    change,
    { returnDocument: "after" },
  ).lean();
  if (!late) return;
  inbox.hub.events.publish("conversation.changed", { conversation: late });
  tellOfMove(inbox, message, now.channelId);
}

/** Where the customer has come by another channel than the one in which the conversation stood. */
function tellOfMove(
  { hub }: Inbox,
  { workspaceId, conversationId, channelId }: MessageRecord,
  fromChannelId: ObjectId,
): void {
  if (fromChannelId.equals(channelId)) return;
  hub.events.publish("conversation.moved", { workspaceId, conversationId, fromChannelId, channelId });
}

function changeForInbound(message: MessageRecord, unread: number, waitingSince: Date) {
  return {
    $set: {
      state: "open",
      needsReply: true,
      waitingSince,
      unread,
      blocked: false,
      // Answers go the way the customer came last.
      channelId: message.channelId,
      threadKey: message.threadKey,
      lastInboundAt: message.sentAt,
    },
    $unset: { snoozedUntil: 1, resolvedAt: 1, resolvedById: 1, windowClosedAt: 1 },
  } as const;
}

async function recordBlock(
  inbox: Inbox,
  channel: ChannelRef,
  event: Extract<InboundEvent, { type: "blocked" | "unblocked" }>,
): Promise<void> {
  const { workspaceId, _id: channelId } = channel;
  const place = { channelId, threadKey: event.threadKey };
  const blocked = event.type === "blocked";
  const thread = await ThreadModel.findOneAndUpdate(
    { workspaceId, ...place },
    blocked ? { $set: { blockedAt: event.at } } : { $unset: { blockedAt: 1 } },
    { returnDocument: "after" },
  ).lean();
  if (!thread) return;
  const _id = thread.conversationId;
  // One that has gone on in another messenger is answered there, whoever has blocked this one.
  const answered = await ConversationModel.findOneAndUpdate(
    { workspaceId, _id, ...place },
    { $set: { blocked } },
    { returnDocument: "after" },
  ).lean();
  const conversation = answered ?? (await ConversationModel.findOne({ workspaceId, _id }).lean());
  if (!conversation) return;
  await recordEvent(
    inbox.hub,
    { ...conversation, ...place },
    { what: event.type },
    { kind: "contact", id: conversation.contactId, name: conversation.contactName },
    { dedupKey: event.dedupKey, at: event.at },
  );
  if (answered) inbox.hub.events.publish("conversation.changed", { conversation: answered });
}

async function tellTyping(
  inbox: Inbox,
  channel: ChannelRef,
  event: Extract<InboundEvent, { type: "typing" }>,
): Promise<void> {
  const thread = await ThreadModel.findOne({
    workspaceId: channel.workspaceId,
    channelId: channel._id,
    threadKey: event.threadKey,
  }).lean();
  if (!thread) return;
  inbox.hub.events.publish("contact.typing", {
    workspaceId: channel.workspaceId,
    channelId: channel._id,
    conversationId: thread.conversationId,
    on: event.on,
  });
}

/** Telegram spins the pressed button until it is answered; losing the answer loses nothing else. */
function acknowledge(inbox: Inbox, channel: ChannelRef, event: InboundMessageEvent, ackToken: string): void {
  const session = inbox.accounts.session(channel._id);
  const done = session?.perform({
    op: "acknowledgeAction",
    ackToken,
    threadKey: event.threadKey,
    signal: AbortSignal.timeout(10_000),
  });
  done?.catch((err: unknown) =>
    inbox.hub.log.info({ err, channelId: channel._id.toHexString() }, "a pressed button was not answered"),
  );
}
