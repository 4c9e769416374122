/** By e-mail: orders of companies, an enquiry with a table, a museum, and what should be read with a cup of tea. */
import { did, note, they, we, type Story } from "../story.ts";

const order = `<p>Dear Clay &amp; Co,</p><p>for the reopening we would like to order:</p>
<table border="1" cellpadding="6"><tr><th>Item</th><th>Pieces</th><th>Glaze</th></tr>
<tr><td>Bowl, 18 cm</td><td>36</td><td>sea</td></tr><tr><td>Plate, 26 cm</td><td>36</td><td>matt white</td></tr>
<tr><td>Teapot</td><td>6</td><td>rust</td></tr></table>
<p>Could you tell us <b>when they would be ready</b>?</p><p>Kind regards<br>Freya Lindholm<br><i>Hotel Skagen</i></p>`;

export const letters: Story[] = [
  {
    customer: {
      name: "Freya Lindholm",
      language: "en",
      email: "freya@skagen-hotel.example",
      company: "Hotel Skagen",
      city: "Skagen",
      timeZone: "Europe/Copenhagen",
    },
    desk: "mail",
    time: { began: { daysAgo: 21, hour: 9.6 } },
    assignee: "nina",
    lines: [
      they(
        "Dear Clay & Co,\n\nfor the reopening we would like to order 36 bowls of 18 cm in sea, 36 plates of 26 cm in matt white and 6 teapots in rust.\n\nCould you tell us when they would be ready?\n\nKind regards\nFreya Lindholm\nHotel Skagen",
        { letter: { subject: "Order for the reopening", html: order } },
      ),
      did("nina", { what: "assigned", to: "nina" }),
      we(
        "Dear Freya,\n\nthank you, what a lovely order. Bowls and teapots in four weeks, the plates in five: matt white is fired slowly. The wholesale prices are attached, minus 15 %.\n\nNina Orlova",
        { document: "price-list.pdf", after: 75 },
      ),
      did("nina", { what: "tagged", tag: "wholesale" }),
      they("Dear Nina,\n\nfive weeks are fine. Please go ahead.\n\nFreya", { after: 1500 }),
      we("Dear Freya,\n\nthen we begin on Monday. I write again when the first kiln is open.\n\nNina", {
        after: 48,
      }),
      did("nina", { what: "resolved" }, 3),
    ],
  },
  {
    customer: {
      name: "Аркадий Левин",
      language: "ru",
      email: "levin@muzey-gliny.example",
      company: "Музей глины",
      city: "Кострома",
    },
    desk: "mail",
    time: { began: { daysAgo: 11, hour: 13.1 } },
    assignee: "nina",
    lines: [
      they(
        "Здравствуйте!\n\nМузей готовит выставку «Дом из глины» и хотел бы показать три ваши вазы с октября по январь. Страховку и перевозку берём на себя.\n\nАркадий Левин,\nхранитель",
        { letter: { subject: "Выставка «Дом из глины»" } },
      ),
      did("nina", { what: "assigned", to: "nina" }),
      we(
        "Здравствуйте, Аркадий!\n\nДля нас это большая радость. Предлагаем вот эту и две такие же, поменьше.\n\nНина Орлова",
        { photos: ["vase"], after: 130 },
      ),
      note("nina", "@Mark отложи, пожалуйста, вазы с третьей полки, в продажу не ставим.", ["mark"], 4),
      they("Нина, спасибо, именно то, что нужно. Договор пришлю на той неделе.\n\nА. Левин", { after: 1200 }),
      did("nina", { what: "snoozed", hours: 400 }, 5),
    ],
  },
  {
    customer: { name: "Cornelius Wade", language: "en", email: "c.wade@letterbox.example", city: "Bath" },
    desk: "mail",
    time: { began: { daysAgo: 6, hour: 8.4 } },
    assignee: "mark",
    lines: [
      they(
        "Sirs,\n\nthe handle of my teapot (bought from you in March) has come off in the middle of breakfast. I enclose a photograph.\n\nC. Wade",
        { letter: { subject: "A handle" }, photos: ["teapot"] },
      ),
      did("mark", { what: "assigned", to: "mark" }),
      we(
        "Dear Mr Wade,\n\nthat is not how a breakfast should go. Send it to us at our cost, and we make you a new one. How to pack it is written in the attached sheet.\n\nMark Ellison",
        { document: "care-guide.pdf", after: 55 },
      ),
      did("mark", { what: "tagged", tag: "repair" }),
      they("Dear Mr Ellison,\n\nhandsomely said. The parcel leaves today.\n\nC. Wade", { after: 300 }),
      did("mark", { what: "resolved" }, 8),
    ],
  },
  {
    customer: { name: "Вера Аистова", language: "ru", email: "vera.aistova@yaschik.example" },
    desk: "mail",
    time: { ended: { minutesAgo: 34 } },
    lines: [
      they(
        "Добрый день!\n\nМне 15 лет, я хожу в художественную школу и хочу летом учиться у вас. Можно ли прийти помощницей на две недели? Мою работу прикладываю.\n\nВера Аистова",
        { letter: { subject: "Практика летом" }, photos: ["mug-green"] },
      ),
    ],
  },
];
