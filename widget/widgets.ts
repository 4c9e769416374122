/** A site's widget and its settings: a draft that is edited, and what visitors see since it was last published. */
import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { mayUseChannel, type StaffRecord } from "../core/auth/index.ts";
import { idOf, ObjectId, toObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import type { Hub } from "../core/hub.ts";
import { ChannelModel } from "../inbox/index.ts";
import { WidgetModel, type WidgetRecord } from "./models/index.ts";
import type { Widget, WidgetConfig } from "./schema.ts";

/** How many domains of a widget are remembered as seen. */
const maxSeen = 50;

/** What a new widget is like before anybody has changed it. */
export function defaultConfig(domain: string, links: WidgetConfig["links"] = []): WidgetConfig {
  return {
    accent: "#4b52d6",
    theme: "site",
    side: "right",
    offsetX: 20,
    offsetY: 20,
    radius: 18,
    launcher: "icon",
    faces: "on_duty",
    answerTime: "measured",
    runsOn: false,
    typingPreview: true,
    links: [{ id: "chat", kind: "chat", title: "", handle: "", on: true }, ...links],
    preChat: {
      on: false,
      departments: false,
      fields: [
        { id: "name", label: { en: "Name", ru: "Имя" }, type: "text", required: true },
        { id: "email", label: { en: "E-mail", ru: "Почта" }, type: "email", required: false },
      ],
      consent: {
        on: false,
        text: {
          en: "I agree that my data is used to answer me.",
          ru: "Я согласен на использование моих данных для ответа.",
        },
      },
    },
    offlineForm: true,
    rating: true,
    transcript: true,
    rules: [],
    texts: {
      title: { en: "How can we help?", ru: "Чем помочь?" },
      chat: { en: "Chat here", ru: "Написать здесь" },
      chatHint: { en: "Without leaving the page", ru: "Не уходя со страницы" },
      away: { en: "We are away now", ru: "Сейчас нас нет" },
      hello: { en: "Hello. What would you like to know?", ru: "Здравствуйте. Что вам подсказать?" },
      launcher: { en: "Ask us", ru: "Задать вопрос" },
      afterRating: { en: "Thank you, this helps", ru: "Спасибо, это помогает" },
    },
    languages: ["en", "ru"],
    domains: [domain],
  };
}

/** The connected messengers, as links of a new widget. */
export async function connectedLinks(
  workspaceId: ObjectId,
  connectors: ReadonlyMap<string, { title: string }>,
): Promise<WidgetConfig["links"]> {
  const channels = await ChannelModel.find({ workspaceId, removedAt: null, link: { $type: "string" } })
    .limit(10)
    .lean();
  return channels.map((channel) => ({
    id: idOf(channel),
    kind: channel.kind,
    channelId: idOf(channel),
    title: connectors.get(channel.kind)?.title ?? "",
    handle: channel.handle,
    on: true,
  }));
}

/** A widget that the person may use, or `not_found`. Removing its channel removes it from the sites. */
export async function accessWidget(staff: StaffRecord, id: string): Promise<WidgetRecord> {
  const _id = toObjectId(id);
  const widget = _id && (await WidgetModel.findOne({ workspaceId: staff.workspaceId, _id }).lean());
  if (!widget || !mayUseChannel(staff, widget._id)) throw new AppError("not_found");
  return widget;
}

export async function listWidgets(staff: StaffRecord): Promise<WidgetRecord[]> {
  const widgets = await WidgetModel.find({ workspaceId: staff.workspaceId })
    .sort({ createdAt: 1 })
    .limit(100)
    .lean();
  const there = await ChannelModel.find(
    { workspaceId: staff.workspaceId, _id: { $in: widgets.map((widget) => widget._id) }, removedAt: null },
    { _id: 1 },
  ).lean();
  const ids = new Set(there.map(idOf));
  return widgets.filter((widget) => ids.has(idOf(widget)) && mayUseChannel(staff, widget._id));
}

/** `rev`: the draft that the change was made from. Somebody else's changes since then are not overwritten: `conflict`. */
export async function changeDraft(
  widget: WidgetRecord,
  by: ObjectId,
  draft: WidgetConfig,
  rev?: number,
): Promise<WidgetRecord> {
  return changeAt(widget, rev, { $set: { draft, draftBy: by, draftAt: new Date() }, $inc: { rev: 1 } });
}

export async function publishDraft(widget: WidgetRecord, rev?: number): Promise<WidgetRecord> {
  return changeAt(widget, rev ?? widget.rev ?? 0, {
    $set: { published: widget.draft, publishedAt: new Date() },
  });
}

export async function discardDraft(widget: WidgetRecord, by: ObjectId, rev?: number): Promise<WidgetRecord> {
  return widget.published ? changeDraft(widget, by, widget.published, rev) : widget;
}

/** Only while the draft is still of this revision. */
async function changeAt(
  { workspaceId, _id }: WidgetRecord,
  rev: number | undefined,
  update: object,
): Promise<WidgetRecord> {
  const same = rev === undefined ? {} : { rev: rev === 0 ? { $in: [0, null] } : rev };
  const changed = await WidgetModel.findOneAndUpdate({ workspaceId, _id, ...same }, update, {
    returnDocument: "after",
  }).lean();
  if (changed) return changed;
  const now = await WidgetModel.findOne({ workspaceId, _id }).lean();
  if (!now) throw new AppError("not_found");
  throw new AppError("conflict", { rev: now.rev ?? 0, ...(now.draftBy ? { by: now.draftBy } : {}) });
}

/** A new key for the signatures of the site; the former one proves nothing from now on. Null switches them off. */
export async function setIdentityKey(
  hub: Hub,
  widget: WidgetRecord,
  on: boolean,
): Promise<{ widget: WidgetRecord; key?: string }> {
  if (!on) return { widget: await change(widget, { $set: { identityKey: null } }) };
  const key = `wsk_${randomBytes(24).toString("base64url")}`;
  const sealed = hub.secrets.seal(key, identityContext(widget));
  return { widget: await change(widget, { $set: { identityKey: sealed } }), key };
}

export function openIdentityKey(hub: Hub, widget: WidgetRecord): string | undefined {
  return widget.identityKey ? hub.secrets.open(widget.identityKey, identityContext(widget)) : undefined;
}

function identityContext(widget: WidgetRecord): string {
  return `widget identity ${idOf(widget)}`;
}

async function change({ workspaceId, _id }: WidgetRecord, update: object): Promise<WidgetRecord> {
  return WidgetModel.findOneAndUpdate({ workspaceId, _id }, update, { returnDocument: "after" })
    .orFail()
    .lean();
}

export function describeWidget(hub: Hub, widget: WidgetRecord): Widget {
  const today = dayOf(new Date());
  const key = openIdentityKey(hub, widget);
  return {
    id: idOf(widget),
    key: widget.key,
    name: widget.name,
    draft: widget.draft,
    published: widget.published,
    changes: countChanges(widget),
    rev: widget.rev ?? 0,
    ...(widget.draftBy ? { changedBy: widget.draftBy.toHexString() } : {}),
    ...(widget.draftAt ? { changedAt: widget.draftAt.toISOString() } : {}),
    ...(widget.publishedAt ? { publishedAt: widget.publishedAt.toISOString() } : {}),
    seen: widget.seen.map(({ domain, url, at, day, pages }) => ({
      domain,
      url,
      at: at.toISOString(),
      pagesToday: day === today ? pages : 0,
    })),
    identity: key !== undefined,
    ...(key ? { identityKeyMasked: `${key.slice(0, 4)}${"•".repeat(20)}${key.slice(-3)}` } : {}),
    loaderUrl: `${hub.address()}/w.js`,
  };
}

function countChanges({ draft, published }: WidgetRecord): number {
  if (!published) return Object.keys(draft).length;
  const names = Object.keys(draft) as (keyof WidgetConfig)[];
  return names.filter((name) => !isDeepStrictEqual(draft[name], published[name])).length;
}

/** The page is on a site of the widget. */
export function isAllowedOrigin(widget: WidgetRecord, origin: string | undefined): boolean {
  if (!origin || !URL.canParse(origin)) return false;
  const { host, hostname, protocol } = new URL(origin);
  if (protocol !== "https:" && protocol !== "http:") return false;
  const domains = [...(widget.published?.domains ?? []), ...widget.draft.domains];
  return domains.some((domain) => {
    const name = domain.includes(":") ? host : hostname;
    return domain.startsWith("*.") ? name.endsWith(domain.slice(1)) : name === domain;
  });
}

/** `2026-11-22`, UTC. */
export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/** The loader ran on pages of a domain: which was the newest, and how many today. */
export async function noteSeen(
  { workspaceId, _id, seen }: WidgetRecord,
  { domain, url, pages }: { domain: string; url: string; pages: number },
): Promise<void> {
  const at = new Date();
  const day = dayOf(at);
  const former = seen.find((one) => one.domain === domain);
  const today = former?.day === day ? former.pages : 0;
  const next = [
    ...seen.filter((one) => one.domain !== domain),
    { domain, url, at, day, pages: today + pages },
  ];
  await WidgetModel.updateOne({ workspaceId, _id }, { $set: { seen: next.slice(-maxSeen) } });
}
