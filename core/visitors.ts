/** Who loads what anybody may load: a program or a person, with what, and in which country. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { isIP } from "node:net";
import bowser from "bowser";
import { isbot } from "isbot";
import { Reader, type CountryResponse } from "mmdb-lib";

/** Crawlers are no visitors. A browser without a screen is one: it is how sites are measured and watched over. */
export function isBot(userAgent: string): boolean {
  return isbot(userAgent.replace(/Headless|Chrome-Lighthouse/g, ""));
}

export interface Device {
  device: "phone" | "tablet" | "desktop";
  /** Name and major version. */
  browser: string;
  /** Name and version, empty when it is not told. */
  os: string;
}

export function describeDevice(userAgent: string): Device {
  const { browser, os, platform } = bowser.parse(userAgent);
  const device = platform.type === "mobile" ? "phone" : platform.type === "tablet" ? "tablet" : "desktop";
  return {
    device,
    browser: [browser.name, browser.version?.split(".")[0]].filter(Boolean).join(" ") || "Browser",
    os: [os.name, os.versionName ?? os.version].filter(Boolean).join(" ") || "",
  };
}

/** Where proxies in front say the visitor is; XX and T1 are Cloudflare's "unknown" and "Tor". */
const countryHeaders = ["cf-ipcountry", "x-vercel-ip-country", "cloudfront-viewer-country", "x-country-code"];

export type CountryOf = (ip: string, headers: Record<string, unknown>) => string | undefined;

/**
 * Countries by address, from the offline table that npm brought (ip-location-db, CC0). A header of a proxy wins where the
 * operator trusts one.
 */
export async function openCountries(trustHeaders: boolean): Promise<CountryOf> {
  const path = createRequire(import.meta.url).resolve(
    "@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb",
  );
  const table = new Reader<CountryResponse & { country_code?: string }>(await readFile(path));
  return (ip, headers) => {
    const told = trustHeaders ? countryHeaders.map((name) => headers[name]).find(isCountry) : undefined;
    return told ?? lookUp(table, ip);
  };
}

function isCountry(value: unknown): value is string {
  return typeof value === "string" && /^[A-Z]{2}$/.test(value) && value !== "XX";
}

function lookUp(table: Reader<CountryResponse & { country_code?: string }>, ip: string): string | undefined {
  return isIP(ip) ? table.get(ip.replace(/^::ffff:/, ""))?.country_code : undefined;
}
