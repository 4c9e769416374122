import type en from "./locales.en.ts";

const ru: typeof en = {
  title: "Поставьте виджет на сайт",
  text: "Одна строка кода, и посетители пишут вам с любой страницы.",
  begun: "Он создан; осталось вставить его строку на сайт.",
  done: "Работает на {domain}.",
  act: "Создать",
  install: "Установить",
  edit: "Настройки",
};
export default ru;
