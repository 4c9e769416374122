// Days on which the week does not hold: closed, or open for other hours.
import { locale } from "../../../../ui/i18n.ts";
import type { Hours } from "../../types.ts";

export type Holiday = Hours["holidays"][number];

/** Non-working days by article 112 of the Labour Code of Russia; transfers differ from year to year and are added by hand. */
const ofRussia: { from: string; to: string; en: string; ru: string }[] = [
  { from: "01-01", to: "01-08", en: "New Year holidays", ru: "Новогодние каникулы" },
  { from: "02-23", to: "02-23", en: "Defender of the Fatherland Day", ru: "День защитника Отечества" },
  { from: "03-08", to: "03-08", en: "Women's Day", ru: "Международный женский день" },
  { from: "05-01", to: "05-01", en: "Labour Day", ru: "Праздник Весны и Труда" },
  { from: "05-09", to: "05-09", en: "Victory Day", ru: "День Победы" },
  { from: "06-12", to: "06-12", en: "Russia Day", ru: "День России" },
  { from: "11-04", to: "11-04", en: "Unity Day", ru: "День народного единства" },
];

/** Those of Russia that are not there yet. */
export function withRussian(holidays: Holiday[]): Holiday[] {
  const year = new Date().getFullYear();
  const missing = ofRussia.filter(
    ({ from }) => !holidays.some((one) => one.yearly && one.from.endsWith(from)),
  );
  const added = missing.map(({ from, to, ...names }) => ({
    from: `${year}-${from}`,
    to: `${year}-${to}`,
    name: names[locale.value],
    yearly: true,
  }));
  return sorted([...holidays, ...added]);
}

/** By the next time that they come. */
export function sorted(holidays: Holiday[]): Holiday[] {
  return holidays.toSorted((a, b) => keyOf(a).localeCompare(keyOf(b)));
}

function keyOf({ from, yearly }: Holiday): string {
  if (!yearly) return from;
  const today = new Date().toISOString().slice(0, 10);
  const day = from.slice(4);
  const year = Number(today.slice(0, 4));
  return `${day < today.slice(4) ? year + 1 : year}${day}`;
}

/** "4 November", "1–8 January", "12 February 2027". */
export function daysText({ from, to, yearly }: Holiday): string {
  const format = new Intl.DateTimeFormat(locale.value === "en" ? "en-GB" : locale.value, {
    day: "numeric",
    month: "long",
    ...(yearly ? {} : { year: "numeric" }),
    timeZone: "UTC",
  });
  const last = to < from && yearly ? `${Number(from.slice(0, 4)) + 1}${to.slice(4)}` : to;
  return from === last ? format.format(new Date(from)) : format.formatRange(new Date(from), new Date(last));
}
