// Zones of the world with what their clocks differ by now.
import { locale } from "../../../../ui/i18n.ts";

export const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** "Europe/Moscow, UTC+3", in the order of their names; `chosen` is there even where this browser does not list it. */
export function zoneOptions(chosen: string): { value: string; label: string }[] {
  const zones = new Set([...Intl.supportedValuesOf("timeZone"), ownZone, chosen, "UTC"]);
  return [...zones]
    .sort()
    .map((value) => ({ value, label: `${value.replaceAll("_", " ")}, ${offsetOf(value)}` }));
}

function offsetOf(timeZone: string): string {
  try {
    const parts = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "shortOffset" }).formatToParts();
    const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
    return name === "GMT" ? "UTC" : name.replace("GMT", "UTC");
  } catch {
    return ""; // the server knows a zone that this browser does not
  }
}

/** A moment as clocks there show it: "Saturday, 11:00". */
export function momentIn(timeZone: string, at: string): string {
  return new Intl.DateTimeFormat(locale.value === "en" ? "en-GB" : locale.value, {
    weekday: "long",
    day: "numeric",
    month: "long",
    hour: "2-digit",
    minute: "2-digit",
    timeZone,
  }).format(new Date(at));
}
