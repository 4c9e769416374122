/** Pages of a thread, by `seq`; what changed since, by `rev`. */
import type { z } from "zod";
import { z as zod } from "zod";
import { channelFilter, type StaffRecord } from "../core/auth/index.ts";
import { accessConversation, accessMessage } from "./access.ts";
import { describeMessage } from "./describe.ts";
import { MessageModel, type MessageRecord } from "./models/index.ts";
import type { Message } from "./schema.ts";

const limit = zod.coerce.number().int().min(1).max(200).default(50);
export const aroundQuery = zod.object({ limit });
const number = zod.coerce.number().int().min(0);
export const threadQuery = zod.object({
  before: number.optional(),
  after: number.optional(),
  around: number.optional(),
  afterRev: number.optional(),
  limit,
});

export interface ThreadPage {
  items: Message[];
  hasMore: boolean;
}

/**
 * One query for the conversation and one for its messages (two around a place): those of the channels that the asker may
 * use. A conversation that has moved holds others too (docs/decisions/0019).
 */
export async function readThread(
  staff: StaffRecord,
  conversationId: string,
  query: z.output<typeof threadQuery>,
): Promise<ThreadPage> {
  const conversation = await accessConversation(staff, conversationId);
  const { workspaceId, _id } = conversation;
  const filter = { workspaceId, conversationId: _id, ...channelFilter(staff) };
  const { limit } = query;
  if (query.afterRev !== undefined)
    return page(await find({ ...filter, rev: { $gt: query.afterRev } }, { rev: 1 }, limit + 1), limit);
  if (query.after !== undefined)
    return page(await find({ ...filter, seq: { $gt: query.after } }, { seq: 1 }, limit + 1), limit);
  if (query.around !== undefined) return around(filter, query.around, limit);
  const older = query.before === undefined ? filter : { ...filter, seq: { $lt: query.before } };
  const found = page(await find(older, { seq: -1 }, limit + 1), limit);
  return { ...found, items: found.items.reverse() };
}

/** The same page wherever the message stands, its own conversation's: quotes and found messages name no place. */
export async function readAround(staff: StaffRecord, messageId: string, limit: number): Promise<ThreadPage> {
  const { workspaceId, conversationId, seq } = await accessMessage(staff, messageId);
  await accessConversation(staff, conversationId.toHexString());
  return around({ workspaceId, conversationId, ...channelFilter(staff) }, seq, limit);
}

async function around(filter: object, seq: number, limit: number): Promise<ThreadPage> {
  const half = Math.ceil(limit / 2);
  const [older, newer] = await Promise.all([
    find({ ...filter, seq: { $lt: seq } }, { seq: -1 }, half + 1),
    find({ ...filter, seq: { $gte: seq } }, { seq: 1 }, half),
  ]);
  return {
    items: [...older.slice(0, half).reverse(), ...newer].map(describeMessage),
    hasMore: older.length > half,
  };
}

function find(filter: object, sort: Record<string, 1 | -1>, limit: number): Promise<MessageRecord[]> {
  return MessageModel.find(filter).sort(sort).limit(limit).lean();
}

function page(found: MessageRecord[], limit: number): ThreadPage {
  return { items: found.slice(0, limit).map(describeMessage), hasMore: found.length > limit };
}
