/** When bookings are taken: by the card's own hours where it shows any, else by those of the business with its holidays. */
import type { DateTime } from "luxon";
import { isOpenAt, readHours } from "../../inbox/index.ts";
import { blocksOf } from "../blocks/page.ts";
import type { OpenCard } from "../pages.ts";
import type { Opening } from "./read.ts";

/** `limited`: only within the hours, where any are set. */
export async function openingOf({ card, content }: OpenCard, limited: boolean): Promise<Opening> {
  const hours = await readHours(card.workspaceId);
  const timeZone = hours?.timeZone ?? "UTC";
  const own = blocksOf(content, "hours").find((block) => block.own)?.own;
  const known = own ? { timeZone, week: own, holidays: [] } : hours;
  const opening = { timeZone, now: new Date() };
  if (!limited || !known) return opening;
  const isOpen = (moment: DateTime): boolean => isOpenAt(known, moment.toJSDate());
  return { ...opening, hours: { isOpen, timesOf: (day) => timesOf(day, isOpen) } };
}

const step = 5;

/** `10:00–13:00, 14:00–19:00`; nothing for a day that is closed. */
function timesOf(day: DateTime, isOpen: (moment: DateTime) => boolean): string {
  const begin = day.startOf("day");
  const spans: { from: string; to: string }[] = [];
  let open = false;
  for (let moment = begin; moment < begin.plus({ days: 1 }); moment = moment.plus({ minutes: step })) {
    const is = isOpen(moment);
    const clock = moment.toFormat("HH:mm");
    if (is && !open) spans.push({ from: clock, to: "24:00" });
    const last = spans.at(-1);
    if (!is && open && last) last.to = clock;
    open = is;
  }
  return spans.map(({ from, to }) => `${from}–${to}`).join(", ");
}
