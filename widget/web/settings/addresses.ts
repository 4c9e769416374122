// What people type for an address becomes a link, and the name and the handle that visitors read.

export interface TypedLink {
  url: string;
  title: string;
  handle: string;
}

/** `+7 495 555-01-40`, `shop@clay.example`, `@clay_and_co`, `wa.me/74955550140`; undefined while it is none of these. */
export function readAddress(text: string): TypedLink | undefined {
  const typed = text.trim();
  if (/^\+?[\d\s().-]{6,20}$/.test(typed) && /\d{6}/.test(typed.replace(/\D/g, "")))
    return { url: `tel:${typed.replace(/[^\d+]/g, "")}`, title: "", handle: typed };
  if (/^[^\s@/:]+@[^\s@/]+\.[^\s@/]+$/.test(typed))
    return { url: `mailto:${typed}`, title: "E-mail", handle: typed };
  if (/^@\w{4,32}$/.test(typed))
    return { url: `https://t.me/${typed.slice(1)}`, title: "Telegram", handle: typed };
  const url = /^[a-z]+:/i.test(typed) ? typed : `https://${typed}`;
  if (!URL.canParse(url) || !/^(https?|tel|mailto|viber|tg|whatsapp):/i.test(url)) return undefined;
  const { protocol, hostname, pathname, search } = new URL(url);
  if (/^https?:$/.test(protocol) && !/\.[a-z][a-z\d-]+$/i.test(hostname)) return undefined;
  const host = hostname.replace(/^www\./, "");
  const path = decodeURI(pathname).replace(/^\/+|\/+$/g, "");
  return {
    url,
    title: titles[host || protocol] ?? titles[protocol] ?? host,
    handle: handleOf(host, path, search),
  };
}

const titles: Record<string, string> = {
  "wa.me": "WhatsApp",
  "api.whatsapp.com": "WhatsApp",
  "whatsapp:": "WhatsApp",
  "t.me": "Telegram",
  "tg:": "Telegram",
  "m.me": "Messenger",
  "viber:": "Viber",
  "ig.me": "Instagram",
  "instagram.com": "Instagram",
  "vk.me": "VK",
  "vk.com": "VK",
  "line.me": "LINE",
  "mailto:": "E-mail",
  "tel:": "",
};

function handleOf(host: string, path: string, search: string): string {
  if (host === "wa.me") return `+${path}`;
  if (host === "t.me") return `@${path}`;
  const number = new URLSearchParams(search).get("number") ?? new URLSearchParams(search).get("phone");
  return number ?? (path && host ? `${host}/${path}` : path || host);
}
