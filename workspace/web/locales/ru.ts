import type en from "./en.ts";
import entry from "./ru/entry.ts";
import errors from "./ru/errors.ts";

const ru: typeof en = {
  entry,
  errors,
  roles: {
    super_administrator: "Владелец",
    administrator: "Администратор",
    employee: "Сотрудник",
  },
};
export default ru;
