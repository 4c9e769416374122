/** What is counted of a request: no address, no cookie, no agent; only which kind of visit it was. */
import type { Request } from "express";
import { isBot } from "../../core/visitors.ts";

export interface Visit {
  /** `instagram.com`, `?qr` for a tag of the card's own links, empty for nobody. */
  source: string;
  /** `source / medium / campaign`, empty without. */
  utm: string;
  device: "iphone" | "android" | "computer" | "other";
}

/** Programs that fetch a page to show a preview of its link, and everything else that nobody looks at. */
export function isProgram(request: Request): boolean {
  const agent = request.headers["user-agent"] ?? "";
  return agent === "" || previews.test(agent) || isBot(agent) || isAhead(request);
}

/** Those that isbot takes for browsers, as what they send tells (messengers' own pages say which app shows them, and are people). */
const previews =
  /^(?:WhatsApp|Viber|SkypeUriPreview|Snap URL Preview|Signal|Iframely|Google-PageRenderer)\b/i;

/** A browser that only fetches ahead says so. */
function isAhead({ headers }: Request): boolean {
  return ["sec-purpose", "purpose", "x-moz"].some((name) =>
    /prefetch|preview/.test(String(headers[name] ?? "")),
  );
}

/** Undefined when the visitor was on the card already and only chose another language. */
export function readVisit(request: Request, path: string): Visit | undefined {
  const referrer = hostAndPath(request.headers.referer);
  if (referrer && referrer.host === request.headers.host && referrer.path === path) return undefined;
  const { query } = request;
  const utm = ["utm_source", "utm_medium", "utm_campaign"].map((name) => word(query[name]));
  const agent = request.headers["user-agent"] ?? "";
  const tag = word(query["s"]);
  return {
    source: tag ? `?${tag}` : (siteOf(referrer?.host) ?? appOf(agent) ?? utm[0] ?? ""),
    utm: utm.filter(Boolean).join(" / "),
    device: deviceOf(agent),
  };
}

function word(value: unknown): string {
  return typeof value === "string"
    ? value
        .replace(/[\p{Cc}\p{Cf}]/gu, "")
        .trim()
        .slice(0, 60)
    : "";
}

function hostAndPath(referrer: string | undefined): { host: string; path: string } | undefined {
  if (!referrer || !URL.canParse(referrer)) return undefined;
  const { host, pathname } = new URL(referrer);
  return { host, path: pathname };
}

/** Sites that lead out by addresses of their own. */
const sites = new Map(
  Object.entries({
    "l.instagram.com": "instagram.com",
    "l.facebook.com": "facebook.com",
    "lm.facebook.com": "facebook.com",
    "l.messenger.com": "messenger.com",
    "l.threads.com": "threads.com",
    "away.vk.com": "vk.com",
    "t.co": "x.com",
    "lnkd.in": "linkedin.com",
    "out.reddit.com": "reddit.com",
    "org.telegram.messenger": "t.me",
    "web.telegram.org": "t.me",
    "com.instagram.android": "instagram.com",
    "com.google.android.gm": "mail.google.com",
    "com.google.android.googlequicksearchbox": "google.com",
  }),
);

function siteOf(host: string | undefined): string | undefined {
  if (!host) return undefined;
  return (sites.get(host) ?? host.replace(/^(?:www|m|mobile|amp)\./, "")).slice(0, 80);
}

/** Pages inside of an app often tell no referrer; the app stands in the agent. */
const apps: [RegExp, string][] = [
  [/\bInstagram\b/, "instagram.com"],
  [/\bBarcelona\b/, "threads.com"],
  [/\bFB(?:AN|AV|_IAB)\b|\[FB/, "facebook.com"],
  [/musical_ly|Bytedance|TikTok/i, "tiktok.com"],
  [/Telegram-Android|\bTelegram\b/, "t.me"],
  [/\bPinterest\b/, "pinterest.com"],
  [/\bSnapchat\b/, "snapchat.com"],
  [/\bVKAndroidApp|\bVK\//, "vk.com"],
  [/\bLine\//, "line.me"],
  [/MicroMessenger/, "wechat.com"],
];

function appOf(agent: string): string | undefined {
  return apps.find(([sign]) => sign.test(agent))?.[1];
}

function deviceOf(agent: string): Visit["device"] {
  if (/iPhone|iPad|iPod/.test(agent)) return "iphone";
  if (/Android/.test(agent)) return "android";
  return /Windows NT|Macintosh|X11|CrOS/.test(agent) ? "computer" : "other";
}
