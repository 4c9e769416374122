// Times of day in the business's zone, as `datetime-local` writes them: `2026-11-24T10:00`.

/** What the clock shows there; empty for what is no time. */
export function wallTime(iso: string | undefined, timeZone: string): string {
  const at = new Date(iso ?? "");
  if (Number.isNaN(at.getTime())) return "";
  return new Date(at.getTime() + offsetAt(at, timeZone)).toISOString().slice(0, 16);
}

/** The moment at which the clock shows it; undefined for what is no time. */
export function momentOf(wall: string, timeZone: string): string | undefined {
  const guess = Date.parse(`${wall}Z`);
  if (Number.isNaN(guess)) return undefined;
  // the offset before a change of clocks and after it may differ: the second look settles it
  const once = guess - offsetAt(new Date(guess), timeZone);
  return new Date(guess - offsetAt(new Date(once), timeZone)).toISOString();
}

function offsetAt(at: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(at);
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  const shown = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
  return shown - Math.floor(at.getTime() / 1000) * 1000;
}
