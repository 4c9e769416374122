/** The form of each block: which of its values are typed how. Labels are texts under `cardBuilder.field`. */
import type { Block, BlockType } from "../../blocks/schema.ts";
import { pageWords } from "../../blocks/words.ts";
import { wrongContact, wrongEmail, wrongPhone, wrongUrl, type Wrong } from "./unusable.ts";
import { serviceIds, services } from "../../blocks/services.ts";

export type Field = {
  /** Asked only where it matters. */
  when?: (value: Record<string, unknown>) => boolean;
  /** A text under `cardBuilder.help`. */
  help?: string;
} & (
  | { kind: "words"; name: string; label: string; max: number; long?: boolean }
  | {
      kind: "text";
      name: string;
      label: string;
      placeholder?: string;
      type?: "url" | "tel" | "email";
      max?: number;
      /** What keeps it from the page. */
      wrong?: (value: Record<string, unknown>) => Wrong | undefined;
    }
  | { kind: "choice"; name: string; label: string; options: readonly { value: string; label?: string }[] }
  | { kind: "flag"; name: string; label: string }
  | { kind: "picture"; name: string; label: string }
  | { kind: "account"; name: string; label: string }
  | { kind: "time"; name: string; label: string }
  | {
      kind: "list";
      name: string;
      label: string;
      most: number;
      fields: Field[];
      make: () => object;
      /** Each item is a picture with more: they are chosen several at a time. */
      pictures?: true;
    }
  | { kind: "hours"; name: string; label: string }
  | { kind: "reviews"; name: string; label: string }
  | { kind: "file"; name: string; label: string }
);

/** An address, checked alike in every form. */
const url = (name: string, placeholder?: string): Field => ({
  ...{ kind: "text", type: "url", name, label: name, wrong: wrongUrl(name) },
  ...(placeholder === undefined ? {} : { placeholder }),
});

const words = (name: string, max: number, long = false): Field => ({
  kind: "words",
  name,
  label: name,
  max,
  long,
});
const service = (writes: boolean): Field => ({
  kind: "choice",
  name: "service",
  label: "service",
  options: serviceIds
    .filter((id) => !writes || ("writes" in services[id] && services[id].writes))
    .map((id) => ({ value: id, label: services[id].title })),
});
/** How what visitors send is sent, the same in every form. */
const sending: Field[] = [
  words("button", 40),
  words("thanks", 400, true),
  { kind: "flag", name: "consent", label: "consent" },
  { ...words("consentText", 1000, true), when: ({ consent }) => consent === true },
  { ...url("consentUrl"), when: ({ consent }) => consent === true },
];
const askKinds = ["text", "long", "name", "email", "phone", "choice", "check"] as const;
export const newItemId = (): string => crypto.randomUUID().slice(0, 8);

export const fieldsOf: Record<BlockType, Field[]> = {
  person: [words("name", 80), words("about", 300, true), { kind: "picture", name: "photo", label: "photo" }],
  messengers: [
    {
      kind: "choice",
      name: "layout",
      label: "layout",
      options: [{ value: "grid" }, { value: "list" }, { value: "icons" }],
    },
    {
      kind: "list",
      name: "items",
      label: "messengers",
      most: 20,
      fields: [
        service(true),
        { kind: "account", name: "channelId", label: "account" },
        { kind: "text", name: "to", label: "to", max: 200, wrong: wrongContact },
        words("title", 40),
      ],
      make: () => ({ id: newItemId(), service: "telegram", to: "", title: {} }),
    },
    { kind: "words", name: "text", label: "prefilled", max: 200 },
  ],
  link: [
    words("title", 80),
    url("url", "clay.example/shop"),
    words("note", 120),
    { kind: "picture", name: "picture", label: "picture" },
    { kind: "flag", name: "main", label: "main" },
  ],
  social: [
    {
      kind: "list",
      name: "items",
      label: "services",
      most: 24,
      fields: [service(false), { kind: "text", name: "to", label: "to", max: 300, wrong: wrongContact }],
      make: () => ({ id: newItemId(), service: "instagram", to: "" }),
    },
  ],
  heading: [words("text", 80)],
  text: [words("title", 80), words("text", 2000, true)],
  divider: [],
  phone: [
    { kind: "text", name: "number", label: "number", type: "tel", max: 40, wrong: wrongPhone },
    words("title", 60),
  ],
  email: [
    { kind: "text", name: "address", label: "email", type: "email", max: 200, wrong: wrongEmail },
    words("title", 60),
    words("subject", 120),
  ],
  address: [{ kind: "words", name: "address", label: "address", max: 200 }, words("note", 120), url("map")],
  hours: [words("title", 60), { kind: "hours", name: "own", label: "hours" }],
  gallery: [
    words("title", 80),
    {
      kind: "list",
      name: "pictures",
      label: "pictures",
      most: 30,
      fields: [
        { kind: "picture", name: "fileId", label: "picture" },
        { kind: "words", name: "alt", label: "alt", max: 200 },
      ],
      make: () => ({ fileId: "", alt: {} }),
      pictures: true,
    },
  ],
  embed: [url("url", "youtu.be/…"), words("title", 80), { kind: "picture", name: "poster", label: "poster" }],
  faq: [
    words("title", 80),
    {
      kind: "list",
      name: "items",
      label: "questions",
      most: 50,
      fields: [words("question", 200), words("answer", 2000, true)],
      make: () => ({ id: newItemId(), question: {}, answer: {} }),
    },
  ],
  prices: [
    words("title", 80),
    {
      kind: "list",
      name: "items",
      label: "prices",
      most: 100,
      fields: [words("name", 120), words("price", 40), words("note", 160)],
      make: () => ({ id: newItemId(), name: {}, price: {}, note: {} }),
    },
  ],
  countdown: [words("title", 80), { kind: "time", name: "to", label: "until" }, words("after", 120)],
  contact: [words("title", 60), words("note", 120)],
  file: [{ kind: "file", name: "fileId", label: "file" }, words("title", 80), words("note", 120)],
  form: [
    words("title", 80),
    { ...words("text", 400, true), label: "before" },
    {
      kind: "list",
      name: "fields",
      label: "asks",
      most: 20,
      fields: [
        words("label", 120),
        {
          kind: "choice",
          name: "kind",
          label: "ask",
          options: askKinds.map((value) => ({ value })),
        },
        { ...words("options", 1000, true), when: ({ kind }) => kind === "choice", help: "lines" },
        { kind: "flag", name: "required", label: "required" },
      ],
      make: () => ({ id: newItemId(), kind: "text", label: {}, options: {}, required: false }),
    },
    ...sending,
  ],
  booking: [
    words("title", 80),
    { ...words("text", 400, true), label: "before" },
    { ...words("services", 1000, true), label: "bookable", help: "lines" },
    {
      kind: "choice",
      name: "reach",
      label: "reach",
      options: [{ value: "either" }, { value: "phone" }, { value: "email" }, { value: "both" }],
    },
    { kind: "flag", name: "comment", label: "comment" },
    { kind: "flag", name: "hours", label: "withinHours" },
    ...sending,
  ],
  reviews: [
    words("title", 80),
    {
      kind: "choice",
      name: "most",
      label: "most",
      options: [{ value: "3" }, { value: "6" }, { value: "12" }],
    },
    { kind: "reviews", name: "reviews", label: "reviews" },
  ],
};

/** Those that can be added by hand, in the order of the palette. */
export const palette: { group: "contact" | "content" | "selling"; types: BlockType[] }[] = [
  { group: "contact", types: ["messengers", "phone", "email", "address", "hours", "contact"] },
  { group: "content", types: ["link", "heading", "text", "gallery", "embed", "file", "social", "divider"] },
  { group: "selling", types: ["form", "booking", "reviews", "prices", "faq", "countdown"] },
];

/** A new block: empty, and already valid. */
export function newBlock(type: BlockType): Block {
  const base = { id: newItemId(), on: true };
  const consentText = { en: pageWords("en").consent, ru: pageWords("ru").consent };
  const unsent = { button: {}, thanks: {}, consent: true, consentText };
  const blanks: Partial<Record<BlockType, object>> = {
    person: { name: {}, about: {} },
    messengers: { layout: "grid", items: [], text: {} },
    link: { url: "", title: {}, note: {}, main: false },
    social: { items: [] },
    heading: { text: {} },
    text: { title: {}, text: {} },
    phone: { number: "", title: {} },
    email: { address: "", title: {}, subject: {} },
    address: { address: {}, note: {} },
    hours: { title: {} },
    gallery: { title: {}, pictures: [] },
    embed: { url: "", title: {} },
    faq: { title: {}, items: [] },
    prices: { title: {}, items: [] },
    countdown: { title: {}, to: new Date(Date.now() + 7 * 86_400_000).toISOString(), after: {} },
    contact: { title: {}, note: {} },
    file: { title: {}, note: {} },
    reviews: { title: {}, most: "6" },
    form: {
      title: { en: "Write to us", ru: "Напишите нам" },
      text: {},
      fields: [
        { id: "name", kind: "name", label: {}, options: {}, required: true },
        { id: "phone", kind: "phone", label: {}, options: {}, required: false },
        { id: "email", kind: "email", label: {}, options: {}, required: false },
        {
          id: "question",
          kind: "long",
          label: { en: "Your question", ru: "Ваш вопрос" },
          options: {},
          required: true,
        },
      ],
      ...unsent,
    },
    booking: {
      title: { en: "Book a visit", ru: "Запись" },
      text: {},
      services: {},
      reach: "either",
      comment: true,
      hours: true,
      ...unsent,
    },
  };
  return { ...base, type, ...blanks[type] } as Block; // the blanks are of the block's own shape, which the draft's saving checks
}
