import { z } from "zod";
import type { StaffRecord } from "../../core/auth/index.ts";
import { hasOwnHours, isOpenAt, nextClosing, nextOpening, readHours } from "../hours.ts";
import type { Inbox } from "../inbox.ts";
import type { ObjectId } from "../../core/db.ts";
import type { Hours, TeamRecord } from "../models/index.ts";
import * as shapes from "../schema.ts";
import type { HoursAnswer, Team } from "../schema.ts";
import {
  accessTeam,
  changeTeam,
  describeTeams,
  listTeams,
  makeTeam,
  orderTeams,
  removeHours,
  removeTeam,
  setHours,
} from "../teams.ts";

export function addTeamRoutes(inbox: Inbox): void {
  addTeams(inbox);
  addHours(inbox);
}

declare module "../../core/events.ts" {
  interface EventMap {
    /** Teams, or the hours of the business or of a team, are others now. */
    "teams.changed": { workspaceId: ObjectId };
  }
}

function tellOf({ hub }: Inbox): (staff: StaffRecord) => void {
  return ({ workspaceId }) => {
    hub.realtime.emit([`workspace:${workspaceId.toHexString()}`], "teams", {});
    hub.events.publish("teams.changed", { workspaceId });
  };
}

function addTeams(inbox: Inbox): void {
  const { route } = inbox.hub.http;
  const tag = "teams";
  const tell = tellOf(inbox);
  route({
    method: "get",
    path: "/teams",
    summary: "Teams of the workspace",
    tag,
    access: "staff",
    answer: z.object({ items: z.array(shapes.team), next: z.string().nullable() }),
    handle: async (_, { staff }) => ({
      items: await describeTeams(staff.workspaceId, await listTeams(staff.workspaceId)),
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
      const team = await describeOne(await makeTeam(staff, body));
      tell(staff);
      return team;
    },
  });
  route({
    method: "put",
    path: "/teams/order",
    summary: "Put the teams into another order",
    tag,
    access: "administrator",
    body: shapes.teamOrder,
    answer: z.object({ items: z.array(shapes.team), next: z.string().nullable() }),
    async handle({ body }, { staff }) {
      const items = await describeTeams(staff.workspaceId, await orderTeams(staff, body.ids));
      tell(staff);
      return { items, next: null };
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
      const team = await describeOne(await changeTeam(staff, params["id"] ?? "", body));
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

async function describeOne(team: TeamRecord): Promise<Team> {
  const [described] = await describeTeams(team.workspaceId, [team]);
  if (!described) throw new Error("a team was described as none");
  return described;
}

/** `teamId` null: of the workspace. */
async function describeHours(workspaceId: ObjectId, teamId: ObjectId | null): Promise<HoursAnswer> {
  const own = await hasOwnHours(workspaceId, teamId);
  const hours = await readHours(workspaceId, teamId);
  return { hours: hours ?? null, own, ...(hours ? momentsOf(hours) : { open: true }) };
}

/** What the hours mean now. */
function momentsOf(hours: Hours): Pick<HoursAnswer, "open" | "opensAt" | "closesAt"> {
  const now = new Date();
  const opensAt = nextOpening(hours, now)?.toISOString();
  const closesAt = nextClosing(hours, now)?.toISOString();
  return {
    open: isOpenAt(hours, now),
    ...(opensAt ? { opensAt } : {}),
    ...(closesAt ? { closesAt } : {}),
  };
}

function addHours(inbox: Inbox): void {
  const { route } = inbox.hub.http;
  const tell = tellOf(inbox);
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
      tell(staff);
      return describeHours(staff.workspaceId, null);
    },
  });
  route({
    method: "post",
    path: "/hours/preview",
    summary: "What hours would mean now, before they are set",
    tag,
    access: "staff",
    body: shapes.hours,
    answer: shapes.hoursAnswer,
    handle: ({ body }) => Promise.resolve({ hours: body, own: true, ...momentsOf(body) }),
  });
  route({
    method: "delete",
    path: "/hours",
    summary: "Be open always",
    tag,
    access: "administrator",
    async handle(_, { staff }) {
      await removeHours(staff.workspaceId, null);
      tell(staff);
    },
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
      tell(staff);
      return describeHours(staff.workspaceId, _id);
    },
  });
  route({
    method: "delete",
    path: "/teams/:id/hours",
    summary: "Let a team have the hours of the business",
    tag,
    access: "administrator",
    async handle({ params }, { staff }) {
      await removeHours(staff.workspaceId, (await accessTeam(staff, params["id"] ?? ""))._id);
      tell(staff);
    },
  });
}
