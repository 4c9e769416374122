/** With SIGNUP=open anybody registers a workspace of their own: an e-mail is confirmed by a link, which founds it once. */
import type { z } from "zod";
import { AccountModel, checkPassword, StaffModel } from "../core/auth/index.ts";
import { acrossWorkspaces } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import type { Hub } from "../core/hub.ts";
import { createLimit } from "../core/limits.ts";
import type { Mail } from "../core/mail.ts";
import { hashToken, newToken } from "../core/secrets.ts";
import { SignUpModel, type SignUpRecord } from "./models/sign-up.ts";
import { foundWorkspace } from "./owner.ts";
import type { Locale, signUpComplete } from "./schema.ts";
import type { Proven } from "./sign-in.ts";

const lifetimeMs = 24 * 3_600_000;
const lettersTo = createLimit(3, 15 * 60);
const lettersFrom = createLimit(20, 3600);

const words = {
  en: {
    subject: "Your workspace in Switchboard",
    open: (link: string) => `Open this link to go on. It works once, for a day:\n\n${link}`,
    known: (signIn: string, anew: string) =>
      `There is a workspace with this e-mail already. Sign in here with your password:\n\n${signIn}\n\nIf you have none, as somebody else has made it in your name, or have forgotten it, choose one here. Whoever knows the former one is signed out:\n\n${anew}`,
    foot: (host: string) =>
      `Somebody entered this e-mail on ${host}. If it was not you, nothing needs to be done.`,
  },
  ru: {
    subject: "Ваше пространство в Switchboard",
    open: (link: string) =>
      `Откройте эту ссылку, чтобы продолжить. Она работает один раз, в течение суток:\n\n${link}`,
    known: (signIn: string, anew: string) =>
      `С этой почтой пространство уже есть. Войдите с вашим паролем:\n\n${signIn}\n\nЕсли пароля у вас нет, потому что кто-то завёл его за вас, или вы его забыли, задайте новый. Все, кто знает прежний, выйдут:\n\n${anew}`,
    foot: (host: string) => `Эту почту ввели на ${host}. Если это были не вы, ничего делать не нужно.`,
  },
};

/** A hub without an owner is the operator's alone: nobody else begins on it. */
export async function isSignUpOpen({ config }: Hub): Promise<boolean> {
  if (!config.openSignUp) return false;
  return (await acrossWorkspaces(StaffModel.findOne({}, { _id: 1 })).lean()) !== null;
}

/**
 * Sends the link. Whoever has a workspace already gets a letter too, and the answer is the same: it tells nobody who is here.
 * Throws `sign_up_closed`, `rate_limited`, and `mail_unreachable` when the letter was not taken.
 */
export async function askSignUp(hub: Hub, email: string, locale: Locale, from: string): Promise<void> {
  const mail = await mailOfOpen(hub);
  await lettersFrom.take(from);
  await lettersTo.take(email);
  const text = words[locale];
  const way = (await hasWorkspace(email))
    ? text.known(`${hub.address()}/sign-in`, `${hub.address()}/new-password`)
    : text.open(await newLink(hub, email));
  await mail.send({
    to: email,
    subject: text.subject,
    text: [way, text.foot(new URL(hub.address()).host)].join("\n\n"),
  });
}

/** The e-mail that the link was sent to. Throws `sign_up_closed` and `link_expired`. */
export async function checkSignUp(hub: Hub, token: string): Promise<string> {
  await mailOfOpen(hub);
  const found = await SignUpModel.findOne({
    tokenHash: hashToken(token),
    expiresAt: { $gt: new Date() },
  }).lean();
  if (!found) throw new AppError("link_expired");
  return found.email;
}

/** The link's removal decides between two uses at once; what could not be written gives it back. */
export async function completeSignUp(
  hub: Hub,
  { token, ...founder }: z.output<typeof signUpComplete>,
): Promise<Proven> {
  checkPassword(founder.password);
  const email = await checkSignUp(hub, token);
  const used = await SignUpModel.findOneAndDelete({
    email,
    tokenHash: hashToken(token),
  }).lean<SignUpRecord>();
  if (!used || (await hasWorkspace(email))) throw new AppError("link_expired");
  try {
    return await foundWorkspace({ ...founder, email });
  } catch (error) {
    await SignUpModel.create(used);
    throw error;
  }
}

async function mailOfOpen(hub: Hub): Promise<Mail> {
  if (!hub.mail || !(await isSignUpOpen(hub))) throw new AppError("sign_up_closed");
  return hub.mail;
}

async function hasWorkspace(email: string): Promise<boolean> {
  const account = await AccountModel.findOne({ email }, { _id: 1 }).lean();
  if (!account) return false;
  const staff = StaffModel.findOne({ accountId: account._id, active: true }, { _id: 1 });
  return (await acrossWorkspaces(staff).lean()) !== null;
}

async function newLink(hub: Hub, email: string): Promise<string> {
  const token = newToken();
  const createdAt = new Date();
  const expiresAt = new Date(createdAt.getTime() + lifetimeMs);
  await SignUpModel.updateOne(
    { email },
    { $set: { tokenHash: hashToken(token), createdAt, expiresAt } },
    { upsert: true },
  );
  return `${hub.address()}/sign-up#${token}`;
}
