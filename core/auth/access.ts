/** Access rights. Access to the inbox is per channel and stands inside every query. */
import { idOf, type ObjectId } from "../db.ts";
import type { StaffRecord, StaffRole } from "./models.ts";

const ranks: Record<StaffRole, number> = { employee: 0, administrator: 1, super_administrator: 2 };

export function isAdministrator(staff: StaffRecord): boolean {
  return ranks[staff.role] >= ranks.administrator;
}

/** Nobody acts on somebody above, and only a super-administrator on another one. */
export function mayManage(staff: StaffRecord, role: StaffRole): boolean {
  return isAdministrator(staff) && ranks[staff.role] >= ranks[role];
}

/** Nobody gives channels that they have not themselves, also not to themselves; the owner may give any. */
export function mayGrant(staff: StaffRecord, channelIds: ObjectId[] | null): boolean {
  if (staff.role === "super_administrator" || staff.channelIds === null) return true;
  return channelIds !== null && channelIds.every((id) => mayUseChannel(staff, id));
}

/** True where the person may read and answer the channel. */
export function mayUseChannel(staff: Pick<StaffRecord, "channelIds">, channelId: ObjectId): boolean {
  return staff.channelIds === null || staff.channelIds.some((id) => id.equals(channelId));
}

/** The access rule as a filter on documents with a `channelId`: put it inside the query, never after it. */
export function channelFilter(staff: StaffRecord): { channelId?: { $in: ObjectId[] } } {
  return staff.channelIds === null ? {} : { channelId: { $in: staff.channelIds } };
}

/** The socket rooms of the channels that a person may use. */
export function channelRooms(staff: StaffRecord): string[] {
  const workspace = staff.workspaceId.toHexString();
  if (staff.channelIds === null) return [`channels:${workspace}`];
  return staff.channelIds.map((id) => `channel:${workspace}:${id.toHexString()}`);
}

export function staffRoom(staff: Pick<StaffRecord, "_id">): string {
  return `staff:${idOf(staff)}`;
}
