/** What customers ask on ordinary days; told again with other names and wares to fill the weeks before. */
import { did, they, we, type Customer, type Desk, type Line } from "../story.ts";

export interface Ware {
  what: string;
  price: string;
  days: string;
}
export interface Plot {
  desk: Desk;
  tag?: string;
  tell(ware: Ware): Line[];
}

export const plots: { en: Plot[]; ru: Plot[] } = {
  en: [
    {
      desk: "shop",
      tell: ({ what, price }) => [
        they(`Hello, how much is the ${what}?`),
        we(`Hello! It is ${price}. Shall I put one aside?`),
        they("Yes please, I come by tomorrow"),
        we("It waits for you at the counter."),
      ],
    },
    {
      desk: "shop",
      tag: "delivery",
      tell: ({ what, days }) => [
        they(`Hi! Where is my parcel with the ${what}?`),
        we("Hi! One moment, I look it up."),
        we(`It left yesterday and should be with you in ${days} days.`, { after: 3 }),
        they("Great, thanks"),
      ],
    },
    {
      desk: "shop",
      tell: ({ what }) => [
        they(`Can the ${what} go into a microwave?`),
        we("Yes, all of our stoneware can. Only pieces with gold cannot."),
        they("Good, no gold on mine 🙂"),
      ],
    },
    {
      desk: "classes",
      tag: "booking",
      tell: () => [
        they("Two places for Sunday, please"),
        we("Sunday at noon or at four?"),
        they("Noon"),
        we("Booked for **noon**. Wear something that may get dirty."),
        they("Will do!"),
      ],
    },
    {
      desk: "shop",
      tag: "wholesale",
      tell: ({ what, price }) => [
        they(`We have a small shop and would like ten of the ${what}.`),
        we(`With pleasure. For ten it is ${price} each, less 10 %.`, { document: "price-list.pdf" }),
        they("Agreed. Please send the invoice to our office"),
        we("Sent just now.", { reaction: { by: "contact", emoji: "👍" } }),
      ],
    },
    {
      desk: "classes",
      tell: () => [
        they("When can I pick up the bowl I made in class?", { photos: ["bowls"] }),
        we("It is glazed and fired next week. We write to you when it is ready."),
        they("I can hardly wait"),
      ],
    },
    {
      desk: "shop",
      tell: ({ what, days }) => [
        they(`Do you make the ${what} in another colour?`),
        we("In any of these twelve.", { photos: ["glazes"] }),
        they("The second from the left"),
        we(`Then yours is ready in ${days} days.`),
      ],
    },
    {
      desk: "shop",
      tag: "repair",
      tell: ({ what }) => [
        they(`My ${what} has a chip at the rim`, { photos: ["mug-cracked"] }),
        we("We can grind it smooth, free of charge. Bring it by any day but Monday."),
        they("How kind, thank you!"),
      ],
    },
  ],
  ru: [
    {
      desk: "shop",
      tell: ({ what, price }) => [
        they(`Добрый день! Сколько стоит ${what}?`),
        we(`Добрый день! ${price}. Отложить?`),
        they("Да, заберу завтра"),
        we("Отложила, ждём вас."),
      ],
    },
    {
      desk: "shop",
      tag: "доставка",
      tell: ({ days }) => [
        they("Здравствуйте, когда придёт мой заказ?"),
        we("Здравствуйте! Сейчас посмотрю."),
        we(`Выехал вчера, будет у вас дня через ${days}.`, { after: 3 }),
        they("Поняла, спасибо!"),
      ],
    },
    {
      desk: "classes",
      tag: "запись",
      tell: () => [
        they("Запишите на субботу, пожалуйста, одно место"),
        we("Есть 11:00 и 15:00."),
        they("15:00"),
        we("Записала на **15:00**. Возьмите удобную одежду."),
        they("Хорошо 🙂"),
      ],
    },
    {
      desk: "shop",
      tell: ({ what }) => [
        they(`А ${what} можно мыть в посудомойке?`),
        we("Да, кроме вещей с золотом."),
        they("Отлично, беру"),
      ],
    },
    {
      desk: "classes",
      tell: () => [
        they("Моя чашка с занятия уже готова?"),
        we("Завтра открываем печь, напишу.", { photos: ["kiln"] }),
        they("Очень жду!", { sticker: { picture: "sticker-cup", emoji: "☕" } }),
        we("Готова! Можно забирать.", { after: 1260, reaction: { by: "contact", emoji: "🔥" } }),
      ],
    },
    {
      desk: "shop",
      tag: "опт",
      tell: ({ what, price }) => [
        they(`Здравствуйте, нужны ${what}, штук 15, для кофейни`),
        we(`Здравствуйте! От десяти штук скидка 10 %, цена одной ${price}.`, { document: "price-list.pdf" }),
        they("Согласны, выставляйте счёт"),
        we("Счёт на почте."),
      ],
    },
    {
      desk: "shop",
      tell: ({ what }) => [
        they("Это вы на ярмарке были?", { photos: ["studio"] }),
        we("Мы! Что-то приглянулось?"),
        they(`Да, ${what}. Есть ещё?`),
        we("Последняя осталась. Держу до вечера."),
        they("Бегу"),
      ],
    },
    {
      desk: "classes",
      tag: "сертификат",
      tell: () => [
        they("Можно купить подарочный сертификат?"),
        we("Да: на одно занятие или на курс. Действует полгода."),
        they("На одно. Как оплатить?"),
        we("Вот ссылка: https://clay.example/gift – после оплаты пришлю открытку с именем."),
      ],
    },
  ],
};

/** Closes a story the way a colleague does. */
export const closing: Line = did("assignee", { what: "resolved" }, 6);

export const wares: { en: Ware[]; ru: Ware[] } = {
  en: [
    { what: "sea-blue mug", price: "28", days: "three" },
    { what: "teapot", price: "95", days: "twelve" },
    { what: "big salad bowl", price: "64", days: "ten" },
    { what: "speckled plate", price: "32", days: "four" },
    { what: "bud vase", price: "24", days: "two" },
  ],
  ru: [
    { what: "синяя кружка", price: "1 900 ₽", days: "три" },
    { what: "ваза с подглазурной росписью", price: "4 900 ₽", days: "четыре" },
    { what: "миска для салата", price: "3 600 ₽", days: "два" },
    { what: "глубокая тарелка", price: "2 200 ₽", days: "пять" },
    { what: "пиала", price: "1 400 ₽", days: "три" },
  ],
};

const person = (name: string, language: "en" | "ru", extra: Partial<Customer> = {}): Customer => ({
  name,
  language,
  ...extra,
});

export const guests: { en: Customer[]; ru: Customer[] } = {
  en: [
    person("Fiona Marsh", "en", { username: "fionamarsh" }),
    person("Gareth Pugh-Lloyd", "en", { picture: "person-cap" }),
    person("Imogen Tate", "en", { username: "imo_tate", picture: "person-fern" }),
    person("Lucas Ferrand", "en", { username: "lucasf" }),
    person("Anneke de Wit", "en", { username: "anneke_dw" }),
    person("Stellan Borg", "en"),
    person("Ruth Okafor", "en", { username: "ruth_ok", picture: "person-curls" }),
    person("Dermot Quill", "en"),
    person("Hazel Whitcombe", "en", { username: "hazelw" }),
    person("Marisol Vega", "en", { username: "marisolv" }),
    person("Owen Tremaine", "en", { picture: "person-beard" }),
    person("Petra Novotná", "en", { username: "petra_nov" }),
    person("Silas Grove", "en"),
    person("Wilhelmina Hart", "en", { username: "mina_hart", picture: "person-glasses" }),
    person("Yusuf Demir", "en", { username: "yusufd" }),
    person("Zelda Finch", "en"),
    person("Bram Aalders", "en"),
    person("Cordelia Pike", "en", { username: "cpike" }),
    person("Edwin Lark", "en"),
    person("Greta Solheim", "en", { username: "gsolheim" }),
    person("Ivo Marchetti", "en"),
    person("Juniper Cole", "en", { username: "junipercole" }),
  ],
  ru: [
    person("Агата Синицына", "ru", { username: "agata_sin" }),
    person("Борис Ковалёв", "ru"),
    person("Валентина Рощина", "ru", { picture: "person-glasses" }),
    person("Глеб Суворин", "ru", { username: "gleb_suv" }),
    person("Диана Мельник", "ru", { username: "diana_mel", picture: "person-fringe" }),
    person("Евгений Пахомов", "ru"),
    person("Жанна Орехова", "ru", { username: "zhanna_o" }),
    person("Инга Журавлёва", "ru", { picture: "person-cat" }),
    person("Кирилл Дёмин", "ru", { username: "kdemin" }),
    person("Лариса Тихая", "ru"),
    person("Максим Грач", "ru", { username: "maxgrach" }),
    person("Надежда Лугова", "ru", { username: "nadya_lug" }),
    person("Олег Ясенев", "ru"),
    person("Полина Северная", "ru", { username: "polina_sev", picture: "person-bun" }),
    person("Роман Быстров", "ru"),
    person("Серафима Котова", "ru", { username: "sima_k" }),
    person("Тамара Гуляева", "ru"),
    person("Ульяна Снегирёва", "ru", { username: "ulya_sneg", picture: "person-fern" }),
    person("Фёдор Лапин", "ru"),
    person("Эльвира Каримова", "ru", { username: "elvira_kar" }),
    person("Юлия Заречная", "ru"),
    person("Ярослав Вишня", "ru", { username: "yarik_v" }),
  ],
};
