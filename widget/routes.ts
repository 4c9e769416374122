/** The widget's settings, its figures, and the visitors of the sites, for the hub's own screens. */
import { z } from "zod";
import { randomBytes } from "node:crypto";
import { mayUseChannel, type StaffRecord } from "../core/auth/index.ts";
import { idOf } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import { accessConversation, connectChannel, openConversation, postMessage } from "../inbox/index.ts";
import type { Desk } from "./desk.ts";
import { chooseLocale, describePage, rulesFor } from "./page-config.ts";
import { ChatModel, RuleCountModel, VisitorModel, WidgetModel, type WidgetRecord } from "./models/index.ts";
import { describeVisit, type OpenPage } from "./presence.ts";
import * as shapes from "./schema.ts";
import { findVisitor } from "./who.ts";
import {
  accessWidget,
  changeDraft,
  dayOf,
  defaultConfig,
  connectedLinks,
  describeWidget,
  discardDraft,
  listWidgets,
  publishDraft,
  setIdentityKey,
} from "./widgets.ts";

const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable() });
const dayMs = 24 * 3_600_000;

export function addWidgetRoutes(desk: Desk): void {
  addSettings(desk);
  addVisitors(desk);
}

function addSettings(desk: Desk): void {
  const { hub } = desk;
  const { route } = hub.http;
  const tag = "widget";
  const answer = shapes.widget;
  route({
    method: "get",
    path: "/widgets",
    summary: "Widgets of the sites",
    tag,
    access: "staff",
    answer: listOf(answer),
    handle: async (_, { staff }) => ({
      items: (await listWidgets(staff)).map((one) => describeWidget(hub, one)),
      next: null,
    }),
  });
  route({
    method: "post",
    path: "/widgets",
    summary: "Make a widget for a site",
    tag,
    access: "administrator",
    status: 201,
    creates: true,
    body: shapes.widgetRequest,
    answer,
    handle: async ({ body }, { staff }) => describeWidget(hub, await makeWidget(desk, staff, body)),
  });
  route({
    method: "get",
    path: "/widgets/:id",
    summary: "A widget with its settings and where it was seen",
    tag,
    access: "staff",
    answer,
    handle: async ({ params }, { staff }) =>
      describeWidget(hub, await accessWidget(staff, params["id"] ?? "")),
  });
  route({
    method: "put",
    path: "/widgets/:id/draft",
    summary: "Change the settings; visitors see them once they are published",
    tag,
    access: "administrator",
    body: shapes.widgetConfig,
    answer,
    async handle({ params, body }, { staff }) {
      const changed = await changeDraft(await accessWidget(staff, params["id"] ?? ""), body);
      await showOpenPages(desk, changed);
      return describeWidget(hub, changed);
    },
  });
  route({
    method: "post",
    path: "/widgets/:id/publish",
    summary: "Show visitors the settings as they are now",
    tag,
    access: "administrator",
    answer,
    status: 200,
    async handle({ params }, { staff }) {
      const changed = await publishDraft(await accessWidget(staff, params["id"] ?? ""));
      await showOpenPages(desk, changed);
      return describeWidget(hub, changed);
    },
  });
  route({
    method: "post",
    path: "/widgets/:id/discard",
    summary: "Go back to what is published",
    tag,
    access: "administrator",
    answer,
    status: 200,
    async handle({ params }, { staff }) {
      const changed = await discardDraft(await accessWidget(staff, params["id"] ?? ""));
      await showOpenPages(desk, changed);
      return describeWidget(hub, changed);
    },
  });
  route({
    method: "put",
    path: "/widgets/:id/identity",
    summary: "Make a key for signed-in customers, or stop recognising them; the former key ends",
    tag,
    access: "administrator",
    body: z.object({ on: z.boolean() }),
    answer,
    async handle({ params, body }, { staff }) {
      const { widget, key } = await setIdentityKey(
        hub,
        await accessWidget(staff, params["id"] ?? ""),
        body.on,
      );
      return { ...describeWidget(hub, widget), ...(key ? { identityKey: key } : {}) };
    },
  });
  route({
    method: "get",
    path: "/widgets/:id/figures",
    summary: "What the greetings brought in thirty days",
    tag,
    access: "staff",
    answer: shapes.ruleFigures,
    handle: async ({ params }, { staff }) => readFigures(await accessWidget(staff, params["id"] ?? "")),
  });
}

async function makeWidget(
  desk: Desk,
  staff: StaffRecord,
  { name, domain }: z.output<typeof shapes.widgetRequest>,
): Promise<WidgetRecord> {
  const key = `wgt_${randomBytes(12).toString("base64url")}`;
  const channel = await connectChannel(desk.inbox, staff, {
    kind: "widget",
    name,
    credentials: { key, domain },
  });
  const config = defaultConfig(domain, await connectedLinks(staff.workspaceId, desk.inbox.connectors));
  const now = new Date();
  const record = await WidgetModel.create({
    _id: channel._id,
    workspaceId: staff.workspaceId,
    key,
    name,
    draft: config,
    published: config,
    publishedAt: now,
    createdAt: now,
  });
  return record.toObject();
}

/** Pages that are open show new settings at once; previews the draft, visitors what is published. */
async function showOpenPages(desk: Desk, widget: WidgetRecord): Promise<void> {
  for (const page of desk.presence.ofWidget(widget._id)) {
    page.widget = widget;
    const config = page.preview ? widget.draft : (widget.published ?? widget.draft);
    page.locale = chooseLocale(config, page.view.language);
    page.wire.send({ t: "config", config: await describePage(desk.hub, widget, config, page.locale) });
    page.wire.send({ t: "rules", rules: await rulesFor(desk.hub, page) });
  }
}

async function readFigures({ workspaceId, _id: channelId }: WidgetRecord): Promise<shapes.RuleFigures> {
  const days = Array.from({ length: 30 }, (_, index) => dayOf(new Date(Date.now() - (29 - index) * dayMs)));
  const rows = await RuleCountModel.find({ workspaceId, channelId, day: { $gte: days[0] ?? "" } })
    .limit(2000)
    .lean();
  const rules = [...new Set(rows.map((row) => row.ruleId))];
  const sum = (list: typeof rows, name: "shown" | "opened" | "wrote"): number =>
    list.reduce((total, row) => total + row[name], 0);
  return {
    items: rules.map((ruleId) => {
      const own = rows.filter((row) => row.ruleId === ruleId);
      return { ruleId, shown: sum(own, "shown"), opened: sum(own, "opened"), wrote: sum(own, "wrote") };
    }),
    wroteByDay: days.map((day) => ({
      day,
      wrote: sum(
        rows.filter((row) => row.day === day),
        "wrote",
      ),
    })),
  };
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
    { threadKey, peer: desk.peerOf(page) },
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
