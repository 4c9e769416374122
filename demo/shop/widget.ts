/** How the studio has set its widget up: the accent of the shop, and greetings for those who choose, leave or come back. */
import type { Rule, WidgetConfig } from "../../widget/schema.ts";

const rules: Rule[] = [
  {
    id: "glaze",
    name: "Choosing a glaze",
    on: true,
    conditions: [
      { what: "page", how: "starts", value: "/mugs/" },
      { what: "time", how: "at_least", value: "25" },
    ],
    greeting: {
      en: "Choosing a glaze? I can send you photos of the last firing by daylight.",
      ru: "Выбираете глазурь? Пришлю фото последнего обжига при дневном свете.",
    },
    answers: [{ title: { en: "Yes, please", ru: "Да, пришлите" } }],
    from: null,
    every: "week",
  },
  {
    id: "cart",
    name: "Leaving the cart",
    on: true,
    conditions: [
      { what: "page", how: "is", value: "/cart" },
      { what: "exit", how: "is", value: "" },
    ],
    greeting: {
      en: "Shall we keep your mugs until tomorrow?",
      ru: "Отложить ваши кружки до завтра?",
    },
    answers: [],
    from: null,
    every: "visit",
  },
  {
    id: "instagram",
    name: "From Instagram",
    on: true,
    conditions: [
      { what: "source", how: "is", value: "instagram.com" },
      { what: "visits", how: "at_most", value: "1" },
    ],
    greeting: { en: "Hello. The vase of the film is on the first shelf." },
    answers: [],
    from: null,
    every: "once",
  },
  {
    id: "wholesale",
    name: "Wholesale",
    on: false,
    conditions: [{ what: "page", how: "starts", value: "/wholesale" }],
    greeting: { en: "From ten pieces on we make you a price.", ru: "От десяти штук считаем цену для вас." },
    answers: [],
    from: null,
    every: "once",
  },
];

/** `made` is the widget as the hub makes one. */
export function widgetOfShop(made: WidgetConfig): WidgetConfig {
  return { ...made, accent: "#a84a24", rules };
}
