/** Four weeks of the studio on all its messengers, the last conversations still going on. */
import { Seeded } from "../random.ts";
import { did, type Colleague, type Customer, type Line, type Story } from "../story.ts";
import { earlier } from "./earlier.ts";
import { today } from "./today.ts";
import { closing, guests, plots, wares, type Plot } from "./usual.ts";
import { letters } from "./letters.ts";
import { facebook, instagram } from "./messenger.ts";
import { viber } from "./viber.ts";
import { whatsapp } from "./whatsapp.ts";

const elsewhere = [...whatsapp, ...viber, ...facebook, ...instagram, ...letters];

/** Most are told on the weekday that today is, so that "usual for this weekday" has something to say. */
const days = [7, 7, 7, 7, 7, 7, 7, 7, 14, 14, 14, 14, 14, 14, 14, 14, 21, 21, 21, 21, 21, 21, 21, 21];
const otherDays = [2, 3, 4, 5, 5, 6, 8, 9, 10, 11, 12, 13, 15, 16, 17, 18, 19, 20, 24, 26];
const hours = [9.3, 10.1, 10.7, 11.6, 12.9, 14.4, 16.2, 17.7];

/** The same at every start. Newest stories come last. */
export function tellStories(): Story[] {
  const random = new Seeded(1240);
  const slots = [...days, ...otherDays].map((daysAgo, index) => ({
    daysAgo,
    hour: (hours[index % hours.length] ?? 12) + random.between(0, 0.25),
  }));
  const people = interleave(guests.en, guests.ru);
  const usual = slots.map((slot, index) => tellUsual(random, people[index % people.length], slot, index));
  return [...usual, ...earlier, ...today, ...elsewhere].toSorted((a, b) => ageOf(b) - ageOf(a));
}

function tellUsual(
  random: Seeded,
  customer: Customer | undefined,
  began: { daysAgo: number; hour: number },
  index: number,
): Story {
  if (!customer) throw new Error("a story needs somebody to tell it");
  const { language } = customer;
  const plot = plots[language][(index >> 1) % plots[language].length] ?? random.pick(plots[language]);
  const assignee = random.pick<Colleague>(
    plot.desk === "classes" ? ["timur", "timur", "daria"] : ["nina", "mark", "daria", "mark"],
  );
  const lines = plot.tell(random.pick(wares[language]));
  return { customer, desk: plot.desk, time: { began }, assignee, lines: withWork(lines, plot, assignee) };
}

/** Who took it, under which tag, and that it was closed. */
function withWork([first, ...rest]: Line[], { tag }: Plot, assignee: Colleague): Line[] {
  if (!first) return [];
  const tagged = tag ? [did(assignee, { what: "tagged", tag })] : [];
  return [first, did(assignee, { what: "assigned", to: assignee }), ...rest, ...tagged, closing];
}

function interleave<T>(first: T[], second: T[]): T[] {
  return first.flatMap((one, index) => [one, ...second.slice(index, index + 1)]);
}

function ageOf({ time }: Story): number {
  return "began" in time ? time.began.daysAgo + 1 - time.began.hour / 24 : time.ended.minutesAgo / 1440;
}
