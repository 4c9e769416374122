/**
 * What a new card begins with: five layouts, each blocks and a theme, with what the hub knows in them. What only its owner
 * knows has its place and is on no page until it is filled in; a preview shows it by an example.
 */
import { cardContent, type CardContent } from "./schema.ts";
import type { ServiceId } from "./services.ts";
import type { ThemeId } from "./themes/names.ts";

export const layoutIds = ["studio", "appointments", "prices", "wholesale", "photo"] as const;
export type LayoutId = (typeof layoutIds)[number];

/** What the hub knows of a business that has no card yet. */
export interface Beginning {
  name: string;
  /** Of whoever makes the card: it comes first, and the page is in it for whoever reads neither. */
  language: "en" | "ru";
  messengers: readonly { id: string; service: ServiceId; channelId: string; to: string }[];
}

const words = (en: string, ru: string) => ({ en, ru });
const link = (id: string, en: string, ru: string) => ({ id, type: "link", url: "", title: words(en, ru) });
const social = { id: "social", type: "social", items: [] };
const address = { id: "address", type: "address" };
const hours = { id: "hours", type: "hours" };

/** Below the head and the messengers, which every card has. */
const layouts: Record<LayoutId, { theme: ThemeId; backdrop?: object; blocks: readonly object[] }> = {
  studio: {
    theme: "terracotta",
    blocks: [
      link("shop", "Shop", "Магазин"),
      link("classes", "Classes", "Занятия"),
      { id: "gallery", type: "gallery", title: words("What we make", "Что мы делаем"), pictures: [] },
      social,
      address,
    ],
  },
  appointments: {
    theme: "clinic",
    blocks: [
      hours,
      { id: "booking", type: "booking", title: words("Book a visit", "Запись") },
      { id: "phone", type: "phone", number: "" },
      { id: "contact", type: "contact" },
      address,
    ],
  },
  prices: {
    theme: "powder",
    blocks: [
      { id: "prices", type: "prices", items: [] },
      hours,
      link("book", "Book online", "Записаться"),
      { id: "faq", type: "faq", items: [] },
      social,
    ],
  },
  wholesale: {
    theme: "swiss",
    blocks: [
      link("catalogue", "Catalogue", "Каталог"),
      link("terms", "Terms for shops", "Условия для магазинов"),
      link("delivery", "Delivery", "Доставка"),
      {
        id: "form",
        type: "form",
        title: words("Ask for an offer", "Запросить предложение"),
        fields: [
          { id: "name", kind: "name", label: {}, options: {}, required: true },
          { id: "email", kind: "email", label: {}, options: {}, required: true },
          { id: "needs", kind: "long", label: words("What you need", "Что вам нужно"), options: {} },
        ],
      },
      { id: "email", type: "email", address: "" },
    ],
  },
  photo: {
    theme: "veil",
    backdrop: { kind: "gradient", to: "#6b3f2a", way: "diagonal" },
    blocks: [link("shop", "Shop", "Магазин"), link("news", "What is new", "Новинки"), hours, social],
  },
};

/** Without a layout a card is its head and its messengers. */
export function beginCard(
  layout: LayoutId | undefined,
  { name, language, messengers }: Beginning,
): CardContent {
  const { theme, backdrop, blocks = [] } = layout ? layouts[layout] : {};
  return cardContent.parse({
    languages: language === "ru" ? ["ru", "en"] : ["en", "ru"],
    design: { theme, backdrop },
    blocks: [
      { id: "person", type: "person", name: { [language]: name } },
      { id: "messengers", type: "messengers", items: messengers },
      ...blocks,
    ],
  });
}

/** Pictures of examples, which the page of previews has; their ids are nobody's. */
export const examplePictures = {
  person: "e0000000000000000000000a",
  first: "e0000000000000000000000b",
  second: "e0000000000000000000000c",
  third: "e0000000000000000000000d",
  behind: "e0000000000000000000000e",
} as const;

const priced = [
  [words("First visit", "Первый визит"), words("$24", "1 800 ₽")],
  [words("An hour", "Один час"), words("$38", "2 900 ₽")],
  [words("A set of five", "Пять занятий"), words("$160", "12 000 ₽")],
] as const;
const { person, first, second, third, behind } = examplePictures;
const pictures = [first, second, third];

/** A layout as it may look when its owner has filled it in. */
export function exampleOf(layout: LayoutId, known: Beginning): CardContent {
  const content = beginCard(layout, known);
  let links = 0;
  return cardContent.parse({
    ...content,
    design: {
      ...content.design,
      ...(layout === "photo" ? { backdrop: { kind: "photo", fileId: behind, veil: 40 } } : {}),
    },
    blocks: content.blocks.map((block) => {
      switch (block.type) {
        case "person":
          return {
            ...block,
            photo: person,
            about: words("In one line: what you do, and where.", "Одной строкой: что вы делаете и где."),
          };
        case "messengers":
          return block.items.length > 0 ? block : { ...block, items: exampleMessengers };
        case "link": {
          const picture = layout === "wholesale" ? undefined : pictures[links++ % pictures.length];
          return { ...block, url: "https://site.example/", picture };
        }
        case "gallery":
          return { ...block, pictures: pictures.map((fileId) => ({ fileId, alt: {} })) };
        case "prices":
          return {
            ...block,
            items: priced.map(([name, price], at) => ({ id: `p${at}`, name, price, note: {} })),
          };
        case "faq":
          return {
            ...block,
            items: [{ id: "q", question: words("How to pay?", "Как оплатить?"), answer: {} }],
          };
        case "phone":
          return { ...block, number: "+44 20 7946 0142" };
        case "email":
          return { ...block, address: "hello@site.example" };
        case "address":
          return { ...block, address: words("12 Main Street", "Главная ул., 12") };
        case "social":
          return {
            ...block,
            items: (["instagram", "youtube", "pinterest"] as const).map((service) => ({
              ...{ id: service, service },
              to: "name",
            })),
          };
        default:
          return block;
      }
    }),
  });
}

const exampleMessengers = (
  [
    ["telegram", "name"],
    ["whatsapp", "+442079460142"],
    ["viber", "name"],
    ["messenger", "name"],
  ] as const
).map(([service, to]) => ({ id: service, service, to }));

const day = [{ from: "10:00", to: "20:00" }];
/** Hours of an example, where the business has set none. */
export const exampleWeek = [day, day, day, day, day, [{ from: "11:00", to: "19:00" }], []];
