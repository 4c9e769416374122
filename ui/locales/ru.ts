import type en from "./en.ts";

const ru: typeof en = {
  close: "Закрыть",
  layers: "Меню",
  cancel: "Отмена",
  back: "Назад",
  save: "Сохранить",
  copy: "Копировать",
  copied: "Скопировано",
  copyLabel: "Копировать: {label}",
  field: { showPassword: "Показать пароль", clear: "Очистить" },
  table: { selectAll: "Выбрать все" },
  upload: {
    of: "{sent} из {size}",
    failed: "Файл не загрузился.",
    retry: "Повторить",
    cancel: "Отменить загрузку",
    remove: "Убрать",
  },
  toast: { label: "Уведомления" },
  reconnect: {
    since: "Нет связи с {time}.",
    in: "Повтор через {seconds} с",
    trying: "Подключаемся…",
    now: "Сейчас",
  },
  bulk: { selected: "Выбран {count} | Выбрано {count} | Выбрано {count}", clear: "Снять выделение" },
  filter: { clear: "Сбросить фильтр: {label}" },
  error: {
    text: "Написанное сохранено. Попробуйте ещё раз; если не поможет, передайте код ниже администратору.",
    network: "Сервер недоступен. Написанное сохранено, ничего не потеряется.",
    retry: "Повторить",
    copy: "Скопировать для поддержки: {code}",
  },
  notFound: {
    title: "Здесь ничего нет",
    text: "Это удалили, передали другой команде, или ссылка неполная. Если доступ нужен, спросите того, кто прислал ссылку.",
    inbox: "К моим диалогам",
  },
  version: {
    title: "Готова новая версия",
    text: "Черновики, открытый диалог и место прокрутки останутся на месте.",
    later: "Позже",
    refresh: "Обновить",
  },
  steps: { done: "готово" },
  dates: {
    preset7: "7 дней",
    preset30: "30 дней",
    preset91: "Квартал",
    preset365: "Год",
    own: "Свой",
    choose: "Выберите первый и последний день",
    summary: "{from} – {to}, {days} день | {from} – {to}, {days} дня | {from} – {to}, {days} дней",
    apply: "Применить",
  },
};
export default ru;
