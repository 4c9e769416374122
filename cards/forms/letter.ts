/** The letter in which an answer to a form goes out. */
import { acrossWorkspaces, toObjectId, type ObjectId } from "../../core/db.ts";
import type { Letter } from "../../core/mail.ts";
import { ChannelModel } from "../../inbox/index.ts";
import { emailOf } from "../blocks/address.ts";
import { escape } from "../blocks/html.ts";
import { CardModel, EntryModel } from "../models/index.ts";

const words = {
  en: {
    subject: (name: string) => `${name}: an answer to what you sent`,
    foot: (name: string) => `You get this because you left your e-mail on the card of ${name}.`,
  },
  ru: {
    subject: (name: string) => `${name}: ответ на вашу заявку`,
    foot: (name: string) => `Вы получили это письмо, потому что оставили адрес на визитке «${name}».`,
  },
};

/** A letter, and whose. */
export interface FormLetter extends Letter {
  workspaceId: ObjectId;
}

interface Answer {
  cardId: string;
  threadKey: string;
  text: string;
  /** Kinds of channels that are mailboxes. */
  mailboxes: string[];
}

/** Undefined where the sender left no address that a letter can go to. */
export async function letterOf({
  cardId,
  threadKey,
  text,
  mailboxes,
}: Answer): Promise<FormLetter | undefined> {
  const to = emailOf(/^mail:(.+)$/.exec(threadKey)?.[1] ?? "");
  const _id = toObjectId(cardId);
  const card = _id && (await acrossWorkspaces(CardModel.findOne({ _id })).lean());
  if (!to || !card) return undefined;
  const { workspaceId, name } = card;
  const [entry, mailbox] = await Promise.all([
    EntryModel.findOne({ workspaceId, sender: threadKey, cardId: _id }).sort({ createdAt: -1 }).lean(),
    ChannelModel.findOne({ workspaceId, kind: { $in: mailboxes }, removedAt: null, paused: false }).lean(),
  ]);
  const replyTo = emailOf(mailbox?.handle ?? "");
  const say = entry?.language.startsWith("ru") ? words.ru : words.en;
  const site = name.replace(/[\r\n]+/g, " ");
  const body = escape(text).replaceAll("\n", "<br>");
  return {
    workspaceId,
    to,
    subject: say.subject(site),
    text: `${text}\n\n-- \n${say.foot(site)}`,
    html: `<!doctype html><html><body style="font:15px/1.5 system-ui,sans-serif;color:#1b1b1f;max-width:560px"><p>${body}</p><p style="color:#5d5e66;font-size:13px">${escape(say.foot(site))}</p></body></html>`,
    ...(replyTo ? { replyTo } : {}),
  };
}
