/** What agents write: replies, notes, forwards, and changes to what they sent. Stored first, sent by the outbox. */
import type { z } from "zod";
import type { Attachment, Capabilities, Content, Quote, TemplateUse } from "../connectors/contract.ts";
import type { StaffRecord } from "../core/auth/index.ts";
import { idOf, toObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import { accessConversation, accessMessage } from "./access.ts";
import { capabilitiesIn } from "./capabilities-in.ts";
import { setState } from "./conversations.ts";
import { describeMessage } from "./describe.ts";
import { endDraft } from "./drafts.ts";
import type { Inbox } from "./inbox.ts";
import { giveBackOfLeaver } from "./leavers.ts";
import { checkLimits, giveFiles, takeCopies, takeFiles } from "./limits.ts";
import {
  ChannelModel,
  MessageModel,
  type ChannelRecord,
  type ConversationRecord,
  type MessageChange,
  type MessageRecord,
} from "./models/index.ts";
import { changeMessage, raiseConversation, recordMessage, type NewMessage } from "./record.ts";
import { fillTemplate } from "./templates.ts";
import type { editMessageRequest, PostMessageRequest, reactRequest } from "./schema.ts";

/** Stores a reply or note. The same `clientId` again answers with the message stored first. */
export async function postMessage(
  inbox: Inbox,
  staff: StaffRecord,
  conversationId: string,
  request: PostMessageRequest,
): Promise<MessageRecord> {
  let conversation = await accessConversation(staff, conversationId);
  const earlier = await MessageModel.findOne({
    workspaceId: staff.workspaceId,
    clientId: request.clientId,
  }).lean();
  if (earlier) return repeated(inbox, staff, conversation, earlier, request);
  if (request.type === "outgoing")
    await refuseIfAnswered(conversation, staff, request.begunSeq ?? request.seenSeq);
  if (request.type === "outgoing") conversation = await giveBackOfLeaver(inbox, conversation);
  const fields =
    request.type === "note"
      ? await toNote(staff, conversation, request)
      : await toReply(inbox, staff, conversation, request);
  // before the message is there: a file that nobody has taken is removed some day
  await giveFiles(staff, conversation.channelId, fields.content);
  const { message, fresh } = await recordMessage(conversation, fields);
  if (!fresh) return repeated(inbox, staff, conversation, message, request);
  const unseen = await settle(inbox, staff, conversation, message, request);
  await endDraft(inbox, staff, conversation, request);
  if (request.thenResolve && unseen.length === 0) {
    const { seq, rev } = message;
    const opened = { ...conversation, state: "open" as const, lastSeq: seq, lastRev: rev, readSeq: seq };
    await setState(inbox, staff, opened, { state: "resolved" });
  }
  return message;
}

/**
 * What follows the storing of a message. Every part may be repeated: a crash in between is mended by the next try. Gives
 * what the customer has written that the writer did not see.
 */
async function settle(
  inbox: Inbox,
  staff: StaffRecord,
  conversation: ConversationRecord,
  message: MessageRecord,
  { seenSeq }: PostMessageRequest,
): Promise<Unseen> {
  const unseen = await findUnseen(message, seenSeq);
  await raise(inbox, conversation, message, unseen);
  inbox.hub.events.publish("message.changed", { message });
  if (message.outbox) inbox.outbound.wake(idOf(conversation));
  return unseen;
}

type Unseen = Pick<MessageRecord, "seq" | "createdAt">[];

/**
 * What the customer has written since what the writer saw and since the team last answered. Where nothing has come in
 * between the store is not asked.
 */
async function findUnseen(
  { workspaceId, conversationId, type, seq }: MessageRecord,
  seenSeq: number | undefined,
): Promise<Unseen> {
  if (type !== "outgoing" || seenSeq === undefined || seq <= seenSeq + 1) return [];
  const between = { workspaceId, conversationId, seq: { $gt: seenSeq, $lt: seq } };
  const answer = await MessageModel.findOne({ ...between, type: "outgoing" }, { seq: 1 })
    .sort({ seq: -1 })
    .lean();
  return MessageModel.find(
    { ...between, type: "incoming", seq: { $gt: answer?.seq ?? seenSeq, $lt: seq } },
    { seq: 1, createdAt: 1 },
  )
    .sort({ seq: 1 })
    .limit(99)
    .lean();
}

/** Somebody else's client id, or one used in another conversation, is no repetition. */
async function repeated(
  inbox: Inbox,
  staff: StaffRecord,
  conversation: ConversationRecord,
  earlier: MessageRecord,
  request: PostMessageRequest,
): Promise<MessageRecord> {
  const same = earlier.conversationId.equals(conversation._id) && earlier.sender.id?.equals(staff._id);
  if (!same) throw new AppError("conflict");
  await settle(inbox, staff, conversation, earlier, request);
  return earlier;
}

/** A colleague's reply after what the writer saw, when the message was begun, holds the send: 409 with it. */
async function refuseIfAnswered(
  conversation: ConversationRecord,
  staff: StaffRecord,
  seenSeq: number | undefined,
): Promise<void> {
  if (seenSeq === undefined || conversation.lastSeq <= seenSeq) return;
  const { workspaceId, _id: conversationId } = conversation;
  const answer = await MessageModel.findOne({
    workspaceId,
    conversationId,
    type: "outgoing",
    seq: { $gt: seenSeq },
    "sender.id": { $ne: staff._id },
  })
    .sort({ seq: -1 })
    .lean();
  if (answer)
    throw new AppError("answered_meanwhile", {
      messageId: idOf(answer),
      seq: answer.seq,
      senderName: answer.sender.name,
    });
}

function senderOf(staff: StaffRecord): MessageRecord["sender"] {
  return { kind: "staff", id: staff._id, name: staff.displayName };
}

async function toNote(
  staff: StaffRecord,
  conversation: ConversationRecord,
  request: PostMessageRequest,
): Promise<NewMessage> {
  if (isEmpty(request.content)) throw empty();
  const mentions = (request.mentions ?? []).flatMap((id) => toObjectId(id) ?? []);
  const content = await takeFiles(staff, conversation.channelId, request.content);
  return {
    type: "note",
    clientId: request.clientId,
    sender: senderOf(staff),
    content,
    ...(mentions.length > 0 ? { mentions } : {}),
    sentAt: new Date(),
  };
}

async function toReply(
  inbox: Inbox,
  staff: StaffRecord,
  conversation: ConversationRecord,
  request: PostMessageRequest,
): Promise<NewMessage> {
  const channel = await ChannelModel.findOne({
    workspaceId: staff.workspaceId,
    _id: conversation.channelId,
    removedAt: null,
  }).lean();
  const connector = channel && inbox.connectors.get(channel.kind);
  const capabilities = connector && capabilitiesIn(connector, conversation.threadKey);
  if (!capabilities) throw new AppError("unsupported_by_channel", { what: "channel_removed" });
  if (capabilities.answers === false) throw new AppError("unsupported_by_channel", { what: "answer" });
  const forward = request.forwardOfMessageId
    ? await toForward(staff, conversation, request.forwardOfMessageId, capabilities.outbound.forward)
    : undefined;
  const template = forward ? undefined : request.content.template;
  refuseOutsideWindow(capabilities, conversation, template !== undefined);
  const taken = forward?.content ?? (await takeFiles(staff, conversation.channelId, request.content));
  const content = template ? await toTemplate(inbox, channel, template, taken.attachments) : taken;
  if (isEmpty(content)) throw empty();
  if (!forward?.forwardOf && !template) checkLimits(capabilities, content);
  const now = new Date();
  return {
    type: "outgoing",
    clientId: request.clientId,
    sender: senderOf(staff),
    content,
    ...(forward
      ? {
          forwardedFrom: forward.forwardedFrom,
          ...(forward.forwardOf ? { forwardOf: forward.forwardOf } : {}),
        }
      : {}),
    ...(request.replyToMessageId
      ? { replyTo: await toQuote(staff, conversation, request.replyToMessageId) }
      : {}),
    delivery: { state: "queued", at: now, attempts: 0 },
    outbox: true,
    sentAt: now,
  };
}

async function toTemplate(
  inbox: Inbox,
  channel: ChannelRecord,
  template: TemplateUse,
  attachments: Attachment[] = [],
): Promise<Content> {
  const text = await fillTemplate(inbox, channel, template, attachments);
  return { template, text, ...(attachments.length > 0 ? { attachments } : {}) };
}

/** What the platform would refuse later is refused before it is stored, with when the window closed. */
export function refuseOutsideWindow(
  { window }: Capabilities,
  { lastInboundAt, windowClosedAt }: { lastInboundAt?: Date | null; windowClosedAt?: Date | null },
  isTemplate: boolean,
): void {
  if (!window || window.outside === "paid" || isTemplate) return;
  if (windowClosedAt)
    throw new AppError("window_closed", {
      outside: window.outside,
      closedAt: windowClosedAt.toISOString(),
    });
  const hours = window.outside === "tag" ? (window.tagHours ?? window.hours) : window.hours;
  const closedAt = (lastInboundAt?.getTime() ?? 0) + hours * 3_600_000;
  if (Date.now() < closedAt) return;
  throw new AppError("window_closed", {
    outside: window.outside,
    ...(lastInboundAt ? { closedAt: new Date(closedAt).toISOString() } : {}),
  });
}

/** Inside one account the platform forwards; across accounts the content is sent anew, with its origin. */
async function toForward(
  staff: StaffRecord,
  conversation: ConversationRecord,
  id: string,
  byPlatform: boolean,
): Promise<{
  content: Content;
  forwardedFrom: string;
  forwardOf?: { threadKey: string; externalId: string };
}> {
  const original = await accessMessage(staff, id);
  if (original.deletedAt || original.type === "event" || original.type === "note")
    throw new AppError("not_found");
  const content = describeMessage(original).content;
  const forwardedFrom = original.sender.name;
  const [externalId] = original.externalIds;
  const sameAccount = original.channelId.equals(conversation.channelId);
  if (byPlatform && sameAccount && externalId)
    return { content, forwardedFrom, forwardOf: { threadKey: original.threadKey, externalId } };
  return { content: await takeCopies(staff, original.channelId, content), forwardedFrom };
}

async function toQuote(staff: StaffRecord, conversation: ConversationRecord, id: string): Promise<Quote> {
  const quoted = await accessMessage(staff, id);
  if (!quoted.conversationId.equals(conversation._id) || !["incoming", "outgoing"].includes(quoted.type))
    throw new AppError("not_found");
  const here = quoted.channelId.equals(conversation.channelId) && quoted.threadKey === conversation.threadKey;
  const [externalId] = here ? quoted.externalIds : [];
  return {
    messageId: idOf(quoted),
    ...(externalId ? { externalId } : {}),
    text: quoted.content.text?.slice(0, 300) ?? "",
    senderName: quoted.sender.name,
  };
}

function isEmpty(content: Content): boolean {
  return !content.text?.trim() && !content.attachments?.length;
}

function empty(): AppError {
  return new AppError("invalid_input", {
    fields: [{ path: "body.content", code: "too_small", message: "empty" }],
  });
}

/**
 * The team has answered: nobody waits any more, but for an answer to what its writer did not see. The first answer is
 * remembered for the reports.
 */
async function raise(
  inbox: Inbox,
  conversation: ConversationRecord,
  message: MessageRecord,
  unseen: Unseen,
): Promise<void> {
  if (message.type === "note") {
    await raiseConversation(
      inbox.hub,
      message,
      message.mentions ? { $addToSet: { mentionedIds: { $each: message.mentions } } } : {},
    );
    return;
  }
  const first =
    conversation.firstAnsweredAt || !conversation.waitingSince
      ? {}
      : {
          firstAnsweredAt: message.createdAt,
          firstAnswerMs: message.createdAt.getTime() - conversation.waitingSince.getTime(),
          firstAnsweredById: message.sender.id,
        };
  await raiseConversation(inbox.hub, message, {
    $set: {
      needsReply: false,
      unread: 0,
      readSeq: message.seq,
      ...first,
      ...stillWaiting(conversation, unseen),
      ...(conversation.state === "snoozed" ? {} : { state: "open" }),
    },
    $unset: {
      ...(unseen.length > 0 ? {} : { waitingSince: 1 }),
      ...(conversation.state === "resolved" ? { resolvedAt: 1, resolvedById: 1 } : {}),
    },
  });
}

function stillWaiting(conversation: ConversationRecord, unseen: Unseen): object {
  const [first] = unseen;
  if (!first) return {};
  const readSeq = Math.max(first.seq - 1, conversation.readSeq); // a colleague may have read it
  const unread = unseen.filter(({ seq }) => seq > readSeq).length;
  return { needsReply: true, waitingSince: first.createdAt, unread, readSeq };
}

// ---- changes to what was sent ---------------------------------------------------------------------------------------

type Edit = z.output<typeof editMessageRequest>;

/** A note changes here and now; a sent message when the platform has it. */
export async function editMessage(
  inbox: Inbox,
  staff: StaffRecord,
  id: string,
  edit: Edit,
): Promise<MessageRecord> {
  const message = await accessOwn(staff, id);
  if (!edit.text.trim() && !message.content.attachments?.length) throw empty();
  if (message.type === "note")
    return changeNote(inbox, message, { content: { ...message.content, ...edit }, editedAt: new Date() });
  const { outbound, text } = await capabilitiesOf(inbox, message);
  const hasMedia = message.content.attachments?.some((attachment) => "media" in attachment) ?? false;
  if (!(hasMedia ? outbound.editCaption : outbound.edit))
    throw new AppError("unsupported_by_channel", { what: "edit" });
  if (edit.text.length > (hasMedia ? text.caption : text.max))
    throw new AppError("text_too_long", {
      max: hasMedia ? text.caption : text.max,
      length: edit.text.length,
    });
  return queueChange(inbox, message, {
    op: "edit",
    state: "queued",
    at: new Date(),
    text: edit.text,
    ...(edit.entities ? { entities: edit.entities } : {}),
  });
}

export async function deleteMessage(inbox: Inbox, staff: StaffRecord, id: string): Promise<MessageRecord> {
  const message = await accessOwn(staff, id);
  if (message.type === "note") return changeNote(inbox, message, { deletedAt: new Date(), tokens: [] });
  const { outbound } = await capabilitiesOf(inbox, message);
  if (!outbound.delete) throw new AppError("unsupported_by_channel", { what: "delete" });
  return queueChange(inbox, message, { op: "delete", state: "queued", at: new Date() });
}

/** A reaction of the team to a message of either side; null takes it away. */
export async function reactToMessage(
  inbox: Inbox,
  staff: StaffRecord,
  id: string,
  { emoji }: z.output<typeof reactRequest>,
): Promise<MessageRecord> {
  const message = await accessMessage(staff, id);
  if (message.externalIds.length === 0) throw new AppError("not_retryable");
  const { outbound } = await capabilitiesOf(inbox, message);
  if (outbound.reaction.length === 0 || (emoji !== null && !outbound.reaction.includes(emoji)))
    throw new AppError("unsupported_by_channel", { what: "reaction" });
  return queueChange(inbox, message, { op: "react", state: "queued", at: new Date(), emoji });
}

async function changeNote(inbox: Inbox, message: MessageRecord, fields: object): Promise<MessageRecord> {
  const changed = await changeMessage(inbox.hub, message, { $set: fields });
  if (!changed) throw new AppError("not_found");
  return changed;
}

async function queueChange(
  inbox: Inbox,
  message: MessageRecord,
  change: MessageChange,
): Promise<MessageRecord> {
  if (message.externalIds.length === 0 || message.deletedAt) throw new AppError("not_retryable");
  const free = { $or: [{ "change.state": { $ne: "queued" } }, { "change.op": change.op }] };
  const guard = change.op === "delete" ? {} : free;
  const changed = await changeMessage(inbox.hub, message, { $set: { change, outbox: true } }, guard);
  if (!changed) throw new AppError("conflict");
  inbox.outbound.wake(message.conversationId.toHexString());
  return changed;
}

async function capabilitiesOf(inbox: Inbox, message: MessageRecord) {
  const channel = await ChannelModel.findOne({
    workspaceId: message.workspaceId,
    _id: message.channelId,
    removedAt: null,
  }).lean();
  const connector = channel && inbox.connectors.get(channel.kind);
  if (!connector) throw new AppError("unsupported_by_channel", { what: "channel_removed" });
  return capabilitiesIn(connector, message.threadKey);
}

/** The team's messages may be changed by whoever may answer; a note by its author alone. */
async function accessOwn(staff: StaffRecord, id: string): Promise<MessageRecord> {
  const message = await accessMessage(staff, id);
  const own =
    message.type === "outgoing" || (message.type === "note" && message.sender.id?.equals(staff._id));
  if (!own) throw new AppError("forbidden");
  return message;
}

// ---- what did not go out ----------------------------------------------------------------------------------------

/** Sends a failed or uncertain message again, at its place: only a person may ask for it. */
export async function retryMessage(inbox: Inbox, message: MessageRecord): Promise<MessageRecord> {
  const delivery = { state: "queued", at: new Date(), attempts: 0, failure: null, nextAttemptAt: null };
  const changed =
    message.change?.state === "failed"
      ? await changeMessage(
          inbox.hub,
          message,
          {
            $set: {
              change: { ...message.change, state: "queued", at: new Date(), failure: null },
              outbox: true,
            },
          },
          { "change.state": "failed" },
        )
      : await changeMessage(
          inbox.hub,
          message,
          { $set: { delivery, outbox: true } },
          { type: "outgoing", "delivery.state": { $in: ["failed", "unknown"] } },
        );
  if (!changed) throw new AppError("not_retryable");
  inbox.outbound.wake(message.conversationId.toHexString());
  return changed;
}

/** Takes a message that did not go out away from the conversation. */
export async function discardMessage(inbox: Inbox, message: MessageRecord): Promise<MessageRecord> {
  const changed = await changeMessage(
    inbox.hub,
    message,
    { $set: { deletedAt: new Date(), tokens: [] }, $unset: { delivery: 1, outbox: 1 } },
    { type: "outgoing", "delivery.state": { $in: ["failed", "unknown"] } },
  );
  if (!changed) throw new AppError("not_retryable");
  return changed;
}

/** Acts on held replies in their order; one that somebody acted on meanwhile is left out. Gives those it could act on. */
export async function actOnHeld(
  inbox: Inbox,
  held: MessageRecord[],
  act: typeof retryMessage,
): Promise<MessageRecord[]> {
  const done: MessageRecord[] = [];
  for (const message of held) {
    try {
      done.push(await act(inbox, message));
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "not_retryable") throw error;
    }
  }
  return done;
}
