// How the builder shows each kind of block: its mark, a small drawing of it, and the words by which it is found.
import {
  AtSign,
  CalendarCheck,
  CirclePlay,
  CircleQuestionMark,
  CircleUserRound,
  Clock,
  Contact,
  FileDown,
  Images,
  Link,
  Mail,
  MapPin,
  MessageCircle,
  Minus,
  Phone,
  Star,
  Tags,
  TextAlignStart,
  TextCursorInput,
  Timer,
  Type,
} from "@lucide/vue";
import type { Component } from "vue";
import type { BlockType } from "../../blocks/schema.ts";

export interface BlockLook {
  icon: Component;
  /** In both languages, beside its name. */
  words: string;
  /** Inside of an SVG of 84 by 42; `a` is the accent, `d` a dark and `l` a light line or field. */
  drawing: string;
}

const bar = (x: number, y: number, width: number, kind = "l", height = 3): string =>
  `<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="1.5"/>`;
const box = (x: number, y: number, width: number, height: number, kind = "o"): string =>
  `<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="3"/>`;
const row = `${box(14, 14, 56, 14)}${bar(32, 20, 30)}`;
const threeRows = [11, 20, 29];

export const looks: Record<BlockType, BlockLook> = {
  person: {
    icon: CircleUserRound,
    words: "photo avatar about profile имя фото аватар профиль о себе",
    drawing: `<circle class="l" cx="42" cy="14" r="7"/>${bar(27, 26, 30, "d", 4)}${bar(32, 34, 20)}`,
  },
  messengers: {
    icon: MessageCircle,
    words: "chat write telegram whatsapp viber messenger чат написать телеграм ватсап вайбер кнопки",
    drawing: `${box(13, 9, 28, 10, "a")}${box(44, 9, 28, 10)}${box(13, 23, 28, 10)}${box(44, 23, 28, 10)}`,
  },
  phone: {
    icon: Phone,
    words: "call number звонок позвонить номер",
    drawing: `${row}<circle class="d" cx="24" cy="21" r="3"/>`,
  },
  email: {
    icon: Mail,
    words: "mail letter почта письмо емейл",
    drawing: `${row}<path class="o" d="M20 18h8v6h-8zl4 3 4-3"/>`,
  },
  address: {
    icon: MapPin,
    words: "map place location street карта место улица как проехать адрес",
    drawing: `${box(14, 8, 56, 27)}<path class="o" d="m14 26 20-8 14 8 22-12M36 8l-6 27"/><circle class="a" cx="50" cy="20" r="4"/>`,
  },
  hours: {
    icon: Clock,
    words: "opening time schedule open время график расписание работы открыто",
    drawing: threeRows.map((y) => bar(14, y, 22) + bar(52, y, 18, "d")).join(""),
  },
  contact: {
    icon: Contact,
    words: "vcard address book save phone book визитка сохранить телефонная книга контакт",
    drawing: `${box(14, 8, 56, 27)}<circle class="l" cx="26" cy="18" r="4"/>${bar(36, 14, 26, "d")}${bar(36, 20, 20)}${bar(36, 27, 14, "a")}`,
  },
  link: {
    icon: Link,
    words: "url button site shop кнопка сайт магазин адрес",
    drawing: `${row}${box(18, 17, 8, 8, "l")}${bar(32, 17, 20, "d")}`,
  },
  heading: {
    icon: Type,
    words: "title заголовок название",
    drawing: bar(14, 15, 40, "d", 6) + bar(14, 26, 24),
  },
  text: {
    icon: TextAlignStart,
    words: "paragraph about абзац описание",
    drawing: [9, 16, 23, 30].map((y, index) => bar(14, y, index === 3 ? 34 : 56)).join(""),
  },
  gallery: {
    icon: Images,
    words: "photo picture image фото картинки снимки",
    drawing: [13, 33, 53].map((x) => box(x, 12, 18, 18, "l")).join(""),
  },
  embed: {
    icon: CirclePlay,
    words: "youtube vimeo spotify soundcloud film clip song ютуб ролик клип песня",
    drawing: `${box(14, 8, 56, 27, "l")}<circle class="a" cx="42" cy="21" r="7"/><path fill="#fff" d="m40 18 5 3-5 3z"/>`,
  },
  social: {
    icon: AtSign,
    words: "instagram youtube vk tiktok network инстаграм вк сети",
    drawing: [18, 34, 50, 66].map((x) => `<circle class="l" cx="${x}" cy="21" r="6"/>`).join(""),
  },
  divider: { icon: Minus, words: "line rule линия черта", drawing: bar(12, 20, 60, "d", 2) },
  prices: {
    icon: Tags,
    words: "menu services cost list меню услуги стоимость прайс цены",
    drawing: threeRows.map((y) => bar(14, y, 30) + bar(60, y, 10, "a")).join(""),
  },
  faq: {
    icon: CircleQuestionMark,
    words: "faq answers help ответы помощь частые",
    drawing: [8, 18, 28].map((y) => box(14, y, 56, 8) + bar(18, y + 3, 28)).join(""),
  },
  countdown: {
    icon: Timer,
    words: "timer sale event date таймер отсчёт акция событие дата",
    drawing: [12, 28, 44, 60].map((x) => box(x, 12, 13, 18) + bar(x + 4, 19, 5, "d", 4)).join(""),
  },
  file: {
    icon: FileDown,
    words: "pdf document download price документ скачать каталог",
    drawing: `${box(32, 7, 20, 28)}${bar(36, 16, 12)}${bar(36, 22, 12)}${bar(36, 28, 8)}`,
  },
  form: {
    icon: TextCursorInput,
    words: "ask request lead contact feedback заявка анкета обратная связь вопрос",
    drawing: [8, 18].map((y) => box(14, y, 56, 7)).join("") + box(14, 28, 56, 8, "a"),
  },
  booking: {
    icon: CalendarCheck,
    words: "appointment visit calendar reserve date запись приём бронь календарь дата",
    drawing: `${box(18, 8, 48, 27)}${bar(18, 14, 48, "d", 2)}${[24, 34, 44].map((x) => box(x, 20, 7, 7, "l")).join("")}${box(54, 20, 7, 7, "a")}`,
  },
  reviews: {
    icon: Star,
    words: "stars rating feedback testimonials отзывы звёзды оценка рейтинг",
    drawing: `${[22, 32, 42, 52, 62].map((x) => `<path class="a" d="m${x} 8 1.6 3.4 3.6.4-2.7 2.5.8 3.6-3.3-1.9-3.3 1.9.8-3.6-2.7-2.5 3.6-.4z"/>`).join("")}${bar(18, 24, 48)}${bar(18, 31, 32)}`,
  },
};
