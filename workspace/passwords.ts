/** A new password, wherever it comes from, signs the person out in every workspace. */
import { AccountModel, endSessions, StaffModel } from "../core/auth/index.ts";
import { acrossWorkspaces, type ObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import type { Hub } from "../core/hub.ts";

interface Place {
  _id: ObjectId;
  workspaceId: ObjectId;
}

/** Where the account works. */
export function placesOf(accountId: ObjectId): Promise<Place[]> {
  return acrossWorkspaces(StaffModel.find({ accountId, active: true }, { workspaceId: 1 })).lean();
}

interface Replaced {
  /** The hash of the password that was shown for it: if another one stands by now, `wrong_credentials` is thrown. */
  former?: string;
  /** The session that stays. */
  except?: ObjectId;
}

/**
 * Every session ends but `except`: before the password is set, so that none outlives a process that ends in between, and
 * after, for those that were begun meanwhile with the former one.
 */
export async function replacePassword(
  hub: Hub,
  accountId: ObjectId,
  passwordHash: string,
  { former, except }: Replaced = {},
): Promise<void> {
  const places = await placesOf(accountId);
  const signOut = async (): Promise<void> => {
    for (const { workspaceId, _id } of places)
      hub.realtime.endSessions(await endSessions(workspaceId, _id, except ? { except } : {}));
  };
  await signOut();
  const proven = { _id: accountId, ...(former === undefined ? {} : { passwordHash: former }) };
  const { matchedCount } = await AccountModel.updateOne(proven, { $set: { passwordHash } });
  if (former !== undefined && matchedCount === 0) throw new AppError("wrong_credentials");
  await signOut();
}
