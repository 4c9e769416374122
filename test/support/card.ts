/** A card with every block, for tests and sizes. */
import type { PageFacts } from "../../cards/blocks/page.ts";
import { cardContent, type CardContent } from "../../cards/blocks/schema.ts";
import type { ThemeId } from "../../cards/blocks/themes/names.ts";

const file = (n: number) => String(n).padStart(24, "a");
const words = (en: string, ru: string) => ({ en, ru });
const blocks = [
  {
    id: "p",
    type: "person",
    name: words("Clay & Co", "Глина и Ко"),
    about: words(
      "Ceramics for everyday tables. Thrown, glazed and fired in our Moscow studio.",
      "Посуда на каждый день. Лепим, глазируем и обжигаем в своей мастерской в Москве.",
    ),
    photo: file(1),
  },
  {
    id: "m",
    type: "messengers",
    items: [
      { id: "1", service: "telegram", to: "clay_and_co_bot" },
      { id: "2", service: "whatsapp", to: "+74955550142" },
      { id: "3", service: "viber", to: "clayandco" },
      { id: "4", service: "messenger", to: "clay.and.co" },
      { id: "5", service: "instagram", to: "clay.and.co", title: words("Instagram direct", "Инстаграм") },
    ],
  },
  {
    id: "l1",
    type: "link",
    url: "clay.example/shop",
    title: words("Shop", "Магазин"),
    note: words("Autumn glazes are in", "Осенние глазури уже здесь"),
    picture: file(2),
  },
  {
    id: "l2",
    type: "link",
    url: "clay.example/classes",
    title: words("Wheel throwing for beginners", "Гончарный круг с нуля"),
    note: words("Saturdays, 6 places left", "По субботам, 6 мест"),
    picture: file(3),
  },
  {
    id: "pr",
    type: "prices",
    items: [
      ["Mug, 350 ml", "Кружка, 350 мл", "$24"],
      ["Dinner plate, 27 cm", "Тарелка, 27 см", "$38"],
      ["Bowl set of three", "Три пиалы", "$72"],
    ].map(([a, b, p], i) => ({ id: "x" + i, name: words(a!, b!), price: { en: p } })),
  },
  {
    id: "g",
    type: "gallery",
    title: words("From the kiln", "Из печи"),
    pictures: [4, 5, 6].map((n) => ({ fileId: file(n), alt: words("A mug", "Кружка") })),
  },
  { id: "h", type: "hours" },
  {
    id: "t",
    type: "text",
    title: words("Autumn fair", "Осенняя ярмарка"),
    text: words(
      "Two days on Flacon square, 28 and 29 November.",
      "Два дня на площади «Флакона», 28 и 29 ноября.",
    ),
  },
  {
    id: "e",
    type: "embed",
    url: "https://youtu.be/x7Qm1abc",
    title: words("How a bowl is thrown", "Как рождается пиала"),
    poster: file(7),
  },
  {
    id: "f",
    type: "faq",
    items: [
      [
        "Is the glaze food safe?",
        "Глазурь пищевая?",
        "Yes. Every glaze is tested.",
        "Да. Каждая глазурь проверена.",
      ],
      ["Do you ship?", "Вы отправляете заказы?", "In 2 to 6 days.", "За 2–6 дней."],
    ].map(([a, b, c, d], i) => ({ id: "q" + i, question: words(a!, b!), answer: words(c!, d!) })),
  },
  {
    id: "c",
    type: "countdown",
    title: words("Autumn firing opens in", "Осенний обжиг откроем через"),
    to: "2026-12-02T10:00:00+03:00",
  },
  { id: "hd", type: "heading", text: words("Our classes", "Занятия") },
  {
    id: "bk",
    type: "link",
    main: true,
    url: "clay.example/book",
    title: words("Book a class", "Записаться"),
  },
  { id: "ph", type: "phone", number: "+7 495 555-01-42" },
  { id: "em", type: "email", address: "hello@clay.example" },
  { id: "vc", type: "contact" },
  { id: "fi", type: "file", fileId: file(8), title: words("Care guide", "Как ухаживать") },
  {
    id: "fo",
    type: "form",
    title: words("Write to us", "Напишите нам"),
    fields: [
      { id: "n", kind: "name", label: words("Your name", "Ваше имя"), required: true },
      { id: "p", kind: "phone", label: words("Phone", "Телефон") },
      {
        id: "c",
        kind: "choice",
        label: words("About", "О чём"),
        options: words("Mugs\nClasses", "Кружки\nЗанятия"),
      },
      { id: "q", kind: "long", label: words("Question", "Вопрос"), required: true },
    ],
    consentText: words("I agree to the use of my data.", "Согласен на обработку данных."),
    consentUrl: "clay.example/privacy",
  },
  { id: "rv", type: "reviews" },
  { id: "dv", type: "divider" },
  {
    id: "so",
    type: "social",
    items: ["instagram", "youtube", "pinterest", "vk"].map((s, i) => ({
      id: "s" + i,
      service: s,
      to: "clay.and.co",
    })),
  },
  {
    id: "ad",
    type: "address",
    address: words("12 Goncharnaya St, Moscow", "Москва, Гончарная ул., 12"),
    note: words("Taganskaya metro, 5 minutes on foot", "Метро «Таганская», 5 минут пешком"),
  },
];
const day = [{ from: "10:00", to: "20:00" }];

export function fullCard(theme: ThemeId): CardContent {
  return cardContent.parse({ languages: ["en", "ru"], design: { theme }, blocks });
}

export function pageFacts(language: string): PageFacts {
  return {
    root: "/c/clay",
    url: "https://go.clay.example/",
    language,
    now: new Date("2026-11-28T10:00:00Z"),
    week: [day, day, day, day, day, [{ from: "11:00", to: "19:00" }], []],
    open: { open: true, until: "20:00" },
    reviews: {
      count: 27,
      average: 4.8,
      items: [
        { stars: 5, text: "The mugs are lighter than they look.", name: "Vera Lind", day: "2026-11-20" },
        { stars: 4, text: "Came in three days.", name: "Tom", day: "2026-11-12" },
      ],
    },
    accounts: new Map(),
    files: new Map([[file(8), { name: "care.pdf", size: 240_000 }]]),
  };
}
