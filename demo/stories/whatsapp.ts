/** On WhatsApp: photographs, voice notes, prompt questions, and templates after a day of silence. */
import { did, note, press, they, we, type Story } from "../story.ts";

export const whatsapp: Story[] = [
  {
    customer: {
      name: "Imogen Fairley",
      language: "en",
      phone: "+44 7700 900311",
      city: "Leeds",
      timeZone: "Europe/London",
    },
    desk: "whatsapp",
    time: { began: { daysAgo: 19, hour: 10.4 } },
    assignee: "mark",
    lines: [
      they("Hi! I have your number from the Leeds fair. Do you make lids for jars that lost theirs?"),
      did("mark", { what: "assigned", to: "mark" }),
      we("Hello Imogen! We do, if you can measure the inside of the rim.", { after: 8 }),
      they("92 mm, this one", { photos: ["vase"], after: 14 }),
      we("Good, 92. It shrinks in the kiln, so I throw it at 104. Ready in about two weeks, 18 pounds.", {
        after: 6,
        reaction: { by: "contact", emoji: "👍" },
      }),
      they("Please do!", { after: 3 }),
      did("mark", { what: "tagged", tag: "repair" }),
      we(
        "Hello Imogen, your order 2263 is out of the kiln and ready. Answer here and we send it or keep it for you.",
        {
          template: { name: "order_ready", language: "en", params: ["Imogen", "2263"] },
          after: 14 * 1440,
        },
      ),
      they("Lovely. Send it please, same address as on the card", { after: 95 }),
      we("On its way tomorrow morning.", { after: 7 }),
      they("It fits!! 😊", { photos: ["teapot"], after: 3200 }),
      we("That makes our day. Thank you for the picture.", { after: 20 }),
      did("mark", { what: "resolved" }, 2),
    ],
  },
  {
    customer: { name: "Тимофей Агапов", language: "ru", phone: "+7 900 555-02-17", city: "Пермь" },
    desk: "whatsapp",
    time: { began: { daysAgo: 12, hour: 14.7 } },
    assignee: "daria",
    lines: [
      they("Добрый день! Мне подарили сертификат, можно по нему не занятие, а посуду?"),
      did("daria", { what: "assigned", to: "daria" }),
      we("Добрый день! Конечно, на всю сумму. Что вам ближе?", {
        buttons: ["Кружки", "Тарелки", "Пока смотрю"],
        after: 5,
      }),
      press("Тарелки", 2),
      we("Тогда вот эти, на двоих хватит ровно сертификата:", { photos: ["plates"], after: 4 }),
      they(undefined, { voice: 7, after: 6 }),
      we("Поняла: синие, четыре штуки, без подарочной коробки.", { after: 9 }),
      did("daria", { what: "tagged", tag: "сертификат" }),
      they("Всё верно, спасибо!", { after: 4 }),
      did("daria", { what: "resolved" }, 3),
    ],
  },
  {
    customer: { name: "Ottilie Brandt", language: "en", phone: "+49 1525 5550231", city: "Bremen" },
    desk: "whatsapp",
    time: { began: { daysAgo: 5, hour: 9.8 } },
    assignee: "timur",
    lines: [
      they("Good morning, is the Sunday class in English too?"),
      did("timur", { what: "assigned", to: "timur" }),
      we("Good morning! Yes, Sundays at 15:00 are in English. Two places are left.", { after: 11 }),
      they("Then two, please. We come with the ferry and have the afternoon", { after: 6 }),
      we("You are in. This is where we are:", { after: 4 }),
      we(undefined, {
        place: { latitude: 59.9343, longitude: 30.3351, title: "Clay & Co, studio", address: "Kiln Yard 7" },
        after: 1,
      }),
      they("Danke, found it", { sticker: { picture: "sticker-heart", emoji: "❤️" }, after: 12 }),
      did("timur", { what: "tagged", tag: "booking" }),
      did("timur", { what: "resolved" }, 4),
    ],
  },
  {
    customer: {
      name: "Лидия Воронцова",
      language: "ru",
      phone: "+7 900 555-02-48",
      city: "Псков",
      company: "Гостиница «У моста»",
    },
    desk: "whatsapp",
    time: { began: { daysAgo: 2, hour: 13.2 } },
    assignee: "nina",
    seen: true,
    lines: [
      they("Здравствуйте! Нам в гостиницу нужно 24 чашки и чайники. Пришлёте цены?"),
      did("nina", { what: "assigned", to: "nina" }),
      we("Здравствуйте, Лидия! Вот оптовые цены, от 30 предметов ещё −15 %.", {
        document: "price-list.pdf",
        after: 9,
      }),
      did("nina", { what: "tagged", tag: "опт" }),
      they("Спасибо, покажу директору", { after: 18, reaction: { by: "staff", emoji: "🙏" } }),
      note("nina", "Ждём ответа до среды, потом напомню шаблоном.", [], 4),
    ],
  },
  {
    customer: { name: "Wesley Okoro", language: "en", phone: "+44 7700 900356" },
    desk: "whatsapp",
    time: { ended: { minutesAgo: 14 } },
    assignee: "mark",
    lines: [
      they("Is this bowl one of yours? Found it in a charity shop", { photos: ["bowl-kintsugi"] }),
      did("mark", { what: "assigned", to: "mark" }),
      we("It is! From the first winter, 2019. You can see the small fish on the bottom.", {
        replyTo: 0,
        after: 7,
      }),
      they("No way. There IS a fish 🐟", { after: 3 }),
      they("Could you make two more like it?", { replyTo: 2, after: 2 }),
    ],
  },
  {
    customer: { name: "Алла Жданова", language: "ru", phone: "+7 900 555-02-63", city: "Выборг" },
    desk: "whatsapp",
    time: { ended: { minutesAgo: 41 } },
    lines: [
      they("Здравствуйте, я сейчас у вашей двери, а она закрыта 🙂"),
      they(undefined, { place: { latitude: 59.93412, longitude: 30.33562 }, after: 1 }),
    ],
  },
];
