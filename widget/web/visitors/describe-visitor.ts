// What the screens say of a visitor.
import { locale, translate } from "../../../ui/i18n.ts";
import type { Visit } from "../../schema.ts";

/** Somebody who has not said a name is told apart by the end of the id, as in the inbox. */
export function nameOf({ name, id }: Visit): string {
  return name || translate("widgetVisitors.nameless", { end: id.slice(-4).toUpperCase() });
}

/** The site that led here and the marks of a campaign. */
export function sourceOf({ referrer, utm }: Visit): string {
  const host = referrer && URL.canParse(referrer) ? new URL(referrer).host : "";
  const marks = ["source", "medium", "campaign"].flatMap((name) => utm[name] ?? utm[`utm_${name}`] ?? []);
  const parts = [host, marks.join(" / ")].filter(Boolean);
  return parts.length > 0 ? parts.join(" · ") : translate("widgetVisitors.direct");
}

export function countryOf({ country }: Visit): string {
  return country ? (new Intl.DisplayNames(locale.value, { type: "region" }).of(country) ?? country) : "";
}

export function deviceOf({ device, browser, os }: Visit): string {
  return [translate(`widgetVisitors.${device}`), browser, os].filter(Boolean).join(" · ");
}

/** Only pages of the web are links. */
export function linkOf(url: string): string | undefined {
  return /^https?:/.test(url) ? url : undefined;
}

/** "/mugs/sand" of an address. */
export function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : url;
}
