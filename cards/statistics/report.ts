/** What the counts of a card come to over some days, beside as many days before them. */
import { DateTime } from "luxon";
import type { ObjectId } from "../../core/db.ts";
import { AppError } from "../../core/errors.ts";
import { ConversationModel, readHours } from "../../inbox/index.ts";
import { CountModel, type CountKind } from "../models/statistics.ts";
import type { Statistics } from "../schema.ts";
import { otherKey } from "./visits.ts";

export interface Asked {
  /** `2026-11-01`, both included; without them the last thirty days. */
  from?: string | undefined;
  to?: string | undefined;
  /** One of the card's; all without. */
  language?: string | undefined;
}

interface Span {
  from: string;
  to: string;
  language?: string | undefined;
}

interface Card {
  _id: ObjectId;
  workspaceId: ObjectId;
}
type Sum = Record<"views" | "taps" | "visitors" | "pressed", number>;

const mostDays = 400;
const longestList = 200;
/** Fewer are not told apart: somebody might be recognised by the country. */
const fewVisitors = 5;
const mostConversations = 20_000;

/** What a conversation that began by a link of the card has in `from`. */
export function fromCard(cardId: ObjectId, language: string): string {
  return `card:${cardId.toHexString()}:${language}`;
}

/** Days begin in the zone of the business's hours. */
async function zoneOf(workspaceId: ObjectId): Promise<string> {
  return (await readHours(workspaceId))?.timeZone ?? "UTC";
}

export async function readStatistics(card: Card, asked: Asked): Promise<Statistics> {
  const timeZone = await zoneOf(card.workspaceId);
  const zone = { zone: timeZone };
  const to =
    asked.to === undefined
      ? DateTime.now().setZone(timeZone).startOf("day")
      : DateTime.fromISO(asked.to, zone);
  const from = asked.from === undefined ? to.minus({ days: 29 }) : DateTime.fromISO(asked.from, zone);
  if (!from.isValid || !to.isValid || to < from) throw new AppError("invalid_input");
  const length = Math.round(to.diff(from, "days").days) + 1;
  if (length > mostDays) throw new AppError("invalid_input", { mostDays });
  const days = Array.from({ length }, (_, n) => from.plus({ days: n }));
  const earlier = days.map((day) => day.minus({ days: length }));
  const span = { from: from.toISODate() ?? "", to: to.toISODate() ?? "", language: asked.language };
  const [now, before, lists] = await Promise.all([
    readPeriod(card, days, asked.language),
    readPeriod(card, earlier, asked.language),
    readLists(card, span),
  ]);
  return { timeZone, ...now, before, ...lists };
}

type Period = Pick<Statistics, "totals" | "days">;

async function readPeriod(card: Card, days: DateTime[], language: string | undefined): Promise<Period> {
  const names = days.map((day) => day.toISODate() ?? "");
  const [rows, begun] = await Promise.all([
    CountModel.aggregate<Sum & { _id: string }>([
      { $match: matchOf(card, { from: names[0]!, to: names.at(-1)!, language }, "all") },
      {
        $group: {
          _id: "$day",
          views: { $sum: "$views" },
          taps: { $sum: "$taps" },
          visitors: { $sum: "$visitors" },
          pressed: { $sum: "$pressed" },
        },
      },
    ]),
    readBegun(card, days[0]!, days.at(-1)!.plus({ days: 1 }), language),
  ]);
  const of = new Map(rows.map((row) => [row._id, row]));
  const zone = days[0]!.zoneName ?? "UTC";
  const messages = new Map<string, number>();
  for (const { createdAt } of begun) {
    const day = DateTime.fromJSDate(createdAt, { zone }).toISODate() ?? "";
    messages.set(day, (messages.get(day) ?? 0) + 1);
  }
  const answers = begun.flatMap(({ firstAnswerMs }) => firstAnswerMs ?? []).toSorted((a, b) => a - b);
  const sum = (name: keyof Sum): number => rows.reduce((all, row) => all + row[name], 0);
  const median = answers[Math.floor((answers.length - 1) / 2)];
  return {
    totals: {
      views: sum("views"),
      visitors: sum("visitors"),
      taps: sum("taps"),
      pressed: sum("pressed"),
      messages: begun.length,
      answers: answers.length,
      ...(median === undefined ? {} : { medianAnswerMs: median }),
    },
    days: names.map((day) => ({
      day,
      views: of.get(day)?.views ?? 0,
      visitors: of.get(day)?.visitors ?? 0,
      taps: of.get(day)?.taps ?? 0,
      messages: messages.get(day) ?? 0,
    })),
  };
}

function matchOf(
  { workspaceId, _id: cardId }: Card,
  { from, to, language }: Span,
  kind?: CountKind,
): Record<string, unknown> {
  return {
    workspaceId,
    cardId,
    day: { $gte: from, $lte: to },
    ...(language ? { language } : {}),
    ...(kind ? { kind } : {}),
  };
}

/** Conversations that began by the card, and how soon they were answered. */
function readBegun(
  { workspaceId, _id }: Card,
  from: DateTime,
  until: DateTime,
  language: string | undefined,
): Promise<{ createdAt: Date; firstAnswerMs?: number }[]> {
  const prefix = fromCard(_id, "");
  return ConversationModel.find(
    {
      workspaceId,
      from: language ? fromCard(_id, language) : { $gte: prefix, $lt: `${prefix}~` },
      createdAt: { $gte: from.toJSDate(), $lt: until.toJSDate() },
    },
    { createdAt: 1, firstAnswerMs: 1 },
  )
    .limit(mostConversations)
    .lean();
}

async function readLists(
  card: Card,
  asked: Span,
): Promise<Pick<Statistics, "blocks" | "sources" | "utm" | "devices" | "countries" | "programs">> {
  const rows = await CountModel.aggregate<Sum & { _id: { kind: CountKind; key: string } }>([
    { $match: { ...matchOf(card, asked), kind: { $ne: "all" } } },
    {
      $group: {
        _id: { kind: "$kind", key: "$key" },
        views: { $sum: "$views" },
        taps: { $sum: "$taps" },
        visitors: { $sum: "$visitors" },
      },
    },
  ]);
  const list = (kind: CountKind, by: "views" | "taps"): { key: string; count: number }[] =>
    rows
      .filter(({ _id }) => _id.kind === kind)
      .map((row) => ({ key: row._id.key, count: row[by] }))
      .filter(({ count }) => count > 0)
      .toSorted((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1))
      .slice(0, longestList);
  const few = new Set(
    rows
      .filter(({ _id, visitors }) => _id.kind === "country" && visitors < fewVisitors)
      .map(({ _id }) => _id.key),
  );
  return {
    blocks: list("block", "taps"),
    sources: list("source", "views"),
    utm: list("utm", "views"),
    devices: list("device", "views"),
    countries: gather(list("country", "views"), few),
    programs: list("bot", "views").reduce((sum, { count }) => sum + count, 0),
  };
}

/** Those of few visitors as one row, and where nothing is known, at the end. */
function gather(list: { key: string; count: number }[], few: ReadonlySet<string>): typeof list {
  const unknown = list.filter(({ key }) => key === "");
  const told = list.filter(({ key }) => key !== "" && !few.has(key));
  const others = list
    .filter(({ key }) => key !== "" && few.has(key))
    .reduce((sum, { count }) => sum + count, 0);
  return [...told, ...(others > 0 ? [{ key: otherKey, count: others }] : []), ...unknown];
}
