/** A workspace and the person it begins with. */
import { AccountModel, checkPassword, hashPassword, StaffModel, WorkspaceModel } from "../core/auth/index.ts";
import { defaultPreferences } from "./preferences.ts";
import type { Locale } from "./schema.ts";
import type { Proven } from "./sign-in.ts";

export interface Founder {
  workspaceName: string;
  name: string;
  email: string;
  password: string;
  locale: Locale;
}

/**
 * The caller has made sure that the e-mail is the founder's own: an account of former days gets this password.
 * The person comes last: a crash before leaves a workspace that nobody is in, and nobody sees.
 * Throws `password_too_common`.
 */
export async function foundWorkspace(founder: Founder): Promise<Proven> {
  const { email, name } = founder;
  checkPassword(founder.password);
  const createdAt = new Date();
  const passwordHash = await hashPassword(founder.password);
  const workspace = await WorkspaceModel.create({ name: founder.workspaceName, createdAt });
  const account = await AccountModel.findOneAndUpdate(
    { email },
    { $set: { passwordHash }, $setOnInsert: { createdAt } },
    { upsert: true, returnDocument: "after" },
  ).lean();
  const owner = await StaffModel.create({
    workspaceId: workspace._id,
    accountId: account._id,
    email,
    name,
    displayName: firstName(name),
    position: "",
    role: "super_administrator",
    channelIds: null,
    preferences: defaultPreferences(founder.locale),
    createdAt,
  });
  return { staff: owner.toObject(), passwordHash };
}

export function firstName(name: string): string {
  return name.split(/\s+/)[0] ?? name;
}
