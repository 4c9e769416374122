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
  send: "Send",
  book: "Send the request",
  thanks: "Thank you. We will get back to you.",
  consent: "I agree that what I send is used to answer me.",
  more: "Details",
  name: "Name",
  email: "E-mail",
  phone: "Phone",
  text: "Answer",
  date: "Date",
  time: "Time",
  service: "What for",
  comment: "Comment",
  scan: "Point your camera here and write to us in the messenger you like.",
  choose: "Choose",
  empty: "Leave this empty",
  reviews: "What customers say",
  stars: "{n} of 5",
  counted: "{average} of 5, reviews: {count}",
  review: {
    title: "Your review",
    stars: "How was it?",
    levels: ["★★★★★ Very good", "★★★★ Good", "★★★ All right", "★★ Poor", "★ Bad"],
    name: "Name that is shown",
    text: "What would you tell others?",
    consent: "I agree that my name and my review are shown on this page.",
    thanks: "Thank you. Your review has arrived.",
    over: "This link is over. Ask for a new one where you got it.",
    own: "You are signed in as one of the team: this link is for the customer.",
  },
  fault: {
    mend: "Not sent yet: see below.",
    required: "Please fill this in",
    email: "This is no e-mail address",
    phone: "This is no phone number",
    long: "This is too long",
    choice: "Please choose one of these",
    agree: "Without this it cannot be sent",
    either: "Leave a phone number or an e-mail address",
    date: "This is no date that can be booked",
    time: "This is no time of day",
    past: "This has passed already",
    closed: "Closed on this day",
    outside: "Open on this day: {times}",
    again: "Please press the button once more.",
    changed: "The form has been changed meanwhile. Please look through it and send it again.",
    many: "Too many at once. Please try again in some minutes.",
    away: "It could not be sent. Please try again.",
  },
};
export type PageWords = typeof en;
export type Fault = keyof PageWords["fault"];

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
  send: "Отправить",
  book: "Отправить заявку",
  thanks: "Спасибо. Мы вам ответим.",
  consent: "Согласен, чтобы отправленное использовали для ответа мне.",
  more: "Подробнее",
  name: "Имя",
  email: "Почта",
  phone: "Телефон",
  text: "Ответ",
  date: "Дата",
  time: "Время",
  service: "На что записаться",
  comment: "Комментарий",
  scan: "Наведите камеру и напишите нам в удобном мессенджере.",
  choose: "Выберите",
  empty: "Оставьте это поле пустым",
  reviews: "Отзывы",
  stars: "{n} из 5",
  counted: "{average} из 5, отзывов: {count}",
  review: {
    title: "Ваш отзыв",
    stars: "Как вам?",
    levels: ["★★★★★ Отлично", "★★★★ Хорошо", "★★★ Нормально", "★★ Плохо", "★ Ужасно"],
    name: "Имя, которое увидят",
    text: "Что рассказать другим?",
    consent: "Согласен, чтобы моё имя и отзыв показали на этой странице.",
    thanks: "Спасибо. Ваш отзыв пришёл.",
    over: "Ссылка больше не действует. Попросите новую там, где получили эту.",
    own: "Вы вошли как сотрудник, а ссылка для клиента.",
  },
  fault: {
    mend: "Пока не отправлено: смотрите ниже.",
    required: "Заполните это поле",
    email: "Это не адрес почты",
    phone: "Это не номер телефона",
    long: "Слишком длинно",
    choice: "Выберите один из вариантов",
    agree: "Без этого отправить нельзя",
    either: "Оставьте телефон или почту",
    date: "На эту дату записаться нельзя",
    time: "Это не время суток",
    past: "Это время уже прошло",
    closed: "В этот день закрыто",
    outside: "В этот день открыто: {times}",
    again: "Нажмите кнопку ещё раз.",
    changed: "Форма за это время изменилась. Проверьте ответы и отправьте ещё раз.",
    many: "Слишком много сразу. Попробуйте через несколько минут.",
    away: "Отправить не удалось. Попробуйте ещё раз.",
  },
};

const all: Record<string, PageWords> = { en, ru };

export function pageWords(language: string): PageWords {
  return all[wordsLanguage(language)] ?? en;
}

/** The language that they are in. */
export function wordsLanguage(language: string): string {
  return [language, language.split("-")[0] ?? ""].find((one) => Object.hasOwn(all, one)) ?? "en";
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
