import type en from "./en.ts";

const ru: typeof en = {
  now: "сейчас {count} | сейчас {count} | сейчас {count}",
  list: "Посетители на сайте",
  failed: "Посетители не загрузились",
  none: "Сейчас на сайте никого",
  noneText:
    "Каждый, кто откроет страницу с виджетом, сразу появится здесь: страница, источник, время. Можно написать первым.",
  setUp: "Настройки виджета",
  nameless: "Посетитель {end}",
  visitor: "Посетитель",
  page: "Страница",
  from: "Источник",
  direct: "напрямую",
  device: "Устройство",
  country: "Страна",
  time: "На сайте",
  acts: "Чат",
  visits: "{count} визит | {count} визита | {count} визитов",
  path: "{count} страница | {count} страницы | {count} страниц",
  open: "Открыть чат",
  openOf: "Открыть чат: {name}",
  write: "Написать",
  writeTo: "Написать: {name}",
  text: "Сообщение",
  textHelp: "Откроется на странице посетителя как ваш чат.",
  gone: "Посетителя на сайте уже нет.",
  phone: "Телефон",
  tablet: "Планшет",
  desktop: "Компьютер",
};
export default ru;
