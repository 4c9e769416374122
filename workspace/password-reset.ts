/** A password that was forgotten: a letter with a link, good once and for an hour, by which a new one is set. */
import type { z } from "zod";
import { AccountModel, checkPassword, endSessions, hashPassword, StaffModel } from "../core/auth/index.ts";
import { acrossWorkspaces, type ObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import type { Hub } from "../core/hub.ts";
import { createLimit } from "../core/limits.ts";
import { hashToken, newToken } from "../core/secrets.ts";
import { PasswordResetModel, type PasswordResetRecord } from "./models/password-reset.ts";
import type { Locale, passwordResetComplete } from "./schema.ts";

const lifetimeMs = 3_600_000;
const lettersTo = createLimit(3, 15 * 60);
const lettersFrom = createLimit(20, 3600);

const words = {
  en: {
    subject: "A new password for Switchboard",
    open: (link: string) => `Open this link to choose a new password. It works once, for an hour:\n\n${link}`,
    foot: (host: string) =>
      `Somebody said on ${host} that the password of this e-mail was forgotten. If it was not you, nothing needs to be done: the password stays as it is.`,
  },
  ru: {
    subject: "Новый пароль для Switchboard",
    open: (link: string) =>
      `Откройте эту ссылку, чтобы выбрать новый пароль. Она работает один раз, в течение часа:\n\n${link}`,
    foot: (host: string) =>
      `На ${host} сообщили, что пароль от этой почты забыт. Если это были не вы, ничего делать не нужно: пароль остаётся прежним.`,
  },
};

/**
 * Answers alike and as fast whether somebody is here or not: looking and sending go on after the answer, and what fails there
 * is logged. Throws `mail_off` where no letter goes out, and `rate_limited`.
 */
export async function askPasswordReset(hub: Hub, email: string, locale: Locale, from: string): Promise<void> {
  if (!hub.mail) throw new AppError("mail_off");
  await lettersFrom.take(from);
  await lettersTo.take(email);
  void sendLink(hub, email, locale).catch((error: unknown) =>
    hub.log.error({ error }, "a letter with a link for a new password was not sent"),
  );
}

async function sendLink(hub: Hub, email: string, locale: Locale): Promise<void> {
  const account = await AccountModel.findOne({ email }, { _id: 1 }).lean();
  if (!account || (await placesOf(account._id)).length === 0) return;
  const token = newToken();
  const createdAt = new Date();
  const expiresAt = new Date(createdAt.getTime() + lifetimeMs);
  await PasswordResetModel.updateOne(
    { accountId: account._id },
    { $set: { tokenHash: hashToken(token), createdAt, expiresAt } },
    { upsert: true },
  );
  const { subject, open, foot } = words[locale];
  const text = [open(`${hub.address()}/new-password#${token}`), foot(new URL(hub.address()).host)];
  await hub.mail?.send({ to: email, subject, text: text.join("\n\n") });
}

/** The e-mail whose password the link changes. Throws `link_expired`. */
export async function checkPasswordReset(token: string): Promise<string> {
  const filter = { tokenHash: hashToken(token), expiresAt: { $gt: new Date() } };
  const found = await PasswordResetModel.findOne(filter).lean();
  const account = found && (await AccountModel.findById(found.accountId, { email: 1 }).lean());
  if (!account || (await placesOf(account._id)).length === 0) throw new AppError("link_expired");
  return account.email;
}

/**
 * Signs the person out everywhere, in every workspace, and sets the password. The link's removal decides between two uses at
 * once; what could not be written gives it back. Sessions end before, so that none outlives a process that ends in between,
 * and after, for those begun meanwhile with the former password.
 */
export async function completePasswordReset(
  hub: Hub,
  { token, password }: z.output<typeof passwordResetComplete>,
): Promise<void> {
  checkPassword(password);
  await checkPasswordReset(token);
  const passwordHash = await hashPassword(password);
  const used = await PasswordResetModel.findOneAndDelete({
    tokenHash: hashToken(token),
    expiresAt: { $gt: new Date() },
  }).lean<PasswordResetRecord>();
  if (!used) throw new AppError("link_expired");
  const places = await placesOf(used.accountId);
  try {
    await signOut(hub, places);
    await AccountModel.updateOne({ _id: used.accountId }, { $set: { passwordHash } });
  } catch (error) {
    await PasswordResetModel.create(used);
    throw error;
  }
  await signOut(hub, places);
}

async function signOut(hub: Hub, places: Place[]): Promise<void> {
  for (const { workspaceId, _id } of places) hub.realtime.endSessions(await endSessions(workspaceId, _id));
}

/** A link goes with the password that it was to replace: whoever has changed it needs none. */
export async function dropPasswordReset(accountId: ObjectId): Promise<void> {
  await PasswordResetModel.deleteOne({ accountId });
}

interface Place {
  _id: ObjectId;
  workspaceId: ObjectId;
}

/** Where the account works. */
function placesOf(accountId: ObjectId): Promise<Place[]> {
  return acrossWorkspaces(StaffModel.find({ accountId, active: true }, { workspaceId: 1 })).lean();
}
