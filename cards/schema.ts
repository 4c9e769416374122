/** What the API says of cards. */
import { z } from "zod";
import { layoutIds } from "./blocks/layouts.ts";
import { cardContent, design } from "./blocks/schema.ts";
import { serviceIds } from "./blocks/services.ts";

const id = z.string();
const isoDate = z.string();

export const slug = z.string().trim().toLowerCase().min(3).max(40);

export const card = z
  .object({
    id,
    name: z.string(),
    slug: z.string(),
    url: z.string().describe("of the public page, on its own domain where it has one"),
    hubUrl: z.string().describe("of the public page on the hub"),
    draft: cardContent,
    shown: z
      .object({ name: z.string(), languages: cardContent.shape.languages, photo: id.optional() })
      .describe("what visitors see and what is printed; the draft's while nothing is published"),
    published: z.boolean(),
    publishedAt: isoDate.optional(),
    changes: z.number().int().describe("blocks and settings that visitors do not see yet"),
    rev: z
      .number()
      .int()
      .describe("rises with every change of the draft; a change that names an older one is refused"),
    changedBy: id,
    changedAt: isoDate,
    hidden: z.boolean().describe("kept from search engines"),
    runsOn: z.boolean(),
  })
  .meta({ id: "OnlineCard" });
export type Card = z.output<typeof card>;

export const cardSummary = card
  .pick({ id: true, name: true, slug: true, url: true, published: true, changes: true })
  .meta({ id: "OnlineCardSummary" });

/** The first published card, else the first; what the home screen ticks off. */
export const cardSetUp = z
  .object({
    card: cardSummary
      .pick({ id: true, url: true, published: true })
      .extend({
        rev: z.number().int(),
        visits: z.number().int().describe("views of all days"),
        fromInstagram: z.boolean().describe("somebody came through the link of the bio, `?s=bio`"),
        withoutMessengers: z
          .boolean()
          .describe("accounts are connected, and visitors of the card see none of them"),
        messengersWait: z.boolean().describe("they are on the draft, which has to be published"),
      })
      .nullable(),
  })
  .meta({ id: "OnlineCardSetUp" });
export type CardSetUp = z.output<typeof cardSetUp>;

export const newCard = z
  .object({
    name: z.string().trim().min(1).max(80),
    slug,
    layout: z.enum(layoutIds).optional().describe("which blocks and theme it begins with"),
    content: cardContent.optional().describe("instead of what a layout has"),
  })
  .meta({ id: "NewOnlineCard" });

export const cardPatch = z
  .object({ name: z.string().trim().min(1).max(80), slug, hidden: z.boolean(), runsOn: z.boolean() })
  .partial()
  .meta({ id: "OnlineCardPatch" });

/** What the code is printed as. */
export const printLayouts = ["tent", "parcel", "stickers"] as const;
export type PrintLayout = (typeof printLayouts)[number];

export const cardTheme = z
  .object({ id, name: z.string(), design, createdAt: isoDate })
  .meta({ id: "OnlineCardTheme" });
export type CardTheme = z.output<typeof cardTheme>;

const themeName = z.string().trim().min(1).max(60);
export const newCardTheme = z.object({ name: themeName, design }).meta({ id: "NewOnlineCardTheme" });
export const cardThemePatch = z
  .object({ name: themeName, design })
  .partial()
  .meta({ id: "OnlineCardThemePatch" });

export const slugAnswer = z
  .object({ fault: z.enum(["shape", "reserved", "taken"]).nullable(), free: z.array(z.string()) })
  .meta({ id: "OnlineCardSlug" });

export const cardPicture = z
  .object({ fileId: id, width: z.number().int(), height: z.number().int() })
  .meta({ id: "OnlineCardPicture" });

export const cardFile = z
  .object({ fileId: id, name: z.string(), size: z.number().int() })
  .meta({ id: "OnlineCardFile" });

export const cardEntry = z
  .object({
    id,
    cardId: id,
    cardName: z.string(),
    kind: z.string().describe("form or booking"),
    title: z.string(),
    language: z.string(),
    source: z.string().describe("campaign of the page: `instagram / autumn`"),
    at: isoDate,
    consent: z
      .object({ text: z.string(), url: z.string().optional(), at: isoDate })
      .nullable()
      .describe("what was agreed to, in the words that were shown"),
  })
  .meta({ id: "OnlineCardEntry" });
export type CardEntry = z.output<typeof cardEntry>;

export const importRow = z.object({
  what: z.enum([
    "name",
    "about",
    "picture",
    "link",
    "heading",
    "text",
    "email",
    "phone",
    "messenger",
    "social",
    "other",
  ]),
  title: z.string(),
  url: z.string(),
  state: z.enum(["taken", "changed", "left"]),
  why: z
    .enum([
      "address",
      "empty",
      "kind",
      "many",
      "double",
      "markup",
      "long",
      "length",
      "messenger",
      "picture",
      "elsewhere",
    ])
    .optional(),
  key: z.string().optional().describe("where it is in the content: `block` or `block/part`"),
});
export type ImportRow = z.output<typeof importRow>;

export const cardImport = z
  .object({
    source: z.enum(["linktree", "linkstack", "table", "list"]),
    recoded: z.boolean().describe("the file was not in UTF-8"),
    name: z.string(),
    rows: z.array(importRow),
    content: cardContent,
  })
  .meta({ id: "OnlineCardImport" });
export type CardImport = z.output<typeof cardImport>;

export const linkCheck = z
  .object({
    state: z
      .enum(["answers", "silent", "unchecked"])
      .describe("silent: an error, or no answer; unchecked: it is no site, or it refuses programs"),
    status: z.number().int().optional().describe("what the site answered"),
    to: z.string().optional().describe("where it sends on to, where that is another site"),
  })
  .meta({ id: "OnlineCardLinkCheck" });
export type LinkCheck = z.output<typeof linkCheck>;

export const domainRow = z.object({
  type: z.enum(["CNAME", "A", "AAAA", "CAA", "TXT"]),
  name: z.string(),
  value: z.string().describe("as it has to be"),
  state: z.enum(["found", "waiting", "wrong", "unneeded"]),
  found: z.string().optional().describe("what is there instead"),
});
export type DomainRow = z.output<typeof domainRow>;

export const cardDomain = z
  .object({
    target: z.string().nullable().describe("where it has to lead; null while the hub has no public name"),
    domain: z
      .object({
        host: z.string(),
        shown: z.string().describe("in its own letters"),
        proven: z.boolean().describe("the card is to be found there"),
        rows: z.array(domainRow),
        since: isoDate,
        checkedAt: isoDate.nullable(),
      })
      .nullable(),
  })
  .meta({ id: "OnlineCardDomain" });
export type CardDomain = z.output<typeof cardDomain>;

export const newDomain = z.object({ host: z.string().max(300) }).meta({ id: "NewOnlineCardDomain" });

export const cardReview = z
  .object({
    id,
    conversationId: id,
    stars: z.number().int(),
    text: z.string(),
    name: z.string().describe("as it is shown"),
    state: z.enum(["waiting", "shown", "hidden"]),
    askedBy: z.string().nullable().describe("who of the team made the link by which it was left"),
    at: isoDate,
  })
  .meta({ id: "OnlineCardReview" });
export type CardReview = z.output<typeof cardReview>;

export const reviewAsk = z
  .object({
    review: cardReview.nullable().describe("what the customer has said"),
    cards: z.array(z.object({ id, name: z.string() })).describe("for which the customer can be asked now"),
  })
  .meta({ id: "OnlineCardReviewAsk" });
export type ReviewAsk = z.output<typeof reviewAsk>;

export const reviewLink = z
  .object({ url: z.string(), expiresAt: isoDate })
  .meta({ id: "OnlineCardReviewLink" });

const counted = z.array(z.object({ key: z.string(), count: z.number().int() }));
const period = z.object({
  totals: z.object({
    views: z.number().int(),
    visitors: z.number().int().describe("of each day: who comes on two days counts twice"),
    taps: z.number().int(),
    pressed: z.number().int().describe("visitors who pressed a messenger"),
    messages: z.number().int().describe("conversations that began by a link of the card"),
    answers: z.number().int().describe("of them, those that were answered"),
    medianAnswerMs: z.number().optional(),
  }),
  days: z.array(
    z.object({
      day: z.string(),
      views: z.number().int(),
      visitors: z.number().int(),
      taps: z.number().int(),
      messages: z.number().int(),
    }),
  ),
});
export const statistics = period
  .extend({
    timeZone: z.string().describe("in which the days begin"),
    before: period.describe("as many days before `from`"),
    blocks: counted.describe("taps; `block` or `block/item`"),
    sources: counted.describe(
      "views; a site, `?tag` of the card's own links, empty for direct, `*` for others",
    ),
    utm: counted.describe("views; `source / medium / campaign`"),
    devices: counted.describe("views; iphone, android, computer, other"),
    countries: counted.describe(
      "views; ISO 3166-1 alpha-2, empty for unknown, `*` for those with few visitors",
    ),
    programs: z.number().int().describe("views by programs, such as previews of links; counted nowhere else"),
  })
  .meta({ id: "OnlineCardStatistics" });
export type Statistics = z.output<typeof statistics>;

const span = z.object({ from: z.string(), to: z.string() });
export const cardFacts = z
  .object({
    accounts: z.record(z.string(), z.string()).describe("links of connected accounts, by channel"),
    files: z.record(z.string(), z.object({ name: z.string(), size: z.number().int() })),
    week: z.array(z.array(span).readonly()).readonly().nullable(),
    open: z
      .union([
        z.object({ open: z.literal(true), until: z.string().optional() }),
        z.object({ open: z.literal(false), day: z.number().int(), time: z.string(), today: z.boolean() }),
      ])
      .nullable(),
    timeZone: z.string().describe("in which the business's days begin"),
    reviews: z
      .object({
        count: z.number().int(),
        average: z.number(),
        items: z.array(
          z.object({ stars: z.number().int(), text: z.string(), name: z.string(), day: z.string() }),
        ),
      })
      .nullable()
      .describe("those that are shown"),
  })
  .meta({ id: "OnlineCardFacts" });
export type CardFacts = z.output<typeof cardFacts>;

/** What the hub knows that a new card begins with. */
export const cardBeginning = z
  .object({
    messengers: z.array(z.object({ id, service: z.enum(serviceIds), channelId: id, to: z.string() })),
    facts: cardFacts,
  })
  .meta({ id: "OnlineCardBeginning" });
export type CardBeginning = z.output<typeof cardBeginning>;

/** Somebody in the builder of a card; without a block he has none open. */
export interface CardEditor {
  staffId: string;
  name: string;
  photoFileId?: string;
  blockId: string | null;
}
/** Told as `card_editors` to whoever has the card open: who opened a block first comes first. */
export interface CardEditors {
  cardId: string;
  editors: CardEditor[];
}
/** Said over the socket: what is open here. Null is nothing. */
export interface CardClientEvents {
  card_edit: (data: { cardId: string | null; blockId: string | null }) => void;
}
