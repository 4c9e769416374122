/** The few words that the page itself says, by language; English stands in for languages that are not here. */
import type { Words } from "./schema.ts";

const en = {
  write: "Write to us",
  follow: "Follow us",
  call: "Call",
  mail: "Send an e-mail",
  map: "Map",
  save: "Save the contact",
  open: "Open until {time}",
  openAllDay: "Open now",
  closed: "Closed, opens {day} {time}",
  closedToday: "Closed, opens at {time}",
  dayOff: "Closed",
  hours: "Opening hours",
  prices: "Prices",
  questions: "Questions",
  download: "Download",
  watch: "Watch: {title}",
  days: "{n} days",
  hoursLeft: "{n} h",
  minutesLeft: "{n} min",
  runsOn: "Runs on Switchboard",
};
type PageWords = typeof en;

const ru: PageWords = {
  write: "Написать нам",
  follow: "Мы в соцсетях",
  call: "Позвонить",
  mail: "Написать письмо",
  map: "Карта",
  save: "Сохранить контакт",
  open: "Открыто до {time}",
  openAllDay: "Сейчас открыто",
  closed: "Закрыто до {day} {time}",
  closedToday: "Закрыто до {time}",
  dayOff: "Выходной",
  hours: "Часы работы",
  prices: "Цены",
  questions: "Вопросы",
  download: "Скачать",
  watch: "Смотреть: {title}",
  days: "{n} дн.",
  hoursLeft: "{n} ч",
  minutesLeft: "{n} мин",
  runsOn: "Работает на Switchboard",
};

const all: Record<string, PageWords> = { en, ru };

export function pageWords(language: string): PageWords {
  return all[language] ?? all[language.split("-")[0] ?? ""] ?? en;
}

/** Fills `{name}`. */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The text in a language, else in the first of the card's languages that has it. */
export function say(words: Words, language: string, languages: readonly string[]): string {
  for (const one of [language, ...languages]) {
    const text = words[one]?.trim();
    if (text) return text;
  }
  return "";
}

/** A language by its own name: English, Русский. */
export function languageName(language: string): string {
  const name = new Intl.DisplayNames([language], { type: "language" }).of(language) ?? language;
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}
