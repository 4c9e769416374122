/** A password that was forgotten: a letter with a link, good once and for an hour, by which a new one is set. */
import type { z } from "zod";
import { AccountModel, checkPassword, hashPassword } from "../core/auth/index.ts";
import { AppError } from "../core/errors.ts";
import type { Hub, Running } from "../core/hub.ts";
import { sweepLeftBehind } from "../core/left-behind.ts";
import { createLimit } from "../core/limits.ts";
import { isRefusedForGood } from "../core/mail.ts";
import { hashToken, newToken } from "../core/secrets.ts";
import { PasswordResetModel, type PasswordResetRecord } from "./models/password-reset.ts";
import { placesOf, replacePassword } from "./passwords.ts";
import type { Locale, passwordResetComplete } from "./schema.ts";

const lifetimeMs = 3_600_000;
/** After each letter that failed, until the next: four at most. The first is longer than a mail server is waited for. */
const waitsMs = [60_000, 5 * 60_000, 15 * 60_000];
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
 * Answers alike and as fast whether somebody is here or not: what was asked is stored, whoever asked, and the looking and
 * sending go on after the answer. Throws `mail_off` where no letter goes out, and `rate_limited`.
 */
export async function askPasswordReset(hub: Hub, email: string, locale: Locale, from: string): Promise<void> {
  if (!hub.mail) throw new AppError("mail_off");
  await lettersFrom.take(from);
  await lettersTo.take(email);
  const createdAt = new Date();
  const asked = await PasswordResetModel.create({
    ...{ email, locale, createdAt, ...begun(1) },
    expiresAt: new Date(createdAt.getTime() + lifetimeMs),
  });
  void sendLink(hub, asked.toObject()).catch((err: unknown) =>
    hub.log.error({ err }, "a letter with a link for a new password was not sent"),
  );
}

/** How a letter is noted before it is sent, the first being 1. */
function begun(letters: number): Pick<PasswordResetRecord, "letters" | "nextAt"> {
  const wait = waitsMs[letters - 1];
  return { letters, ...(wait === undefined ? {} : { nextAt: new Date(Date.now() + wait) }) };
}

/** A letter that did not go out, as a process ended or the mail server was away, goes out later, with the same link. */
export function sweepLetters(hub: Hub): Running | undefined {
  if (!hub.mail) return undefined;
  const due = () => ({ nextAt: { $lt: new Date() } });
  return sweepLeftBehind<PasswordResetRecord>(hub, {
    what: "letter with a link for a new password",
    find: (createdAt) => {
      const $gt = new Date(Date.now() - lifetimeMs);
      return PasswordResetModel.find({ ...due(), $and: [{ createdAt }, { createdAt: { $gt } }] }).lean();
    },
    async finish({ _id, letters }) {
      const next = begun(letters + 1);
      const mine = await PasswordResetModel.findOneAndUpdate(
        { _id, letters, ...due() },
        { $set: next, ...(next.nextAt ? {} : { $unset: { nextAt: 1 } }) },
      ).lean();
      if (mine) await sendLink(hub, mine);
    },
  });
}

/** Without a letter: for the operator's eyes. Undefined when nobody works here with this e-mail. */
export async function issuePasswordLink(hub: Hub, email: string): Promise<string | undefined> {
  const account = await AccountModel.findOne({ email }, { _id: 1 }).lean();
  if (!account || (await placesOf(account._id)).length === 0) return undefined;
  const token = newToken();
  const now = new Date();
  await dropPasswordResets(email);
  await PasswordResetModel.create({
    ...{ email, locale: "en", createdAt: now },
    ...{ accountId: account._id, tokenHash: hashToken(token) },
    expiresAt: new Date(now.getTime() + lifetimeMs),
  });
  return linkTo(hub, token);
}

const linkTo = (hub: Hub, token: string): string => `${hub.address()}/new-password#${token}`;

async function sendLink(hub: Hub, { _id, email, locale, createdAt }: PasswordResetRecord): Promise<void> {
  const account = await AccountModel.findOne({ email }, { _id: 1 }).lean();
  if (!account || (await placesOf(account._id)).length === 0) {
    await PasswordResetModel.deleteOne({ _id });
    return;
  }
  const token = hub.secrets.derive(`password link ${_id.toHexString()}`); // all letters of a request lead to the same
  const link = { accountId: account._id, tokenHash: hashToken(token) };
  const expiresAt = new Date(Date.now() + lifetimeMs);
  const stands = await PasswordResetModel.findOneAndUpdate({ _id }, { $set: { ...link, expiresAt } }).lean();
  if (!stands) return; // the password was set meanwhile
  const { subject, open, foot } = words[locale];
  const text = [open(linkTo(hub, token)), foot(new URL(hub.address()).host)];
  const noMore = () => PasswordResetModel.updateOne({ _id }, { $unset: { nextAt: 1 } });
  try {
    await hub.mail?.send({ to: email, subject, text: text.join("\n\n") });
  } catch (error) {
    if (isRefusedForGood(error)) await noMore();
    throw error;
  }
  await noMore();
  // only now that the newer one is on its way
  await PasswordResetModel.deleteMany({ email, createdAt: { $lt: createdAt } });
}

/** The e-mail whose password the link changes. Throws `link_expired`. */
export async function checkPasswordReset(token: string): Promise<string> {
  const found = await PasswordResetModel.findOne(linkOf(token)).lean();
  const account = found && (await AccountModel.findById(found.accountId, { email: 1 }).lean());
  if (!account || (await placesOf(account._id)).length === 0) throw new AppError("link_expired");
  return account.email;
}

const linkOf = (token: string) => ({ tokenHash: hashToken(token), expiresAt: { $gt: new Date() } });

/**
 * Sets the password, signs the person out everywhere and answers with the e-mail. The link's removal decides between two
 * uses at once; what could not be written gives it back.
 */
export async function completePasswordReset(
  hub: Hub,
  { token, password }: z.output<typeof passwordResetComplete>,
): Promise<string> {
  checkPassword(password);
  const email = await checkPasswordReset(token);
  const passwordHash = await hashPassword(password);
  const used = await PasswordResetModel.findOneAndDelete(linkOf(token)).lean();
  if (!used?.accountId) throw new AppError("link_expired");
  try {
    await replacePassword(hub, used.accountId, passwordHash);
  } catch (error) {
    await PasswordResetModel.create(used);
    throw error;
  }
  await dropPasswordResets(email);
  return email;
}

/** Links go with the password that they were to replace: whoever has changed it needs none. */
export async function dropPasswordResets(email: string): Promise<void> {
  await PasswordResetModel.deleteMany({ email });
}
