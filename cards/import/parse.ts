/**
 * What other services give out of a page of links, read into one shape. LinkStack: the JSON of "Export links" and "Export
 * all data" (UserController::exportLinks, exportAll), and its page. Linktree has no export of links: the page holds them in
 * `__NEXT_DATA__`. Besides, tables with a column of addresses and plain lists.
 */
import { z } from "zod";
import { readLinkStackPage } from "./linkstack-page.ts";

export type ImportSource = "linktree" | "linkstack" | "table" | "list";

/** As it was found, nothing of it trusted yet. */
export interface FoundItem {
  kind: "link" | "heading" | "text" | "social" | "other";
  title: string;
  url: string;
  /** The service's word for its kind, where it is none of ours. */
  called?: string;
}

export interface Found {
  source: ImportSource;
  name: string;
  about: string;
  /** A data address or base64; an address elsewhere is not fetched. */
  picture?: string | undefined;
  items: FoundItem[];
}

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "")
  .catch("");
const list = z.array(z.unknown()).max(5000).catch([]);

/** Undefined when there is nothing of the kind in it. `from`: the address of a page that was opened. */
export function parseExport(raw: string, from?: string): Found | undefined {
  const content = raw.replace(/^\ufeff/, "").trim();
  const page = nextDataOf(content);
  if (page) return fromJson(page);
  if (/^[{[]/.test(content)) return fromJson(content);
  if (content.startsWith("<")) return readLinkStackPage(content, from);
  return fromTable(content) ?? fromList(content);
}

/** Patterns that look for a beginning and an end take minutes on a file that has very many beginnings. */
function nextDataOf(content: string): string | undefined {
  const mark = "__NEXT_DATA__";
  let tries = 100;
  for (let at = content.indexOf(mark); at >= 0 && tries-- > 0; at = content.indexOf(mark, at + 1)) {
    const before = content.slice(Math.max(0, at - 500), at);
    const tag = before.slice(before.toLowerCase().lastIndexOf("<script"));
    if (!/^<script[^>]*\bid=["']$/i.test(tag)) continue;
    const begin = content.indexOf(">", at) + 1;
    const end = content.indexOf("</script>", begin);
    return begin > 0 && end >= 0 ? content.slice(begin, end) : undefined;
  }
  return undefined;
}

function fromJson(content: string): Found | undefined {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return undefined;
  }
  return fromLinktree(value) ?? fromLinkStack(value);
}

const pageProps = z.object({
  account: z
    .object({
      pageTitle: text,
      username: text,
      description: text,
      profilePictureUrl: text,
      links: list,
      socialLinks: list,
    })
    .partial()
    .nullish(),
  pageTitle: text,
  description: text,
  profilePictureUrl: text,
  links: list,
  socialLinks: list,
});
const nextData = z.object({ props: z.object({ pageProps }) });
const linktreeLink = z.object({ type: text, title: text, url: text, position: z.number().catch(0) });

function fromLinktree(value: unknown): Found | undefined {
  const parsed = nextData.safeParse(value).data?.props.pageProps ?? bareProps(value);
  if (!parsed) return undefined;
  const { account } = parsed;
  const links = parsed.links.length > 0 ? parsed.links : (account?.links ?? []);
  const socials = parsed.socialLinks.length > 0 ? parsed.socialLinks : (account?.socialLinks ?? []);
  const items = links
    .flatMap((one) => linktreeLink.safeParse(one).data ?? [])
    .sort((one, other) => one.position - other.position)
    .map(({ type, title, url }): FoundItem => {
      if (type === "HEADER") return { kind: "heading", title, url: "" };
      if (type === "TEXT") return { kind: "text", title, url: "" };
      return url ? { kind: "link", title, url } : { kind: "other", title, url, called: type };
    });
  const marks = socials
    .flatMap((one) => linktreeLink.safeParse(one).data ?? [])
    .map(({ type, url }): FoundItem => ({ kind: "social", title: type, url }));
  return {
    source: "linktree",
    name: parsed.pageTitle || account?.pageTitle || account?.username || "",
    about: parsed.description || account?.description || "",
    picture: account?.profilePictureUrl || parsed.profilePictureUrl || undefined,
    items: [...items, ...marks],
  };
}

/** The same without what Next.js puts around it. */
function bareProps(value: unknown): z.output<typeof pageProps> | undefined {
  const isBare = typeof value === "object" && value !== null && "account" in value && "links" in value;
  return isBare ? pageProps.safeParse(value).data : undefined;
}

const linkStack = z.object({
  name: text,
  littlelink_name: text,
  littlelink_description: text,
  image_data: text,
  links: z.array(z.unknown()).max(5000),
});
const linkStackLink = z.object({
  link: text,
  title: text,
  type: text,
  button_id: z.coerce.number().catch(0),
  order: z.coerce.number().catch(0),
});
/** Numbers of buttons in versions that did not write `type` yet. */
const oldKinds: Record<number, string> = { 42: "heading", 43: "spacer", 93: "text" };
const pageIcon = 94;

function fromLinkStack(value: unknown): Found | undefined {
  const parsed = linkStack.safeParse(Array.isArray(value) ? { links: value } : value).data;
  if (!parsed) return undefined;
  const items = parsed.links
    .flatMap((one) => linkStackLink.safeParse(one).data ?? [])
    .sort((one, other) => one.order - other.order)
    .map(({ link, title, type, button_id }): FoundItem => {
      const kind = type || oldKinds[button_id] || "link";
      if (button_id === pageIcon) return { kind: "social", title, url: link };
      if (kind === "heading" || kind === "text") return { kind, title, url: "" };
      if (kind === "spacer" || kind === "vcard") return { kind: "other", title, url: "", called: kind };
      const known = title || link;
      if (kind === "email" && !/^mailto:/i.test(link))
        return { kind: "link", title: known, url: `mailto:${link}` };
      if (kind === "telephone" && !/^tel:/i.test(link))
        return { kind: "link", title: known, url: `tel:${link}` };
      return { kind: "link", title, url: link };
    });
  return {
    source: "linkstack",
    name: parsed.name || parsed.littlelink_name,
    about: parsed.littlelink_description,
    picture: parsed.image_data || undefined,
    items,
  };
}

const urlNames = /^(url|link|address|href|destination|ссылка|адрес|long_url|original_url)$/i;
const titleNames = /^(title|name|label|text|link title|название|заголовок|имя)$/i;

/** Of a table or a list; more is no page of links. */
const mostRows = 5000;
const mostCells = 200;
/** Signs of a line of a list, and of a cell. */
const longestLine = 4096;

function fromTable(content: string): Found | undefined {
  const [head = ""] = content.slice(0, longestLine).split(/\r?\n/, 1);
  const separator = ["\t", ";", ","].find((sign) => head.includes(sign)) ?? ",";
  const names = cellsOf(head, separator, 1)[0]?.map((name) => name.trim()) ?? [];
  const url = names.findIndex((name) => urlNames.test(name));
  if (url < 0) return undefined;
  const title = names.findIndex((name) => titleNames.test(name));
  const items = cellsOf(content, separator, mostRows + 1)
    .slice(1)
    .filter((row) => row.some((cell) => cell.trim() !== ""))
    .map((row): FoundItem => ({ kind: "link", title: row[title] ?? "", url: row[url] ?? "" }));
  return { source: "table", name: "", about: "", items };
}

/** RFC 4180, with whatever separator; what is more than a table of links can hold is not kept. */
function cellsOf(content: string, separator: string, most: number): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  const take = (sign: string): void => void (cell.length < longestLine && (cell += sign));
  const endCell = (): void => {
    if (row.length < mostCells) row.push(cell);
    cell = "";
  };
  for (let at = 0; at < content.length && rows.length < most; at++) {
    const sign = content[at] ?? "";
    if (quoted) {
      if (sign !== '"') take(sign);
      else if (content[at + 1] === '"') take(content[++at] ?? "");
      else quoted = false;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === separator) endCell();
    else if (sign === "\n") {
      endCell();
      rows.push(row);
      row = [];
    } else if (sign !== "\r") take(sign);
  }
  endCell();
  return rows.length < most ? [...rows, row] : rows;
}

/** With bounds, and from the beginning of a word: a line of one endless word is read once, not once for each of its letters. */
const address =
  /(?:[a-z][a-z0-9+.-]{0,30}:[^\s<>"']+|(?<![\p{L}\p{N}-])(?:[\p{L}\p{N}-]{1,63}\.){1,10}\p{L}{2,}(?:\/[^\s<>"']*)?)/iu;
const mail = /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,10}\p{L}{2,}/iu;
const phone = /\+\d[\d\s().-]{5,20}\d/;
const bracketed = /\[([^[\]]+)\]\(([^)\s[]+)\)/;
const ornaments = new Set(" \t\u00a0-–—•*|:·");

/** A line each, the title before or after its address, or as Markdown; a title alone on the line before belongs to it too. */
function fromList(content: string): Found | undefined {
  const items: FoundItem[] = [];
  let before = "";
  for (const line of content.split(/\r?\n/, mostRows)) {
    const short = line.length <= longestLine ? line : "";
    const [, named, target] = bracketed.exec(short) ?? [];
    const [written, url] = target ? [target, target] : addressIn(short);
    if (!url) {
      leave();
      before = short.trim();
      continue;
    }
    const title = named ?? bareOf(line.replace(written, ""));
    if (title) leave();
    items.push({ kind: "link", title: title || before, url });
    before = "";
  }
  leave();
  return items.some(({ kind }) => kind === "link")
    ? { source: "list", name: "", about: "", items }
    : undefined;

  /** A line that belongs to no address is a text of its own. */
  function leave(): void {
    if (before !== "") items.push({ kind: "text", title: before, url: "" });
    before = "";
  }
}

/** As it is written in the line, and where it leads. */
function addressIn(line: string): [written: string, url: string] {
  const [email] = mail.exec(line) ?? [];
  const [site] = address.exec(line) ?? [];
  // an address of the web may hold an @, and an e-mail may hold what looks like a site
  if (email && !/^[a-z][a-z0-9+.-]*:|\//i.test(site ?? "")) return [email, `mailto:${email}`];
  if (site) return [site, site];
  const [number] = phone.exec(line) ?? [];
  return number ? [number, `tel:${number.replace(/[^\d+]/g, "")}`] : ["", ""];
}

function bareOf(line: string): string {
  let [from, to] = [0, line.length];
  while (from < to && ornaments.has(line[from] ?? "")) from++;
  while (to > from && ornaments.has(line[to - 1] ?? "")) to--;
  return line.slice(from, to);
}
