/** The list of conversations: views, pages and counts. */
import type { z } from "zod";
import { channelFilter, mayUseChannel, type StaffRecord } from "../core/auth/index.ts";
import { idOf, ObjectId, toObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import { describeConversation } from "./describe.ts";
import { ConversationModel, DraftModel, type ConversationRecord, type DraftRecord } from "./models/index.ts";
import type { Conversation, conversationQuery, Counts, InboxView } from "./schema.ts";

type ListQuery = z.output<typeof conversationQuery>;
type Filter = Record<string, unknown>;

/** A page of the list: one indexed query, and one for the asker's drafts in it. */
export async function listConversations(
  staff: StaffRecord,
  query: ListQuery,
): Promise<{ items: Conversation[]; next: string | null }> {
  const filter = {
    workspaceId: staff.workspaceId,
    ...viewFilter(staff, query.view),
    ...assignedTo(query),
    ...narrow(staff, query),
  };
  const order = orderOf(query);
  const found = query.cursor
    ? await findAfter(filter, order, readCursor(query.cursor), query.limit + 1)
    : await find(filter, order, query.limit + 1);
  const page = found.slice(0, query.limit);
  const drafts = await draftsOf(staff, page);
  const last = page.at(-1);
  return {
    items: page.map((conversation) => describeConversation(conversation, drafts.get(idOf(conversation)))),
    next: found.length > query.limit && last ? toCursor(last) : null,
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

/** A colleague's part of the open ones stands in the order of an index; that of what is closed would have to be sorted. */
function assignedTo({ assigneeId, view }: ListQuery): Filter {
  if (!assigneeId) return {};
  if (view !== "all")
    throw new AppError("invalid_input", {
      fields: [{ path: "query.assigneeId", code: "only_of_all", message: 'only the view "all" has it' }],
    });
  return { assigneeId: new ObjectId(assigneeId) };
}

/** The access rule and the chosen channel, inside the query. */
function narrow(
  staff: StaffRecord,
  { channelId, teamId, tag }: Pick<ListQuery, "channelId" | "teamId" | "tag">,
): Filter {
  const chosen = channelId ? toObjectId(channelId) : undefined;
  if (chosen && !mayUseChannel(staff, chosen)) throw new AppError("not_found");
  return {
    ...(chosen ? { channelId: chosen } : channelFilter(staff)),
    ...(teamId ? { teamId: new ObjectId(teamId) } : {}),
    ...(tag ? { tags: tag } : {}),
  };
}

interface Order {
  /** Those that need a reply stand before the others. */
  grouped: boolean;
  direction: 1 | -1;
}

function orderOf({ order, view }: ListQuery): Order {
  const grouped = order !== "newest" && view !== "resolved" && view !== "snoozed";
  return { grouped, direction: order === "oldest_waiting" ? 1 : -1 };
}

function find(filter: Filter, { grouped, direction }: Order, limit: number): Promise<ConversationRecord[]> {
  const sort: Record<string, 1 | -1> = {
    ...(grouped ? { needsReply: -1 } : {}),
    lastActivityAt: direction,
    _id: direction,
  };
  return ConversationModel.find(filter).sort(sort).limit(limit).lean();
}

/**
 * What follows the last row of the page before. The time bounds the index; of the rows of the very same time, those up to
 * the last one are left out. A page that crosses from one group to the next asks once more.
 */
async function findAfter(
  filter: Filter,
  order: Order,
  last: Cursor,
  limit: number,
): Promise<ConversationRecord[]> {
  const beyond = order.direction === 1 ? "$gt" : "$lt";
  const rest = {
    lastActivityAt: { [`${beyond}e`]: last.at },
    $or: [{ lastActivityAt: { [beyond]: last.at } }, { _id: { [beyond]: last.id } }],
  };
  if (!order.grouped) return find({ ...filter, ...rest }, order, limit);
  const same = await find({ ...filter, needsReply: last.needsReply, ...rest }, order, limit);
  if (!last.needsReply || same.length === limit) return same;
  return [...same, ...(await find({ ...filter, needsReply: false }, order, limit - same.length))];
}

interface Cursor {
  needsReply: boolean;
  at: Date;
  id: ObjectId;
}

function toCursor({ needsReply, lastActivityAt, _id }: ConversationRecord): string {
  return `${needsReply ? 1 : 0}.${lastActivityAt.getTime().toString(36)}.${_id.toHexString()}`;
}

function readCursor(cursor: string): Cursor {
  const match = /^([01])\.([0-9a-z]{1,11})\.([0-9a-f]{24})$/.exec(cursor);
  const at = new Date(Number.parseInt(match?.[2] ?? "", 36));
  if (!match || Number.isNaN(at.getTime()))
    throw new AppError("invalid_input", {
      fields: [{ path: "query.cursor", code: "invalid_format", message: "not a cursor of this list" }],
    });
  return {
    needsReply: match[1] === "1",
    at,
    id: new ObjectId(match[3]),
  };
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
export async function countConversations(
  staff: StaffRecord,
  channelIds: string[],
  teamIds: ObjectId[],
): Promise<Counts> {
  const { workspaceId } = staff;
  const base = { workspaceId, ...channelFilter(staff) };
  const count = (filter: Filter): Promise<number> =>
    ConversationModel.countDocuments({ ...base, ...filter }, { limit: countTo });
  const views = ["mine", "unassigned", "mentions", "all", "snoozed"] as const;
  const [counted, unreadMine, perTeam, perChannel] = await Promise.all([
    Promise.all(views.map((view) => count(viewFilter(staff, view)))),
    count({ state: "open", assigneeId: staff._id, needsReply: true }),
    Promise.all(teamIds.map((teamId) => count({ state: "open", teamId }))),
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
    byTeam: Object.fromEntries(teamIds.map((id, index) => [id.toHexString(), perTeam[index] ?? 0])),
    byChannel: Object.fromEntries(channelIds.map((id, index) => [id, perChannel[index] ?? 0])),
  };
}
