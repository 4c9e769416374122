/** What goes out by e-mail: answers that a visitor has not seen, and a chat that its visitor asked for. */
import { acrossWorkspaces } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import type { Hub } from "../core/hub.ts";
import { hashToken, newToken } from "../core/secrets.ts";
import { ContactModel, MessageModel, type ConversationRecord, type MessageRecord } from "../inbox/index.ts";
import { findConversation, isShown, saidIn } from "./chats.ts";
import type { Desk } from "./desk.ts";
import {
  ChatModel,
  ResumeModel,
  VisitorModel,
  WidgetModel,
  type ChatRecord,
  type WidgetRecord,
} from "./models/index.ts";
import type { OpenPage } from "./presence.ts";
import { isAllowedOrigin } from "./widgets.ts";

/** An answer waits so long for its visitor before it goes out by e-mail. */
const waitMs = 60_000;
const linkDays = 30;

const words = {
  en: {
    answer: (name: string) => `${name} answered you`,
    hello: (name: string) => (name ? `Hello, ${name}.` : "Hello."),
    meanwhile: "While you were away:",
    open: "Continue the chat",
    foot: (site: string) => `You get this because you left your e-mail in the chat on ${site}.`,
    transcript: (site: string) => `Your chat on ${site}`,
    you: "You",
    file: "file",
  },
  ru: {
    answer: (name: string) => `${name}: ответ на ваш вопрос`,
    hello: (name: string) => (name ? `Здравствуйте, ${name}.` : "Здравствуйте."),
    meanwhile: "Пока вас не было, пришёл ответ:",
    open: "Продолжить чат",
    foot: (site: string) => `Вы получили это письмо, потому что оставили адрес в чате на сайте ${site}.`,
    transcript: (site: string) => `Ваш чат на сайте ${site}`,
    you: "Вы",
    file: "файл",
  },
};
type Words = (typeof words)["en"];

function wordsFor(language: string | undefined): Words {
  return language?.startsWith("ru") ? words.ru : words.en;
}

/** An answer is out: unless the visitor looks meanwhile, an e-mail follows. */
export async function dueMail(hub: Hub, message: MessageRecord): Promise<void> {
  if (!hub.mail) return;
  const { workspaceId, channelId, threadKey, seq } = message;
  await ChatModel.updateOne(
    { workspaceId, channelId, threadKey, readSeq: { $lt: seq }, mailDueAt: { $not: { $type: "date" } } },
    { $set: { mailDueAt: new Date(Date.now() + waitMs) } },
  );
}

/**
 * Sends what is due. Each chat is claimed first: an e-mail that may have gone out is never sent again by itself. What a
 * stop leaves is due still.
 */
export async function sweepMails({ hub, presence }: Desk, stopping: AbortSignal): Promise<void> {
  if (!hub.mail) return;
  const now = new Date();
  const due = await acrossWorkspaces(ChatModel.find({ mailDueAt: { $type: "date", $lte: now } }))
    .limit(50)
    .lean();
  for (const chat of due) {
    if (stopping.aborted) return;
    const { workspaceId, _id } = chat;
    if (presence.ofChat(chat.channelId, chat.threadKey).size > 0) {
      await ChatModel.updateOne(
        { workspaceId, _id },
        { $set: { mailDueAt: new Date(now.getTime() + waitMs) } },
      );
      continue;
    }
    await mailAnswers(hub, chat).catch((err: unknown) =>
      hub.log.warn({ err, channelId: chat.channelId.toHexString() }, "an answer could not be mailed"),
    );
  }
}

async function mailAnswers(hub: Hub, chat: ChatRecord): Promise<void> {
  const { workspaceId, channelId, _id } = chat;
  const found = await findConversation(chat);
  const email = found && (await addressOf(chat, found));
  const from = Math.max(chat.readSeq, chat.mailedSeq);
  const answers =
    found && email
      ? await MessageModel.find({
          workspaceId,
          conversationId: found._id,
          ...saidIn(chat),
          type: "outgoing",
          deletedAt: { $exists: false },
          seq: { $gt: from },
        })
          .sort({ seq: 1 })
          .limit(50)
          .lean()
      : [];
  const shown = answers.filter(isShown);
  const claimed = await ChatModel.findOneAndUpdate(
    { workspaceId, _id, mailDueAt: chat.mailDueAt ?? null },
    { $set: { mailedSeq: shown.at(-1)?.seq ?? from }, $unset: { mailDueAt: 1 } },
  ).lean();
  if (!claimed || !found || !email || shown.length === 0) return;
  const widget = await WidgetModel.findOne({ workspaceId, _id: channelId }).orFail().lean();
  const visitor = await VisitorModel.findOne({ workspaceId, channelId, _id: chat.visitorId }).lean();
  const text = wordsFor(visitor?.visit?.language);
  const name = lineOfName(visitor?.name ?? "");
  const link = await resumeLink(hub, widget, chat);
  const sender = shown.at(-1)?.sender.name ?? widget.name;
  await hub.mail?.send({
    to: email,
    subject: `${text.answer(sender)} — ${widget.name}`,
    text: [
      text.hello(name),
      text.meanwhile,
      ...shown.map((message) => `${message.sender.name}: ${lineOf(message, text)}`),
      `${text.open}: ${link}`,
      text.foot(widget.name),
    ].join("\n\n"),
    html: page(
      [
        `<p>${escape(text.hello(name))}</p><p>${escape(text.meanwhile)}</p>`,
        ...shown.map((message) => quote(message.sender.name, lineOf(message, text))),
        `<p><a href="${escape(link)}">${escape(text.open)}</a></p>`,
      ].join(""),
      text.foot(widget.name),
    ),
  });
}

/** As the visitor told it, else as it is known of the contact. */
async function addressOf(chat: ChatRecord, conversation: ConversationRecord): Promise<string | undefined> {
  const { workspaceId, channelId, visitorId } = chat;
  const [visitor, contact] = await Promise.all([
    VisitorModel.findOne({ workspaceId, channelId, _id: visitorId }).lean(),
    ContactModel.findOne({ workspaceId, _id: conversation.contactId }).lean(),
  ]);
  return visitor?.email ?? contact?.email;
}

/** Leads to the page of the site where the visitor was, and brings the chat along. What else a page says it is, is not. */
async function resumeLink(hub: Hub, widget: WidgetRecord, chat: ChatRecord): Promise<string> {
  const { workspaceId, draft, published } = widget;
  const token = newToken();
  await ResumeModel.create({
    workspaceId,
    hash: hashToken(token),
    channelId: chat.channelId,
    threadKey: chat.threadKey,
    expiresAt: new Date(Date.now() + linkDays * 24 * 3_600_000),
  });
  const site = (published ?? draft).domains[0]?.replace("*.", "");
  const home = site ? `https://${site}/` : hub.address();
  const url = new URL(chat.url && isAllowedOrigin(widget, chat.url) ? chat.url : home);
  url.hash = `sb=${token}`;
  return url.href;
}

/** A name and no letter: visitors choose it, and to whom it goes. */
function lineOfName(name: string): string {
  return name.replace(/\s+/g, " ").trim().slice(0, 80);
}

function lineOf({ content }: MessageRecord, text: Words): string {
  const names = (content.attachments ?? []).map((one) =>
    "media" in one ? (one.media.fileName ?? text.file) : one.kind,
  );
  return [content.text ?? "", ...names.map((name) => `[${name}]`)].filter(Boolean).join(" ");
}

/** The whole chat, to whom its visitor names. */
export async function mailTranscript(
  { hub }: Desk,
  page_: OpenPage,
  chat: ChatRecord,
  email: string,
): Promise<void> {
  const config = page_.widget.published ?? page_.widget.draft;
  const conversation = await findConversation(chat);
  if (!hub.mail || !config.transcript || !conversation) throw new AppError("not_found");
  const { workspaceId, _id: conversationId } = conversation;
  const messages = await MessageModel.find({
    workspaceId,
    conversationId,
    ...saidIn(chat),
    type: { $in: ["incoming", "outgoing"] },
    deletedAt: { $exists: false },
  })
    .sort({ seq: 1 })
    .limit(2000)
    .lean();
  const text = wordsFor(page_.locale);
  const lines = messages.filter(isShown).map((message) => ({
    name: message.type === "incoming" ? text.you : message.sender.name,
    line: lineOf(message, text),
  }));
  await hub.mail.send({
    to: email,
    subject: text.transcript(page_.widget.name),
    text: lines.map(({ name, line }) => `${name}: ${line}`).join("\n\n"),
    html: page(lines.map(({ name, line }) => quote(name, line)).join(""), text.foot(page_.widget.name)),
  });
}

function page(body: string, foot: string): string {
  return `<!doctype html><html><body style="font:15px/1.5 system-ui,sans-serif;color:#1b1b1f;max-width:560px">${body}<p style="color:#5d5e66;font-size:13px">${escape(foot)}</p></body></html>`;
}

function quote(name: string, line: string): string {
  return `<p style="margin:0 0 12px"><b>${escape(name)}</b><br>${escape(line).replaceAll("\n", "<br>")}</p>`;
}

function escape(text: string): string {
  const signs: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (sign) => signs[sign] ?? sign);
}
