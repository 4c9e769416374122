/** The whole page: one document, its styles inside, no script that runs. */
import { baseCss } from "./base-css.ts";
import { contrast } from "./colour.ts";
import type { Facts, Reviews } from "./facts.ts";
import type { FormState } from "./forms.ts";
import type { Week } from "./hours.ts";
import { markup, Markup } from "./html.ts";
import { glassPart, groundOfDesign, paletteOf } from "./palette.ts";
import { emailOf, phoneOf } from "./address.ts";
import { isShown, renderCard } from "./render.ts";
import type { BlockOf, BlockType, CardContent, Design } from "./schema.ts";
import { serviceOf } from "./services.ts";
import { shapeCss, shapeProps } from "./shapes.ts";
import { themes } from "./themes/index.ts";
import { cutFaces, isCut, systemFaces, type CutFaceId } from "./type-faces.ts";
import { say } from "./words.ts";

export interface PageFacts extends Facts {
  /** Where the page is to be found: `https://hub.example/c/clay`. */
  url: string;
  language: string;
  form?: FormState | undefined;
  /** Beside a link to the page: 1200 × 630, absolute. */
  picture?: string | undefined;
  /** Kept from search engines. */
  hidden?: boolean | undefined;
  /** The face of the headings, where one was cut for this page. */
  face?: { href: string; headingsOnly: boolean } | undefined;
}

/** Renders what visitors get. The same content and facts give the same bytes. */
export function renderPage(content: CardContent, facts: PageFacts): string {
  const { language, url } = facts;
  const { name, about } = headOf(content, language, facts.now);
  const palette = paletteOf(themes[content.design.theme].palette, content.design);
  const alternates = content.languages.map(
    (one) => markup`<link rel="alternate" hreflang="${one}" href="${inLanguage(url, one, content)}">`,
  );
  const head = [
    markup`<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">`,
    markup`<title>${name}</title><meta name="description" content="${about}">`,
    markup`<meta name="theme-color" content="${palette.background}">`,
    facts.hidden && markup`<meta name="robots" content="noindex">`,
    markup`<meta property="og:type" content="profile"><meta property="og:title" content="${name}">`,
    markup`<meta property="og:description" content="${about}"><meta property="og:url" content="${url}">`,
    facts.picture && pictureOf(facts.picture, name),
    markup`<link rel="canonical" href="${inLanguage(url, language, content)}">${alternates}`,
    // asked for with the page, so that the headings are in it when they are first shown
    facts.face &&
      markup`<link rel="preload" href="${facts.face.href}" as="font" type="font/woff2" crossorigin>`,
    markup`<style>${new Markup(styleOf(content.design, facts.face, facts.root))}</style>`,
  ];
  const body = renderCard(content, facts, { language, form: facts.form });
  const data = markup`<script type="application/ld+json">${new Markup(describe(content, facts))}</script>`;
  return markup`<!doctype html><html lang="${language}"><head>${head}</head><body class="${bodyClass(content.design)}">${body}${data}</body></html>`
    .source;
}

/** `own0` has the ground that the theme paints, `own1` one of the card's own. */
export const bodyClass = ({ background, backdrop }: Design): string =>
  background === undefined && backdrop === undefined ? "own0" : "own1";

function pictureOf(picture: string, name: string): Markup {
  return markup`<meta property="og:image" content="${picture}"><meta property="og:image:type" content="image/jpeg"><meta property="og:image:width" content="1200"><meta property="og:image:height" content="630"><meta property="og:image:alt" content="${name}"><meta name="twitter:card" content="summary_large_image">`;
}

function inLanguage(url: string, language: string, { languages }: CardContent): string {
  return language === languages[0] ? url : `${url}?l=${language}`;
}

export function headOf(
  content: CardContent,
  language: string,
  now = new Date(),
): { name: string; about: string } {
  const person = blocksOf(content, "person", now)[0];
  const text = (words: Record<string, string> | undefined): string =>
    words ? say(words, language, content.languages) : "";
  return { name: text(person?.name), about: text(person?.about) || text(person?.name) };
}

/** Those that visitors see at that moment. */
export function blocksOf<T extends BlockType>(
  { blocks }: CardContent,
  type: T,
  now = new Date(),
): BlockOf<T>[] {
  return blocks.filter((block): block is BlockOf<T> => block.type === type && isShown(block, now));
}

const spacings = { tight: "--sp:.7", normal: "", airy: "--sp:1.4" };

/** The face that is cut for the headings; undefined where they are in one of the phone's own. */
export function cutFaceOf({ theme, headings }: Design): CutFaceId | undefined {
  if (!headings) return themes[theme].face;
  return isCut(headings) ? headings : undefined;
}

function headingStack({ headings }: Design): string | undefined {
  if (!headings) return undefined;
  return isCut(headings) ? `--fh:H,${cutFaces[headings].stack}` : `--fh:${systemFaces[headings]}`;
}

/**
 * Base, theme and the card's own values, without what browsers do not need. `root`: where the card's pictures are,
 * as a photo behind everything is one.
 */
export function styleOf(design: Design, face?: PageFacts["face"], root = ""): string {
  const theme = themes[design.theme];
  const colours = paletteOf(theme.palette, design);
  const ground = groundOfDesign(theme.palette, design);
  const box = colours.box === colours.background ? "transparent" : colours.box;
  const pane = ground.glass && box !== "transparent" ? box + Math.round(glassPart * 255).toString(16) : box;
  const values = [
    `--bg:${colours.background}`,
    `--fg:${colours.text}`,
    `--mut:${colours.muted}`,
    `--line:${colours.line}`,
    `--card:${pane}`,
    `--acc:${colours.button}`,
    `--accf:${colours.onButton}`,
    `--act:${colours.accent}`,
    contrast(colours.background, "#ffffff") > 4.5 && "color-scheme:dark",
    theme.props,
    headingStack(design),
    design.body && `--ff:${systemFaces[design.body]}`,
    shapeProps(design),
    spacings[design.spacing],
  ];
  const all = values.filter(Boolean).join(";");
  const photo = design.backdrop?.kind === "photo" ? `${root}/p/${design.backdrop.fileId}-b.webp` : "";
  const behind = ground.css && `.own1{background:${ground.css.replace("{photo}", photo)},var(--bg)}`;
  const props = face?.headingsOnly ? all.replaceAll("--fh:H,", "--fh:") : all;
  const css = `:root{${props}}${baseCss}${theme.css}${shapeCss(design)}${behind}`;
  return `${faceOf(face)}${css}${face?.headingsOnly ? "h1,h2{font-family:H,var(--fh)}" : ""}`.replace(
    /\n/g,
    "",
  );
}

function faceOf(face: PageFacts["face"]): string {
  return face
    ? `@font-face{font-family:H;src:url(${face.href}) format("woff2");font-weight:1 999;font-display:swap}`
    : "";
}

/** https://schema.org/AggregateRating, of what is on the page alone. */
function rated({ count, average, items }: Reviews): object {
  return {
    aggregateRating: { "@type": "AggregateRating", ratingValue: average, reviewCount: count, bestRating: 5 },
    review: items.slice(0, 3).map(({ stars, text, name, day }) => ({
      "@type": "Review",
      reviewRating: { "@type": "Rating", ratingValue: stars, bestRating: 5 },
      author: { "@type": "Person", name },
      datePublished: day,
      ...(text && { reviewBody: text }),
    })),
  };
}

const days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** https://schema.org/OpeningHoursSpecification, with the days that have the same span together. */
function openIn(week: Week): object[] {
  const spans = new Map<string, string[]>();
  for (const [day, open] of week.entries())
    for (const { from, to } of open) {
      const key = `${from} ${to === "24:00" ? "23:59" : to}`;
      spans.set(key, [...(spans.get(key) ?? []), days[day] ?? ""]);
    }
  return [...spans].map(([key, dayOfWeek]) => {
    const [opens, closes] = key.split(" ");
    return { "@type": "OpeningHoursSpecification", dayOfWeek, opens, closes };
  });
}

/** What search engines read: https://schema.org/ProfilePage */
function describe(content: CardContent, { url, language, accounts, reviews, week, now }: PageFacts): string {
  const { name, about } = headOf(content, language, now);
  const phone = blocksOf(content, "phone", now).flatMap(({ number }) => phoneOf(number) ?? [])[0];
  const email = blocksOf(content, "email", now).flatMap((one) => emailOf(one.address) ?? [])[0];
  const address = blocksOf(content, "address", now)
    .map((one) => say(one.address, language, content.languages))
    .find(Boolean);
  const hours = blocksOf(content, "hours", now).flatMap(({ own }) => own ?? week ?? []);
  const social = blocksOf(content, "social", now)
    .flatMap(({ items }) => items)
    .flatMap(({ service, to }) => serviceOf(service).link(to) ?? []);
  const messengers = blocksOf(content, "messengers", now)
    .flatMap(({ items }) => items)
    .flatMap(
      ({ service, to, channelId }) =>
        (channelId ? accounts.get(channelId) : undefined) ?? serviceOf(service).link(to) ?? [],
    );
  const entity = {
    "@type": "LocalBusiness",
    name,
    description: about,
    url,
    ...(phone && { telephone: phone }),
    ...(email && { email }),
    ...(address && { address }),
    ...(hours.some((spans) => spans.length > 0) && { openingHoursSpecification: openIn(hours.slice(0, 7)) }),
    ...(reviews && blocksOf(content, "reviews", now).length > 0 ? rated(reviews) : {}),
    sameAs: [...social, ...messengers].filter((link) => link.startsWith("https:")),
  };
  const page = { "@context": "https://schema.org", "@type": "ProfilePage", mainEntity: entity };
  // "<" would end the element
  return JSON.stringify(page).replaceAll("<", "\\u003c");
}
