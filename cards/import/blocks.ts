/** What was found as blocks of a card, with a list of what became of each thing and why. */
import { emailOf, phoneOf, safeAddress } from "../blocks/address.ts";
import { block as cardBlock, cardContent, type CardContent } from "../blocks/schema.ts";
import type { ServiceId } from "../blocks/services.ts";
import type { ImportRow } from "../schema.ts";
import type { Found, FoundItem } from "./parse.ts";

const mostBlocks = 90;

/** `photo`: the file of the picture where it could be taken in. */
export function toCard(
  found: Found,
  { language, name, photo }: { language: string; name: string; photo: string | undefined },
): { content: CardContent; rows: ImportRow[] } {
  const words = (text: string): Record<string, string> => (text ? { [language]: text } : {});
  const rows: ImportRow[] = [];
  const messengers: object[] = [];
  const social: object[] = [];
  const blocks: object[] = [];
  const seen = new Set<string>();
  let next = 0;
  const id = (): string => `i${next++}`;
  const row = (
    item: Pick<FoundItem, "title" | "url">,
    more: Pick<ImportRow, "state"> & Partial<ImportRow>,
  ): void =>
    void rows.push({
      what: "link",
      title: clean(item.title, 120).text,
      url: item.url.slice(0, 200),
      ...more,
    });

  for (const item of found.items) {
    const title = clean(item.title, item.kind === "text" ? 2000 : 80);
    const why = title.why;
    const state = why ? "changed" : "taken";
    if (item.kind === "other") {
      row(item, { what: "other", state: "left", why: "kind" });
      continue;
    }
    if (blocks.length >= mostBlocks) {
      row(item, { state: "left", why: "many" });
      continue;
    }
    if (item.kind === "heading" || item.kind === "text") {
      if (!title.text) {
        row(item, { what: item.kind, state: "left", why: "empty" });
        continue;
      }
      const block = { id: id(), type: item.kind, text: words(title.text) };
      blocks.push(block);
      row(item, { what: item.kind, state, key: block.id, ...(why ? { why } : {}) });
      continue;
    }
    const url = safeAddress(item.url);
    if (!url) {
      row(item, { state: "left", why: item.url.trim() ? "address" : "empty" });
      continue;
    }
    if (seen.has(`${item.kind} ${url}`)) {
      row(item, { state: "left", why: "double" });
      continue;
    }
    seen.add(`${item.kind} ${url}`);
    const email = /^mailto:/i.test(url) ? emailOf(url.slice(7).split("?")[0] ?? "") : undefined;
    const phone = /^tel:/i.test(url) ? phoneOf(url.slice(4)) : undefined;
    const service = serviceAt(url);
    if (email || phone) {
      const named = item.kind === "social" || title.text === (email ?? phone) ? "" : title.text;
      const block = email
        ? { id: id(), type: "email", address: email, title: words(named.slice(0, 60)) }
        : { id: id(), type: "phone", number: phone, title: words(named.slice(0, 60)) };
      if (!fits(block)) {
        row(item, { what: email ? "email" : "phone", state: "left", why: "length" });
        continue;
      }
      blocks.push(block);
      row(item, { what: email ? "email" : "phone", state, key: block.id, ...(why ? { why } : {}) });
    } else if (service && "to" in service && (item.kind === "social" || service.writes)) {
      const one = { id: id(), service: service.id, to: service.to };
      const type = service.writes && messengers.length < 20 ? "messengers" : "social";
      if (!fits({ id: "one", type, items: [one] })) {
        row(item, { what: type === "social" ? type : "messenger", state: "left", why: "length" });
      } else if (type === "messengers") {
        messengers.push({ ...one, title: item.kind === "social" ? {} : words(title.text.slice(0, 40)) });
        row(item, { what: "messenger", state: "changed", why: "messenger", key: `messengers/${one.id}` });
      } else if (social.length < 24) {
        social.push(one);
        row(item, { what: "social", state: "taken", key: `social/${one.id}` });
      } else row(item, { what: "social", state: "left", why: "many" });
    } else {
      const block = {
        id: id(),
        type: "link",
        url,
        title: words(item.kind === "social" ? "" : title.text),
        ...(service ? { service: service.id } : {}),
      };
      if (!fits(block)) {
        row(item, { state: "left", why: "length" });
        continue;
      }
      blocks.push(block);
      const scheme = /^http:/i.test(url) && !/^http:/i.test(item.url.trim());
      row(item, { state: scheme ? "changed" : state, key: block.id, ...(why ? { why } : {}) });
    }
  }
  const about = clean(found.about, 300);
  const title = clean(found.name, 80);
  if (found.about)
    rows.unshift({
      what: "about",
      title: about.text,
      url: "",
      state: about.why ? "changed" : "taken",
      key: "person/about",
      ...(about.why ? { why: about.why } : {}),
    });
  if (found.name)
    rows.unshift({
      what: "name",
      title: title.text,
      url: "",
      state: title.why ? "changed" : "taken",
      ...(title.why ? { why: title.why } : {}),
    });
  const content = cardContent.parse({
    languages: [language],
    blocks: [
      {
        id: "person",
        type: "person",
        name: words(title.text || name),
        about: words(about.text),
        ...(photo ? { photo } : {}),
      },
      ...(messengers.length > 0 ? [{ id: "messengers", type: "messengers", items: messengers }] : []),
      ...blocks,
      ...(social.length > 0 ? [{ id: "social", type: "social", items: social }] : []),
    ],
  });
  return { content, rows };
}

/** A card may hold it: addresses grow longer when they are written in ASCII. */
const fits = (block: object): boolean => cardBlock.safeParse(block).success;

/** Plain text: markup and control signs are taken out, what is too long is shortened. */
function clean(raw: string, most: number): { text: string; why?: "markup" | "long" } {
  const bare = raw
    .slice(0, 20_000)
    .replace(/<(script|style)\b[^<>]*>[\s\S]*?(?:<\/\1>|$)/gi, "")
    .replace(/<br\s*\/?>|<\/p>/gi, "\n")
    .replace(/<\/?[a-z!][^>]*(?:>|$)/gi, "")
    .replace(/&nbsp;/g, " ")
    .replace(/&quot;/g, '"')
    .replace(/&#0?39;|&apos;/g, "'")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&")
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f\u200b\u2028-\u202e\u2060-\u206f\ufeff]/g, "")
    .trim();
  const text = [...bare].slice(0, most).join("").trim().slice(0, most);
  if (text.length < bare.length) return { text, why: "long" };
  return text === raw.trim() ? { text } : { text, why: "markup" };
}

interface KnownService {
  id: ServiceId;
  writes?: true;
  to?: string;
}

/** Hosts of services whose addresses tell where they lead. */
const hosts: [RegExp, ServiceId][] = [
  [/(^|\.)instagram\.com$/, "instagram"],
  [/(^|\.)(facebook\.com|fb\.com|fb\.me)$/, "facebook"],
  [/(^|\.)(youtube\.com|youtu\.be)$/, "youtube"],
  [/(^|\.)tiktok\.com$/, "tiktok"],
  [/(^|\.)(x\.com|twitter\.com)$/, "x"],
  [/(^|\.)threads\.(com|net)$/, "threads"],
  [/(^|\.)linkedin\.com$/, "linkedin"],
  [/(^|\.)pinterest\.[a-z.]+$/, "pinterest"],
  [/(^|\.)vk\.(com|ru)$/, "vk"],
  [/(^|\.)ok\.ru$/, "odnoklassniki"],
  [/(^|\.)rutube\.ru$/, "rutube"],
  [/(^|\.)spotify\.com$/, "spotify"],
  [/(^|\.)soundcloud\.com$/, "soundcloud"],
  [/(^|\.)bandcamp\.com$/, "bandcamp"],
  [/(^|\.)twitch\.tv$/, "twitch"],
  [/(^|\.)vimeo\.com$/, "vimeo"],
  [/(^|\.)github\.com$/, "github"],
  [/(^|\.)behance\.net$/, "behance"],
  [/(^|\.)dribbble\.com$/, "dribbble"],
  [/(^|\.)reddit\.com$/, "reddit"],
  [/(^|\.)medium\.com$/, "medium"],
  [/(^|\.)etsy\.com$/, "etsy"],
  [/(^|\.)patreon\.com$/, "patreon"],
  [/(^|\.)ko-fi\.com$/, "kofi"],
  [/(^|\.)boosty\.to$/, "boosty"],
  [/(^|\.)bsky\.app$/, "bluesky"],
  [/(^|\.)discord\.(gg|com)$/, "discord"],
  [/(^|\.)snapchat\.com$/, "snapchat"],
];

function serviceAt(url: string): KnownService | undefined {
  if (!/^https?:/i.test(url)) return undefined;
  const { hostname, pathname, searchParams } = new URL(url);
  const [first = "", second = ""] = pathname.split("/").slice(1);
  if (/^(?:www\.)?(?:t|telegram)\.me$/.test(hostname) && /^\w{4,32}$/.test(first) && !second)
    return { id: "telegram", writes: true, to: first };
  if (/^(?:www\.)?m\.me$/.test(hostname) && first) return { id: "messenger", writes: true, to: first };
  const digits =
    hostname === "wa.me" ? first : /(^|\.)whatsapp\.com$/.test(hostname) ? searchParams.get("phone") : "";
  const number = digits && phoneOf(`+${digits.replace(/\D/g, "")}`);
  if (number) return { id: "whatsapp", writes: true, to: number };
  const id = hosts.find(([host]) => host.test(hostname))?.[1];
  return id && { id, to: url };
}
