/** Server-side sessions: a random token in an HttpOnly cookie, its hash in the store. */
import { parse } from "cookie";
import type { Request, Response } from "express";
import type { IncomingMessage } from "node:http";
import { acrossWorkspaces, type ObjectId } from "../db.ts";
import { AppError } from "../errors.ts";
import { hashToken, newToken, sameText, type Secrets } from "../secrets.ts";
import { SessionModel, StaffModel, type SessionRecord, type StaffRecord } from "./models.ts";

const cookieName = "sb_session";
const lifetimeMs = 30 * 24 * 3_600_000;
const touchEveryMs = 5 * 60_000;

export interface Signed {
  staff: StaffRecord;
  session: SessionRecord;
}

export interface Sessions {
  begin(staff: StaffRecord, request: Request, response: Response): Promise<SessionRecord>;
  /** The signed-in person, or undefined; counts as being seen. */
  find(request: IncomingMessage): Promise<Signed | undefined>;
  /** Throws `unauthenticated`, and `csrf` for a changing request without its token. */
  require(request: Request): Promise<Signed>;
  clearCookie(response: Response): void;
  csrfToken(session: SessionRecord): string;
}

export function createSessions(secrets: Secrets, secure: boolean): Sessions {
  const cookie = { httpOnly: true, sameSite: "lax", secure, path: "/", maxAge: lifetimeMs } as const;
  const csrfToken = (session: SessionRecord): string => secrets.derive(`csrf ${session.tokenHash}`);
  return {
    csrfToken,
    async begin(staff, request, response) {
      const token = newToken();
      const now = new Date();
      const session = await SessionModel.create({
        workspaceId: staff.workspaceId,
        staffId: staff._id,
        tokenHash: hashToken(token),
        userAgent: (request.get("user-agent") ?? "").slice(0, 300),
        ip: request.ip ?? "",
        createdAt: now,
        lastSeenAt: now,
        expiresAt: new Date(now.getTime() + lifetimeMs),
      });
      response.cookie(cookieName, token, cookie);
      return session.toObject();
    },
    find: (request) => findSigned(request),
    async require(request) {
      const signed = await findSigned(request);
      if (!signed) throw new AppError("unauthenticated");
      const changing = !["GET", "HEAD"].includes(request.method);
      if (changing && !sameText(request.get("x-csrf-token") ?? "", csrfToken(signed.session)))
        throw new AppError("csrf");
      return signed;
    },
    clearCookie: (response) => void response.clearCookie(cookieName, { path: "/" }),
  };
}

async function findSigned(request: IncomingMessage): Promise<Signed | undefined> {
  const token = parse(request.headers.cookie ?? "")[cookieName];
  if (!token) return undefined;
  const session = await acrossWorkspaces(
    SessionModel.findOne({ tokenHash: hashToken(token), expiresAt: { $gt: new Date() } }),
  ).lean();
  if (!session) return undefined;
  const staff = await StaffModel.findOne({
    workspaceId: session.workspaceId,
    _id: session.staffId,
    active: true,
  }).lean();
  if (!staff) return undefined;
  await touch(session);
  return { staff, session };
}

async function touch(session: SessionRecord): Promise<void> {
  const now = Date.now();
  if (now - session.lastSeenAt.getTime() < touchEveryMs) return;
  await SessionModel.updateOne(
    { workspaceId: session.workspaceId, _id: session._id },
    { lastSeenAt: new Date(now), expiresAt: new Date(now + lifetimeMs) },
  );
}

/** Ends sessions of a person, all but `except` where given; answers with those ended, so that their sockets close. */
export async function endSessions(
  workspaceId: ObjectId,
  staffId: ObjectId,
  which: { id?: ObjectId; except?: ObjectId } = {},
): Promise<ObjectId[]> {
  const filter = {
    workspaceId,
    staffId,
    ...(which.id ? { _id: which.id } : which.except ? { _id: { $ne: which.except } } : {}),
  };
  const ended = await SessionModel.find(filter, { _id: 1 }).lean();
  await SessionModel.deleteMany(filter);
  return ended.map((session) => session._id);
}
