/** Public pages, rendered once and kept ready to be sent until something changes. */
import { createHash } from "node:crypto";
import type { Request, Response } from "express";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import { acrossWorkspaces } from "../core/db.ts";
import { playerOf, playerOrigins } from "./blocks/embed.ts";
import type { FormState } from "./blocks/forms.ts";
import { renderPage, type PageFacts } from "./blocks/page.ts";
import { isShown, nextChange } from "./blocks/render.ts";
import type { CardContent } from "./blocks/schema.ts";
import { cutFace } from "./faces.ts";
import { readFacts, type KnownFacts } from "./facts.ts";
import { shareTag } from "./share/share-picture.ts";
import { CardModel, type CardRecord } from "./models/index.ts";
import { findSlug } from "./slugs.ts";

const compress = { gzip: promisify(gzip), br: promisify(brotliCompress) };

export interface Page {
  html: Buffer;
  gzip: Buffer;
  br: Buffer;
  etag: string;
  /** Its Content-Security-Policy. */
  policy: string;
  face?: { bytes: Buffer; drawn: NonNullable<PageFacts["face"]> } | undefined;
}

/** Where a card is looked at: on the hub, or on a domain of its own. */
export interface Seat {
  /** `https://hub.example` */
  origin: string;
  /** Before the page's own addresses: `/c/clay`, or nothing at the top of a domain. */
  root: string;
}

export interface OpenCard {
  card: CardRecord;
  content: CardContent;
  facts: KnownFacts;
  /** Pictures and files that the page shows; no others are given to anybody. */
  files: ReadonlySet<string>;
  pages: Map<string, Promise<Page>>;
  /** Known to be right until then. */
  freshUntil: number;
  /** It is made anew by then, whatever else happens. */
  until: number;
}

/** A request for a card, and where it came in. */
export interface Visitor {
  open: OpenCard;
  seat: Seat;
  request: Request;
  response: Response;
}

/** A change of the card is seen after so long at the latest, whichever process it was made in; of hours and accounts after `longestMs`. */
const freshMs = 1000;
const longestMs = 5 * 60_000;
const mostKept = 500;
/** Of one card: its languages, on the hub and on domains. */
const mostPages = 36;

export class Pages {
  readonly #open = new Map<string, OpenCard>();
  readonly #asked = new Map<string, Promise<OpenCard | string | undefined>>();

  /** The published card of an address; the newer address where it has moved; undefined where there is none. */
  async find(slug: string): Promise<OpenCard | string | undefined> {
    const known = this.#open.get(slug);
    const now = Date.now();
    if (known && now < known.freshUntil && now < known.until) return known;
    const asked = this.#asked.get(slug) ?? this.#look(slug, known);
    this.#asked.set(slug, asked);
    return asked.finally(() => this.#asked.delete(slug));
  }

  /** The page in one of the card's languages; with `sent`, as it thanks for the form of that block. */
  page(open: OpenCard, language: string, seat: Seat, sent?: string): Promise<Page> {
    const key = `${language} ${seat.origin}${seat.root}`;
    const known = sent === undefined ? open.pages.get(key) : undefined;
    if (known) return known;
    if (sent !== undefined) return this.#make(open, language, seat, { blockId: sent, sent: true });
    const made = this.#make(open, language, seat, undefined);
    open.pages.set(key, made);
    const [oldest] = open.pages.keys();
    if (open.pages.size > mostPages && oldest !== undefined) open.pages.delete(oldest);
    made.catch(() => open.pages.delete(key)); // whoever asked is told; the next one tries again
    return made;
  }

  /** The page with what somebody has typed: for one answer alone, and never kept. */
  async draw(
    open: OpenCard,
    language: string,
    seat: Seat,
    form: FormState,
  ): Promise<Pick<Page, "html" | "policy">> {
    const { face } = await this.page(open, language, seat);
    const page = renderPage(open.content, { ...this.#facts(open, language, seat), form, face: face?.drawn });
    return { html: Buffer.from(page), policy: policyOf(page, open.content) };
  }

  /** A page of the card's looks with other content; without its face, which is cut to the card's own letters. */
  drawOther(
    { open, seat }: Visitor,
    content: CardContent,
    language: string,
    form: FormState,
  ): Pick<Page, "html" | "policy"> {
    const page = renderPage(content, {
      ...this.#facts(open, language, seat),
      takesForms: true,
      hidden: true,
      form,
    });
    return { html: Buffer.from(page), policy: policyOf(page, content) };
  }

  async #look(slug: string, known: OpenCard | undefined): Promise<OpenCard | string | undefined> {
    const found = await findSlug(slug);
    const card =
      found && (await acrossWorkspaces(CardModel.findOne({ _id: found.cardId, removedAt: null })).lean());
    if (!card?.published) return void this.#open.delete(slug);
    if (card.slug !== slug) return card.slug;
    const now = Date.now();
    if (known && known.card.version === card.version && now < known.until) {
      known.freshUntil = now + freshMs;
      return known;
    }
    const open = await this.#describe(card, card.published, new Date(now));
    this.#open.delete(slug);
    this.#open.set(slug, open);
    const [oldest] = this.#open.keys();
    if (this.#open.size > mostKept && oldest !== undefined) this.#open.delete(oldest);
    return open;
  }

  async #describe(card: CardRecord, content: CardContent, now: Date): Promise<OpenCard> {
    const facts = await readFacts(card, content, now);
    const changes = [facts.changesAt, nextChange(content, now)].flatMap((at) => (at ? [at.getTime()] : []));
    return {
      card,
      content,
      facts,
      files: filesOf(content, now),
      pages: new Map(),
      freshUntil: now.getTime() + freshMs,
      until: Math.min(now.getTime() + (hasClock(content) ? 60_000 : longestMs), ...changes),
    };
  }

  #facts({ card, content, facts }: OpenCard, language: string, { origin, root }: Seat): PageFacts {
    return {
      ...facts,
      root,
      now: new Date(),
      url: card.domain ? `https://${card.domain}/` : `${origin}${root}`,
      picture: `${origin}${root}/share-${language}.jpg?v=${shareTag(content, language)}`,
      language,
      hidden: card.hidden,
      runsOn: card.runsOn,
    };
  }

  async #make(open: OpenCard, language: string, seat: Seat, form: FormState | undefined): Promise<Page> {
    const { card, content } = open;
    const all = { ...this.#facts(open, language, seat), form };
    const plain = renderPage(content, all);
    const face = await cutFace(content, plain);
    const drawn = face && {
      href: `${all.root}/face-${language}-${card.version}.woff2`,
      headingsOnly: face.headingsOnly,
    };
    const page = drawn ? renderPage(content, { ...all, face: drawn }) : plain;
    const html = Buffer.from(page);
    const [zipped, br] = await Promise.all([compress.gzip(html, { level: 9 }), compress.br(html)]);
    return {
      html,
      gzip: zipped,
      br,
      etag: `"${digest(html).slice(0, 22)}"`,
      policy: policyOf(page, content),
      face: face && drawn && { bytes: face.bytes, drawn },
    };
  }
}

const digest = (bytes: Buffer | string): string => createHash("sha256").update(bytes).digest("base64url");

/** Nothing runs, nothing is loaded from elsewhere; players alone may be framed, where the card has any. */
function policyOf(page: string, content: CardContent): string {
  const style = /<style>(.*?)<\/style>/s.exec(page)?.[1] ?? "";
  const hash = createHash("sha256").update(style).digest("base64");
  const plays = content.blocks.some((block) => block.type === "embed" && playerOf(block.url));
  return [
    "default-src 'none'",
    "img-src 'self'",
    `style-src 'sha256-${hash}'`,
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
    ...(plays ? [`frame-src ${playerOrigins.join(" ")}`] : []),
  ].join("; ");
}

function filesOf(content: CardContent, now: Date): Set<string> {
  const { backdrop } = content.design;
  return new Set([
    ...(backdrop?.kind === "photo" ? [backdrop.fileId] : []),
    ...content.blocks.flatMap((block) => {
      if (!isShown(block, now)) return [];
      if (block.type === "person") return block.photo ?? [];
      if (block.type === "link") return block.picture ?? [];
      if (block.type === "embed") return block.poster ?? [];
      if (block.type === "gallery") return block.pictures.map(({ fileId }) => fileId);
      return block.type === "file" ? (block.fileId ?? []) : [];
    }),
  ]);
}

/** A running clock is on the page. */
function hasClock(content: CardContent): boolean {
  return content.blocks.some((block) => block.type === "countdown" && isShown(block, new Date()));
}
