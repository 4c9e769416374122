const day = 24 * 60;

/** "8", "830", "8.30" and "08:30" as "08:30"; null where no time of day is written. */
export function parseTime(text: string): string | null {
  const [, hours, minutes = "0"] = /^(\d{1,2})(?:\D?(\d{2}))?$/.exec(text.trim()) ?? [];
  if (!hours || Number(hours) > 23 || Number(minutes) > 59) return null;
  return `${hours.padStart(2, "0")}:${minutes.padStart(2, "0")}`;
}

/** A time so many minutes later, around midnight too. */
export function shiftTime(time: string, by: number): string {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  const total = (((hours * 60 + minutes + by) % day) + day) % day;
  return `${String(Math.floor(total / 60)).padStart(2, "0")}:${String(total % 60).padStart(2, "0")}`;
}
