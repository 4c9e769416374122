/** On Viber: regulars and neighbours, with pictures and stickers. */
import { did, press, start, they, we, type Story } from "../story.ts";

export const viber: Story[] = [
  {
    customer: { name: "Radka Dimitrova", language: "en", picture: "person-bun", city: "Plovdiv" },
    desk: "viber",
    time: { began: { daysAgo: 23, hour: 11.2 } },
    assignee: "nina",
    lines: [
      they("Hello from Plovdiv! Do you send abroad? I fell in love with this one", { photos: ["mug-green"] }),
      did("nina", { what: "assigned", to: "nina" }),
      we("Hello Radka! We do. To Bulgaria it takes nine days and costs 14 euros.", { after: 9 }),
      they("Then two, and one in blue", { after: 6 }),
      we("Gladly. Shall we pack them as a present?", { buttons: ["Yes, please", "No need"], after: 4 }),
      press("Yes, please", 2),
      we("Done: three mugs, wrapped. I write when the parcel leaves.", { after: 5 }),
      did("nina", { what: "tagged", tag: "delivery" }),
      they(undefined, { sticker: { picture: "sticker-heart", emoji: "❤️" }, after: 3 }),
      did("nina", { what: "resolved" }, 30),
    ],
  },
  {
    customer: { name: "Богдан Мельник", language: "ru", picture: "person-cap", city: "Гомель" },
    desk: "viber",
    time: { began: { daysAgo: 9, hour: 16.1 } },
    assignee: "daria",
    lines: [
      start("market-flyer"),
      they("Здравствуйте, взял у вас листовку на ярмарке. Скидка ещё действует?"),
      did("daria", { what: "assigned", to: "daria" }),
      we("Здравствуйте! До конца месяца, 10 % на всё с полки.", { photos: ["shelf"], after: 6 }),
      they("Тогда чайник и две пиалы. Заберу в субботу", { after: 11 }),
      we("Отложили на ваше имя. В субботу мы с 10 до 18.", { after: 4 }),
      did("daria", { what: "tagged", tag: "опт" }),
      they("Забрал, чайник чудесный. Вот он дома", { photos: ["teapot"], after: 3000 }),
      we("Какой у вас красивый стол! Спасибо за фото.", { after: 25 }),
      did("daria", { what: "resolved" }, 2),
    ],
  },
  {
    customer: { name: "Тамара Игнатьевна", language: "ru", picture: "person-cat" },
    desk: "viber",
    time: { began: { daysAgo: 3, hour: 12.4 } },
    assignee: "timur",
    seen: true,
    lines: [
      they("Добрый день, внук подарил мне занятие у вас. А если руки дрожат, получится?"),
      did("timur", { what: "assigned", to: "timur" }),
      we("Добрый день! Получится, круг всё прощает. Мы рядом и помогаем держать глину.", { after: 7 }),
      they("Тогда приду во вторник", { sticker: { picture: "sticker-cup", emoji: "☕" }, after: 16 }),
      we("Ждём вас во вторник в 14:00. Чай за нами.", { after: 5 }),
      did("timur", { what: "tagged", tag: "запись" }),
    ],
  },
  {
    customer: { name: "Kalina Petrova", language: "en", picture: "person-fringe" },
    desk: "viber",
    time: { ended: { minutesAgo: 27 } },
    assignee: "mark",
    lines: [
      they("Hi Mark, the kiln shelf that you lent us is free again"),
      did("mark", { what: "assigned", to: "mark" }),
      we("Perfect timing, we fire on Thursday. Can you bring it by Wednesday?", { after: 8 }),
      they("Wednesday at five. Same yard?", { photos: ["kiln"], after: 7 }),
    ],
  },
];
