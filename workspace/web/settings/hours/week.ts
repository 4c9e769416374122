// The hours of a day as a bar shows them: minutes since midnight, in steps of a quarter of an hour.
export interface Interval {
  from: string;
  to: string;
}

export const dayMinutes = 1440;
const step = 15;

export function minutesOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return hour * 60 + minute;
}

/** 1440 is the end of a day, "24:00". */
export function timeOf(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

export type Edge = "from" | "to";

/** Puts one end where it is wanted: on a step, after its beginning, and not over its neighbours. */
export function moveEdge(day: Interval[], index: number, edge: Edge, wanted: number): Interval[] {
  const own = day[index];
  if (!own) return day;
  const [low, high] =
    edge === "from"
      ? [minutesOf(day[index - 1]?.to ?? "00:00"), minutesOf(own.to) - step]
      : [minutesOf(own.from) + step, minutesOf(day[index + 1]?.from ?? "24:00")];
  const minutes = Math.max(low, Math.min(high, wanted));
  return day.map((one, at) => (at === index ? { ...one, [edge]: timeOf(minutes) } : one));
}

/** The nearest quarter of an hour. */
export function toStep(minutes: number): number {
  return Math.round(minutes / step) * step;
}

/** One more interval in the largest gap, at the hours of a usual day where they are free. */
export function addInterval(day: Interval[]): Interval[] {
  if (day.length === 0) return [{ from: "09:00", to: "18:00" }];
  const edges = [0, ...day.flatMap(({ from, to }) => [minutesOf(from), minutesOf(to)]), dayMinutes];
  const gaps = Array.from({ length: edges.length / 2 }, (_, index) => ({
    from: edges[index * 2] ?? 0,
    to: edges[index * 2 + 1] ?? 0,
  }));
  const after = gaps.findLast(({ from, to }) => from > 0 && to - from >= 120);
  const gap = after ?? gaps.toSorted((a, b) => b.to - b.from - (a.to - a.from))[0];
  if (!gap || gap.to - gap.from < 2 * step) return day;
  const from = gap.from === 0 ? Math.max(0, gap.to - 180) : Math.min(gap.from + 60, gap.to - step);
  const to = gap.from === 0 ? Math.max(from + step, gap.to - 60) : Math.min(from + 120, gap.to);
  return [...day, { from: timeOf(from), to: timeOf(to) }].sort((a, b) => a.from.localeCompare(b.from));
}

export const maxIntervals = 6;
