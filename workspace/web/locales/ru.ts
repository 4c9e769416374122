import type en from "./en.ts";
import channels from "./ru/channels.ts";
import settings from "./ru/settings.ts";

const ru: typeof en = {
  channels,
  home: { title: "Главная" },
  settings,
  presence: { online: "в сети", away: "нет на месте" },
  undo: "Вернуть",
  tooManyTries: "Слишком много попыток. Попробуйте через {time}.",
  roles: {
    super_administrator: "Владелец",
    administrator: "Администратор",
    employee: "Сотрудник",
  },
};
export default ru;
