/** Signing in, and what a page learns about the signed-in person. */
import type { Request, Response } from "express";
import type { z } from "zod";
import {
  AccountModel,
  endSessions,
  passwordMatches,
  SessionModel,
  StaffModel,
  WorkspaceModel,
  type AccountRecord,
  type SessionRecord,
  type Signed,
  type StaffRecord,
} from "../core/auth/index.ts";
import { acrossWorkspaces, idOf, type ObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import type { Hub } from "../core/hub.ts";
import { createLimit } from "../core/limits.ts";
import { describeStaff } from "./people.ts";
import { readPreferences } from "./preferences.ts";
import type { Session, SessionInfo, signInRequest, Workspace } from "./schema.ts";

/** Of sign-in and of invitations together. Few tries from one address; many more from everywhere together, so that nobody can be locked out by a stranger. */
const perAccountHere = createLimit(8, 15 * 60);
const perAccount = createLimit(200, 15 * 60);
const perAddress = createLimit(60, 15 * 60);
const mostWorkspaces = 50;

/** Never says which part was wrong. Tries are limited per e-mail and per address. */
export async function signIn(
  hub: Hub,
  request: z.output<typeof signInRequest>,
  http: Request,
  response: Response,
): Promise<SessionInfo> {
  await perAddress.take(http.ip ?? "");
  const account = await proveAccount(request, http.ip);
  const everywhere = await staffOf(account._id);
  const staff = everywhere.find(({ _id }) => account.lastStaffId?.equals(_id)) ?? everywhere[0];
  if (!staff) throw new AppError("wrong_credentials");
  await forgetTries(http.ip, request.email);
  return beginSession(hub, { staff, passwordHash: account.passwordHash }, http, response);
}

/** The account whose password it is. Wherever a password is asked for by e-mail, the tries are counted together. */
export async function proveAccount(
  { email, password }: { email: string; password: string },
  ip: string | undefined,
): Promise<AccountRecord> {
  await perAccountHere.take(hereOf(ip, email));
  await perAccount.take(email);
  const account = await AccountModel.findOne({ email }).lean();
  if (!(await passwordMatches(account?.passwordHash, password)) || !account)
    throw new AppError("wrong_credentials");
  return account;
}

const hereOf = (ip: string | undefined, email: string): string => `${ip ?? ""} ${email}`;

/** Whoever has shown who they are begins anew. */
export const forgetTries = (ip: string | undefined, email: string): Promise<void> =>
  perAccountHere.forget(hereOf(ip, email));

/** Somebody may work in several workspaces; the newest comes first. */
function staffOf(accountId: ObjectId): Promise<StaffRecord[]> {
  return acrossWorkspaces(StaffModel.find({ accountId, active: true }))
    .sort({ createdAt: -1 })
    .limit(mostWorkspaces)
    .lean();
}

/** Goes over to another workspace of the same person: the session of this one ends. */
export async function changeWorkspace(
  hub: Hub,
  { staff, session }: Signed,
  workspaceId: string,
  http: Request,
  response: Response,
): Promise<SessionInfo> {
  const wanted = (await staffOf(staff.accountId)).find(
    (one) => idOf({ _id: one.workspaceId }) === workspaceId,
  );
  if (!wanted) throw new AppError("not_found");
  if (wanted._id.equals(staff._id)) return describeSignedIn(hub, { staff, session });
  const here = { workspaceId: staff.workspaceId, _id: session._id };
  const next = await begin(hub, wanted, http, response, async () => {
    if (!(await SessionModel.exists(here))) throw new AppError("unauthenticated");
  });
  hub.realtime.endSessions(await endSessions(staff.workspaceId, staff._id, { id: session._id }));
  return describeSignedIn(hub, { staff: wanted, session: next });
}

/** Somebody who has just shown the password of this hash, or has set it. */
export interface Proven {
  staff: StaffRecord;
  passwordHash: string;
}

/** Sets the cookie and answers with what `GET /session` would. Throws `wrong_credentials` when the password is another one by now. */
export async function beginSession(
  hub: Hub,
  { staff, passwordHash }: Proven,
  http: Request,
  response: Response,
): Promise<SessionInfo> {
  const session = await begin(hub, staff, http, response, async () => {
    const now = await AccountModel.findById(staff.accountId, { passwordHash: 1 }).lean();
    if (now?.passwordHash !== passwordHash) throw new AppError("wrong_credentials");
  });
  return describeSignedIn(hub, { staff, session });
}

/**
 * A new password signs everybody out, and may come between the proof and the session: what let the person in is asked for
 * again when the session is there, so that one of the two finds the other.
 */
async function begin(
  hub: Hub,
  staff: StaffRecord,
  http: Request,
  response: Response,
  proveAgain: () => Promise<void>,
): Promise<SessionRecord> {
  const session = await hub.sessions.begin(staff, http, response);
  try {
    await proveAgain();
  } catch (error) {
    response.removeHeader("set-cookie");
    await endSessions(staff.workspaceId, staff._id, { id: session._id });
    throw error;
  }
  await AccountModel.updateOne({ _id: staff.accountId }, { $set: { lastStaffId: staff._id } });
  return session;
}

export async function describeSignedIn(hub: Hub, { staff, session }: Signed): Promise<SessionInfo> {
  const workspace = await WorkspaceModel.findById(staff.workspaceId).lean();
  if (!workspace) throw new AppError("unauthenticated");
  const elsewhere = (await staffOf(staff.accountId)).flatMap((one) =>
    one._id.equals(staff._id) ? [] : [one.workspaceId],
  );
  const others = elsewhere.length > 0 ? await WorkspaceModel.find({ _id: { $in: elsewhere } }).lean() : [];
  return {
    csrfToken: hub.sessions.csrfToken(session),
    me: describeStaff(hub, staff),
    workspace: {
      id: idOf(workspace),
      name: workspace.name,
      reopenDays: workspace.reopenDays,
      createdAt: workspace.createdAt.toISOString(),
    } satisfies Workspace,
    workspaces: [workspace, ...others]
      .map((one) => ({ id: idOf(one), name: one.name }))
      .toSorted((a, b) => a.name.localeCompare(b.name)),
    preferences: readPreferences(staff.preferences),
    version: hub.version,
  };
}

export function describeSession(session: SessionRecord, current: SessionRecord): Session {
  return {
    id: idOf(session),
    current: session._id.equals(current._id),
    device: session.userAgent,
    ip: session.ip,
    createdAt: session.createdAt.toISOString(),
    lastSeenAt: session.lastSeenAt.toISOString(),
  };
}
