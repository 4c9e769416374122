// What the list tells of a block: hidden, waiting for its time, shown for a while, over.
import type { Block } from "../../blocks/schema.ts";

export type BlockState = { kind: "hidden" | "shown" | "waits" | "until" | "over"; days: string };

/** `days`: the days in the business's zone, as 24–26 Nov. */
export function blockState(
  { on, from, until }: Block,
  now: Date,
  locale: string,
  timeZone: string,
): BlockState {
  if (!on) return { kind: "hidden", days: "" };
  const format = new Intl.DateTimeFormat(locale === "ru" ? "ru" : "en-GB", {
    day: "numeric",
    month: "short",
    timeZone,
  });
  const [begin, end] = [from ? new Date(from) : undefined, until ? new Date(until) : undefined];
  const days =
    begin && end && begin < end ? format.formatRange(begin, end) : format.format(end ?? begin ?? now);
  if (end && end <= now) return { kind: "over", days: format.format(end) };
  if (begin && begin > now) return { kind: "waits", days: end ? days : format.format(begin) };
  return end ? { kind: "until", days } : { kind: "shown", days: "" };
}
