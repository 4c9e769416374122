// What people type for an address becomes a link, its mark, and the name and the handle that visitors read.

export interface TypedLink {
  url: string;
  /** Of a mark that the hub draws. */
  kind: string;
  title: string;
  handle: string;
}

/** `+7 495 555-01-40`, `shop@clay.example`, `@clay_and_co`, `wa.me/74955550140`; undefined while it is none of these. */
export function readAddress(text: string): TypedLink | undefined {
  const typed = text.trim();
  if (/^\+?[\d\s().-]{6,20}$/.test(typed) && /\d{6}/.test(typed.replace(/\D/g, "")))
    return { url: `tel:${typed.replace(/[^\d+]/g, "")}`, kind: "phone", title: "", handle: typed };
  if (/^[^\s@/:]+@[^\s@/]+\.[^\s@/]+$/.test(typed))
    return { url: `mailto:${typed}`, kind: "email", title: "E-mail", handle: typed };
  if (/^@\w{4,32}$/.test(typed))
    return { url: `https://t.me/${typed.slice(1)}`, kind: "telegram", title: "Telegram", handle: typed };
  const url = /^[a-z]+:/i.test(typed) ? typed : `https://${typed}`;
  if (!URL.canParse(url) || !/^(https?|tel|mailto|viber|tg|whatsapp):/i.test(url)) return undefined;
  const { protocol, hostname, pathname, search } = new URL(url);
  if (/^https?:$/.test(protocol) && !/\.[a-z][a-z\d-]+$/i.test(hostname)) return undefined;
  const host = hostname.replace(/^www\./, "");
  const path = decodeURI(pathname).replace(/^\/+|\/+$/g, "");
  const [kind, title] = known.get(host) ?? known.get(protocol) ?? ["link", host];
  return { url, kind, title, handle: handleOf(host, path, search) };
}

/** By host or scheme: the mark and the proper name. */
const known = new Map<string, [kind: string, title: string]>(
  Object.entries({
    "wa.me": ["whatsapp", "WhatsApp"],
    "api.whatsapp.com": ["whatsapp", "WhatsApp"],
    "whatsapp:": ["whatsapp", "WhatsApp"],
    "t.me": ["telegram", "Telegram"],
    "tg:": ["telegram", "Telegram"],
    "m.me": ["messenger", "Messenger"],
    "facebook.com": ["facebook", "Facebook"],
    "viber:": ["viber", "Viber"],
    "ig.me": ["instagram", "Instagram"],
    "instagram.com": ["instagram", "Instagram"],
    "vk.me": ["vk", "VK"],
    "vk.com": ["vk", "VK"],
    "line.me": ["line", "LINE"],
    "mailto:": ["email", "E-mail"],
    "tel:": ["phone", ""],
  }),
);

function handleOf(host: string, path: string, search: string): string {
  if (host === "wa.me") return `+${path}`;
  if (host === "t.me") return `@${path}`;
  const number = new URLSearchParams(search).get("number") ?? new URLSearchParams(search).get("phone");
  return number ?? (path && host ? `${host}/${path}` : path || host);
}
