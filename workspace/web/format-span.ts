import { formatNumber } from "../../ui/format.ts";

type Unit = "second" | "minute" | "hour" | "day";

/** "40 sec", "4 min", "3 hr", "2 days": a length of time in its largest fitting unit. */
export function formatSpan(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return inUnit(seconds, "second");
  if (seconds < 5400) return inUnit(Math.round(seconds / 60), "minute");
  return seconds < 172_800
    ? inUnit(Math.round(seconds / 3600), "hour")
    : inUnit(Math.round(seconds / 86_400), "day");
}

function inUnit(value: number, unit: Unit): string {
  return formatNumber(value, { style: "unit", unit, unitDisplay: "short" });
}
