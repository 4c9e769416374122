/** The card's blocks as HTML: the same in every theme, the same in the builder and for visitors. */
import { emailOf, phoneOf, safeAddress, shortAddress } from "./address.ts";
import { playerOf } from "./embed.ts";
import type { Facts } from "./facts.ts";
import { drawForm, type FormState } from "./forms.ts";
import { glyphs, type GlyphId } from "./glyphs.ts";
import { dayName, weekRows } from "./hours.ts";
import { lines, markup, Markup, type Part } from "./html.ts";
import type { Block, BlockOf, BlockType, CardContent, Words } from "./schema.ts";
import { serviceOf } from "./services.ts";
import { fill, languageName, pageWords, say } from "./words.ts";

export interface Asked {
  language: string;
  /** Marks each block with its id, for the builder. */
  marked?: boolean;
  /** How a form of the page stands, after somebody has sent it. */
  form?: FormState | undefined;
}

interface Sheet extends Asked, Facts {
  languages: readonly string[];
  words: ReturnType<typeof pageWords>;
  /** Where the business is: `2026-11-28`. */
  today: string;
  /** Marks that the page needs, drawn once. */
  used: Set<GlyphId | "go">;
  say(words: Words): string;
  /** The attributes of a block's outermost element. */
  mark(block: { id: string }): Part;
}

/** What stands between `<body>` and `</body>`. */
export function renderCard({ languages, blocks }: CardContent, facts: Facts, asked: Asked): Markup {
  const sheet: Sheet = {
    ...facts,
    ...asked,
    languages,
    words: pageWords(asked.language),
    today: dayIn(facts.timeZone, facts.now),
    used: new Set(),
    say: (words) => say(words, asked.language, languages),
    mark: ({ id }) => asked.marked && markup` data-b="${id}"`,
  };
  const shown = blocks.filter((block) => isShown(block, facts.now));
  const end = shown.findIndex(({ type }) => type !== "person" && type !== "messengers");
  const split = end < 0 ? shown.length : end;
  const top = shown.slice(0, split).map((one) => render(one, sheet));
  const rest = rows(shown.slice(split), sheet);
  const by = facts.runsOn && markup`<p class="by">${sheet.words.runsOn}</p>`;
  return markup`<main>${languageLinks(sheet)}<div class="a">${top}</div><div class="z">${rest}${by}</div></main>${sprite(sheet.used)}`;
}

export function isShown({ on, from, until }: Block, now: Date): boolean {
  return on && (!from || now >= new Date(from)) && (!until || now < new Date(until));
}

/** When what the page shows changes by itself; undefined when it never does. */
export function nextChange({ blocks }: CardContent, now: Date): Date | undefined {
  const times = blocks
    .flatMap((block) => [block.from, block.until, block.type === "countdown" ? block.to : undefined])
    .flatMap((time) => (time ? [new Date(time)] : []))
    .filter((time) => time > now);
  return times.length > 0 ? new Date(Math.min(...times.map(Number))) : undefined;
}

function languageLinks({ languages, language }: Sheet): Part {
  const others = languages.filter((one) => one !== language);
  if (others.length === 0) return undefined;
  const links = others.map(
    (one) => markup`<a href="?l=${one}" hreflang="${one}" lang="${one}">${languageName(one)}</a>`,
  );
  return markup`<nav class="lg">${links}</nav>`;
}

/** Rows that follow each other are one list, so that themes may rule or box them together. */
function rows(blocks: Block[], sheet: Sheet): Part[] {
  const groups: Block[][] = [];
  for (const block of blocks) {
    const group = groups.at(-1);
    if (isRow(block) && group?.every(isRow)) group.push(block);
    else groups.push([block]);
  }
  return groups.map((group) => {
    const parts = group.map((one) => render(one, sheet));
    if (!group.every(isRow)) return parts;
    return parts.some(Boolean) && markup`<div class="ls">${parts}</div>`;
  });
}

const rowTypes = new Set<BlockType>(["link", "phone", "email", "contact", "file"]);
const isRow = (block: Block): boolean => rowTypes.has(block.type) && !(block.type === "link" && block.main);

function render(block: Block, sheet: Sheet): Part {
  const draw = drawings[block.type] as (block: Block, sheet: Sheet) => Part;
  return draw(block, sheet);
}

const drawings: { [T in BlockType]: (block: BlockOf<T>, sheet: Sheet) => Part } = {
  person(block, sheet) {
    const about = sheet.say(block.about);
    const photo = block.photo && picture(sheet, block.photo, "a", 116, 116, "", false);
    const text = about && markup`<p class="bio">${lines(about)}</p>`;
    return markup`<header class="hd"${sheet.mark(block)}>${photo}<h1>${sheet.say(block.name)}</h1>${openNow(sheet)}${text}</header>`;
  },
  messengers(block, sheet) {
    const items = block.items.flatMap((item) => {
      const service = serviceOf(item.service);
      if (!(item.channelId && sheet.accounts.has(item.channelId)) && !service.link(item.to)) return [];
      const name = sheet.say(item.title) || service.title;
      const href = `${sheet.root}/go/${block.id}/${item.id}`;
      return [
        markup`<a class="m ${item.service}" href="${href}" rel="nofollow">${glyph(sheet, service.glyph)}<span>${name}</span></a>`,
      ];
    });
    if (items.length === 0) return undefined;
    return markup`<nav class="ms ${block.layout}" aria-label="${sheet.words.write}"${sheet.mark(block)}>${items}</nav>`;
  },
  link(block, sheet) {
    const url = safeAddress(block.url);
    if (!url) return undefined;
    const href = `${sheet.root}/go/${block.id}`;
    const name = sheet.say(block.title) || shortAddress(url);
    if (block.main) return markup`<a class="btn ct" href="${href}"${sheet.mark(block)}>${name}</a>`;
    const face = block.picture
      ? picture(sheet, block.picture, "l", 76, 76, "")
      : block.service && inRow(sheet, serviceOf(block.service).glyph);
    return row(sheet, block, { href, name, note: sheet.say(block.note), face });
  },
  phone(block, sheet) {
    const number = phoneOf(block.number);
    if (!number) return undefined;
    const name = sheet.say(block.title) || sheet.words.call;
    return row(sheet, block, {
      href: `tel:${number}`,
      name,
      note: block.number,
      face: inRow(sheet, "phone"),
    });
  },
  email(block, sheet) {
    const address = emailOf(block.address);
    if (!address) return undefined;
    const subject = sheet.say(block.subject);
    const href = `mailto:${address}${subject && `?subject=${encodeURIComponent(subject)}`}`;
    const name = sheet.say(block.title) || sheet.words.mail;
    return row(sheet, block, { href, name, note: address, face: inRow(sheet, "email") });
  },
  contact(block, sheet) {
    const name = sheet.say(block.title) || sheet.words.save;
    return row(sheet, block, { href: `${sheet.root}/contact.vcf`, name, note: sheet.say(block.note) });
  },
  file(block, sheet) {
    const file = block.fileId && sheet.files.get(block.fileId);
    if (!file) return undefined;
    const name = sheet.say(block.title) || file.name;
    const what = `${kindOf(file.name)} ${sizeOf(file.size, sheet.language)}`.trim();
    const note = [sheet.say(block.note), what].filter(Boolean).join(" · ");
    return row(sheet, block, { href: `${sheet.root}/file/${block.fileId}`, name, note });
  },
  social(block, sheet) {
    const items = block.items.flatMap((item) => {
      const service = serviceOf(item.service);
      if (!service.link(item.to)) return [];
      const href = `${sheet.root}/go/${block.id}/${item.id}`;
      return [markup`<a href="${href}" aria-label="${service.title}">${glyph(sheet, service.glyph)}</a>`];
    });
    if (items.length === 0) return undefined;
    return markup`<nav class="so" aria-label="${sheet.words.follow}"${sheet.mark(block)}>${items}</nav>`;
  },
  heading(block, sheet) {
    const text = sheet.say(block.text);
    return text && markup`<h2${sheet.mark(block)}>${text}</h2>`;
  },
  text(block, sheet) {
    const [name, text] = [title(sheet, block.title), sheet.say(block.text)];
    if (!name && !text) return undefined;
    return markup`<section${sheet.mark(block)}>${name}${text && markup`<p>${lines(text)}</p>`}</section>`;
  },
  divider: (block, sheet) => markup`<hr${sheet.mark(block)}>`,
  address(block, sheet) {
    const address = sheet.say(block.address);
    if (!address) return undefined;
    const { map } = sheet.words;
    const button = markup`<a class="btn" href="${sheet.root}/go/${block.id}" aria-label="${map}: ${address}">${map}</a>`;
    return markup`<address class="ad"${sheet.mark(block)}><span>${address}${small(sheet.say(block.note))}</span>${button}</address>`;
  },
  hours(block, sheet) {
    const week = block.own ?? sheet.week;
    const name = sheet.say(block.title) || sheet.words.hours;
    return week && table(sheet, block, "hr", name, weekRows(week, sheet.language));
  },
  prices(block, sheet) {
    const items = block.items.map(
      ({ name, price, note }) => [sheet.say(name), sheet.say(price), sheet.say(note)] as const,
    );
    const name = sheet.say(block.title) || sheet.words.prices;
    return items.length > 0 && table(sheet, block, "pr", name, items);
  },
  gallery(block, sheet) {
    const items = block.pictures.map(
      ({ fileId, alt }) => markup`<li>${picture(sheet, fileId, "g", 320, 320, sheet.say(alt))}</li>`,
    );
    if (items.length === 0) return undefined;
    return markup`<section class="ga"${sheet.mark(block)}>${title(sheet, block.title)}<ul>${items}</ul></section>`;
  },
  embed(block, sheet) {
    const url = safeAddress(block.url);
    if (!url) return undefined;
    const name = sheet.say(block.title) || shortAddress(url);
    const poster = block.poster && picture(sheet, block.poster, "w", 800, 400, "");
    const face = markup`${poster}<span>${fill(sheet.words.watch, { title: name })}</span>`;
    const player = playerOf(url);
    if (!player)
      return markup`<a class="v" href="${sheet.root}/go/${block.id}"${sheet.mark(block)}>${face}</a>`;
    const height = player.height && markup` height="${player.height}"`;
    return markup`<details class="v"${sheet.mark(block)}><summary>${face}</summary><iframe src="${player.src}" title="${name}" loading="lazy" allow="autoplay; fullscreen; encrypted-media"${height}></iframe></details>`;
  },
  faq(block, sheet) {
    const items = block.items.map(
      ({ question, answer }) =>
        markup`<details><summary>${sheet.say(question)}</summary><p>${lines(sheet.say(answer))}</p></details>`,
    );
    if (items.length === 0) return undefined;
    const name = sheet.say(block.title) || sheet.words.questions;
    return markup`<section class="fq"${sheet.mark(block)}><h2>${name}</h2>${items}</section>`;
  },
  reviews(block, sheet) {
    const { reviews, words, language } = sheet;
    if (!reviews) return undefined;
    const items = reviews.items.slice(0, Number(block.most)).map(({ stars, text, name, day }) => {
      const said = text && markup`<p>${lines(text)}</p>`;
      const when = markup`<time datetime="${day}">${dayOf(day, language)}</time>`;
      return markup`<li><p role="img" aria-label="${fill(words.stars, { n: stars })}">${"★".repeat(stars)}</p>${said}<small>${name}, ${when}</small></li>`;
    });
    const average = new Intl.NumberFormat(language).format(reviews.average);
    const counted = fill(words.counted, { average, count: reviews.count });
    const name = sheet.say(block.title) || words.reviews;
    return markup`<section class="rv"${sheet.mark(block)}><h2>${name}</h2><p><b>★ ${counted}</b></p><ul>${items}</ul></section>`;
  },
  form: (block, sheet) => drawIfTaken(sheet, block),
  booking: (block, sheet) => drawIfTaken(sheet, block),
  countdown(block, sheet) {
    const text = leftUntil(new Date(block.to), sheet) ?? sheet.say(block.after);
    if (!text) return undefined;
    return markup`<section class="cd"${sheet.mark(block)}>${title(sheet, block.title)}<p><time datetime="${block.to}">${text}</time></p></section>`;
  },
};

/** What is sent has to arrive: a form that the inbox does not take is not on the page. */
function drawIfTaken(sheet: Sheet, block: BlockOf<"form"> | BlockOf<"booking">): Part {
  return sheet.takesForms === false ? undefined : drawForm(sheet, block);
}

/** 28 November 2026 */
function dayOf(day: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(new Date(day));
}

/** English as it is spoken in Canada writes days as ISO 8601 does. */
function dayIn(timeZone: string | undefined, now: Date): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: timeZone ?? "UTC" }).format(now);
}

function openNow({ open, words, language }: Sheet): Part {
  if (!open) return undefined;
  if (open.open)
    return markup`<p class="op">${open.until ? fill(words.open, { time: open.until }) : words.openAllDay}</p>`;
  const day = dayName(open.day, language);
  const text = fill(open.today ? words.closedToday : words.closed, { day, time: open.time });
  return markup`<p class="op no">${text}</p>`;
}

function leftUntil(to: Date, { now, words }: Sheet): string | undefined {
  const minutes = Math.ceil((to.getTime() - now.getTime()) / 60_000);
  if (minutes <= 0) return undefined;
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  const parts = [
    days > 0 && fill(words.days, { n: days }),
    hours > 0 && fill(words.hoursLeft, { n: hours }),
    days === 0 && fill(words.minutesLeft, { n: minutes % 60 }),
  ];
  return parts.filter(Boolean).join(" ");
}

interface Row {
  href: string;
  name: string;
  note: string;
  face?: Part;
}

function row(sheet: Sheet, block: Block, { href, name, note, face }: Row): Part {
  sheet.used.add("go");
  return markup`<a class="l" href="${href}"${sheet.mark(block)}>${face}<span><b>${name}</b>${small(note)}</span><svg viewBox="0 0 16 16" aria-hidden="true"><use href="#go"/></svg></a>`;
}

const inRow = (sheet: Sheet, id: GlyphId): Markup => markup`<i>${glyph(sheet, id)}</i>`;
const small = (note: string | undefined): Part => note && markup`<small>${note}</small>`;

function table(
  sheet: Sheet,
  block: Block,
  kind: string,
  name: string,
  items: readonly (readonly [string, string, string?])[],
): Part {
  const list = items.map(
    ([what, value, note]) => markup`<li><span>${what}${small(note)}</span><b>${value}</b></li>`,
  );
  return markup`<section class="${kind}"${sheet.mark(block)}><h2>${name}</h2><ul>${list}</ul></section>`;
}

function title(sheet: Sheet, words: Words): Part {
  const text = sheet.say(words);
  return text && markup`<h2>${text}</h2>`;
}

/** `size` names how large the server makes it. */
function picture(
  { root }: Sheet,
  fileId: string,
  size: "a" | "l" | "g" | "w",
  width: number,
  height: number,
  alt: string,
  lazy = true,
): Markup {
  const kind = size === "a" && markup` class="av"`;
  const when = lazy && markup` loading="lazy"`;
  return markup`<img${kind} src="${root}/p/${fileId}-${size}.webp" width="${width}" height="${height}" alt="${alt}"${when}>`;
}

function glyph({ used }: Sheet, id: GlyphId): Markup {
  used.add(id);
  return markup`<svg viewBox="0 0 24 24" aria-hidden="true"><use href="#${id}"/></svg>`;
}

const arrow =
  '<symbol id="go" viewBox="0 0 16 16"><path d="M3 8h9.5M9 4.2 12.8 8 9 11.8" fill="none" stroke="currentColor" stroke-width="1.5"/></symbol>';

function sprite(used: Set<GlyphId | "go">): Markup {
  const symbols = [...used].map((id) =>
    id === "go" ? arrow : `<symbol id="${id}" viewBox="0 0 24 24"><path d="${glyphs[id]}"/></symbol>`,
  );
  return new Markup(symbols.length > 0 ? `<svg hidden>${symbols.join("")}</svg>` : "");
}

/** `PDF`, by the end of its name. */
function kindOf(name: string): string {
  return /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toUpperCase() ?? "";
}

function sizeOf(bytes: number, language: string): string {
  const [unit, divisor] =
    bytes < 1_000_000 ? (["kilobyte", 1000] as const) : (["megabyte", 1_000_000] as const);
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit,
    maximumFractionDigits: unit === "megabyte" ? 1 : 0,
  }).format(Math.max(1, bytes / divisor));
}
