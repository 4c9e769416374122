/** Colleagues join by a link; the inviter chooses the role and the channels. */
import type { z } from "zod";
import {
  AccountModel,
  checkPassword,
  hashPassword,
  mayGrant,
  mayManage,
  StaffModel,
  WorkspaceModel,
  type AccountRecord,
  type StaffRecord,
} from "../core/auth/index.ts";
import { acrossWorkspaces, idOf, toObjectId, type ObjectId } from "../core/db.ts";
import { AppError, isDuplicate } from "../core/errors.ts";
import { hashToken, newToken } from "../core/secrets.ts";
import { InvitationModel, type InvitationRecord } from "./models/invitation.ts";
import { firstName } from "./owner.ts";
import { toChannelIds } from "./people.ts";
import { defaultPreferences } from "./preferences.ts";
import type { Invitation, invitationAccept, InvitationPreview, invitationRequest } from "./schema.ts";
import { forgetTries, proveAccount, type Proven } from "./sign-in.ts";

const lifetimeMs = 7 * 24 * 3_600_000;

/** Takes the place of an earlier invitation of the same address. */
export async function inviteColleague(
  asker: StaffRecord,
  request: z.output<typeof invitationRequest>,
  address: string,
): Promise<Invitation> {
  if (!mayManage(asker, request.role) || !mayGrant(asker, toChannelIds(request.channelIds)))
    throw new AppError("forbidden");
  if (await StaffModel.findOne({ workspaceId: asker.workspaceId, email: request.email, active: true }).lean())
    throw new AppError("already_exists");
  const token = newToken();
  const createdAt = new Date();
  const invitation = await InvitationModel.create({
    workspaceId: asker.workspaceId,
    tokenHash: hashToken(token),
    email: request.email,
    name: request.name ?? "",
    position: request.position ?? "",
    role: request.role,
    channelIds: toChannelIds(request.channelIds),
    invitedById: asker._id,
    invitedBy: asker.name,
    createdAt,
    expiresAt: new Date(createdAt.getTime() + lifetimeMs),
  });
  const { workspaceId, _id, email } = invitation;
  await InvitationModel.deleteMany({ workspaceId, email, _id: { $lt: _id } });
  return { ...describe(invitation.toObject()), link: `${address}/invite#${token}` };
}

export async function listInvitations(asker: StaffRecord): Promise<Invitation[]> {
  const open = await InvitationModel.find({ workspaceId: asker.workspaceId, expiresAt: { $gt: new Date() } })
    .sort({ createdAt: -1 })
    .limit(500)
    .lean();
  return open.map(describe);
}

export async function withdrawInvitation(asker: StaffRecord, id: string): Promise<void> {
  const _id = toObjectId(id);
  const { deletedCount } = _id
    ? await InvitationModel.deleteOne({ workspaceId: asker.workspaceId, _id })
    : { deletedCount: 0 };
  if (deletedCount === 0) throw new AppError("not_found");
}

export async function previewInvitation(token: string): Promise<InvitationPreview> {
  const invitation = await findByToken(token);
  const workspace = await WorkspaceModel.findById(invitation.workspaceId).lean();
  const { invitedBy, email, name, role, position, createdAt, expiresAt } = invitation;
  return {
    workspaceName: workspace?.name ?? "",
    invitedBy,
    email,
    name,
    role,
    position,
    invitedAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
}

/**
 * Who has an account already joins with its password, if it is that still. A link works once: its removal decides between
 * two uses; where nobody has joined by it, it is there again.
 */
export async function acceptInvitation(
  request: z.output<typeof invitationAccept>,
  ip: string | undefined,
): Promise<Proven> {
  const invitation = await findByToken(request.token);
  const { _id: accountId, passwordHash } = await accountFor(invitation.email, request.password, ip);
  if (!(await AccountModel.exists({ _id: accountId, passwordHash }))) throw new AppError("wrong_credentials");
  const { workspaceId, _id } = invitation;
  const { deletedCount } = await InvitationModel.deleteOne({ workspaceId, _id });
  if (deletedCount === 0) throw new AppError("link_expired");
  try {
    return { staff: await join(invitation, accountId, request), passwordHash };
  } catch (error) {
    const { email } = invitation;
    if (!(await InvitationModel.exists({ workspaceId, email }))) await InvitationModel.create(invitation);
    throw error;
  }
}

async function join(
  { workspaceId, email, position, role, channelIds }: InvitationRecord,
  accountId: ObjectId,
  { name, locale }: z.output<typeof invitationAccept>,
): Promise<StaffRecord> {
  const rights = { email, name, displayName: firstName(name), position, role, channelIds, active: true };
  return StaffModel.findOneAndUpdate(
    { workspaceId, accountId },
    {
      $set: rights,
      $setOnInsert: { preferences: defaultPreferences(locale), createdAt: new Date() },
    },
    { upsert: true, returnDocument: "after" },
  ).lean();
}

async function accountFor(email: string, password: string, ip: string | undefined): Promise<AccountRecord> {
  if (await AccountModel.exists({ email })) {
    const existing = await proveAccount({ email, password }, ip);
    await forgetTries(ip, email);
    return existing;
  }
  checkPassword(password);
  try {
    const account = await AccountModel.create({
      email,
      passwordHash: await hashPassword(password),
      createdAt: new Date(),
    });
    return account.toObject();
  } catch (error) {
    throw isDuplicate(error) ? new AppError("conflict") : error;
  }
}

async function findByToken(token: string): Promise<InvitationRecord> {
  const invitation = await acrossWorkspaces(
    InvitationModel.findOne({ tokenHash: hashToken(token), expiresAt: { $gt: new Date() } }),
  ).lean();
  if (!invitation || !(await inviterMayStill(invitation))) throw new AppError("link_expired");
  return invitation;
}

/** Who has left or stepped down brings nobody in any more. */
async function inviterMayStill({
  workspaceId,
  invitedById,
  role,
  channelIds,
}: InvitationRecord): Promise<boolean> {
  const inviter = await StaffModel.findOne({ workspaceId, _id: invitedById, active: true }).lean();
  return inviter !== null && mayManage(inviter, role) && mayGrant(inviter, channelIds);
}

function describe(invitation: InvitationRecord): Invitation {
  const { email, name, role, invitedBy, createdAt, expiresAt } = invitation;
  const channelIds =
    invitation.channelIds === null ? ("all" as const) : invitation.channelIds.map((id) => id.toHexString());
  return {
    id: idOf(invitation),
    email,
    name,
    role,
    channelIds,
    invitedBy,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
}
