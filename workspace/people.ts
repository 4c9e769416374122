/** The people of a workspace: their rights, their leaving, how screens see them. */
import type { z } from "zod";
import {
  endSessions,
  isAdministrator,
  mayGrant,
  mayManage,
  StaffModel,
  type StaffRecord,
} from "../core/auth/index.ts";
import { idOf, ObjectId, toObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import type { Hub } from "../core/hub.ts";
import type { Staff, staffPatch } from "./schema.ts";

export function describeStaff(
  hub: Hub,
  staff: StaffRecord,
  online = hub.realtime.online(staff.workspaceId),
): Staff {
  return {
    id: idOf(staff),
    name: staff.name,
    displayName: staff.displayName,
    position: staff.position,
    role: staff.role,
    email: staff.email,
    ...(staff.photoFileId ? { photoFileId: staff.photoFileId.toHexString() } : {}),
    channelIds: staff.channelIds === null ? "all" : staff.channelIds.map((id) => id.toHexString()),
    active: staff.active,
    presence: online.has(idOf(staff)) ? "online" : "offline",
  };
}

export async function listStaff(hub: Hub, asker: StaffRecord): Promise<Staff[]> {
  const people = await StaffModel.find({ workspaceId: asker.workspaceId })
    .sort({ name: 1 })
    .limit(2000)
    .lean();
  const online = hub.realtime.online(asker.workspaceId);
  return people.map((person) => describeStaff(hub, person, online));
}

/**
 * Changes role, channels or activity. Nobody changes the own role, and nobody acts on somebody above. Whose own right ended
 * meanwhile has it taken back and gets `conflict`: two owners who put each other out at once leave an owner.
 */
export async function changeStaff(
  hub: Hub,
  asker: StaffRecord,
  id: string,
  patch: z.output<typeof staffPatch>,
): Promise<Staff> {
  const person = await accessStaff(asker, id);
  if (!mayChange(asker, person, patch)) throw new AppError("forbidden");
  const own = person._id.equals(asker._id);
  if (own && (patch.role !== undefined || patch.active !== undefined))
    throw new AppError("forbidden", { reason: "own_role" });
  const { workspaceId } = asker;
  const changed = await StaffModel.findOneAndUpdate(
    { workspaceId, _id: person._id, role: person.role },
    {
      $set: {
        ...toUpdate(patch),
        ...(patch.active === false ? { left: { byId: asker._id, at: new Date() } } : {}),
      },
    },
    { returnDocument: "after" },
  ).lean();
  if (!changed) throw new AppError("conflict");
  const askerNow = await StaffModel.findOne({ workspaceId, _id: asker._id, active: true }).lean();
  if (!askerNow || !mayChange(askerNow, person, patch)) {
    await takeBack(person, patch);
    throw new AppError("conflict");
  }
  await applyRights(hub, changed);
  if (patch.active === false) hub.events.publish("staff.left", { staff: changed });
  return publishStaff(hub, changed);
}

function mayChange(asker: StaffRecord, person: StaffRecord, patch: z.output<typeof staffPatch>): boolean {
  return (
    mayManage(asker, person.role) &&
    (patch.role === undefined || mayManage(asker, patch.role)) &&
    (patch.channelIds === undefined || mayGrant(asker, toChannelIds(patch.channelIds)))
  );
}

/** As the person was, unless somebody has changed it again. */
async function takeBack(person: StaffRecord, patch: z.output<typeof staffPatch>): Promise<void> {
  const { workspaceId, _id, role, active, channelIds } = person;
  const set = toUpdate(patch);
  const former = {
    ...("role" in set ? { role } : {}),
    ...("active" in set ? { active } : {}),
    ...("channelIds" in set ? { channelIds } : {}),
  };
  await StaffModel.updateOne({ workspaceId, _id, ...set }, { $set: former });
}

function toUpdate(patch: z.output<typeof staffPatch>): Partial<StaffRecord> {
  return {
    ...(patch.role ? { role: patch.role } : {}),
    ...(patch.active === undefined ? {} : { active: patch.active }),
    ...(patch.channelIds === undefined ? {} : { channelIds: toChannelIds(patch.channelIds) }),
  };
}

/** Rights count at once: sockets change rooms, and who is deactivated loses every session. */
async function applyRights(hub: Hub, staff: StaffRecord): Promise<void> {
  if (staff.active) return hub.realtime.reroom(staff);
  hub.realtime.endSessions(await endSessions(staff.workspaceId, staff._id));
}

export function publishStaff(hub: Hub, staff: StaffRecord): Staff {
  const view = describeStaff(hub, staff);
  hub.realtime.emit([`workspace:${staff.workspaceId.toHexString()}`], "staff", { staff: view });
  return view;
}

export function toChannelIds(ids: "all" | string[]): ObjectId[] | null {
  return ids === "all" ? null : ids.map((id) => new ObjectId(id));
}

async function accessStaff(asker: StaffRecord, id: string): Promise<StaffRecord> {
  const _id = toObjectId(id);
  const person = _id && (await StaffModel.findOne({ workspaceId: asker.workspaceId, _id }).lean());
  if (!person || !isAdministrator(asker)) throw new AppError("not_found");
  return person;
}
