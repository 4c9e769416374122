/** The list and the state of conversations: views, counts, assigning, resolving, snoozing, tags, reading. */
import type { z } from "zod";
import { channelFilter, mayUseChannel, StaffModel, type StaffRecord } from "../core/auth/index.ts";
import { acrossWorkspaces, idOf, ObjectId, toObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import { accessConversation } from "./access.ts";
import { describeConversation } from "./describe.ts";
import type { Inbox } from "./inbox.ts";
import {
  ConversationModel,
  DraftModel,
  MessageModel,
  type ConversationRecord,
  type DraftRecord,
} from "./models/index.ts";
import { recordEvent } from "./record.ts";
import type { Conversation, ConversationPatch, conversationQuery, Counts, InboxView } from "./schema.ts";
import { knowTags } from "./tags.ts";

type ListQuery = z.output<typeof conversationQuery>;
type Filter = Record<string, unknown>;

// ---- the list -------------------------------------------------------------------------------------------------------

/** A page of the list: one indexed query, and one for the asker's drafts in it. */
export async function listConversations(
  staff: StaffRecord,
  query: ListQuery,
): Promise<{ items: Conversation[]; next: string | null }> {
  const filter = {
    workspaceId: staff.workspaceId,
    ...viewFilter(staff, query.view),
    ...narrow(staff, query),
  };
  const order = sortOf(query);
  const after = query.cursor ? afterCursor(order, query.cursor) : {};
  const found = await ConversationModel.find({ $and: [filter, after], ...filter })
    .sort(order)
    .limit(query.limit + 1)
    .lean();
  const page = found.slice(0, query.limit);
  const drafts = await draftsOf(staff, page);
  const last = page.at(-1);
  return {
    items: page.map((conversation) => describeConversation(conversation, drafts.get(idOf(conversation)))),
    next: found.length > query.limit && last ? toCursor(order, last) : null,
  };
}

function viewFilter(staff: StaffRecord, view: InboxView): Filter {
  const views: Record<InboxView, Filter> = {
    mine: { state: "open", assigneeId: staff._id },
    unassigned: { state: "open", assigneeId: null },
    mentions: { state: "open", mentionedIds: staff._id },
    all: { state: "open" },
    snoozed: { state: "snoozed" },
    resolved: { state: "resolved" },
  };
  return views[view];
}

/** The access rule and the chosen channel, inside the query. */
function narrow(staff: StaffRecord, { channelId, tag }: Pick<ListQuery, "channelId" | "tag">): Filter {
  const chosen = channelId ? toObjectId(channelId) : undefined;
  if (chosen && !mayUseChannel(staff, chosen)) throw new AppError("not_found");
  return { ...(chosen ? { channelId: chosen } : channelFilter(staff)), ...(tag ? { tags: tag } : {}) };
}

type Order = Record<string, 1 | -1>;
function sortOf({ order, view }: ListQuery): Order {
  if (order === "oldest_waiting") return { needsReply: -1, lastActivityAt: 1, _id: 1 };
  if (order === "newest" || view === "resolved" || view === "snoozed") return { lastActivityAt: -1, _id: -1 };
  return { needsReply: -1, lastActivityAt: -1, _id: -1 };
}

function toCursor(order: Order, last: ConversationRecord): string {
  const { needsReply, lastActivityAt } = last;
  return Buffer.from(
    JSON.stringify([...("needsReply" in order ? [needsReply] : []), lastActivityAt.getTime(), idOf(last)]),
  ).toString("base64url");
}

/** What comes after the last row of the page before, written out for a sort over several fields. */
function afterCursor(order: Order, cursor: string): Filter {
  const fields = Object.entries(order);
  const values = readCursor(cursor, fields.length);
  const branches = fields.map(([field, direction], index) => ({
    ...Object.fromEntries(fields.slice(0, index).map(([name], place) => [name, values[place]])),
    [field]: { [direction === 1 ? "$gt" : "$lt"]: values[index] },
  }));
  return { $or: branches };
}

function readCursor(cursor: string, length: number): unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (!Array.isArray(parsed) || parsed.length !== length) throw new Error("length");
    const [id, time] = [parsed.at(-1) as unknown, parsed.at(-2) as unknown];
    if (typeof id !== "string" || !toObjectId(id) || typeof time !== "number") throw new Error("types");
    const flags = parsed.slice(0, -2).map(Boolean);
    return [...flags, new Date(time), new ObjectId(id)];
  } catch (error) {
    throw new AppError(
      "invalid_input",
      { fields: [{ path: "query.cursor", code: "invalid_format", message: "not a cursor of this list" }] },
      error,
    );
  }
}

async function draftsOf(staff: StaffRecord, page: ConversationRecord[]): Promise<Map<string, DraftRecord>> {
  const drafts = await DraftModel.find({
    workspaceId: staff.workspaceId,
    staffId: staff._id,
    conversationId: { $in: page.map((one) => one._id) },
  })
    .sort({ mode: 1 })
    .lean();
  return new Map(drafts.map((draft) => [draft.conversationId.toHexString(), draft]));
}

const countTo = 999;

/** Counts of the side bar, each an index-only count that stops at 999. */
export async function countConversations(staff: StaffRecord, channelIds: string[]): Promise<Counts> {
  const { workspaceId } = staff;
  const base = { workspaceId, ...channelFilter(staff) };
  const count = (filter: Filter): Promise<number> =>
    ConversationModel.countDocuments({ ...base, ...filter }, { limit: countTo });
  const views = ["mine", "unassigned", "mentions", "all", "snoozed"] as const;
  const [counted, unreadMine, perChannel] = await Promise.all([
    Promise.all(views.map((view) => count(viewFilter(staff, view)))),
    count({ state: "open", assigneeId: staff._id, needsReply: true }),
    Promise.all(
      channelIds.map((id) =>
        ConversationModel.countDocuments(
          { workspaceId, channelId: new ObjectId(id), state: "open" },
          { limit: countTo },
        ),
      ),
    ),
  ]);
  const [mine = 0, unassigned = 0, mentions = 0, all = 0, snoozed = 0] = counted;
  return {
    mine,
    unassigned,
    mentions,
    all,
    snoozed,
    unreadMine,
    byChannel: Object.fromEntries(channelIds.map((id, index) => [id, perChannel[index] ?? 0])),
  };
}

// ---- changing one ---------------------------------------------------------------------------------------------------

/** Applies a change with a line in the thread for each thing that is different afterwards. */
export async function changeConversation(
  inbox: Inbox,
  staff: StaffRecord,
  id: string,
  patch: ConversationPatch,
): Promise<ConversationRecord> {
  let conversation = await accessConversation(staff, id);
  if (patch.assigneeId !== undefined)
    conversation = await assign(inbox, staff, conversation, patch.assigneeId);
  if (patch.tags) conversation = await setTags(inbox, staff, conversation, patch.tags);
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
  const event = assignee
    ? { what: "assigned", staffId: assignee._id, staffName: assignee.displayName }
    : { what: "unassigned" };
  return withLine(inbox, staff, changed, event);
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
  wanted: string[],
): Promise<ConversationRecord> {
  const tags = [...new Set(wanted)];
  const added = tags.filter((tag) => !conversation.tags.includes(tag));
  const removed = conversation.tags.filter((tag) => !tags.includes(tag));
  if (added.length + removed.length === 0) return conversation;
  let changed = await update(conversation, { $set: { tags } });
  for (const tag of added) changed = await withLine(inbox, staff, changed, { what: "tagged", tag });
  for (const tag of removed) changed = await withLine(inbox, staff, changed, { what: "untagged", tag });
  await knowTags(inbox, staff.workspaceId, added);
  return changed;
}

interface StateChange {
  state: ConversationRecord["state"];
  until?: Date;
}

/** Resolving, reopening, snoozing until a time or the next message. */
export async function setState(
  inbox: Inbox,
  staff: StaffRecord,
  conversation: ConversationRecord,
  { state, until }: StateChange,
): Promise<ConversationRecord> {
  if (conversation.state === state && state !== "snoozed") return conversation;
  const changes: Record<ConversationRecord["state"], object> = {
    open: { $set: { state }, $unset: { snoozedUntil: 1, resolvedAt: 1, resolvedById: 1 } },
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
  const changed = await update(conversation, changes[state]);
  const what = { open: "reopened", snoozed: "snoozed", resolved: "resolved" }[state];
  const withEvent = await withLine(inbox, staff, changed, { what, ...(until ? { until } : {}) });
  inbox.hub.events.publish("conversation.changed", { conversation: withEvent });
  return withEvent;
}

async function markUnread(conversation: ConversationRecord): Promise<ConversationRecord> {
  const { workspaceId, _id: conversationId } = conversation;
  const last = await MessageModel.findOne({ workspaceId, conversationId, type: "incoming" })
    .sort({ seq: -1 })
    .lean();
  return last ? update(conversation, { $set: { readSeq: last.seq - 1, unread: 1 } }) : conversation;
}

/** The team has read up to `seq`; reading on one device clears it on all. */
export async function markRead(
  inbox: Inbox,
  staff: StaffRecord,
  id: string,
  seq: number,
): Promise<ConversationRecord> {
  const conversation = await accessConversation(staff, id);
  const { workspaceId, _id: conversationId } = conversation;
  const readSeq = Math.min(seq, conversation.lastSeq);
  if (readSeq <= conversation.readSeq) return conversation;
  const unread = await MessageModel.countDocuments(
    { workspaceId, conversationId, type: "incoming", seq: { $gt: readSeq } },
    { limit: 99 },
  );
  const changed = await update(conversation, { $max: { readSeq }, $set: { unread } });
  inbox.hub.events.publish("conversation.changed", { conversation: changed });
  return changed;
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
    const { workspaceId, _id } = conversation;
    const woken = await ConversationModel.findOneAndUpdate(
      { workspaceId, _id, state: "snoozed" },
      { $set: { state: "open", lastActivityAt: new Date() }, $unset: { snoozedUntil: 1 } },
      { returnDocument: "after" },
    ).lean();
    if (!woken) continue;
    await recordEvent(inbox.hub, woken, { what: "woken" }, { kind: "system", name: "" });
    inbox.hub.events.publish("conversation.changed", {
      conversation: await ConversationModel.findOne({ workspaceId, _id }).orFail().lean(),
    });
  }
}
