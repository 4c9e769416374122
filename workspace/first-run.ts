/** The first start: a one-time link, printed where only the operator looks, makes the owner and the workspace. */
import type { z } from "zod";
import { checkPassword, StaffModel } from "../core/auth/index.ts";
import { acrossWorkspaces } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import { hashToken, newToken, sameText } from "../core/secrets.ts";
import { foundWorkspace } from "./owner.ts";
import type { setupRequest } from "./schema.ts";
import type { Proven } from "./sign-in.ts";

const lifetimeMs = 30 * 60_000;

export interface FirstRun {
  /** The token of a new link, or undefined when the hub has its owner. */
  issue(): Promise<string | undefined>;
  needed(): Promise<boolean>;
  /** Throws `link_expired` unless the token is the one printed and still good. */
  check(token: string): void;
  createOwner(request: z.output<typeof setupRequest>): Promise<Proven>;
}

export function createFirstRun(): FirstRun {
  let link: { hash: string; expiresAt: number } | undefined;
  const needed = async (): Promise<boolean> =>
    (await acrossWorkspaces(StaffModel.findOne({}, { _id: 1 })).lean()) === null;
  const check = (token: string): void => {
    const good = link && Date.now() < link.expiresAt && sameText(hashToken(token), link.hash);
    if (!good) throw new AppError("link_expired");
  };
  return {
    needed,
    check,
    async issue() {
      if (!(await needed())) return undefined;
      const token = newToken();
      link = { hash: hashToken(token), expiresAt: Date.now() + lifetimeMs };
      return token;
    },
    async createOwner(request) {
      if (!(await needed())) throw new AppError("already_set_up");
      check(request.token);
      checkPassword(request.password);
      const used = link;
      link = undefined; // from here on nobody else can use it
      try {
        return await foundWorkspace(request);
      } catch (error) {
        link = used;
        throw error;
      }
    },
  };
}
