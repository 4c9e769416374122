import { z } from "zod";
import { endSessions, SessionModel, WorkspaceModel } from "../core/auth/index.ts";
import { idOf, toObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import type { Hub } from "../core/hub.ts";
import { createLimit } from "../core/limits.ts";
import { listOf } from "../core/lists.ts";
import type { FirstRun } from "./first-run.ts";
import { describeHome } from "./home.ts";
import {
  acceptInvitation,
  inviteColleague,
  listInvitations,
  previewInvitation,
  withdrawInvitation,
} from "./invite.ts";
import { askPasswordReset, checkPasswordReset, completePasswordReset } from "./password-reset.ts";
import { changeStaff, listStaff, publishStaff } from "./people.ts";
import { changePassword, changePreferences, changeProfile, removePhoto, setPhoto } from "./profile.ts";
import * as shapes from "./schema.ts";
import {
  beginSession,
  changeWorkspace,
  describeSession,
  describeSignedIn,
  forgetTries,
  signIn,
} from "./sign-in.ts";
import { askSignUp, checkSignUp, completeSignUp, isSignUpOpen } from "./sign-up.ts";

export function addRoutes(hub: Hub, firstRun: FirstRun): void {
  addSignInRoutes(hub, firstRun);
  addSignUpRoutes(hub);
  addPasswordRoutes(hub);
  addPeopleRoutes(hub);
  addProfileRoutes(hub);
}

function addSignInRoutes(hub: Hub, firstRun: FirstRun): void {
  const { route } = hub.http;
  const guesses = createLimit(30, 15 * 60);
  route({
    method: "get",
    path: "/setup",
    summary: "Does the hub still need its owner?",
    tag: "sign-in",
    access: "public",
    answer: shapes.setupState,
    handle: async () => ({
      needed: await firstRun.needed(),
      signUp: await isSignUpOpen(hub),
      mail: hub.mail !== undefined,
    }),
  });
  route({
    method: "post",
    path: "/setup/check",
    summary: "Is the first-run link good?",
    tag: "sign-in",
    access: "public",
    body: shapes.setupCheck,
    async handle({ body, request }) {
      await guesses.take(request.ip ?? "");
      firstRun.check(body.token);
    },
  });
  route({
    method: "post",
    path: "/setup",
    summary: "Make the owner and the workspace",
    tag: "sign-in",
    access: "public",
    status: 201,
    body: shapes.setupRequest,
    answer: shapes.sessionInfo,
    async handle({ body, request, response }) {
      await guesses.take(request.ip ?? "");
      const owner = await firstRun.createOwner(body);
      return beginSession(hub, owner, request, response);
    },
  });
  route({
    method: "post",
    path: "/session",
    summary: "Sign in",
    tag: "sign-in",
    access: "public",
    body: shapes.signInRequest,
    answer: shapes.sessionInfo,
    handle: ({ body, request, response }) => signIn(hub, body, request, response),
  });
  route({
    method: "get",
    path: "/session",
    summary: "Who am I?",
    tag: "sign-in",
    access: "staff",
    answer: shapes.sessionInfo,
    handle: (_, signed) => describeSignedIn(hub, signed),
  });
  route({
    method: "post",
    path: "/session/workspace",
    summary: "Go over to another workspace of mine; this session ends",
    tag: "sign-in",
    access: "staff",
    body: z.object({ workspaceId: z.string() }),
    answer: shapes.sessionInfo,
    handle: ({ body, request, response }, signed) =>
      changeWorkspace(hub, signed, body.workspaceId, request, response),
  });
  route({
    method: "delete",
    path: "/session",
    summary: "Sign out",
    tag: "sign-in",
    access: "staff",
    async handle({ response }, { staff, session }) {
      hub.realtime.endSessions(await endSessions(staff.workspaceId, staff._id, { id: session._id }));
      hub.sessions.clearCookie(response);
    },
  });
  route({
    method: "get",
    path: "/sessions",
    summary: "My signed-in devices",
    tag: "sign-in",
    access: "staff",
    answer: listOf(shapes.session),
    async handle(_, { staff, session }) {
      const all = await SessionModel.find({ workspaceId: staff.workspaceId, staffId: staff._id })
        .sort({ lastSeenAt: -1 })
        .limit(100)
        .lean();
      return { items: all.map((one) => describeSession(one, session)), next: null };
    },
  });
  route({
    method: "delete",
    path: "/sessions/:id",
    summary: "End a session of mine",
    tag: "sign-in",
    access: "staff",
    async handle({ params }, { staff }) {
      const id = toObjectId(params["id"] ?? "");
      const ended = id ? await endSessions(staff.workspaceId, staff._id, { id }) : [];
      if (ended.length === 0) throw new AppError("not_found");
      hub.realtime.endSessions(ended);
    },
  });
}

function addSignUpRoutes(hub: Hub): void {
  const { route } = hub.http;
  const guesses = createLimit(30, 15 * 60);
  route({
    method: "post",
    path: "/sign-up",
    summary: "Ask for a link by which a workspace of one's own is registered (SIGNUP=open)",
    tag: "sign-in",
    access: "public",
    status: 202,
    body: shapes.signUpRequest,
    handle: ({ body, request }) => askSignUp(hub, body.email, body.locale, request.ip ?? ""),
  });
  route({
    method: "post",
    path: "/sign-up/check",
    summary: "Is the link of the letter good?",
    tag: "sign-in",
    access: "public",
    body: shapes.signUpCheck,
    answer: shapes.signUpState,
    async handle({ body, request }) {
      await guesses.take(request.ip ?? "");
      return { email: await checkSignUp(hub, body.token) };
    },
  });
  route({
    method: "post",
    path: "/sign-up/complete",
    summary: "Make the workspace and its owner by the link of the letter",
    tag: "sign-in",
    access: "public",
    status: 201,
    body: shapes.signUpComplete,
    answer: shapes.sessionInfo,
    async handle({ body, request, response }) {
      await guesses.take(request.ip ?? "");
      return beginSession(hub, await completeSignUp(hub, body), request, response);
    },
  });
}

function addPasswordRoutes(hub: Hub): void {
  const { route } = hub.http;
  const guesses = createLimit(30, 15 * 60);
  route({
    method: "post",
    path: "/password",
    summary: "Ask for a link by which a forgotten password is set anew; the answer tells nobody who is here",
    tag: "sign-in",
    access: "public",
    status: 202,
    body: shapes.passwordResetRequest,
    handle: ({ body, request }) => askPasswordReset(hub, body.email, body.locale, request.ip ?? ""),
  });
  route({
    method: "post",
    path: "/password/check",
    summary: "Is the link of the letter good?",
    tag: "sign-in",
    access: "public",
    body: shapes.passwordResetCheck,
    answer: shapes.passwordResetState,
    async handle({ body, request }) {
      await guesses.take(request.ip ?? "");
      return { email: await checkPasswordReset(body.token) };
    },
  });
  route({
    method: "post",
    path: "/password/complete",
    summary: "Set a new password by the link of the letter; every session of the person ends",
    tag: "sign-in",
    access: "public",
    body: shapes.passwordResetComplete,
    async handle({ body, request }) {
      await guesses.take(request.ip ?? "");
      await forgetTries(request.ip, await completePasswordReset(hub, body));
    },
  });
}

function addPeopleRoutes(hub: Hub): void {
  const { route } = hub.http;
  const guesses = createLimit(60, 15 * 60);
  const tag = "people";
  route({
    method: "get",
    path: "/staff",
    summary: "People of the workspace",
    tag,
    access: "staff",
    answer: listOf(shapes.staff),
    handle: async (_, { staff }) => ({ items: await listStaff(hub, staff), next: null }),
  });
  route({
    method: "patch",
    path: "/staff/:id",
    summary: "Change role, channels or activity",
    tag,
    access: "administrator",
    body: shapes.staffPatch,
    answer: shapes.staff,
    handle: ({ params, body }, { staff }) => changeStaff(hub, staff, params["id"] ?? "", body),
  });
  route({
    method: "get",
    path: "/invitations",
    summary: "Open invitations",
    tag,
    access: "administrator",
    answer: listOf(shapes.invitation),
    handle: async (_, { staff }) => ({ items: await listInvitations(staff), next: null }),
  });
  route({
    method: "post",
    path: "/invitations",
    summary: "Invite a colleague; the link is in this answer alone",
    tag,
    access: "administrator",
    status: 201,
    body: shapes.invitationRequest,
    answer: shapes.invitation,
    handle: ({ body }, { staff }) => inviteColleague(staff, body, hub.address()),
  });
  route({
    method: "delete",
    path: "/invitations/:id",
    summary: "Withdraw an invitation",
    tag,
    access: "administrator",
    handle: ({ params }, { staff }) => withdrawInvitation(staff, params["id"] ?? ""),
  });
  route({
    method: "post",
    path: "/invitations/preview",
    summary: "What an invitation says",
    tag,
    access: "public",
    body: shapes.setupCheck,
    answer: shapes.invitationPreview,
    async handle({ body, request }) {
      await guesses.take(request.ip ?? "");
      return previewInvitation(body.token);
    },
  });
  route({
    method: "post",
    path: "/invitations/accept",
    summary: "Join by an invitation",
    tag,
    access: "public",
    status: 201,
    body: shapes.invitationAccept,
    answer: shapes.sessionInfo,
    async handle({ body, request, response }) {
      await guesses.take(request.ip ?? "");
      const joined = await acceptInvitation(body, request.ip);
      publishStaff(hub, joined.staff);
      return beginSession(hub, joined, request, response);
    },
  });
}

function addProfileRoutes(hub: Hub): void {
  const { route } = hub.http;
  const tag = "settings";
  route({
    method: "patch",
    path: "/profile",
    summary: "Change my name or position",
    tag,
    access: "staff",
    body: shapes.profilePatch,
    answer: shapes.staff,
    handle: ({ body }, { staff }) => changeProfile(hub, staff, body),
  });
  route({
    method: "post",
    path: "/profile/password",
    summary: "Change my password; ends my other sessions",
    tag,
    access: "staff",
    body: shapes.passwordChange,
    handle: ({ body }, signed) => changePassword(hub, signed, body),
  });
  route({
    method: "put",
    path: "/profile/photo",
    summary: "Set my photo",
    tag,
    access: "staff",
    rawBody: true,
    answer: shapes.staff,
    handle: ({ request }, { staff }) => setPhoto(hub, staff, request),
  });
  route({
    method: "delete",
    path: "/profile/photo",
    summary: "Remove my photo",
    tag,
    access: "staff",
    answer: shapes.staff,
    handle: (_, { staff }) => removePhoto(hub, staff),
  });
  route({
    method: "patch",
    path: "/preferences",
    summary: "Change my settings",
    tag,
    access: "staff",
    body: shapes.preferencesPatch,
    answer: shapes.preferences,
    handle: ({ body }, { staff }) => changePreferences(staff, body),
  });
  route({
    method: "patch",
    path: "/workspace",
    summary: "Change the workspace",
    tag,
    access: "administrator",
    body: shapes.workspacePatch,
    answer: shapes.workspace,
    async handle({ body }, { staff }) {
      const changed = await WorkspaceModel.findOneAndUpdate(
        { _id: staff.workspaceId },
        { $set: body },
        { returnDocument: "after" },
      ).lean();
      if (!changed) throw new AppError("not_found");
      return {
        id: idOf(changed),
        name: changed.name,
        reopenDays: changed.reopenDays,
        createdAt: changed.createdAt.toISOString(),
      };
    },
  });
  route({
    method: "get",
    path: "/home",
    summary: "The home screen",
    tag: "home",
    access: "staff",
    query: z.object({ timeZone: z.string().max(60).default("UTC") }),
    answer: shapes.home,
    handle: ({ query }, { staff }) => describeHome(staff, query.timeZone),
  });
}
