import entry from "./en/entry.ts";
import errors from "./en/errors.ts";

export default {
  entry,
  errors,
  roles: { super_administrator: "Owner", administrator: "Administrator", employee: "Employee" },
};
