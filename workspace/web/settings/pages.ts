// The settings pages with what the search finds on each.
import {
  Bell,
  Building2,
  Clock,
  Keyboard,
  MapPin,
  MonitorSmartphone,
  Network,
  Palette,
  Tags,
  UserRound,
  UsersRound,
} from "@lucide/vue";
import type { SettingsPage } from "../../../ui/feature.ts";
import { withTexts } from "../../../ui/i18n.ts";
import { withEntryTexts } from "../entry/with-entry-texts.ts";
import { session } from "../../../ui/session.ts";

/** Not by the directory, which comes with the pages. */
const administers = () => session.value?.me.role !== "employee";
const key = (name: string) => `workspace.settings.${name}`;
const entry = (anchor: string, title: string) => ({ anchor, title: key(title) });

export const settingsPages: SettingsPage[] = [
  {
    id: "profile",
    group: "you",
    order: 10,
    icon: UserRound,
    title: key("profile.title"),
    component: withEntryTexts(() => import("./ProfilePage.vue")),
    entries: [
      entry("photo", "profile.photo"),
      entry("name", "profile.name"),
      entry("shown-name", "profile.shownName"),
      entry("position", "profile.position"),
      entry("language", "profile.language"),
      entry("password", "password.title"),
    ],
  },
  {
    id: "notifications",
    group: "you",
    order: 20,
    icon: Bell,
    title: key("notifications.title"),
    component: () => import("./NotificationsPage.vue"),
    entries: [
      entry("notify-assigned", "notifications.find.assigned"),
      entry("notify-message", "notifications.find.message"),
      entry("notify-unassigned", "notifications.find.unassigned"),
      entry("notify-mention", "notifications.find.mention"),
      entry("quiet-hours", "quiet.title"),
    ],
  },
  {
    id: "appearance",
    group: "you",
    order: 30,
    icon: Palette,
    title: key("appearance.title"),
    component: () => import("./AppearancePage.vue"),
    entries: [
      entry("theme", "appearance.theme.title"),
      entry("accent", "appearance.accent.title"),
      entry("density", "appearance.density.title"),
    ],
  },
  {
    id: "keyboard",
    group: "you",
    order: 40,
    icon: Keyboard,
    title: key("keyboard.title"),
    component: () => import("./KeyboardPage.vue"),
    entries: [
      entry("send-key", "keyboard.send.title"),
      entry("after-close", "keyboard.afterClose.title"),
      entry("single-keys", "keyboard.single"),
    ],
  },
  {
    id: "sessions",
    group: "you",
    order: 50,
    icon: MonitorSmartphone,
    title: key("sessions.title"),
    component: () => import("./SessionsPage.vue"),
    entries: [entry("end-others", "sessions.endOthers")],
  },
  {
    id: "general",
    group: "workspace",
    order: 110,
    icon: Building2,
    title: key("general.title"),
    component: withEntryTexts(() => import("./GeneralPage.vue")),
    entries: [entry("workspace-name", "general.name"), entry("reopen-days", "general.reopen")],
  },
  {
    id: "team",
    group: "workspace",
    order: 120,
    icon: UsersRound,
    title: key("team.title"),
    component: withEntryTexts(() => import("./TeamPage.vue")),
    entries: [entry("invite", "team.invite")],
  },
  {
    id: "teams",
    group: "workspace",
    order: 122,
    icon: Network,
    title: key("teams.title"),
    component: withTexts(
      "workspaceTeams",
      { en: () => import("./teams/locales/en.ts"), ru: () => import("./teams/locales/ru.ts") },
      () => import("./teams/TeamsPage.vue"),
    ),
    visible: administers,
  },
  {
    id: "hours",
    group: "workspace",
    order: 124,
    icon: Clock,
    title: key("hours.title"),
    component: withTexts(
      "workspaceHours",
      { en: () => import("./hours/locales/en.ts"), ru: () => import("./hours/locales/ru.ts") },
      () => import("./hours/HoursPage.vue"),
    ),
    entries: [entry("time-zone", "hours.zone"), entry("holidays", "hours.holidays")],
    visible: administers,
  },
  {
    id: "labels",
    group: "workspace",
    order: 130,
    icon: Tags,
    title: key("labels.title"),
    component: () => import("./LabelsPage.vue"),
    entries: [entry("new-label", "labels.new")],
  },
  {
    id: "addresses",
    group: "workspace",
    order: 140,
    icon: MapPin,
    title: key("addresses.title"),
    component: withEntryTexts(() => import("./AddressesPage.vue")),
    entries: [entry("new-address", "addresses.add")],
  },
];
