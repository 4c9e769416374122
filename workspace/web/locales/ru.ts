import type en from "./en.ts";
import channels from "./ru/channels.ts";
import errors from "./ru/errors.ts";
import home from "./ru/home.ts";
import settings from "./ru/settings.ts";

const ru: typeof en = {
  channels,
  errors,
  home,
  settings,
  kinds: {
    image: "Фото",
    video: "Видео",
    animation: "Анимация",
    audio: "Аудио",
    voice: "Голосовое",
    video_note: "Видеосообщение",
    document: "Файл",
    sticker: "Стикер",
    location: "Геопозиция",
    contact: "Контакт",
    service: "Служебное сообщение",
    deleted: "Удалённое сообщение",
    other: "Сообщение другого вида",
  },
  presence: { online: "в сети", away: "нет на месте" },
  undo: "Вернуть",
  roles: {
    super_administrator: "Владелец",
    administrator: "Администратор",
    employee: "Сотрудник",
  },
};
export default ru;
