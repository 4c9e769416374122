export interface QuietHours {
  on: boolean;
  from: string;
  to: string;
  /** Days of the week without any sound, 0 is Sunday. */
  allDay: number[];
}

/** Whether nothing may sound now. The span may go over midnight. */
export function isQuiet({ on, from, to, allDay }: QuietHours, now = new Date()): boolean {
  if (!on) return false;
  if (allDay.includes(now.getDay())) return true;
  const minutes = now.getHours() * 60 + now.getMinutes();
  const [start, end] = [minutesOf(from), minutesOf(to)];
  return start <= end ? minutes >= start && minutes < end : minutes >= start || minutes < end;
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}
