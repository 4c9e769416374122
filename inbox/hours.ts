/** Business hours: whether somebody answers at a moment, and when somebody will. Clock times are those of the hours' zone. */
import { DateTime } from "luxon";
import type { ObjectId } from "../core/db.ts";
import { HoursModel, type Holiday, type Hours, type Interval } from "./models/index.ts";

/** How far ahead an opening is looked for. */
const maxDays = 60;

/** Those of a team that has its own, else those of the workspace; undefined where nobody has set any. */
export async function readHours(workspaceId: ObjectId, teamId?: ObjectId | null): Promise<Hours | undefined> {
  const own = teamId ? await HoursModel.findOne({ workspaceId, teamId }).lean() : null;
  const found = own ?? (await HoursModel.findOne({ workspaceId, teamId: null }).lean());
  return found ? { timeZone: found.timeZone, week: found.week, holidays: found.holidays } : undefined;
}

/** Whether it has hours of its own; always true of the workspace that has any. */
export async function hasOwnHours(workspaceId: ObjectId, teamId: ObjectId | null): Promise<boolean> {
  return (await HoursModel.exists({ workspaceId, teamId })) !== null;
}

export function isOpenAt(hours: Hours, at: Date): boolean {
  const local = DateTime.fromJSDate(at, { zone: hours.timeZone });
  return spansOf(hours, local).some(([from, to]) => from <= at.getTime() && at.getTime() < to);
}

/** The next moment at which it opens; undefined when it is open now, or does not open within sixty days. */
export function nextOpening(hours: Hours, at: Date): Date | undefined {
  if (isOpenAt(hours, at)) return undefined;
  const today = DateTime.fromJSDate(at, { zone: hours.timeZone }).startOf("day");
  for (let day = 0; day <= maxDays; day += 1) {
    const next = spansOf(hours, today.plus({ days: day })).find(([from]) => from > at.getTime());
    if (next) return new Date(next[0]);
  }
  return undefined;
}

/** When what is open now closes; undefined when it is closed, or open without a break for sixty days. */
export function nextClosing(hours: Hours, at: Date): Date | undefined {
  const today = DateTime.fromJSDate(at, { zone: hours.timeZone }).startOf("day");
  let end: number | undefined;
  for (let day = 0; day <= maxDays; day += 1) {
    for (const [from, to] of spansOf(hours, today.plus({ days: day }))) {
      if (end === undefined && from <= at.getTime() && at.getTime() < to) end = to;
      else if (end !== undefined && from <= end) end = Math.max(end, to);
      else if (end !== undefined) return new Date(end);
    }
    if (end !== undefined && end < today.plus({ days: day + 1 }).toMillis()) return new Date(end);
  }
  return undefined;
}

type Span = [from: number, to: number];

/** The open spans of a day as moments, in order. Of a holiday only what it says. */
function spansOf(hours: Hours, day: DateTime): Span[] {
  const date = day.toISODate() ?? "";
  const holiday = hours.holidays.find((one) => fallsOn(one, date));
  const intervals = holiday ? (holiday.open ?? []) : (hours.week[day.weekday - 1] ?? []);
  return intervals
    .map((interval) => spanOf(day, interval))
    .filter(([from, to]) => from < to)
    .sort((a, b) => a[0] - b[0]);
}

/** A yearly one may begin in one year and end in the next. */
function fallsOn({ from, to, yearly }: Holiday, date: string): boolean {
  if (!yearly) return from <= date && date <= to;
  const [first, last, day] = [from.slice(5), to.slice(5), date.slice(5)];
  return first <= last ? first <= day && day <= last : first <= day || day <= last;
}

/**
 * A clock time that a change of the clocks leaves out is the moment of the change; one that comes twice begins with its
 * first turn and ends with its last.
 */
function spanOf(day: DateTime, { from, to }: Interval): Span {
  const begin = momentOf(day, from);
  const end = momentOf(day, to);
  const later = end.getPossibleOffsets().at(-1);
  return [begin.toMillis(), (later ?? end).toMillis()];
}

function momentOf(day: DateTime, time: string): DateTime {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  const midnight = day.startOf("day");
  if (hour === 24) return midnight.plus({ days: 1 }).startOf("day");
  const moment = midnight.set({ hour, minute });
  const left = moment.hour !== hour || moment.minute !== minute;
  // Luxon goes forward over a gap by its length: the gap itself begins where the offset changes.
  return left ? endOfGap(midnight, moment) : (moment.getPossibleOffsets()[0] ?? moment);
}

/** The first moment after the clocks were put forward. */
function endOfGap(midnight: DateTime, after: DateTime): DateTime {
  let [low, high] = [midnight.toMillis(), after.toMillis()];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (DateTime.fromMillis(middle, { zone: midnight.zone }).offset === midnight.offset) low = middle;
    else high = middle;
  }
  return DateTime.fromMillis(high, { zone: midnight.zone });
}
