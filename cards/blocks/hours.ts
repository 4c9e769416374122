/** A week of opening hours in a few rows: days that are alike stand together. */
import { pageWords } from "./words.ts";

export type Week = readonly (readonly { from: string; to: string }[])[];

/** `[["Mon–Fri", "10:00–20:00"], ["Sat", "11:00–19:00"], ["Sun", "Closed"]]` */
export function weekRows(week: Week, language: string): [days: string, times: string][] {
  const { dayOff } = pageWords(language);
  const rows: { first: number; last: number; times: string }[] = [];
  for (const [day, spans] of week.entries()) {
    const times = spans.map(({ from, to }) => `${from}–${to}`).join(", ") || dayOff;
    const before = rows.at(-1);
    if (before?.times === times) before.last = day;
    else rows.push({ first: day, last: day, times });
  }
  return rows.map(({ first, last, times }) => {
    const days = first === last ? [first] : [first, last];
    return [days.map((day) => dayName(day, language)).join("–"), times];
  });
}

/** 0 is Monday. */
export function dayName(day: number, language: string): string {
  const name = new Intl.DateTimeFormat(language, { weekday: "short", timeZone: "UTC" }).format(
    new Date(Date.UTC(2024, 0, 1 + day)),
  );
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}
