/** The door of first run, sign-in, people, settings and home. */
import { StaffModel } from "../core/auth/index.ts";
import type { Hub, Running } from "../core/hub.ts";
import { createFirstRun } from "./first-run.ts";
import { publishStaff } from "./people.ts";
import { issuePasswordLink, sweepLetters } from "./password-reset.ts";
import { addRoutes } from "./routes.ts";
import "./models/invitation.ts";
import "./models/sign-up.ts";

export interface Workspace extends Running {
  /** The first-run link to print, or undefined once the hub has its owner. */
  firstRunLink(): Promise<string | undefined>;
  /** The link to print by which somebody sets a new password, where no letters go out. */
  passwordLink(email: string): Promise<string | undefined>;
}

export function addWorkspace(hub: Hub): Workspace {
  const firstRun = createFirstRun();
  addRoutes(hub, firstRun);
  tellPresence(hub);
  const letters = sweepLetters(hub);
  return {
    async firstRunLink() {
      const token = await firstRun.issue();
      return token && `${hub.address()}/first-run#${token}`;
    },
    passwordLink: (email) => issuePasswordLink(hub, email),
    stop: async () => letters?.stop(),
  };
}

/** Colleagues see who comes online and who leaves with the last of the sockets. */
function tellPresence(hub: Hub): void {
  hub.realtime.onConnect((socket) => {
    const { workspaceId, _id } = socket.data.staff;
    const tell = async (): Promise<void> => {
      const staff = await StaffModel.findOne({ workspaceId, _id }).lean();
      if (staff) publishStaff(hub, staff);
    };
    const log = (err: unknown): void => hub.log.warn({ err }, "presence not told");
    void tell().catch(log);
    socket.on("disconnect", () => void tell().catch(log));
  });
}
