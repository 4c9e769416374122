// The clock on the wall of a time zone, from Intl's tables.
import { CommandError } from "../errors.ts";

export const UNITS = [
  "millisecond",
  "second",
  "minute",
  "hour",
  "day",
  "week",
  "month",
  "quarter",
  "year",
] as const;
export type Unit = (typeof UNITS)[number];

export interface WallClock {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
  /** Milliseconds ahead of UTC. */
  offset: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

export function inZone(date: Date, zone: string): WallClock {
  const offset = offsetAt(date, zone);
  const shifted = new Date(date.getTime() + offset);
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    second: shifted.getUTCSeconds(),
    millisecond: shifted.getUTCMilliseconds(),
    offset,
  };
}

/** The moment at which the zone's clocks show this; fields may run over (month 13 is next January). */
export function instantOf(at: WallClock, zone: string): Date {
  const local = Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute, at.second, at.millisecond);
  const guess = new Date(local - offsetAt(new Date(local), zone));
  return new Date(local - offsetAt(guess, zone));
}

export function startOf(at: WallClock, unit: Unit, firstDayOfWeek: number): WallClock {
  const result = { ...at };
  const rank = UNITS.indexOf(unit);
  if (rank >= 1) result.millisecond = 0;
  if (rank >= 2) result.second = 0;
  if (rank >= 3) result.minute = 0;
  if (rank >= 4) result.hour = 0;
  if (unit === "week") result.day -= daysInto(at, firstDayOfWeek);
  if (rank >= 6) result.day = 1;
  if (unit === "quarter") result.month -= (at.month - 1) % 3;
  if (unit === "year") result.month = 1;
  return result;
}

function daysInto(at: WallClock, firstDayOfWeek: number): number {
  const weekday = new Date(Date.UTC(at.year, at.month - 1, at.day)).getUTCDay();
  return (weekday - firstDayOfWeek + 7) % 7;
}

function offsetAt(date: Date, zone: string): number {
  const fixed = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  if (zone === "UTC" || zone === "GMT") return 0;
  if (fixed) return (fixed[1] === "-" ? -1 : 1) * (Number(fixed[2]) * 60 + Number(fixed[3] ?? 0)) * 60_000;
  const parts = new Map(
    formatOf(zone)
      .formatToParts(date)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const read = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  const local = Date.UTC(
    read("year"),
    read("month") - 1,
    read("day"),
    read("hour"),
    read("minute"),
    read("second"),
  );
  return local - Math.floor(date.getTime() / 1000) * 1000;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = makeFormat(timeZone);
  formats.set(timeZone, format);
  return format;
}

function makeFormat(timeZone: string): Intl.DateTimeFormat {
  const numeric = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric" } as const;
  try {
    return new Intl.DateTimeFormat("en-US", {
      ...numeric,
      minute: "numeric",
      second: "numeric",
      hourCycle: "h23",
      timeZone,
    });
  } catch {
    throw new CommandError(40485, `unrecognized time zone identifier: "${timeZone}"`);
  }
}
