/** Reads that check the asker's rights: what one may not see does not exist. */
import { channelFilter, type StaffRecord } from "../core/auth/index.ts";
import { toObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import {
  ConversationModel,
  MessageModel,
  type ConversationRecord,
  type MessageRecord,
} from "./models/index.ts";

export async function accessConversation(staff: StaffRecord, id: string): Promise<ConversationRecord> {
  const _id = toObjectId(id);
  const conversation =
    _id &&
    (await ConversationModel.findOne({
      workspaceId: staff.workspaceId,
      _id,
      ...channelFilter(staff),
    }).lean());
  if (!conversation) throw new AppError("not_found");
  return conversation;
}

export async function accessMessage(staff: StaffRecord, id: string): Promise<MessageRecord> {
  const _id = toObjectId(id);
  const message =
    _id &&
    (await MessageModel.findOne({ workspaceId: staff.workspaceId, _id, ...channelFilter(staff) }).lean());
  if (!message) throw new AppError("not_found");
  return message;
}

/** The access rule of contacts, for inside a query. */
export function visibleTo(staff: StaffRecord): object {
  const { channelId } = channelFilter(staff);
  return channelId ? { $or: [{ channelIds: channelId }, { channelIds: { $size: 0 } }] } : {};
}
