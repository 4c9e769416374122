/** The widget's settings: a draft, its preview, what is published, and what the greetings brought. */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { StaffRecord } from "../../core/auth/index.ts";
import { connectChannel } from "../../inbox/index.ts";
import type { Desk } from "../desk.ts";
import { contrast, textOn } from "../launcher-style.ts";
import { RuleCountModel, WidgetModel, type WidgetRecord } from "../models/index.ts";
import { showOpenPages } from "../open-pages.ts";
import { chooseLocale, describePage, describeRules } from "../page-config.ts";
import {
  accessWidget,
  changeDraft,
  connectedLinks,
  dayOf,
  defaultConfig,
  describeWidget,
  discardDraft,
  listWidgets,
  publishDraft,
  setIdentityKey,
} from "../widgets.ts";
import * as shapes from "./schema.ts";

const dayMs = 24 * 3_600_000;

/** Adds what the configuration screen reads and writes. */
export function addSettingsRoutes(desk: Desk): void {
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
    answer: z.object({ items: z.array(answer), next: z.string().nullable() }),
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
    query: shapes.draftQuery,
    body: shapes.widgetConfig,
    answer,
    handle: ({ params, query, body }, { staff }) =>
      change(desk, staff, params, (widget) => changeDraft(widget, staff._id, body, query.rev)),
  });
  route({
    method: "post",
    path: "/widgets/:id/publish",
    summary: "Show visitors the settings as they are now",
    tag,
    access: "administrator",
    query: shapes.draftQuery,
    answer,
    status: 200,
    handle: ({ params, query }, { staff }) =>
      change(desk, staff, params, async (widget) => {
        const published = await publishDraft(widget, query.rev);
        await showOpenPages(desk, published);
        return published;
      }),
  });
  route({
    method: "post",
    path: "/widgets/:id/discard",
    summary: "Go back to what is published",
    tag,
    access: "administrator",
    query: shapes.draftQuery,
    answer,
    status: 200,
    handle: ({ params, query }, { staff }) =>
      change(desk, staff, params, (widget) => discardDraft(widget, staff._id, query.rev)),
  });
  route({
    method: "post",
    path: "/widgets/:id/preview",
    summary: "What a visitor would see of a draft; stores nothing",
    tag,
    access: "staff",
    body: shapes.previewRequest,
    answer: shapes.previewAnswer,
    status: 200,
    handle: async ({ params, body }, { staff }) =>
      previewDraft(desk, await accessWidget(staff, params["id"] ?? ""), body),
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

/** Carries a change of the draft out, and tells colleagues who have the settings open. */
async function change(
  { hub }: Desk,
  staff: StaffRecord,
  params: Record<string, string>,
  work: (widget: WidgetRecord) => Promise<WidgetRecord>,
): Promise<shapes.Widget> {
  const changed = describeWidget(hub, await work(await accessWidget(staff, params["id"] ?? "")));
  const { id, rev, publishedAt } = changed;
  const told: shapes.WidgetChanged = { id, rev, ...(publishedAt ? { publishedAt } : {}) };
  const workspace = staff.workspaceId.toHexString();
  hub.realtime.emit([`channels:${workspace}`, `channel:${workspace}:${id}`], "widget_changed", told);
  return changed;
}

/** As a page would be answered, of a draft that may not be stored yet. */
async function previewDraft(
  { hub, panel }: Desk,
  widget: WidgetRecord,
  { draft, language, ruleId }: z.output<typeof shapes.previewRequest>,
): Promise<z.input<typeof shapes.previewAnswer>> {
  const locale = chooseLocale(draft, language);
  const rules = draft.rules.filter((rule) => rule.id === ruleId);
  const [config, [rule]] = await Promise.all([
    describePage(hub, widget, draft, locale),
    describeRules(hub, widget, rules, locale),
  ]);
  return {
    config: { ...config },
    ...(rule ? { rule: { ...rule } } : {}),
    panel,
    onAccent: textOn(draft.accent),
    contrast: Math.floor(contrast(draft.accent, textOn(draft.accent)) * 10) / 10,
  };
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
