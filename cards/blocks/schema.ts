/** A card as it is written: languages, looks, blocks. Browser-safe: the builder and the server read the same. */
import { z } from "zod";
import { serviceIds } from "./services.ts";
import { themeIds } from "./themes/names.ts";
import { headingFaceIds, systemFaceIds } from "./type-faces.ts";

export const language = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$/)
  .meta({ description: "BCP 47: en, ru, pt-BR" });

/** A text in the card's languages; where one lacks it, the first language that has it stands in. */
const words = (max: number) => z.record(language, z.string().max(max)).default({});
export type Words = Record<string, string>;

const id = z.string().regex(/^[\w-]{1,24}$/);
const fileId = z.string().regex(/^[0-9a-f]{24}$/);
const address = z.string().trim().max(2000);
const colour = z.string().regex(/^#[0-9a-f]{6}$/);
const picture = z.object({ fileId, alt: words(200) });

const common = {
  id,
  on: z.boolean().default(true),
  from: z.iso.datetime({ offset: true }).optional().meta({ description: "shown from this moment" }),
  until: z.iso.datetime({ offset: true }).optional().meta({ description: "shown until this moment" }),
};

export const person = z.object({
  ...common,
  type: z.literal("person"),
  name: words(80),
  about: words(300),
  photo: fileId.optional(),
});

const messenger = z.object({
  id,
  service: z.enum(serviceIds),
  channelId: fileId.optional().meta({ description: "a connected account: taps are followed into the inbox" }),
  to: z
    .string()
    .trim()
    .max(200)
    .meta({ description: "number, name or address; of a connected account its own" }),
  title: words(40),
});
export const messengers = z.object({
  ...common,
  type: z.literal("messengers"),
  layout: z.enum(["grid", "list", "icons"]).default("grid"),
  items: z.array(messenger).max(20),
  text: words(200).meta({ description: "filled in where the messenger lets a link do so" }),
});

export const link = z.object({
  ...common,
  type: z.literal("link"),
  url: address,
  service: z.enum(serviceIds).optional(),
  title: words(80),
  note: words(120),
  picture: fileId.optional(),
  main: z.boolean().default(false).meta({ description: "looks like the main button" }),
});

const social = z.object({
  ...common,
  type: z.literal("social"),
  items: z.array(z.object({ id, service: z.enum(serviceIds), to: z.string().trim().max(300) })).max(24),
});

const heading = z.object({ ...common, type: z.literal("heading"), text: words(80) });
const text = z.object({ ...common, type: z.literal("text"), title: words(80), text: words(2000) });
const divider = z.object({ ...common, type: z.literal("divider") });
const phone = z.object({
  ...common,
  type: z.literal("phone"),
  number: z.string().trim().max(40),
  title: words(60),
});
const email = z.object({
  ...common,
  type: z.literal("email"),
  address: z.string().trim().max(200),
  title: words(60),
  subject: words(120),
});
const place = z.object({
  ...common,
  type: z.literal("address"),
  address: words(200),
  note: words(120),
  map: address.optional().meta({ description: "without one the map is looked up by the address" }),
});

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/);
export const hours = z.object({
  ...common,
  type: z.literal("hours"),
  title: words(60),
  own: z
    .array(z.array(z.object({ from: clock, to: clock })).max(4))
    .length(7)
    .optional()
    .meta({ description: "Monday first; without them those of the workspace" }),
});

const gallery = z.object({
  ...common,
  type: z.literal("gallery"),
  title: words(80),
  pictures: z.array(picture).max(30),
});
const embed = z.object({
  ...common,
  type: z.literal("embed"),
  url: address,
  title: words(80),
  poster: fileId.optional(),
});
const faq = z.object({
  ...common,
  type: z.literal("faq"),
  title: words(80),
  items: z.array(z.object({ id, question: words(200), answer: words(2000) })).max(50),
});
const prices = z.object({
  ...common,
  type: z.literal("prices"),
  title: words(80),
  items: z.array(z.object({ id, name: words(120), price: words(40), note: words(160) })).max(100),
});
const countdown = z.object({
  ...common,
  type: z.literal("countdown"),
  title: words(80),
  to: z.iso.datetime({ offset: true }),
  after: words(120),
});
const contact = z.object({ ...common, type: z.literal("contact"), title: words(60), note: words(120) });
const file = z.object({
  ...common,
  type: z.literal("file"),
  fileId: fileId.optional().meta({ description: "without one nothing is shown" }),
  title: words(80),
  note: words(120),
});

/** How what visitors send is sent: the button, what is said afterwards, what they agree to. Empty texts are the page's. */
const sending = {
  button: words(40),
  thanks: words(400),
  consent: z.boolean().default(true),
  consentText: words(1000).meta({ description: "kept with what was sent, in the words that were shown" }),
  consentUrl: address.optional(),
};
const askKinds = ["name", "email", "phone", "text", "long", "choice", "check"] as const;
const form = z.object({
  ...common,
  type: z.literal("form"),
  title: words(80),
  text: words(400),
  fields: z
    .array(
      z.object({
        id,
        kind: z.enum(askKinds),
        label: words(120),
        options: words(1000).meta({ description: "of a choice, one a line" }),
        required: z.boolean().default(false),
      }),
    )
    .max(20),
  ...sending,
});
const booking = z.object({
  ...common,
  type: z.literal("booking"),
  title: words(80),
  text: words(400),
  services: words(1000).meta({ description: "what can be booked, one a line" }),
  reach: z
    .enum(["either", "phone", "email", "both"])
    .default("either")
    .meta({ description: "what has to be left: a phone or an e-mail, or the one named" }),
  comment: z.boolean().default(true),
  hours: z.boolean().default(true).meta({ description: "only within the opening hours, where any are set" }),
  ...sending,
});

/** Of customers who were asked by a link from their conversation; what they say is nowhere in the card. */
const reviews = z.object({
  ...common,
  type: z.literal("reviews"),
  title: words(80),
  most: z.enum(["3", "6", "12"]).default("6").meta({ description: "how many are shown, the newest first" }),
});

export const block = z.discriminatedUnion("type", [
  person,
  messengers,
  link,
  social,
  heading,
  text,
  divider,
  phone,
  email,
  place,
  hours,
  gallery,
  embed,
  faq,
  prices,
  countdown,
  contact,
  file,
  form,
  booking,
  reviews,
]);
export type Block = z.output<typeof block>;
export type BlockType = Block["type"];
export type BlockOf<T extends BlockType> = Extract<Block, { type: T }>;

export const design = z.object({
  theme: z.enum(themeIds).default("terracotta"),
  /** Unset ones are the theme's. Pairs that could not be read are never shown: see palette.ts. */
  background: colour.optional(),
  text: colour.optional(),
  button: colour.optional(),
  buttonText: colour.optional(),
  backdrop: z
    .discriminatedUnion("kind", [
      z.object({
        kind: z.literal("gradient"),
        to: colour,
        way: z.enum(["down", "diagonal"]).default("down"),
      }),
      z.object({
        kind: z.literal("photo"),
        fileId,
        veil: z.number().int().min(0).max(95).default(40).meta({
          description: "percent of the background's colour over the photo; texts may need more, and get it",
        }),
      }),
      z.object({ kind: z.literal("pattern"), pattern: z.enum(["dots", "lines", "grid"]) }),
    ])
    .optional()
    .meta({ description: "over the background's colour" }),
  shape: z.enum(["square", "soft", "round", "outline", "lines", "shadow"]).optional(),
  radius: z.number().int().min(0).max(32).optional().meta({ description: "of corners, in pixels" }),
  headings: z.enum(headingFaceIds).optional(),
  body: z.enum(systemFaceIds).optional(),
  spacing: z.enum(["tight", "normal", "airy"]).default("normal"),
});
export type Design = z.output<typeof design>;

export const cardContent = z
  .object({
    languages: z.array(language).min(1).max(12).meta({ description: "the first one is for everybody else" }),
    design: design.prefault({}),
    blocks: z.array(block).max(100),
  })
  .refine(({ blocks }) => new Set(blocks.map((one) => one.id)).size === blocks.length, {
    message: "two blocks have one id",
    path: ["blocks"],
  })
  .meta({ id: "OnlineCardContent" });
export type CardContent = z.output<typeof cardContent>;
