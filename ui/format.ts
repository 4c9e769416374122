// Numbers, dates and times as the reader's language writes them. Dates come as ISO strings from the server.
import { locale } from "./i18n.ts";

type Moment = Date | string | number;

const dateFormats = new Map<string, Intl.DateTimeFormat>();
const numberFormats = new Map<string, Intl.NumberFormat>();
const relativeFormats = new Map<string, Intl.RelativeTimeFormat>();

/** Making a format is slow, using it is not. English dates are day first, as the product writes them. */
function cached<T>(cache: Map<string, T>, options: object, make: (language: string) => T): T {
  const key = `${locale.value} ${JSON.stringify(options)}`;
  const format = cache.get(key) ?? make(locale.value === "en" ? "en-GB" : locale.value);
  cache.set(key, format);
  return format;
}

function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return cached(dateFormats, options, (language) => new Intl.DateTimeFormat(language, options));
}

/** 1,240 or 1 240; pass options for percents and currencies. */
export function formatNumber(value: number, options: Intl.NumberFormatOptions = {}): string {
  return cached(numberFormats, options, (language) => new Intl.NumberFormat(language, options)).format(value);
}

/** 09:27 */
export function formatTime(at: Moment): string {
  return dateFormat({ hour: "2-digit", minute: "2-digit" }).format(new Date(at));
}

/** 22 Nov, with the year when it is another one. */
export function formatDate(at: Moment, now: Moment = Date.now()): string {
  const date = new Date(at);
  const sameYear = date.getFullYear() === new Date(now).getFullYear();
  return dateFormat({ day: "numeric", month: "short", ...(sameYear ? {} : { year: "numeric" }) }).format(
    date,
  );
}

/** 22 November 2026, for headings and titles. */
export function formatLongDate(at: Moment): string {
  return dateFormat({ day: "numeric", month: "long", year: "numeric" }).format(new Date(at));
}

/** 22 Nov, 09:27 */
export function formatDateTime(at: Moment, now: Moment = Date.now()): string {
  return `${formatDate(at, now)}, ${formatTime(at)}`;
}

/** November 2026, in the nominative; Russian months are small: a heading gives them their capital. */
export function formatMonth(at: Moment): string {
  return dateFormat({ month: "long", year: "numeric" })
    .format(new Date(at))
    .replace(/\s*г\.$/, "");
}

/** Mon */
export function formatWeekday(at: Moment): string {
  return dateFormat({ weekday: "short" }).format(new Date(at));
}

/** What a list row shows: the time today, the weekday within six days, else the date. */
export function formatListTime(at: Moment, now: Moment = Date.now()): string {
  const days = daysBetween(at, now);
  if (days <= 0) return formatTime(at);
  return days < 7 ? formatWeekday(at) : formatDate(at, now);
}

/** "5 minutes ago", "5 минут назад", "now"; also for what is to come. */
export function formatRelative(
  at: Moment,
  now: Moment = Date.now(),
  style: "long" | "short" = "long",
): string {
  const options = { numeric: "auto", style } as const;
  const format = cached(
    relativeFormats,
    options,
    (language) => new Intl.RelativeTimeFormat(language, options),
  );
  const seconds = Math.round((new Date(at).getTime() - new Date(now).getTime()) / 1000);
  const [unit, size] = relativeUnit(Math.abs(seconds));
  return format.format(Math.trunc(seconds / size), unit);
}

/** Whole local days from one moment to another (yesterday to today is 1). */
export function daysBetween(from: Moment, to: Moment): number {
  return Math.round((startOfDay(to) - startOfDay(from)) / 86_400_000);
}

/** "8.2 MB" in the units that `Intl` names, in steps of 1024 as limits are set: 50 MB are 50 × 1024 × 1024. */
export function formatBytes(bytes: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(bytes, 1)) / 10)));
  const value = bytes / 1024 ** power;
  const digits = value < 10 && power > 0 ? 1 : 0;
  const unit = units[power] ?? "byte";
  // "short" spells single bytes out, without their plural
  const unitDisplay = power === 0 ? "long" : "short";
  return formatNumber(value, { style: "unit", unit, unitDisplay, maximumFractionDigits: digits });
}

/** 1:05 for players and recorders. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const minutes = Math.floor(whole / 60);
  const rest = String(whole % 60).padStart(2, "0");
  if (minutes < 60) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}

function relativeUnit(seconds: number): [Intl.RelativeTimeFormatUnit, number] {
  if (seconds < 60) return ["second", 1];
  if (seconds < 3600) return ["minute", 60];
  if (seconds < 86_400) return ["hour", 3600];
  if (seconds < 2_592_000) return ["day", 86_400];
  return seconds < 31_536_000 ? ["month", 2_592_000] : ["year", 31_536_000];
}

function startOfDay(at: Moment): number {
  const date = new Date(at);
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
}
