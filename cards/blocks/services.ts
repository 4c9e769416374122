/**
 * Every service that a button or a mark may lead to: how a name, a number or an address becomes a link.
 * The forms of the links are those of the services' own help pages (t.me, wa.me, m.me, ig.me, viber://, line.me and so on).
 */
import { emailOf, phoneOf, safeAddress } from "./address.ts";
import type { GlyphId } from "./glyphs.ts";

export interface Service {
  title: string;
  glyph: GlyphId;
  /** A conversation is begun there. */
  writes?: true;
  /** What is typed: for the field's label and its check. */
  takes: "name" | "phone" | "email" | "address";
  /** The link; undefined when what is typed is no such name or number. `text`: filled in where the service can. */
  link(to: string, text?: string): string | undefined;
}

const query = (name: string, text: string | undefined): string =>
  text ? `?${name}=${encodeURIComponent(text)}` : "";

/** Name of a person or page: without the @, or the last part of the service's own address that was pasted instead. */
function nameOf(to: string, hosts?: RegExp): string | undefined {
  const [, host = "", path] = /^(?:https?:\/\/)?([\w.-]+\.[a-z]{2,})\/(.+)$/i.exec(to.trim()) ?? [];
  if (path !== undefined && hosts && !hosts.test(host)) return undefined;
  const name = (path ?? to.trim()).replace(/[?#].*$/, "").replace(/\/+$/, "");
  const last = name.split("/").at(-1)?.replace(/^@/, "") ?? "";
  return /^[\p{L}\p{N}._-]{1,100}$/u.test(last) ? encodeURIComponent(last) : undefined;
}

/** A page of the service: by its name, or by the address as it was pasted. */
function page(before: string, hosts: RegExp): Service["link"] {
  return (to) => {
    const pasted = /^(https?:\/\/|www\.)|^[\w.-]+\.[a-z]{2,}\//i.test(to.trim())
      ? safeAddress(to)
      : undefined;
    if (pasted) return hosts.test(new URL(pasted).hostname) ? pasted : undefined;
    const name = nameOf(to);
    return name && before + name;
  };
}

const withPhone =
  (make: (digits: string, text?: string) => string): Service["link"] =>
  (to, text) => {
    const phone = phoneOf(to);
    return phone && make(phone.replace("+", ""), text);
  };

export const services = {
  telegram: {
    title: "Telegram",
    glyph: "telegram",
    writes: true,
    takes: "name",
    link(to, text) {
      const digits = /^\+?[\d\s()-]{7,}$/.test(to.trim()) ? phoneOf(to) : undefined;
      if (digits) return `https://t.me/+${digits.replace("+", "")}${query("text", text)}`;
      const name = nameOf(to, /(^|\.)(t|telegram)\.(me|dog|org)$/i);
      return name && `https://t.me/${name}${query("text", text)}`;
    },
  },
  whatsapp: {
    title: "WhatsApp",
    glyph: "whatsapp",
    writes: true,
    takes: "phone",
    link: withPhone((digits, text) => `https://wa.me/${digits}${query("text", text)}`),
  },
  viber: {
    title: "Viber",
    glyph: "viber",
    writes: true,
    takes: "phone",
    link(to, text) {
      const phone = phoneOf(to);
      if (phone && /^\+?[\d\s()-]+$/.test(to.trim()))
        return `viber://chat?number=${encodeURIComponent(`+${phone.replace("+", "")}`)}${text ? `&draft=${encodeURIComponent(text)}` : ""}`;
      const name = nameOf(to, /(^|\.)(viber\.com|vb\.me)$/i);
      return name && `viber://pa?chatURI=${name}${text ? `&text=${encodeURIComponent(text)}` : ""}`;
    },
  },
  messenger: {
    title: "Messenger",
    glyph: "messenger",
    writes: true,
    takes: "name",
    link(to) {
      const name = nameOf(to, /(^|\.)(m\.me|messenger\.com|facebook\.com|fb\.com|fb\.me)$/i);
      return name && `https://m.me/${name}`;
    },
  },
  instagram: {
    title: "Instagram",
    glyph: "instagram",
    writes: true,
    takes: "name",
    link: page("https://www.instagram.com/", /(^|\.)(instagram\.com|ig\.me)$/),
  },
  signal: {
    title: "Signal",
    glyph: "signal",
    writes: true,
    takes: "phone",
    link: withPhone((digits) => `https://signal.me/#p/+${digits}`),
  },
  line: {
    title: "LINE",
    glyph: "line",
    writes: true,
    takes: "name",
    link(to, text) {
      const name = nameOf(to, /(^|\.)(line\.me|lin\.ee)$/i);
      if (!name) return undefined;
      const id = to.trim().startsWith("@") ? `%40${name}` : `~${name}`;
      return text && id.startsWith("%40")
        ? `https://line.me/R/oaMessage/${id}/?${encodeURIComponent(text)}`
        : `https://line.me/R/ti/p/${id}`;
    },
  },
  wechat: {
    title: "WeChat",
    glyph: "wechat",
    writes: true,
    takes: "name",
    link(to) {
      const name = nameOf(to, /(^|\.)(wechat|weixin\.qq)\.com$/i);
      return name && `weixin://dl/chat?${name}`;
    },
  },
  skype: {
    title: "Skype",
    glyph: "skype",
    writes: true,
    takes: "name",
    link(to) {
      const name = /^(?:skype:)?([\w.:,-]{1,100})(?:\?chat)?$/.exec(to.trim())?.[1];
      return name && `skype:${name}?chat`;
    },
  },
  snapchat: {
    title: "Snapchat",
    glyph: "snapchat",
    writes: true,
    takes: "name",
    link: page("https://www.snapchat.com/add/", /(^|\.)snapchat\.com$/),
  },
  vk: {
    title: "VK",
    glyph: "vk",
    writes: true,
    takes: "name",
    link: page("https://vk.com/", /(^|\.)vk\.(com|ru|me)$/),
  },
  max: {
    title: "MAX",
    glyph: "max",
    writes: true,
    takes: "name",
    link: page("https://max.ru/", /(^|\.)max\.ru$/),
  },
  discord: {
    title: "Discord",
    glyph: "discord",
    writes: true,
    takes: "name",
    link: page("https://discord.gg/", /(^|\.)(discord\.gg|discord\.com|discordapp\.com)$/),
  },
  kakaotalk: {
    title: "KakaoTalk",
    glyph: "kakaotalk",
    writes: true,
    takes: "name",
    link: page("https://pf.kakao.com/", /(^|\.)kakao\.com$/),
  },
  zalo: {
    title: "Zalo",
    glyph: "zalo",
    writes: true,
    takes: "phone",
    link: withPhone((digits) => `https://zalo.me/${digits}`),
  },
  sms: {
    title: "SMS",
    glyph: "sms",
    writes: true,
    takes: "phone",
    link: withPhone((digits, text) => `sms:+${digits}${query("body", text)}`),
  },
  phone: {
    title: "Phone",
    glyph: "phone",
    takes: "phone",
    link(to) {
      const phone = phoneOf(to);
      return phone && `tel:${phone}`;
    },
  },
  email: {
    title: "E-mail",
    glyph: "email",
    writes: true,
    takes: "email",
    link(to, text) {
      const email = emailOf(to);
      return email && `mailto:${email}${query("body", text)}`;
    },
  },
  site: { title: "Website", glyph: "site", takes: "address", link: (to) => safeAddress(to) },
  facebook: {
    title: "Facebook",
    glyph: "facebook",
    takes: "name",
    link: page("https://www.facebook.com/", /(^|\.)(facebook\.com|fb\.com|fb\.me)$/),
  },
  youtube: {
    title: "YouTube",
    glyph: "youtube",
    takes: "name",
    link: page("https://www.youtube.com/@", /(^|\.)(youtube\.com|youtu\.be)$/),
  },
  tiktok: {
    title: "TikTok",
    glyph: "tiktok",
    takes: "name",
    link: page("https://www.tiktok.com/@", /(^|\.)tiktok\.com$/),
  },
  pinterest: {
    title: "Pinterest",
    glyph: "pinterest",
    takes: "name",
    link: page("https://www.pinterest.com/", /(^|\.)(pinterest\.[a-z.]+|pin\.it)$/),
  },
  x: { title: "X", glyph: "x", takes: "name", link: page("https://x.com/", /(^|\.)(x\.com|twitter\.com)$/) },
  threads: {
    title: "Threads",
    glyph: "threads",
    takes: "name",
    link: page("https://www.threads.com/@", /(^|\.)threads\.(com|net)$/),
  },
  linkedin: {
    title: "LinkedIn",
    glyph: "linkedin",
    takes: "name",
    link: page("https://www.linkedin.com/in/", /(^|\.)linkedin\.com$/),
  },
  bluesky: {
    title: "Bluesky",
    glyph: "bluesky",
    takes: "name",
    link: page("https://bsky.app/profile/", /(^|\.)bsky\.app$/),
  },
  mastodon: { title: "Mastodon", glyph: "mastodon", takes: "address", link: (to) => safeAddress(to) },
  reddit: {
    title: "Reddit",
    glyph: "reddit",
    takes: "name",
    link: page("https://www.reddit.com/user/", /(^|\.)reddit\.com$/),
  },
  medium: {
    title: "Medium",
    glyph: "medium",
    takes: "name",
    link: page("https://medium.com/@", /(^|\.)medium\.com$/),
  },
  odnoklassniki: {
    title: "OK",
    glyph: "odnoklassniki",
    takes: "name",
    link: page("https://ok.ru/", /(^|\.)ok\.ru$/),
  },
  rutube: {
    title: "RUTUBE",
    glyph: "rutube",
    takes: "name",
    link: page("https://rutube.ru/u/", /(^|\.)rutube\.ru$/),
  },
  vimeo: {
    title: "Vimeo",
    glyph: "vimeo",
    takes: "name",
    link: page("https://vimeo.com/", /(^|\.)vimeo\.com$/),
  },
  twitch: {
    title: "Twitch",
    glyph: "twitch",
    takes: "name",
    link: page("https://www.twitch.tv/", /(^|\.)twitch\.tv$/),
  },
  spotify: {
    title: "Spotify",
    glyph: "spotify",
    takes: "address",
    link: page("https://open.spotify.com/user/", /(^|\.)spotify\.com$/),
  },
  applemusic: {
    title: "Apple Music",
    glyph: "applemusic",
    takes: "address",
    link: (to) => safeAddress(to),
  },
  soundcloud: {
    title: "SoundCloud",
    glyph: "soundcloud",
    takes: "name",
    link: page("https://soundcloud.com/", /(^|\.)soundcloud\.com$/),
  },
  bandcamp: { title: "Bandcamp", glyph: "bandcamp", takes: "address", link: (to) => safeAddress(to) },
  github: {
    title: "GitHub",
    glyph: "github",
    takes: "name",
    link: page("https://github.com/", /(^|\.)github\.com$/),
  },
  behance: {
    title: "Behance",
    glyph: "behance",
    takes: "name",
    link: page("https://www.behance.net/", /(^|\.)behance\.net$/),
  },
  dribbble: {
    title: "Dribbble",
    glyph: "dribbble",
    takes: "name",
    link: page("https://dribbble.com/", /(^|\.)dribbble\.com$/),
  },
  etsy: {
    title: "Etsy",
    glyph: "etsy",
    takes: "name",
    link: page("https://www.etsy.com/shop/", /(^|\.)etsy\.com$/),
  },
  airbnb: { title: "Airbnb", glyph: "airbnb", takes: "address", link: (to) => safeAddress(to) },
  tripadvisor: {
    title: "Tripadvisor",
    glyph: "tripadvisor",
    takes: "address",
    link: (to) => safeAddress(to),
  },
  patreon: {
    title: "Patreon",
    glyph: "patreon",
    takes: "name",
    link: page("https://www.patreon.com/", /(^|\.)patreon\.com$/),
  },
  kofi: {
    title: "Ko-fi",
    glyph: "kofi",
    takes: "name",
    link: page("https://ko-fi.com/", /(^|\.)ko-fi\.com$/),
  },
  boosty: {
    title: "Boosty",
    glyph: "boosty",
    takes: "name",
    link: page("https://boosty.to/", /(^|\.)boosty\.to$/),
  },
  slack: { title: "Slack", glyph: "slack", takes: "address", link: (to) => safeAddress(to) },
  appstore: { title: "App Store", glyph: "appstore", takes: "address", link: (to) => safeAddress(to) },
  googleplay: { title: "Google Play", glyph: "googleplay", takes: "address", link: (to) => safeAddress(to) },
} as const satisfies Record<string, Service>;

export type ServiceId = keyof typeof services;
export const serviceIds = Object.keys(services) as [ServiceId, ...ServiceId[]];

/** Kinds of channels that are called otherwise among the services. */
const servicesOfKinds: Record<string, ServiceId> = { facebook: "messenger", "whatsapp-web": "whatsapp" };

/** The service that a connected account's link leads to; undefined for channels without one, such as the widget's. */
export function serviceOfKind(kind: string): ServiceId | undefined {
  return serviceIds.find((id) => id === (servicesOfKinds[kind] ?? kind));
}

/** The services by their plain shape, for code that does not care which one it is. */
export function serviceOf(id: ServiceId): Service {
  return services[id];
}
