/** The visitors of the sites, and the widget's settings, for the hub's own screens. */
import { z } from "zod";
import { randomBytes } from "node:crypto";
import { mayUseChannel, type StaffRecord } from "../core/auth/index.ts";
import { idOf } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import { listOf } from "../core/lists.ts";
import { accessConversation, openConversation, postMessage } from "../inbox/index.ts";
import type { Desk } from "./desk.ts";
import { ChatModel, VisitorModel } from "./models/index.ts";
import { describeVisit, type OpenPage } from "./presence.ts";
import * as shapes from "./schema.ts";
import { addSettingsRoutes } from "./settings/routes.ts";
import { findVisitor } from "./who.ts";

export function addWidgetRoutes(desk: Desk): void {
  addSettingsRoutes(desk);
  addVisitors(desk);
}

function addVisitors(desk: Desk): void {
  const { route } = desk.hub.http;
  const tag = "visitors";
  route({
    method: "get",
    path: "/visitors",
    summary: "Visitors who are on the sites now",
    tag,
    access: "staff",
    answer: listOf(shapes.visit),
    handle: (_, { staff }) => Promise.resolve({ items: listVisitors(desk, staff), next: null }),
  });
  route({
    method: "post",
    path: "/visitors/:id/chat",
    summary: "Write first to a visitor who is here",
    tag,
    access: "staff",
    status: 201,
    creates: true,
    body: shapes.startChatRequest,
    answer: z.object({ conversationId: z.string() }),
    async handle({ params, body }, { staff }) {
      const page = desk.presence.ofVisitor(params["id"] ?? "").at(-1);
      if (!page || !mayWrite(staff, page)) throw new AppError("not_found");
      return { conversationId: await startChat(desk, staff, page, body.text) };
    },
  });
  route({
    method: "get",
    path: "/conversations/:id/visit",
    summary: "Where the visitor of a conversation is, or was last",
    tag,
    access: "staff",
    answer: z.object({ visit: shapes.visit.nullable() }),
    async handle({ params }, { staff }) {
      const conversation = await accessConversation(staff, params["id"] ?? "");
      return { visit: await findVisit(desk, conversation) };
    },
  });
}

function mayWrite(staff: StaffRecord, page: OpenPage): boolean {
  return page.widget.workspaceId.equals(staff.workspaceId) && mayUseChannel(staff, page.widget._id);
}

/** One row a visitor, whatever number of pages is open; the newest page stands for all. */
function listVisitors(desk: Desk, staff: StaffRecord): shapes.Visit[] {
  const rows = new Map<string, shapes.Visit>();
  for (const page of desk.presence.all())
    if (mayWrite(staff, page)) rows.set(page.visitorId.toHexString(), describeVisit(page, true));
  return [...rows.values()].sort((a, b) => b.seenAt.localeCompare(a.seenAt)).slice(0, 500);
}

async function startChat(desk: Desk, staff: StaffRecord, page: OpenPage, text: string): Promise<string> {
  const { workspaceId, _id: channelId } = page.widget;
  const threadKey = randomBytes(16).toString("base64url");
  const conversation = await openConversation(
    { _id: channelId, workspaceId, kind: "widget" },
    { threadKey, peer: await desk.peerOf(page) },
  );
  await VisitorModel.updateOne(
    { workspaceId, channelId, _id: page.visitorId },
    { $set: { visit: page.view }, $setOnInsert: { createdAt: new Date() } },
    { upsert: true },
  );
  const chat = await ChatModel.create({
    workspaceId,
    channelId,
    threadKey,
    visitorId: page.visitorId,
    ...(page.userId ? { userId: page.userId } : {}),
    url: page.view.page.url,
    createdAt: new Date(),
  });
  for (const other of desk.presence.ofVisitor(page.visitorId.toHexString()))
    desk.presence.join(other, threadKey, { chat: chat.toObject(), conversationId: conversation._id });
  await postMessage(desk.inbox, staff, idOf(conversation), {
    clientId: randomBytes(16).toString("base64url"),
    type: "outgoing",
    content: { text },
  });
  return idOf(conversation);
}

async function findVisit(
  desk: Desk,
  conversation: Awaited<ReturnType<typeof accessConversation>>,
): Promise<shapes.Visit | null> {
  const { _id } = conversation;
  const open = desk.presence.ofConversation(conversation).at(-1);
  const visitor = open ? await findVisitor(open.widget, open.visitorId) : await visitorOf(conversation);
  const consents = (visitor?.consents ?? []).map(({ text, at }) => ({ text, at: at.toISOString() }));
  if (open) return { ...describeVisit(open, true), consents };
  if (!visitor?.visit) return null;
  return {
    ...visitor.visit,
    id: idOf(visitor),
    channelId: visitor.channelId.toHexString(),
    online: false,
    conversationId: idOf({ _id }),
    consents,
  };
}

async function visitorOf({
  workspaceId,
  channelId,
  threadKey,
}: Awaited<ReturnType<typeof accessConversation>>) {
  const chat = await ChatModel.findOne({ workspaceId, channelId, threadKey }).lean();
  return chat && VisitorModel.findOne({ workspaceId, channelId, _id: chat.visitorId }).lean();
}
