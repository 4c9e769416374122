/**
 * Browsers inside of other apps: they keep no files and often follow no address of an app, without a word. What they are
 * given instead is a way out into the phone's own browser, beside instructions that can be read.
 */
export interface InApp {
  app: "instagram" | "facebook" | "tiktok" | "telegram" | "other";
  system: "ios" | "android";
}

const signs: [InApp["app"], RegExp][] = [
  ["instagram", /\bInstagram\b|\bBarcelona\b/],
  ["facebook", /\bFB(?:AN|AV|_IAB)\b|\[FB/],
  ["tiktok", /musical_ly|\btrill_|BytedanceWebview|TikTok/i],
  ["telegram", /\bTelegram\b/],
  ["other", /\bLine\/|MicroMessenger|Snapchat|Pinterest|\bVK\/|VKAndroidApp|LinkedInApp|Twitter for/],
];

/** By what they say of themselves; those that say nothing by what only an embedded page lacks or has. Undefined: a browser. */
export function inAppOf(agent: string): InApp | undefined {
  const system = /iPhone|iPad|iPod/.test(agent) ? "ios" : /Android/.test(agent) ? "android" : undefined;
  if (!system) return undefined;
  const named = signs.find(([, sign]) => sign.test(agent))?.[0];
  if (named) return { app: named, system };
  const embedded =
    system === "ios" ? /AppleWebKit(?!.*Safari\/)/.test(agent) : /; wv\)|Version\/4\.0 Chrome/.test(agent);
  return embedded ? { app: "other", system } : undefined;
}

/**
 * A link that opens the address in the phone's browser. On Android an intent, which whoever has no browser for comes back
 * from (developer.chrome.com/docs/android/intents); on iOS Instagram has an address of its own for it, and Safari answers to
 * `x-safari-https:`.
 */
export function wayOut({ app, system }: InApp, address: string): string {
  const scheme = address.slice(0, address.indexOf(":"));
  if (system === "android") return intentOf(address, `${address}${address.includes("?") ? "&" : "?"}stay=1`);
  if (app === "instagram") return `instagram://extbrowser/?url=${encodeURIComponent(address)}`;
  return `x-safari-${scheme}${address.slice(scheme.length)}`;
}

/** The app's address, on Android with somewhere to go where the app is not installed. */
export function appLink({ system }: InApp, target: string, otherwise: string): string {
  return system === "android" ? intentOf(target, otherwise) : target;
}

function intentOf(address: string, otherwise: string): string {
  const [, scheme = "", rest = ""] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(address) ?? [];
  const fallback = `S.browser_fallback_url=${encodeURIComponent(otherwise)}`;
  return `intent:${rest.replaceAll("#", "%23")}#Intent;scheme=${scheme};${fallback};end`;
}
