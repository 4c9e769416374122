// What the screen shows of a report: figures, their change, names of rows, and the same as a table.
import { formatDate, formatNumber } from "../../../ui/format.ts";
import { locale } from "../../../ui/i18n.ts";
import type { CardContent } from "../../blocks/schema.ts";
import { services } from "../../blocks/services.ts";
import { say } from "../../blocks/words.ts";
import type { Statistics } from "../../schema.ts";

export const metrics = ["views", "visitors", "taps", "rate", "messages"] as const;
export type Metric = (typeof metrics)[number];
type Period = Pick<Statistics, "totals" | "days">;
type Day = Statistics["days"][number];

const share = (part: number, whole: number): number => (whole > 0 ? (part / whole) * 100 : 0);

export function totalOf({ totals }: Period, metric: Metric): number {
  return metric === "rate" ? share(totals.taps, totals.views) : totals[metric];
}

export function valueOf(day: Day, metric: Metric): number {
  return metric === "rate" ? Math.round(share(day.taps, day.views) * 10) / 10 : day[metric];
}

export function shown(value: number, metric: Metric): string {
  return metric === "rate" ? percent(value, 1) : formatNumber(value);
}

/** 37.3 gives "37%"; small ones keep a digit. */
export function percent(value: number, digits = value < 10 ? 1 : 0): string {
  return formatNumber(value / 100, { style: "percent", maximumFractionDigits: digits });
}

export interface Change {
  up: boolean;
  /** 28 for 28 %; of rates the difference in points. */
  by: number;
}

/** Undefined where there was nothing before, or nothing has changed. */
export function changeOf(now: number, before: number, metric: Metric): Change | undefined {
  const by = metric === "rate" ? now - before : before > 0 ? ((now - before) / before) * 100 : 0;
  const rounded = metric === "rate" ? Math.round(by * 10) / 10 : Math.round(by);
  return rounded === 0 ? undefined : { up: rounded > 0, by: Math.abs(rounded) };
}

/** `t` of the screen, with the texts of the statistics. */
export type Say = (key: string, params?: Record<string, unknown>) => string;

export function sourceName(key: string, t: Say): string {
  if (key === "") return t("cardFigures.direct");
  if (key === "*") return t("cardFigures.other");
  if (!key.startsWith("?")) return key;
  const tag = key.slice(1);
  return ["qr", "nfc", "bio", "mail"].includes(tag)
    ? t(`cardFigures.tag.${tag}`)
    : t("cardFigures.tagOther", { tag });
}

export function countryName(key: string, t: Say): string {
  if (key === "") return t("cardFigures.unknown");
  if (key === "*") return t("cardFigures.other");
  return new Intl.DisplayNames([locale.value], { type: "region" }).of(key) ?? key;
}

/** The service of a button, else what the block is called; the draft may have lost it since. */
export function blockName(key: string, { blocks, languages }: CardContent, t: Say): string {
  const [blockId = "", itemId] = key.split("/");
  const block = blocks.find(({ id }) => id === blockId);
  if (!block) return t("cardFigures.gone");
  if ((block.type === "messengers" || block.type === "social") && itemId !== undefined) {
    const item = block.items.find(({ id }) => id === itemId);
    return item ? services[item.service].title : t("cardFigures.gone");
  }
  const title = "title" in block ? say(block.title, locale.value, languages) : "";
  return title || t(`cardBuilder.block.${block.type}`);
}

/** A day of the business as it is written here. */
export function dayName(day: string, weekday = false): string {
  const at = new Date(`${day}T12:00:00Z`);
  if (!weekday) return formatDate(at);
  return new Intl.DateTimeFormat(locale.value === "ru" ? "ru" : "en-GB", {
    weekday: "long",
    day: "numeric",
    month: "short",
    timeZone: "UTC",
  }).format(at);
}

export const steps = ["visitors", "pressed", "messages", "answers"] as const;

type Cell = string | number;

/** What is on the screen, for a spreadsheet: the days, the way from view to answer, then each list. */
export function toCsv(report: Statistics, content: CardContent, t: Say): string {
  const days = report.days.map((day) => [day.day, ...metrics.map((metric) => valueOf(day, metric))]);
  const list = (title: string, rows: Cell[][]): Cell[][] => [[], [title, ""], ...rows];
  const counted = (title: string, rows: Statistics["blocks"], nameOf: (key: string) => string): Cell[][] =>
    list(
      title,
      rows.map(({ key, count }) => [nameOf(key), count]),
    );
  const rows: Cell[][] = [
    [t("cardFigures.day"), ...metrics.map((metric) => t(`cardFigures.${metric}`))],
    ...days,
    ...list(
      t("cardFigures.funnel"),
      steps.map((step) => [t(`cardFigures.step.${step}`), report.totals[step]]),
    ),
    ...counted(t("cardFigures.blocks"), report.blocks, (key) => blockName(key, content, t)),
    ...counted(t("cardFigures.bySource"), report.sources, (key) => sourceName(key, t)),
    ...counted(t("cardFigures.byUtm"), report.utm, (key) => key),
    ...counted(t("cardFigures.devices"), report.devices, (key) => t(`cardFigures.device.${key}`)),
    ...counted(t("cardFigures.countries"), report.countries, (key) => countryName(key, t)),
  ];
  return `\uFEFF${rows.map(line).join("\r\n")}\r\n`;
}

/** As spreadsheets of the language read a table: Russian ones have the comma within numbers. */
function line(row: Cell[]): string {
  const russian = locale.value === "ru";
  return row.map((value) => cell(value, russian)).join(russian ? ";" : ",");
}

/** What a spreadsheet would take for a formula is kept a text. */
function cell(value: Cell, russian: boolean): string {
  if (typeof value === "number") return russian ? String(value).replace(".", ",") : String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
