const ru = {
  title: "Макет",
  failed: "Макеты не удалось показать",
  studio: { name: "Студия и занятия", text: "Мессенджеры, магазин, галерея" },
  appointments: { name: "Запись", text: "Запись, часы, адрес" },
  prices: { name: "Прайс-лист", text: "Сначала услуги и цены" },
  wholesale: { name: "Опт", text: "Нумерованные ссылки без фото" },
  photo: { name: "Одно фото", text: "Ваш снимок за всей страницей" },
};
export default ru;
