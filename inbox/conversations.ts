/** The state of a conversation: assigning, resolving, snoozing, tags, reading. */
import { ConnectorError } from "../connectors/contract.ts";
import { mayUseChannel, StaffModel, type StaffRecord } from "../core/auth/index.ts";
import { acrossWorkspaces, toObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import { accessConversation } from "./access.ts";
import { capabilitiesIn } from "./capabilities-in.ts";
import { goBack } from "./continue.ts";
import type { Inbox } from "./inbox.ts";
import { giveBackOfLeaver } from "./leavers.ts";
import {
  ChannelModel,
  ContactModel,
  ConversationModel,
  MessageModel,
  ThreadModel,
  type ConversationRecord,
} from "./models/index.ts";
import { recordEvent } from "./record.ts";
import type { ConversationPatch } from "./schema.ts";
import { knowTags, tagChange } from "./tags.ts";
import { findTeam } from "./teams.ts";

/** A browser's clock may be a little behind. */
const latenessMs = 60_000;

/** Applies a change with a line in the thread for each thing that is different afterwards. */
export async function changeConversation(
  inbox: Inbox,
  staff: StaffRecord,
  id: string,
  patch: ConversationPatch,
): Promise<ConversationRecord> {
  let conversation = await accessConversation(staff, id);
  if (
    patch.state === "snoozed" &&
    patch.snoozedUntil &&
    Date.parse(patch.snoozedUntil) < Date.now() - latenessMs
  )
    throw new AppError("invalid_input", {
      fields: [{ path: "body.snoozedUntil", code: "past", message: "this time is over" }],
    });
  if (patch.assigneeId !== undefined)
    conversation = await assign(inbox, staff, conversation, patch.assigneeId);
  if (patch.teamId !== undefined) conversation = await assignTeam(inbox, staff, conversation, patch.teamId);
  if (patch.threadId) conversation = await moveToThread(inbox, staff, conversation, patch.threadId);
  conversation = await setTags(inbox, staff, conversation, patch);
  if (patch.state)
    conversation = await setState(inbox, staff, conversation, {
      state: patch.state,
      ...(patch.snoozedUntil ? { until: new Date(patch.snoozedUntil) } : {}),
    });
  if (patch.unread) conversation = await markUnread(conversation);
  inbox.hub.events.publish("conversation.changed", { conversation });
  return conversation;
}

async function assign(
  inbox: Inbox,
  staff: StaffRecord,
  conversation: ConversationRecord,
  to: string | null,
): Promise<ConversationRecord> {
  const assignee = to === null ? null : await findAssignee(conversation, to);
  const assigneeId = assignee?._id ?? null;
  const same = assigneeId ? conversation.assigneeId?.equals(assigneeId) : conversation.assigneeId === null;
  if (same) return conversation;
  const changed = await update(conversation, { $set: { assigneeId } });
  await ContactModel.updateOne(
    { workspaceId: conversation.workspaceId, _id: conversation.contactId },
    { $set: { responsibleId: assigneeId } },
  );
  const event = assignee
    ? { what: "assigned", staffId: assignee._id, staffName: assignee.displayName }
    : { what: "unassigned" };
  return withLine(inbox, staff, changed, event);
}

async function assignTeam(
  inbox: Inbox,
  staff: StaffRecord,
  conversation: ConversationRecord,
  to: string | null,
): Promise<ConversationRecord> {
  const team = to === null ? null : await findTeam(conversation.workspaceId, to);
  if (to !== null && !team) throw new AppError("not_found");
  const same = team ? conversation.teamId?.equals(team._id) : !conversation.teamId;
  if (same) return conversation;
  const changed = await update(
    conversation,
    team ? { $set: { teamId: team._id } } : { $unset: { teamId: 1 } },
  );
  const event = team ? { what: "assigned_team", teamName: team.name } : { what: "unassigned_team" };
  return withLine(inbox, staff, changed, event);
}

/** Answers go to another thread of the same customer from now on. */
async function moveToThread(
  inbox: Inbox,
  staff: StaffRecord,
  conversation: ConversationRecord,
  id: string,
): Promise<ConversationRecord> {
  const { workspaceId, contactId } = conversation;
  const _id = toObjectId(id);
  const thread = _id && (await ThreadModel.findOne({ workspaceId, contactId, _id }).lean());
  const channel =
    thread && (await ChannelModel.findOne({ workspaceId, _id: thread.channelId, removedAt: null }).lean());
  if (!thread || !channel || !mayUseChannel(staff, channel._id)) throw new AppError("not_found");
  const { channelId, threadKey } = thread;
  if (conversation.channelId.equals(channelId) && conversation.threadKey === threadKey) return conversation;
  const moved = await goBack(inbox, conversation, { channelId, threadKey });
  return withLine(inbox, staff, moved, { what: "moved", channelName: channel.handle || channel.name });
}

async function findAssignee(conversation: ConversationRecord, id: string): Promise<StaffRecord> {
  const _id = toObjectId(id);
  const person =
    _id && (await StaffModel.findOne({ workspaceId: conversation.workspaceId, _id, active: true }).lean());
  if (!person || !mayUseChannel(person, conversation.channelId))
    throw new AppError("invalid_input", {
      fields: [
        { path: "body.assigneeId", code: "no_access", message: "not somebody who may answer this channel" },
      ],
    });
  return person;
}

async function setTags(
  inbox: Inbox,
  staff: StaffRecord,
  conversation: ConversationRecord,
  patch: ConversationPatch,
): Promise<ConversationRecord> {
  const { added, removed } = tagChange(conversation.tags, patch);
  let changed = conversation;
  if (removed.length > 0) changed = await update(conversation, { $pull: { tags: { $in: removed } } });
  if (added.length > 0) changed = await update(conversation, { $addToSet: { tags: { $each: added } } });
  for (const tag of added) changed = await withLine(inbox, staff, changed, { what: "tagged", tag });
  for (const tag of removed) changed = await withLine(inbox, staff, changed, { what: "untagged", tag });
  await knowTags(inbox, staff.workspaceId, added);
  return changed;
}

interface StateChange {
  state: ConversationRecord["state"];
  until?: Date;
}

/**
 * Resolving, reopening, snoozing until a time or the next message. A customer's message that comes at that moment opens the
 * conversation as one that comes a moment later does: it is not closed unseen.
 */
export async function setState(
  inbox: Inbox,
  staff: StaffRecord,
  conversation: ConversationRecord,
  change: StateChange,
): Promise<ConversationRecord> {
  const { state, until } = change;
  if (state !== "resolved") conversation = await giveBackOfLeaver(inbox, conversation);
  const { conversation: changed, isChanged } = await changeAsRead(conversation, async (now) => {
    if (now.state === state && state !== "snoozed") return undefined;
    if (state !== "open" && (await hasWritten(now, conversation.lastSeq))) return undefined;
    return toUpdate(staff, now, change);
  });
  if (!isChanged) return changed;
  const what = { open: "reopened", snoozed: "snoozed", resolved: "resolved" }[state];
  const withEvent = await withLine(inbox, staff, changed, { what, ...(until ? { until } : {}) });
  inbox.hub.events.publish("conversation.changed", { conversation: withEvent });
  return withEvent;
}

async function toUpdate(
  staff: StaffRecord,
  conversation: ConversationRecord,
  { state, until }: StateChange,
): Promise<object> {
  const changes: Record<ConversationRecord["state"], object> = {
    open: {
      $set: { state, ...(conversation.state === "resolved" ? await readWaiting(conversation) : {}) },
      $unset: { snoozedUntil: 1, resolvedAt: 1, resolvedById: 1 },
    },
    snoozed: { $set: { state, snoozedUntil: until ?? null }, $unset: { resolvedAt: 1, resolvedById: 1 } },
    resolved: {
      $set: {
        state,
        resolvedAt: new Date(),
        resolvedById: staff._id,
        needsReply: false,
        unread: 0,
        readSeq: conversation.lastSeq,
      },
      $unset: { snoozedUntil: 1, waitingSince: 1 },
    },
  };
  return changes[state];
}

/** Whether the customer has written after `seq`; asked of the store only where anything came. */
async function hasWritten(
  { workspaceId, _id: conversationId, lastSeq }: ConversationRecord,
  seq: number,
): Promise<boolean> {
  if (lastSeq <= seq) return false;
  const type = "incoming";
  return Boolean(await MessageModel.exists({ workspaceId, conversationId, type, seq: { $gt: seq } }));
}

/** Whether the customer still waits for an answer, and since when: closing had ended it. */
async function readWaiting({ workspaceId, _id: conversationId }: ConversationRecord): Promise<object> {
  const answer = await MessageModel.findOne(
    { workspaceId, conversationId, type: "outgoing", deletedAt: { $exists: false } },
    { seq: 1 },
  )
    .sort({ seq: -1 })
    .lean();
  const waiting = await MessageModel.findOne(
    { workspaceId, conversationId, type: "incoming", seq: { $gt: answer?.seq ?? 0 } },
    { createdAt: 1 },
  )
    .sort({ seq: 1 })
    .lean();
  return waiting ? { needsReply: true, waitingSince: waiting.createdAt } : {};
}

async function markUnread(conversation: ConversationRecord): Promise<ConversationRecord> {
  const { workspaceId, _id: conversationId } = conversation;
  const marked = await changeAsRead(conversation, async () => {
    const last = await MessageModel.findOne({ workspaceId, conversationId, type: "incoming" })
      .sort({ seq: -1 })
      .lean();
    return last ? { $set: { readSeq: last.seq - 1, unread: 1 } } : undefined;
  });
  return marked.conversation;
}

/** The team has read up to `seq`; reading on one device clears it on all. */
export async function markRead(
  inbox: Inbox,
  staff: StaffRecord,
  id: string,
  seq: number,
): Promise<ConversationRecord> {
  const before = await accessConversation(staff, id);
  const { workspaceId, _id: conversationId } = before;
  const readSeq = Math.min(seq, before.lastSeq);
  const { conversation, isChanged } = await changeAsRead(before, async (now) => {
    if (readSeq <= now.readSeq) return undefined;
    const unread = await MessageModel.countDocuments(
      { workspaceId, conversationId, type: "incoming", seq: { $gt: readSeq } },
      { limit: 99 },
    );
    return { $set: { readSeq, unread } };
  });
  if (!isChanged) return conversation;
  inbox.hub.events.publish("conversation.changed", { conversation });
  void tellCustomer(inbox, conversation, readSeq).catch((err: unknown) =>
    inbox.hub.log.debug({ err }, "the customer was not told of the reading"),
  );
  return conversation;
}

/** The customer sees that it was read, where the platform shows that. Losing one costs nothing. */
async function tellCustomer(
  inbox: Inbox,
  { workspaceId, _id: conversationId, channelId, threadKey }: ConversationRecord,
  readSeq: number,
): Promise<void> {
  const channel = await ChannelModel.findOne({ workspaceId, _id: channelId }, { kind: 1 }).lean();
  const connector = channel && inbox.connectors.get(channel.kind);
  const session = inbox.accounts.session(channelId);
  if (!connector || !session || !capabilitiesIn(connector, threadKey).outbound.markRead) return;
  const last = await MessageModel.findOne({
    workspaceId,
    conversationId,
    channelId,
    threadKey,
    type: "incoming",
    seq: { $lte: readSeq },
  })
    .sort({ seq: -1 })
    .lean();
  const [externalId] = last?.externalIds ?? [];
  if (!externalId) return;
  const tell = () =>
    inbox.accounts.perform(session, {
      op: "markRead",
      threadKey,
      externalId,
      signal: AbortSignal.timeout(10_000),
    });
  await tell().catch((error: unknown) => {
    // said twice it is said once: a line that broke need not lose it
    if (error instanceof ConnectorError && error.class !== "unknown" && error.class !== "retry") throw error;
    return tell();
  });
}

const maxTries = 50;

/**
 * Makes a change that counts on what was read, and on nothing else having come since; where something has, the change is
 * worked out anew from that. Undefined for one that has become needless.
 */
async function changeAsRead(
  asRead: ConversationRecord,
  workOut: (now: ConversationRecord) => Promise<object | undefined>,
): Promise<{ conversation: ConversationRecord; isChanged: boolean }> {
  let now = asRead;
  for (let tries = 0; tries < maxTries; tries += 1) {
    const { workspaceId, _id, lastSeq, readSeq } = now;
    const change = await workOut(now);
    if (!change) return { conversation: now, isChanged: false };
    const changed = await ConversationModel.findOneAndUpdate({ workspaceId, _id, lastSeq, readSeq }, change, {
      returnDocument: "after",
    }).lean();
    if (changed) return { conversation: changed, isChanged: true };
    const found = await ConversationModel.findOne({ workspaceId, _id }).lean();
    if (!found) throw new AppError("not_found");
    now = found;
  }
  throw new AppError("conflict");
}

async function update({ workspaceId, _id }: ConversationRecord, change: object): Promise<ConversationRecord> {
  const changed = await ConversationModel.findOneAndUpdate({ workspaceId, _id }, change, {
    returnDocument: "after",
  }).lean();
  if (!changed) throw new AppError("not_found");
  return changed;
}

async function withLine(
  inbox: Inbox,
  staff: StaffRecord,
  conversation: ConversationRecord,
  event: Parameters<typeof recordEvent>[2],
): Promise<ConversationRecord> {
  await recordEvent(inbox.hub, conversation, event, {
    kind: "staff",
    id: staff._id,
    name: staff.displayName,
  });
  const { workspaceId, _id } = conversation;
  return ConversationModel.findOne({ workspaceId, _id }).orFail().lean();
}

/** Snoozed conversations whose time has come are open again. */
export async function wakeSnoozed(inbox: Inbox): Promise<void> {
  const due = await acrossWorkspaces(
    ConversationModel.find({ state: "snoozed", snoozedUntil: { $lte: new Date(), $ne: null } }),
  )
    .limit(200)
    .lean();
  for (const conversation of due) {
    const { workspaceId, _id, snoozedUntil: until = null } = conversation;
    const woken = await ConversationModel.findOneAndUpdate(
      { workspaceId, _id, state: "snoozed", snoozedUntil: until },
      { $set: { state: "open", lastActivityAt: new Date() }, $unset: { snoozedUntil: 1 } },
      { returnDocument: "after" },
    ).lean();
    if (!woken) continue;
    const event = { what: "woken" as const, ...(until ? { until } : {}) };
    await recordEvent(inbox.hub, woken, event, { kind: "system", name: "" });
    inbox.hub.events.publish("conversation.changed", {
      conversation: await ConversationModel.findOne({ workspaceId, _id }).orFail().lean(),
    });
  }
}
