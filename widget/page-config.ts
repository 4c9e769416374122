/** What a visitor's page gets of the configuration: one language, who is there, how soon an answer comes. */
import { mayUseChannel, StaffModel } from "../core/auth/index.ts";
import { idOf, type ObjectId } from "../core/db.ts";
import type { Hub } from "../core/hub.ts";
import {
  ChannelModel,
  ConversationModel,
  isOpenAt,
  listTeams,
  nextOpening,
  readHours,
  type ChannelRecord,
} from "../inbox/index.ts";
import { findFaces, type Face } from "./chats.ts";
import { maxFileBytes, maxText, reactions } from "./connector.ts";
import { loadLabels } from "./languages.ts";
import { launcherStyle } from "./launcher-style.ts";
import type { WidgetRecord } from "./models/index.ts";
import { matchRules, pageConditions } from "./rules.ts";
import type { OpenPage } from "./presence.ts";
import type { PageConfig, PageRule, Rule, WidgetConfig } from "./schema.ts";

const dayMs = 24 * 3_600_000;
/** Under so many answers in a week the usual time says nothing. */
const enoughAnswers = 10;
const maxFaces = 3;

const labels = await loadLabels();

/** A text in the visitor's language, else in English, else in any. */
export function inLanguage(texts: Record<string, string> | undefined, locale: string): string {
  if (!texts) return "";
  const found = [texts[locale], texts["en"], ...Object.values(texts)].find((text) => text?.trim());
  return found ?? "";
}

/** The widget's language for a browser's: `ru-RU` finds `ru`; the first of the widget's where none fits. */
export function chooseLocale(config: WidgetConfig, language: string): string {
  const short = language.split("-")[0] ?? "";
  return (
    config.languages.find((one) => one.toLowerCase() === language.toLowerCase()) ??
    config.languages.find((one) => one === short) ??
    config.languages[0] ??
    "en"
  );
}

export async function describePage(
  hub: Hub,
  widget: WidgetRecord,
  config: WidgetConfig,
  locale: string,
): Promise<PageConfig> {
  const { workspaceId, _id: channelId } = widget;
  const now = new Date();
  const [hours, people, answerMinutes, links, departments] = await Promise.all([
    readHours(workspaceId),
    config.faces === "none" ? [] : findPeople(hub, workspaceId, channelId),
    config.answerTime === "hidden" ? undefined : usualMinutes(workspaceId, { channelId }),
    findLinks(workspaceId, config),
    config.preChat.on && config.preChat.departments ? describeDepartments(workspaceId, locale, now) : [],
  ]);
  const open = !hours || isOpenAt(hours, now);
  const opensAt = hours && !open ? nextOpening(hours, now)?.toISOString() : undefined;
  return {
    ...(labels.get(locale) ??
      labels.get(locale.split("-")[0] ?? "") ??
      labels.get("en") ?? { labels: ["", "", ""], unread: {} }),
    style: launcherStyle(config, locale),
    locale,
    name: widget.name,
    accent: config.accent,
    theme: config.theme,
    side: config.side,
    offsetX: config.offsetX,
    offsetY: config.offsetY,
    radius: config.radius,
    launcher: config.launcher,
    runsOn: config.runsOn,
    texts: Object.fromEntries(
      Object.entries(config.texts)
        .map(([name, texts]) => [name, inLanguage(texts, locale)] as const)
        .filter(([, text]) => text !== ""),
    ),
    people,
    ...(answerMinutes === undefined ? {} : { answerMinutes }),
    open,
    ...(opensAt ? { opensAt } : {}),
    links,
    departments,
    ...(config.preChat.on ? { preChat: describeForm(config, locale) } : {}),
    offlineForm: config.offlineForm,
    rating: config.rating,
    transcript: config.transcript && hub.mail !== undefined,
    typing: config.typingPreview,
    reactions: [...reactions],
    maxText,
    maxFileBytes: Math.min(maxFileBytes, hub.config.maxUploadBytes),
  };
}

function describeForm({ preChat }: WidgetConfig, locale: string): NonNullable<PageConfig["preChat"]> {
  return {
    fields: preChat.fields.map(({ id, label, type, required }) => ({
      id,
      label: inLanguage(label, locale) || id,
      type,
      required,
    })),
    ...(preChat.consent.on ? { consent: inLanguage(preChat.consent.text, locale) } : {}),
  };
}

/** Who is on duty: colleagues with the hub open who may answer this channel; with nobody there, some who may. */
async function findPeople(hub: Hub, workspaceId: ObjectId, channelId: ObjectId): Promise<Face[]> {
  const staff = await StaffModel.find({ workspaceId, active: true }).sort({ createdAt: 1 }).limit(200).lean();
  const able = staff.filter((person) => mayUseChannel(person, channelId));
  const online = hub.realtime.online(workspaceId);
  const here = able.filter((person) => online.has(idOf(person)));
  const shown = (here.length > 0 ? here : able).slice(0, maxFaces).map((person) => person._id);
  const faces = await findFaces(hub, workspaceId, shown);
  return shown.flatMap((id) => faces.get(id.toHexString()) ?? []);
}

const known = new Map<string, { at: number; minutes: number | undefined }>();
const keepMs = 5 * 60_000;

/** Median time to the first answer in the last seven days, in minutes; looked up anew every five. */
async function usualMinutes(
  workspaceId: ObjectId,
  where: { channelId?: ObjectId; teamId?: ObjectId },
): Promise<number | undefined> {
  const key = `${workspaceId.toHexString()} ${where.channelId?.toHexString() ?? ""} ${where.teamId?.toHexString() ?? ""}`;
  const former = known.get(key);
  if (former && Date.now() - former.at < keepMs) return former.minutes;
  const rows = await ConversationModel.find(
    { workspaceId, firstAnsweredAt: { $gte: new Date(Date.now() - 7 * dayMs) }, ...where },
    { firstAnswerMs: 1 },
  )
    .limit(2000)
    .lean();
  const times = rows.flatMap((row) => row.firstAnswerMs ?? []).sort((a, b) => a - b);
  const median = times[times.length >> 1];
  const minutes =
    times.length < enoughAnswers || median === undefined
      ? undefined
      : Math.max(1, Math.round(median / 60_000));
  known.set(key, { at: Date.now(), minutes });
  return minutes;
}

async function describeDepartments(
  workspaceId: ObjectId,
  locale: string,
  now: Date,
): Promise<PageConfig["departments"]> {
  const teams = (await listTeams(workspaceId)).filter((team) => team.public);
  return Promise.all(
    teams.map(async (team) => {
      const [hours, minutes] = await Promise.all([
        readHours(workspaceId, team._id),
        usualMinutes(workspaceId, { teamId: team._id }),
      ]);
      const open = !hours || isOpenAt(hours, now);
      const opensAt = hours && !open ? nextOpening(hours, now)?.toISOString() : undefined;
      return {
        id: idOf(team),
        name: team.names?.[locale]?.trim() || team.name,
        open,
        ...(minutes === undefined ? {} : { answerMinutes: minutes }),
        ...(opensAt ? { opensAt } : {}),
      };
    }),
  );
}

/** A messenger whose account is away is not offered. */
async function findLinks(workspaceId: ObjectId, config: WidgetConfig): Promise<PageConfig["links"]> {
  const ids = config.links.flatMap((link) => link.channelId ?? []);
  const channels =
    ids.length > 0
      ? await ChannelModel.find({ workspaceId, _id: { $in: ids }, removedAt: null, paused: false }).lean()
      : [];
  return config.links
    .filter((link) => link.on)
    .flatMap((link) => {
      if (!link.channelId) return link.kind === "chat" || link.url ? [describeLink(link, undefined)] : [];
      const channel = channels.find((one) => idOf(one) === link.channelId);
      const works = channel?.link && !["disconnected", "revoked"].includes(channel.health.state);
      return works ? [describeLink(link, channel)] : [];
    });
}

function describeLink(
  { id, kind, title, handle, url }: WidgetConfig["links"][number],
  channel: ChannelRecord | undefined,
): PageConfig["links"][number] {
  return {
    id,
    kind,
    title: title || channel?.name || "",
    handle: handle || channel?.handle || "",
    ...(channel?.link || url ? { url: channel?.link ?? url ?? "" } : {}),
    ...(kind === "chat" ? {} : { icon: `/widget/icons/${kind}.svg` }),
    continues: channel !== undefined,
  };
}

/** Greetings for the page that is open now. */
export async function rulesFor(hub: Hub, page: OpenPage): Promise<PageRule[]> {
  const config = page.widget.published ?? page.widget.draft;
  if (config.rules.length === 0) return [];
  const hours = await readHours(page.widget.workspaceId);
  const { view } = page;
  const rules = matchRules(config.rules, {
    url: view.page.url,
    referrer: view.referrer,
    utm: view.utm,
    device: view.device,
    country: view.country,
    language: view.language,
    visits: view.visits,
    open: !hours || isOpenAt(hours, new Date()),
  });
  return describeRules(hub, page.widget, rules, page.locale);
}

/** Rules as a page gets them: one language, and whose face stands beside the greeting. */
export async function describeRules(
  hub: Hub,
  widget: WidgetRecord,
  rules: Rule[],
  locale: string,
): Promise<PageRule[]> {
  const senders = rules.flatMap((rule) => rule.from ?? []);
  const faces = senders.length > 0 ? await findSenders(hub, widget, rules) : new Map<string, Face>();
  const [onDuty] = rules.length > 0 ? await findPeople(hub, widget.workspaceId, widget._id) : [];
  return rules.map((rule) => {
    const by = (rule.from ? faces.get(rule.from) : onDuty) ?? { name: widget.name };
    return {
      id: rule.id,
      ...pageConditions(rule),
      every: rule.every,
      greeting: inLanguage(rule.greeting, locale),
      answers: rule.answers.map(({ title, linkId }) => ({
        title: inLanguage(title, locale),
        ...(linkId ? { linkId } : {}),
      })),
      by,
    };
  });
}

async function findSenders(hub: Hub, widget: WidgetRecord, rules: Rule[]): Promise<Map<string, Face>> {
  const wanted = new Set(rules.map((rule) => rule.from));
  const staff = await StaffModel.find({ workspaceId: widget.workspaceId, active: true }).limit(500).lean();
  const ids = staff.filter((person) => wanted.has(idOf(person))).map((person) => person._id);
  return findFaces(hub, widget.workspaceId, ids);
}
