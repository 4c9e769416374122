/** When every line of a story is said. */
import type { Seeded } from "../random.ts";
import type { Line, Story } from "../story.ts";

const minuteMs = 60_000;

/** Times of the lines, oldest first, none of them ahead of `now`. */
export function schedule({ lines, time }: Story, now: Date, random: Seeded): Date[] {
  let offset = 0;
  const offsets = lines.map((line, index) => {
    offset += index === 0 ? 0 : (line.after ?? pauseBefore(line, random)) * minuteMs;
    return offset;
  });
  const begin =
    "began" in time
      ? hourOfDay(now, time.began.daysAgo, time.began.hour)
      : now.getTime() - time.ended.minutesAgo * minuteMs - offset;
  return offsets.map((after) => new Date(Math.min(begin + after, now.getTime() - minuteMs)));
}

function pauseBefore({ by }: Line, random: Seeded): number {
  return by === "customer" ? random.between(2, 12) : random.between(2, 9);
}

function hourOfDay(now: Date, daysAgo: number, hour: number): number {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() - daysAgo);
  return day.getTime() + hour * 60 * minuteMs;
}
