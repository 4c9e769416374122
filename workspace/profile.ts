/** What people change about themselves. */
import type { Request } from "express";
import type { z } from "zod";
import {
  AccountModel,
  checkPassword,
  hashPassword,
  passwordMatches,
  StaffModel,
  type Signed,
  type StaffRecord,
} from "../core/auth/index.ts";
import { AppError } from "../core/errors.ts";
import type { Hub } from "../core/hub.ts";
import { createLimit } from "../core/limits.ts";
import { storeFile, toAvatar } from "../core/stored-files.ts";
import { dropPasswordResets } from "./password-reset.ts";
import { replacePassword } from "./passwords.ts";
import { publishStaff } from "./people.ts";
import { readPreferences } from "./preferences.ts";
import type { passwordChange, Preferences, preferencesPatch, profilePatch, Staff } from "./schema.ts";

const passwordTries = createLimit(8, 15 * 60);
const maxPhotoBytes = 10 * 1024 * 1024;

export async function changeProfile(
  hub: Hub,
  staff: StaffRecord,
  patch: z.output<typeof profilePatch>,
): Promise<Staff> {
  return publishStaff(hub, await update(staff, { $set: patch }));
}

export async function changePreferences(
  staff: StaffRecord,
  patch: z.output<typeof preferencesPatch>,
): Promise<Preferences> {
  const fields = Object.fromEntries(
    Object.entries(patch).map(([name, value]) => [`preferences.${name}`, value]),
  );
  const changed = await update(staff, { $set: fields });
  return readPreferences(changed.preferences);
}

/** Every other device of the person is signed out, in every workspace. */
export async function changePassword(
  hub: Hub,
  { staff, session }: Signed,
  change: z.output<typeof passwordChange>,
): Promise<void> {
  await passwordTries.take(staff._id.toHexString());
  const account = await AccountModel.findById(staff.accountId).lean();
  if (!(await passwordMatches(account?.passwordHash, change.currentPassword)) || !account)
    throw new AppError("wrong_credentials");
  checkPassword(change.newPassword);
  await replacePassword(hub, account._id, await hashPassword(change.newPassword), {
    former: account.passwordHash,
    except: session._id,
  });
  await dropPasswordResets(account.email);
}

export async function setPhoto(hub: Hub, staff: StaffRecord, request: Request): Promise<Staff> {
  const photo = await toAvatar(await readBytes(request));
  const file = await storeFile(hub.files, oneChunk(photo), maxPhotoBytes, {
    workspaceId: staff.workspaceId,
    name: "photo.webp",
    mime: "image/webp",
    access: "workspace",
  });
  return publishStaff(hub, await update(staff, { $set: { photoFileId: file._id } }));
}

export async function removePhoto(hub: Hub, staff: StaffRecord): Promise<Staff> {
  return publishStaff(hub, await update(staff, { $unset: { photoFileId: 1 } }));
}

async function update(staff: StaffRecord, change: object): Promise<StaffRecord> {
  const changed = await StaffModel.findOneAndUpdate(
    { workspaceId: staff.workspaceId, _id: staff._id },
    change,
    { returnDocument: "after" },
  ).lean();
  if (!changed) throw new AppError("not_found");
  return changed;
}

async function readBytes(request: Request): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxPhotoBytes) throw new AppError("too_large", { maxBytes: maxPhotoBytes });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

// eslint-disable-next-line @typescript-eslint/require-await -- an async iterable is what the file store takes
async function* oneChunk(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
