import { z } from "zod";
import type { StaffRecord } from "../../core/auth/index.ts";
import { isOpenAt, nextOpening, readHours } from "../hours.ts";
import type { Inbox } from "../inbox.ts";
import type { ObjectId } from "../../core/db.ts";
import * as shapes from "../schema.ts";
import {
  accessTeam,
  changeTeam,
  describeTeam,
  listTeams,
  makeTeam,
  removeHours,
  removeTeam,
  setHours,
} from "../teams.ts";

export function addTeamRoutes(inbox: Inbox): void {
  addTeams(inbox);
  addHours(inbox);
}

function addTeams({ hub }: Inbox): void {
  const { route } = hub.http;
  const tag = "teams";
  const tell = ({ workspaceId }: StaffRecord): void =>
    hub.realtime.emit([`workspace:${workspaceId.toHexString()}`], "teams", {});
  route({
    method: "get",
    path: "/teams",
    summary: "Teams of the workspace",
    tag,
    access: "staff",
    answer: z.object({ items: z.array(shapes.team), next: z.string().nullable() }),
    handle: async (_, { staff }) => ({
      items: (await listTeams(staff.workspaceId)).map(describeTeam),
      next: null,
    }),
  });
  route({
    method: "post",
    path: "/teams",
    summary: "Make a team",
    tag,
    access: "administrator",
    status: 201,
    creates: true,
    body: shapes.teamRequest,
    answer: shapes.team,
    async handle({ body }, { staff }) {
      const team = describeTeam(await makeTeam(staff, body));
      tell(staff);
      return team;
    },
  });
  route({
    method: "put",
    path: "/teams/:id",
    summary: "Change a team",
    tag,
    access: "administrator",
    body: shapes.teamRequest,
    answer: shapes.team,
    async handle({ params, body }, { staff }) {
      const team = describeTeam(await changeTeam(staff, params["id"] ?? "", body));
      tell(staff);
      return team;
    },
  });
  route({
    method: "delete",
    path: "/teams/:id",
    summary: "Remove a team; its conversations stay",
    tag,
    access: "administrator",
    async handle({ params }, { staff }) {
      await removeTeam(staff, params["id"] ?? "");
      tell(staff);
    },
  });
}

/** `teamId` null: of the workspace. */
async function describeHours(workspaceId: ObjectId, teamId: ObjectId | null) {
  const hours = await readHours(workspaceId, teamId);
  if (!hours) return { hours: null, open: true };
  const now = new Date();
  const opensAt = nextOpening(hours, now)?.toISOString();
  return { hours, open: isOpenAt(hours, now), ...(opensAt ? { opensAt } : {}) };
}

function addHours({ hub }: Inbox): void {
  const { route } = hub.http;
  const tag = "hours";
  route({
    method: "get",
    path: "/hours",
    summary: "Business hours; null where none are set: always open",
    tag,
    access: "staff",
    answer: shapes.hoursAnswer,
    handle: (_, { staff }) => describeHours(staff.workspaceId, null),
  });
  route({
    method: "put",
    path: "/hours",
    summary: "Set the business hours",
    tag,
    access: "administrator",
    body: shapes.hours,
    answer: shapes.hoursAnswer,
    async handle({ body }, { staff }) {
      await setHours(staff.workspaceId, null, body);
      return describeHours(staff.workspaceId, null);
    },
  });
  route({
    method: "delete",
    path: "/hours",
    summary: "Be open always",
    tag,
    access: "administrator",
    handle: (_, { staff }) => removeHours(staff.workspaceId, null),
  });
  route({
    method: "get",
    path: "/teams/:id/hours",
    summary: "Hours of a team: its own, else those of the business",
    tag,
    access: "staff",
    answer: shapes.hoursAnswer,
    async handle({ params }, { staff }) {
      return describeHours(staff.workspaceId, (await accessTeam(staff, params["id"] ?? ""))._id);
    },
  });
  route({
    method: "put",
    path: "/teams/:id/hours",
    summary: "Set the hours of a team",
    tag,
    access: "administrator",
    body: shapes.hours,
    answer: shapes.hoursAnswer,
    async handle({ params, body }, { staff }) {
      const { _id } = await accessTeam(staff, params["id"] ?? "");
      await setHours(staff.workspaceId, _id, body);
      return describeHours(staff.workspaceId, _id);
    },
  });
  route({
    method: "delete",
    path: "/teams/:id/hours",
    summary: "Let a team have the hours of the business",
    tag,
    access: "administrator",
    handle: async ({ params }, { staff }) =>
      removeHours(staff.workspaceId, (await accessTeam(staff, params["id"] ?? ""))._id),
  });
}
