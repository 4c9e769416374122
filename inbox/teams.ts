/** Teams (departments): who they are, when they answer, and which conversations are theirs. */
import type { z } from "zod";
import { StaffModel, type StaffRecord } from "../core/auth/index.ts";
import { idOf, toObjectId, type ObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import { HoursModel, TeamModel, type Hours, type TeamRecord } from "./models/index.ts";
import type { Team, teamRequest } from "./schema.ts";

export async function listTeams(workspaceId: ObjectId): Promise<TeamRecord[]> {
  return TeamModel.find({ workspaceId }).sort({ order: 1, _id: 1 }).limit(200).lean();
}

/** A team of the person's workspace, or `not_found`. */
export async function accessTeam({ workspaceId }: StaffRecord, id: string): Promise<TeamRecord> {
  const team = await findTeam(workspaceId, id);
  if (!team) throw new AppError("not_found");
  return team;
}

export async function findTeam(workspaceId: ObjectId, id: string): Promise<TeamRecord | null> {
  const _id = toObjectId(id);
  return _id ? TeamModel.findOne({ workspaceId, _id }).lean() : null;
}

type TeamFields = z.output<typeof teamRequest>;

export async function makeTeam(staff: StaffRecord, fields: TeamFields): Promise<TeamRecord> {
  const { workspaceId } = staff;
  const last = await TeamModel.findOne({ workspaceId }).sort({ order: -1 }).lean();
  const team = await TeamModel.create({
    workspaceId,
    ...(await toRecord(staff, fields)),
    order: (last?.order ?? 0) + 1,
    createdAt: new Date(),
  });
  return team.toObject();
}

export async function changeTeam(staff: StaffRecord, id: string, fields: TeamFields): Promise<TeamRecord> {
  const { _id, workspaceId } = await accessTeam(staff, id);
  return TeamModel.findOneAndUpdate(
    { workspaceId, _id },
    { $set: await toRecord(staff, fields) },
    { returnDocument: "after" },
  )
    .orFail()
    .lean();
}

/** The order in which people and visitors see them. `conflict` unless every team is named once. */
export async function orderTeams({ workspaceId }: StaffRecord, ids: string[]): Promise<TeamRecord[]> {
  const teams = await listTeams(workspaceId);
  const wanted = new Set(ids);
  if (
    wanted.size !== ids.length ||
    ids.length !== teams.length ||
    !teams.every((team) => wanted.has(idOf(team)))
  )
    throw new AppError("conflict");
  for (const { _id } of teams)
    await TeamModel.updateOne({ workspaceId, _id }, { $set: { order: ids.indexOf(_id.toHexString()) + 1 } });
  return listTeams(workspaceId);
}

/** Conversations that were the team's are nobody's in particular from then on. */
export async function removeTeam(staff: StaffRecord, id: string): Promise<void> {
  const { _id, workspaceId } = await accessTeam(staff, id);
  await TeamModel.deleteOne({ workspaceId, _id });
  await HoursModel.deleteOne({ workspaceId, teamId: _id });
}

async function toRecord({ workspaceId }: StaffRecord, fields: TeamFields) {
  const wanted = fields.memberIds.flatMap((id) => toObjectId(id) ?? []);
  const known = await StaffModel.find({ workspaceId, _id: { $in: wanted }, active: true }, { _id: 1 }).lean();
  if (known.length !== new Set(fields.memberIds).size) throw new AppError("not_found");
  return { ...fields, memberIds: known.map((person) => person._id) };
}

export async function describeTeams(workspaceId: ObjectId, teams: TeamRecord[]): Promise<Team[]> {
  const teamId = { $in: teams.map((team) => team._id) };
  const own = await HoursModel.find({ workspaceId, teamId }, { teamId: 1 }).lean();
  return teams.map((team) =>
    describeTeam(
      team,
      own.some((hours) => hours.teamId?.equals(team._id)),
    ),
  );
}

function describeTeam(team: TeamRecord, ownHours: boolean): Team {
  return {
    id: idOf(team),
    name: team.name,
    names: team.names,
    memberIds: team.memberIds.map((id) => id.toHexString()),
    public: team.public,
    ownHours,
  };
}

/** Sets the hours of the workspace (null) or of a team. */
export async function setHours(
  workspaceId: ObjectId,
  teamId: ObjectId | null,
  { timeZone, week, holidays }: Hours,
): Promise<void> {
  await HoursModel.updateOne(
    { workspaceId, teamId },
    { $set: { timeZone, week, holidays } },
    { upsert: true },
  );
}

export async function removeHours(workspaceId: ObjectId, teamId: ObjectId | null): Promise<void> {
  await HoursModel.deleteOne({ workspaceId, teamId });
}
