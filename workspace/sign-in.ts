/** Signing in, and what a page learns about the signed-in person. */
import type { Request, Response } from "express";
import type { z } from "zod";
import {
  AccountModel,
  passwordMatches,
  StaffModel,
  WorkspaceModel,
  type SessionRecord,
  type Signed,
  type StaffRecord,
} from "../core/auth/index.ts";
import { acrossWorkspaces, idOf } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import type { Hub } from "../core/hub.ts";
import { createLimit } from "../core/limits.ts";
import { describeStaff } from "./people.ts";
import { readPreferences } from "./preferences.ts";
import type { Session, SessionInfo, signInRequest, Workspace } from "./schema.ts";

/** Few tries from one address; many more from everywhere together, so that nobody can be locked out by a stranger. */
const perAccountHere = createLimit(8, 15 * 60);
const perAccount = createLimit(200, 15 * 60);
const perAddress = createLimit(60, 15 * 60);

/** Never says which part was wrong. Tries are limited per e-mail and per address. */
export async function signIn(
  hub: Hub,
  request: z.output<typeof signInRequest>,
  http: Request,
  response: Response,
): Promise<SessionInfo> {
  await perAddress.take(http.ip ?? "");
  const here = `${http.ip ?? ""} ${request.email}`;
  await perAccountHere.take(here);
  await perAccount.take(request.email);
  const account = await AccountModel.findOne({ email: request.email }).lean();
  if (!(await passwordMatches(account?.passwordHash, request.password)) || !account)
    throw new AppError("wrong_credentials");
  const staff = await acrossWorkspaces(StaffModel.findOne({ accountId: account._id, active: true })).lean();
  if (!staff) throw new AppError("wrong_credentials");
  await perAccountHere.forget(here);
  return beginSession(hub, staff, http, response);
}

/** Sets the cookie and answers with what `GET /session` would. */
export async function beginSession(
  hub: Hub,
  staff: StaffRecord,
  http: Request,
  response: Response,
): Promise<SessionInfo> {
  const session = await hub.sessions.begin(staff, http, response);
  return describeSignedIn(hub, { staff, session });
}

export async function describeSignedIn(hub: Hub, { staff, session }: Signed): Promise<SessionInfo> {
  const workspace = await WorkspaceModel.findById(staff.workspaceId).lean();
  if (!workspace) throw new AppError("unauthenticated");
  return {
    csrfToken: hub.sessions.csrfToken(session),
    me: describeStaff(hub, staff),
    workspace: {
      id: idOf(workspace),
      name: workspace.name,
      reopenDays: workspace.reopenDays,
      createdAt: workspace.createdAt.toISOString(),
    } satisfies Workspace,
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
