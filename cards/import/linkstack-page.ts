/**
 * A page of LinkStack as it is shown, read by the marks of its templates (resources/views/linkstack/elements: avatar,
 * heading, bio, icons, buttons). It holds no data besides: what is shown is what there is.
 */
import { Parser } from "htmlparser2";
import type { Found, FoundItem } from "./parse.ts";

const mostItems = 5000;
/** Signs of one text. */
const longest = 20_000;
/** Elements in each other. */
const deepest = 200;
const piece = 16_384;
const unseen = new Set(["script", "style", "svg", "noscript", "template"]);
const breaks = new Set(["p", "br", "li", "div"]);

/** A text that is being gathered until the element that it began in ends. */
interface Gathering {
  depth: number;
  text: string;
  done: (text: string) => void;
}

/** Undefined when it is no such page. `from`: its address, against which its own are read. */
export function readLinkStackPage(html: string, from?: string): Found | undefined {
  const found: Found = { source: "linkstack", name: "", about: "", items: [] };
  /** The classes of every element that is open. */
  const open: Set<string>[] = [];
  let gathering: Gathering | undefined;
  let hidden = 0;
  let entrances = 0;
  let isOne = false;

  const gather = (done: (text: string) => void): void =>
    void (gathering ??= { depth: open.length, text: "", done });
  const keep = (item: FoundItem): void => void (found.items.length < mostItems && found.items.push(item));

  function begin(tag: string, marks: Record<string, string>): void {
    const classes = open.at(-1) ?? new Set();
    const parent = open.at(-2);
    if (tag === "img" && marks["alt"] === "avatar") found.picture ??= pictureOf(marks["src"] ?? "", from);
    else if (tag === "h1") gather((text) => (found.name ||= text));
    else if (classes.has("description-parent")) {
      isOne = true;
      gather((text) => (found.about ||= text));
    } else if (tag === "a" && classes.has("social-link")) {
      isOne = true;
      keep({ kind: "social", title: marks["title"] ?? "", url: addressOf(marks["href"] ?? "", from) });
    } else if (tag === "a" && entrances > 0) {
      isOne = true;
      const url = addressOf(marks["href"] ?? "", from);
      gather((title) => keep(/\/vcard\/\d+$/.test(url) ? vcard(title) : { kind: "link", title, url }));
    } else if (tag === "h2" && parent?.has("fadein"))
      gather((title) => keep({ kind: "heading", title, url: "" }));
    else if (tag === "span" && parent?.has("fadein"))
      gather((title) => keep({ kind: "text", title, url: "" }));
  }

  const parser = new Parser({
    onopentag(tag, marks) {
      if (unseen.has(tag)) hidden++;
      open.push(new Set((marks["class"] ?? "").split(/\s+/)));
      if (open.at(-1)?.has("button-entrance")) entrances++;
      if (gathering && breaks.has(tag)) gathering.text += "\n";
      if (hidden === 0) begin(tag, marks);
    },
    ontext(text) {
      if (gathering && hidden === 0 && gathering.text.length < longest) gathering.text += text;
    },
    onclosetag(tag) {
      if (gathering?.depth === open.length) {
        const { text, done } = gathering;
        gathering = undefined;
        done(neat(text));
      }
      if (open.pop()?.has("button-entrance")) entrances--;
      if (unseen.has(tag)) hidden--;
    },
  });
  // elements in elements without end would take longer the more there are: no page has them
  for (let at = 0; at < html.length && open.length < deepest; at += piece)
    parser.write(html.slice(at, at + piece));
  parser.end();
  return isOne ? found : undefined;
}

const vcard = (title: string): FoundItem => ({ kind: "other", title, url: "", called: "vcard" });

const neat = (text: string): string =>
  text
    .slice(0, longest)
    .replace(/[^\S\n]+/g, " ")
    .replace(/ ?\n[ \n]*/g, "\n")
    .trim();

/** Older versions lead over a counter of their own: `/going/7/https://clay.example`. */
function addressOf(href: string, from: string | undefined): string {
  const bare = /\/going\/\d+\/(.+)$/.exec(href)?.[1] ?? href;
  if (/^[a-z][a-z0-9+.-]*:/i.test(bare)) return bare;
  if (bare !== href) return bare;
  return from && URL.canParse(bare, from) ? new URL(bare, from).href : "";
}

/** The picture that LinkStack shows where none was chosen is nobody's. */
function pictureOf(src: string, from: string | undefined): string | undefined {
  const url = addressOf(src, from) || src;
  return /\/assets\/linkstack\/images\//.test(url) || !/^(?:https?:|data:image\/)/i.test(url)
    ? undefined
    : url;
}
