import type en from "./design.en.ts";

const ru: typeof en = {
  asTheme: "Как в теме",
  checked: "Читаемость проверяется сразу",
  code: "{name}: код",
  offer: {
    darken: "Затемнить кнопку",
    lighten: "Осветлить кнопку",
    darkText: "Текст темнее",
    lightText: "Текст светлее",
  },
  headings: "Заголовки",
  lettersUsed: "только нужные буквы",
  body: "Основной текст",
  faces: { sans: "Шрифт телефона", serif: "С засечками", mono: "Как на машинке", rounded: "Округлый" },
  shapes: {
    square: "Прямые углы",
    soft: "Мягкие углы",
    round: "Круглые",
    outline: "Контур",
    lines: "Линии",
    shadow: "Жёсткая тень",
  },
  radius: "Скругление",
  backdrop: "Фон",
  backdrops: { colour: "Цвет", gradient: "Градиент", photo: "Фото", pattern: "Узор" },
  to: "до этого цвета",
  way: "Направление",
  ways: { down: "Вниз", diagonal: "Наискосок" },
  pattern: "Узор",
  patterns: { dots: "Точки", lines: "Линии", grid: "Сетка" },
  photo: "Фото под всей страницей",
  veil: "Вуаль",
  veilText: "Поверх фото лежит цвет фона, не тоньше, чем нужно тексту на белом пятне.",
};
export default ru;
