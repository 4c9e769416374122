import channels from "./en/channels.ts";
import settings from "./en/settings.ts";

export default {
  channels,
  home: { title: "Home" },
  settings,
  presence: { online: "online", away: "away" },
  undo: "Undo",
  tooManyTries: "Too many tries. Try again in {time}.",
  roles: { super_administrator: "Owner", administrator: "Administrator", employee: "Employee" },
};
