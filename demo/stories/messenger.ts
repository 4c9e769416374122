/** On Messenger: questions of passers-by and a button that begins. On Instagram: answers to stories, hearts, pictures. */
import { did, note, press, start, they, we, type Story } from "../story.ts";

export const facebook: Story[] = [
  {
    customer: { name: "Gwendolyn Price", language: "en", picture: "person-glasses", city: "Cardiff" },
    desk: "facebook",
    time: { began: { daysAgo: 17, hour: 12.6 } },
    assignee: "timur",
    lines: [
      start("spring-post"),
      they("Hello, is the evening class for beginners as well?"),
      did("timur", { what: "assigned", to: "timur" }),
      we("Hello Gwendolyn! Mostly for beginners. Which evening suits you?", {
        buttons: ["Tuesday", "Thursday"],
        after: 6,
      }),
      press("Thursday", 3),
      we("Thursday at seven, a place is kept for you.", { after: 4 }),
      did("timur", { what: "tagged", tag: "booking" }),
      they("Wonderful, see you then", { after: 9 }),
      did("timur", { what: "resolved" }, 2),
    ],
  },
  {
    customer: { name: "Роман Чернов", language: "ru", picture: "person-beard", city: "Тверь" },
    desk: "facebook",
    time: { began: { daysAgo: 6, hour: 17.3 } },
    assignee: "mark",
    lines: [
      they("Добрый вечер! Нашёл вашу страницу, ищу печь для обжига. Не продаёте старую?"),
      did("mark", { what: "assigned", to: "mark" }),
      we("Добрый вечер! Продаём: 60 литров, 2014 года, греет до 1280.", { after: 12 }),
      we(undefined, { photos: ["kiln"], after: 1 }),
      they("То, что нужно. Прайс на доставку есть?", { after: 8, reaction: { by: "staff", emoji: "👍" } }),
      we("Всё в этом файле, доставка на второй странице.", { after: 6 }),
      we(undefined, { document: "price-list.pdf", after: 1 }),
      note("mark", "Он перезвонит в четверг, печь пока не обещаю никому.", [], 3),
      they("Посмотрел, позвоню в четверг", { after: 90 }),
      did("mark", { what: "resolved" }, 4),
    ],
  },
  {
    customer: { name: "Delphine Marchand", language: "en", picture: "person-curls" },
    desk: "facebook",
    time: { ended: { minutesAgo: 22 } },
    assignee: "nina",
    lines: [
      they("Hi! Your event says two o'clock and the poster says three. Which one is it?"),
      did("nina", { what: "assigned", to: "nina" }),
      we("Three! Thank you for telling us, we mend the event at once.", {
        after: 5,
        reaction: { by: "contact", emoji: "👍" },
      }),
      they("Great. May I bring a dog? A small and calm one", { after: 7 }),
      they(undefined, { photos: ["person-cat"], after: 1 }),
    ],
  },
];

export const instagram: Story[] = [
  {
    customer: { name: "Isla Thornbury", language: "en", username: "isla.makes", picture: "person-fern" },
    desk: "instagram",
    time: { began: { daysAgo: 15, hour: 19.4 } },
    assignee: "daria",
    lines: [
      they("That glaze! Is it for sale or only for looking?", { story: "glazes" }),
      did("daria", { what: "assigned", to: "daria" }),
      we("For sale from Friday on. This is the one:", { after: 9 }),
      we(undefined, { photos: ["bowls"], after: 1, reaction: { by: "contact", emoji: "❤️" } }),
      they("Put two aside for me please 🙏", { after: 5 }),
      we("Two are yours until Sunday.", { after: 4 }),
      they("❤️", { after: 2 }),
      did("daria", { what: "resolved" }, 6),
    ],
  },
  {
    customer: { name: "Соня Белкина", language: "ru", username: "sonya.belkina", picture: "person-bun" },
    desk: "instagram",
    time: { began: { daysAgo: 4, hour: 20.1 } },
    assignee: "daria",
    seen: true,
    lines: [
      they("Какая красота в сторис 😍 Это можно купить?", { story: "plates" }),
      did("daria", { what: "assigned", to: "daria" }),
      we("Можно! Такие тарелки будут в понедельник, 2 700 ₽ за штуку.", { after: 11 }),
      they("Хочу четыре. И покажите, пожалуйста, дно", { after: 6 }),
      we(undefined, { photos: ["plates"], after: 8 }),
      we("Дно с нашим клеймом, не царапает стол.", { after: 1, reaction: { by: "contact", emoji: "🔥" } }),
      they("Беру!", { after: 3 }),
      did("daria", { what: "tagged", tag: "доставка" }),
      we("Спасибо! Напишу, как только вынем из печи.", { after: 5 }),
    ],
  },
  {
    customer: { name: "Marlowe Finch", language: "en", username: "marlowefinch", picture: "person-cap" },
    desk: "instagram",
    time: { ended: { minutesAgo: 9 } },
    lines: [
      they("Found this at my grandmother's. Is it your stamp?"),
      they(undefined, { photos: ["mug-blue"], after: 1 }),
    ],
  },
];
