/** Texts of the panel in the visitor's language, and how times are written in it. */
import { shallowReactive } from "vue";
import type { Texts } from "../texts/en.ts";

export const dictionary = shallowReactive<{ texts: Texts }>({ texts: {} as Texts });

/** A text with its `{names}` filled in. */
export function say(name: keyof Texts, values: Record<string, string | number> = {}): string {
  return dictionary.texts[name].replace(/\{(\w+)\}/g, (whole, key: string) => String(values[key] ?? whole));
}

/**
 * The browser says which English it is: half past one in the afternoon is written in two ways. Some say it in a form that
 * is no language tag (`en-US@posix`); then the widget's own language stands.
 */
function own(locale: string): string {
  const { language } = navigator;
  return language.startsWith(locale) && /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(language) ? language : locale;
}

export function timeOf(iso: string, locale: string): string {
  return new Date(iso).toLocaleTimeString(own(locale), { hour: "2-digit", minute: "2-digit" });
}

export function dayOf(iso: string, locale: string): string {
  const [day, today] = [new Date(iso), new Date()];
  const days = Math.round((start(today) - start(day)) / 86_400_000);
  if (days === 0) return say("today");
  if (days === 1) return say("yesterday");
  return day.toLocaleDateString(own(locale), { day: "numeric", month: "short" });
}

function start(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

/** A point in the days to come, `Sat 10:00`. */
export function whenOf(iso: string, locale: string): string {
  return new Date(iso).toLocaleString(own(locale), { weekday: "short", hour: "2-digit", minute: "2-digit" });
}

export function sizeOf(bytes: number, locale: string): string {
  const [value, unit] =
    bytes > 900_000
      ? [bytes / 1_048_576, "megabyte"]
      : bytes > 1000
        ? [bytes / 1024, "kilobyte"]
        : [bytes, "byte"];
  const digits = { maximumFractionDigits: unit === "megabyte" ? 1 : 0 };
  return new Intl.NumberFormat(own(locale), { style: "unit", unit, ...digits }).format(value);
}

export function span(minutes: number): string {
  return minutes < 90 ? say("minutes", { n: minutes }) : say("hours", { n: Math.round(minutes / 60) });
}
