/** What a visitor's page may ask for after `hello`. Every act reads and writes the page's own chats and nothing else. */
import type { Peer } from "../connectors/contract.ts";
import { StaffModel } from "../core/auth/index.ts";
import { idOf } from "../core/db.ts";
import { AppError, isDuplicate } from "../core/errors.ts";
import type { FileRecord } from "../core/stored-files.ts";
import { MessageModel, rateConversation, type ConversationRecord } from "../inbox/index.ts";
import { editOwn, quotedId, reactTo, removeOwn } from "./change.ts";
import { describeMessages, findConversation, loadMessages } from "./chats.ts";
import { maxText } from "./connector.ts";
import { storeUpdate } from "./deliveries.ts";
import type { Asker, Desk } from "./desk.ts";
import { continueIn, returnHere } from "./continue.ts";
import { withFacts } from "./facts.ts";
import { mailTranscript } from "./mails.ts";
import { ChatModel, RevocationModel, RuleCountModel, VisitorModel, type ChatRecord } from "./models/index.ts";
import type { OpenPage } from "./presence.ts";
import type { PageFrame, SendFrame } from "./schema.ts";
import { accessChat, accessConversationOf, pagesOfOwner } from "./own.ts";
import { threadOf } from "./live.ts";
import { takeUploads } from "./uploads.ts";
import { rulesFor } from "./page-config.ts";
import { goTo, noteSeen } from "./where.ts";
import { bindVisitor, identify } from "./who.ts";
import { dayOf } from "./widgets.ts";

const maxEvents = 20;

type Frame<T extends PageFrame["t"]> = Extract<PageFrame, { t: T }>;
type Act<T extends PageFrame["t"]> = (
  desk: Desk,
  page: OpenPage,
  frame: Frame<T>,
  asker: Asker,
) => Promise<unknown>;

const table: { [T in Exclude<PageFrame["t"], "hello">]: Act<T> } = {
  async page(desk, page, frame) {
    goTo(page, frame.page);
    noteSeen(desk, page.widget, frame.page.url);
    tellVisit(desk, page);
    page.wire.send({ t: "rules", rules: await rulesFor(desk.hub, page) });
  },
  panel: () => Promise.resolve(),
  send,
  typing(desk, page, { thread, text }) {
    const open = page.chats.get(thread);
    const { published, draft } = page.widget;
    if (!open?.conversationId || !(published ?? draft).typingPreview) return Promise.resolve();
    desk.hub.events.publish("contact.typing", {
      workspaceId: page.widget.workspaceId,
      channelId: page.widget._id,
      conversationId: open.conversationId,
      on: text !== "",
      text,
    });
    return Promise.resolve();
  },
  seen,
  edit: editOwn,
  remove: removeOwn,
  react: reactTo,
  async load(desk, page, { thread, before }) {
    const chat = await accessChat(page, thread);
    const conversation = await findConversation(chat);
    if (!conversation) return page.wire.send({ t: "messages", thread, items: [], more: false });
    const { items, more } = await loadMessages(chat, conversation, before);
    page.wire.send({
      t: "messages",
      thread,
      items: await describeMessages(desk.hub, page.widget, items),
      more,
      ...(before === undefined ? { reset: true } : {}),
    });
  },
  async rate(desk, page, { thread, score, comment }) {
    const conversation = await accessConversationOf(page, thread);
    await rateConversation(desk.hub, conversation, { score, ...(comment ? { comment } : {}) });
  },
  async transcript(desk, page, { thread, email }, asker) {
    // A new visitor costs nothing: the address counts too, or the hub would carry anybody's letters.
    await desk.limits.mails.take(page.visitorId.toHexString());
    await desk.limits.mails.take(asker.ip);
    await mailTranscript(desk, page, await accessChat(page, thread), email);
  },
  async continue(desk, page, { thread, linkId }) {
    const conversation = thread ? await accessConversationOf(page, thread) : undefined;
    return continueIn(desk, page, linkId, conversation);
  },
  async return(desk, page, { thread }) {
    await returnHere(desk, page, await accessChat(page, thread));
  },
  async identify(desk, page, frame) {
    if (frame.identity) await signIn(desk, page, frame.identity);
    if (frame.traits) await learn(desk, page, frame.traits);
    tellVisit(desk, page);
  },
  async sign_out(desk, page, frame) {
    const found = frame.identity ? await identify(desk, page.widget, frame.identity) : undefined;
    if (!found || typeof found === "string") return;
    const { workspaceId } = page.widget;
    await RevocationModel.updateOne(
      { workspaceId, hash: found.hash },
      { $set: { expiresAt: new Date(found.expiresAt.getTime() + 120_000) } },
      { upsert: true },
    );
  },
  track(desk, page, { name, data }) {
    const event = { name, at: new Date().toISOString(), ...(data ? { data } : {}) };
    page.view = { ...page.view, events: [...page.view.events, event].slice(-maxEvents) };
    tellVisit(desk, page);
    return Promise.resolve();
  },
  async rule(_desk, page, { id, what }) {
    await countRule(page, id, { [what]: 1 });
  },
};

/** Carries a frame out; one with an id is answered. Throws AppError alone for what a page is told. */
export async function acts(desk: Desk, asker: Asker, page: OpenPage, frame: PageFrame): Promise<void> {
  if (frame.t === "hello") return;
  const act = table[frame.t] as Act<typeof frame.t>;
  const data = await act(desk, page, frame, asker);
  if ("id" in frame && frame.id && frame.t !== "rule")
    page.wire.send({ t: "ok", id: frame.id, ...(data === undefined ? {} : { data }) });
}

// ---- sending --------------------------------------------------------------------------------------------------------

async function send(desk: Desk, page: OpenPage, frame: SendFrame, asker: Asker): Promise<void> {
  if ((frame.text?.length ?? 0) > maxText)
    throw new AppError("text_too_long", { max: maxText, length: frame.text?.length ?? 0 });
  if (!frame.text?.trim() && !frame.files?.length && !frame.location && !frame.action)
    throw new AppError("invalid_input");
  await desk.limits.messages.take(page.visitorId.toHexString());
  const chat = await openChat(desk, page, frame.thread, asker);
  const files = await takeUploads(page.widget, page.visitorId, frame.files ?? []);
  await remember(page, chat, frame);
  const replyTo = frame.replyTo ? await quotedId(page, frame.replyTo) : undefined;
  await storeUpdate(desk, page, {
    type: "message",
    id: frame.id,
    threadKey: chat.threadKey,
    peer: await peerOf(page),
    ...(frame.text ? { text: frame.text } : {}),
    attachments: [
      ...files.map((file) => toAttachment(file, frame.voice === true)),
      ...(frame.location ? [{ kind: "location" as const, ...frame.location }] : []),
    ],
    ...(frame.action ? { action: frame.action } : {}),
    ...(replyTo ? { replyTo } : {}),
    ...(frame.departmentId ? { teamId: frame.departmentId } : {}),
  });
  if (frame.ruleId) await countRule(page, frame.ruleId, { wrote: 1 });
  tellVisit(desk, page);
}

/** The visitor's chat under this key, begun when there is none. Another visitor's key is refused as one that is not there. */
async function openChat(desk: Desk, page: OpenPage, threadKey: string, asker: Asker): Promise<ChatRecord> {
  const open = page.chats.get(threadKey);
  if (open) return open.chat;
  const { workspaceId, _id: channelId } = page.widget;
  const found = await ChatModel.findOne({ workspaceId, channelId, threadKey }).lean();
  if (!found) await desk.limits.chats.take(asker.ip);
  const chat = found ?? (await beginChat(page, threadKey));
  const own = page.userId
    ? chat.userId === page.userId
    : !chat.userId && chat.visitorId.equals(page.visitorId);
  if (!own) throw new AppError("not_found");
  for (const other of pagesOfOwner(desk, page))
    desk.presence.join(other, threadKey, { chat, conversationId: undefined });
  return chat;
}

async function beginChat(page: OpenPage, threadKey: string): Promise<ChatRecord> {
  const { workspaceId, _id: channelId } = page.widget;
  const filter = { workspaceId, channelId, threadKey };
  const fresh = {
    visitorId: page.visitorId,
    ...(page.userId ? { userId: page.userId } : {}),
    url: page.view.page.url,
    gotSeq: 0,
    readSeq: 0,
    mailedSeq: 0,
    createdAt: new Date(),
  };
  try {
    return await ChatModel.findOneAndUpdate(
      filter,
      { $setOnInsert: fresh },
      { upsert: true, returnDocument: "after" },
    )
      .orFail()
      .lean();
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    return ChatModel.findOne(filter).orFail().lean();
  }
}

/** Whoever writes is known from now on: with the visit, what the form told, and what was agreed to. */
async function remember(page: OpenPage, chat: ChatRecord, frame: SendFrame): Promise<void> {
  const { name, email, phone, ...others } = frame.form ?? {};
  const told = { ...(name ? { name } : {}), ...(email ? { email } : {}), ...(phone ? { phone } : {}) };
  page.view = {
    ...page.view,
    ...(name ? { name } : {}),
    ...(email ? { email } : {}),
    traits: withFacts(page.view.traits, { ...(phone ? { phone } : {}), ...others }),
  };
  const { workspaceId, _id: channelId } = page.widget;
  await VisitorModel.updateOne(
    { workspaceId, channelId, _id: page.visitorId },
    {
      $set: { ...told, visit: page.view },
      $setOnInsert: { createdAt: new Date() },
      ...(frame.consent
        ? { $push: { consents: { $each: [{ text: frame.consent.text, at: new Date() }], $slice: -20 } } }
        : {}),
    },
    { upsert: true },
  );
  await ChatModel.updateOne(
    { workspaceId, channelId, threadKey: chat.threadKey },
    { $set: { url: page.view.page.url } },
  );
}

/** The visitor as the inbox knows people. */
export async function peerOf(page: OpenPage): Promise<Peer> {
  const scope = idOf(page.widget);
  const anonymous = { scheme: "visitor", scope, value: page.visitorId.toHexString() };
  const { name, email, traits } = page.view;
  const { phone } = traits;
  return {
    aliases: page.userId ? [{ scheme: "site_user", scope, value: page.userId }, anonymous] : [anonymous],
    name: name || (await namelessOf(page)),
    ...(email ? { email } : {}),
    ...(phone ? { phone } : {}),
    locale: page.view.language,
  };
}

/**
 * Somebody who has not said a name, told apart by the end of the id. Agents read it, so that the language of most who may
 * answer decides; a name that nobody has changed follows with the next message.
 */
async function namelessOf({ widget: { workspaceId, _id: channelId }, visitorId }: OpenPage): Promise<string> {
  const end = visitorId.toHexString().slice(-4).toUpperCase();
  const readers = { workspaceId, active: true, channelIds: { $in: [null, channelId] } };
  const [all, russian] = await Promise.all([
    StaffModel.countDocuments(readers),
    StaffModel.countDocuments({ ...readers, "preferences.locale": "ru" }),
  ]);
  return russian * 2 > all ? `Посетитель ${end}` : `Visitor ${end}`;
}

type Kind = "image" | "video" | "audio" | "voice" | "document";

function kindOf(mime: string, voice: boolean): Kind {
  if (voice) return "voice";
  const type = mime.split("/")[0];
  return type === "image" || type === "video" || type === "audio" ? type : "document";
}

function toAttachment(file: FileRecord, voice: boolean) {
  return {
    kind: kindOf(file.mime, voice),
    media: {
      state: "stored" as const,
      fileId: idOf(file),
      mime: file.mime,
      size: file.size,
      fileName: file.name,
      ...(file.width && file.height ? { width: file.width, height: file.height } : {}),
    },
  };
}

// ---- reading --------------------------------------------------------------------------------------------------------

/** The page has, or shows, the answers up to here. */
async function seen(desk: Desk, page: OpenPage, { thread, got, read }: Frame<"seen">): Promise<void> {
  const chat = await accessChat(page, thread);
  const conversation = await findConversation(chat);
  if (!conversation) return;
  const { workspaceId, channelId, threadKey } = chat;
  const upTo = { got: Math.min(got, conversation.lastSeq), read: Math.min(read, conversation.lastSeq) };
  await ChatModel.updateOne(
    { workspaceId, channelId, threadKey },
    {
      $max: { gotSeq: upTo.got, readSeq: upTo.read },
      ...(upTo.read >= conversation.lastSeq ? { $unset: { mailDueAt: 1 } } : {}),
    },
  );
  for (const other of pagesOfOwner(desk, page)) {
    const open = other.chats.get(thread);
    if (!open) continue;
    const news = upTo.read > open.chat.readSeq;
    open.chat = {
      ...open.chat,
      gotSeq: Math.max(open.chat.gotSeq, upTo.got),
      readSeq: Math.max(open.chat.readSeq, upTo.read),
    };
    if (news)
      other.wire.send({
        t: "thread",
        thread: await threadOf(desk, other, { chat: open.chat, conversation }),
      });
  }
  await tellDelivery(desk, page, conversation, threadKey, upTo.read, "read", ["sent", "delivered"]);
  await tellDelivery(desk, page, conversation, threadKey, upTo.got, "delivered", ["sent"]);
}

async function tellDelivery(
  desk: Desk,
  page: OpenPage,
  conversation: ConversationRecord,
  threadKey: string,
  upTo: number,
  state: "delivered" | "read",
  from: readonly ("sent" | "delivered")[],
): Promise<void> {
  if (upTo === 0) return;
  const { workspaceId, _id: conversationId } = conversation;
  const messages = await MessageModel.find(
    {
      workspaceId,
      conversationId,
      type: "outgoing",
      threadKey,
      seq: { $lte: upTo },
      "delivery.state": { $in: from },
    },
    { externalIds: 1 },
  )
    .sort({ seq: -1 })
    .limit(200)
    .lean();
  const externalIds = messages.flatMap((message) => message.externalIds);
  if (externalIds.length === 0) return;
  await storeUpdate(desk, page, {
    type: "delivery",
    threadKey,
    externalIds,
    state,
  });
}

// ---- who it is ------------------------------------------------------------------------------------------------------

async function signIn(
  desk: Desk,
  page: OpenPage,
  given: NonNullable<Frame<"identify">["identity"]>,
): Promise<void> {
  const found = await identify(desk, page.widget, given);
  if (typeof found === "string") throw new AppError("identity_refused", { reason: found });
  if (page.userId === found.userId) return;
  // Another customer, or the first one: the page begins anew as that customer, with a hello of its own.
  if (!page.userId) await bindVisitor(page.widget, page.visitorId, found.userId);
  page.view = { ...page.view, userId: found.userId };
  page.wire.send({ t: "bye", code: "identity_changed" });
}

async function learn(
  desk: Desk,
  page: OpenPage,
  { name, email, phone, ...others }: NonNullable<Frame<"identify">["traits"]>,
): Promise<void> {
  page.view = {
    ...page.view,
    ...(name ? { name } : {}),
    ...(email ? { email } : {}),
    traits: withFacts(page.view.traits, { ...(phone ? { phone } : {}), ...others }),
  };
  const { workspaceId, _id: channelId } = page.widget;
  await VisitorModel.updateOne(
    { workspaceId, channelId, _id: page.visitorId },
    {
      $set: {
        visit: page.view,
        ...(name ? { name } : {}),
        ...(email ? { email } : {}),
        ...(phone ? { phone } : {}),
      },
    },
  );
  desk.hub.log.debug({ channelId: idOf(page.widget) }, "a visitor told more");
}

function tellVisit(desk: Desk, page: OpenPage): void {
  desk.hub.events.publish("visit.changed", { page, online: true });
}

async function countRule(page: OpenPage, ruleId: string, counts: Record<string, number>): Promise<void> {
  const config = page.widget.published ?? page.widget.draft;
  if (!config.rules.some((rule) => rule.id === ruleId)) return;
  const { workspaceId, _id: channelId } = page.widget;
  await RuleCountModel.updateOne(
    { workspaceId, channelId, day: dayOf(new Date()), ruleId },
    { $inc: counts },
    { upsert: true },
  );
}
