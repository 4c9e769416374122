import type { RouteRecordRaw } from "vue-router";
import { withTexts } from "../../ui/i18n.ts";
import { withEntryTexts } from "./entry/with-entry-texts.ts";
import { withHomeTexts } from "./home/with-home-texts.ts";

/** Of one account and of connecting one: more than the list of them needs. */
const accountTexts = {
  en: () => import("./locales/en/account.ts"),
  ru: () => import("./locales/ru/account.ts"),
};

/** Screens before the sign-in stand alone. */
export const entryRoutes: RouteRecordRaw[] = [
  {
    path: "/sign-in",
    component: withEntryTexts(() => import("./entry/SignInScreen.vue")),
    meta: { frame: "bare", open: true, title: "workspace.entry.signIn.title" },
  },
  {
    path: "/first-run",
    component: withEntryTexts(() => import("./entry/FirstRunScreen.vue")),
    meta: { frame: "bare", open: true, title: "workspace.entry.firstRun.title" },
  },
  {
    path: "/sign-up",
    component: withEntryTexts(() => import("./entry/SignUpScreen.vue")),
    meta: { frame: "bare", open: true, title: "workspace.entry.signUp.title" },
  },
  {
    path: "/new-password",
    component: withEntryTexts(() => import("./entry/PasswordResetScreen.vue")),
    meta: { frame: "bare", open: true, title: "workspace.entry.reset.title" },
  },
  {
    path: "/invite",
    component: withEntryTexts(() => import("./entry/InviteScreen.vue")),
    meta: { frame: "bare", open: true, title: "workspace.entry.invite.title" },
  },
];

/** Screens of the signed-in frame. */
export const screenRoutes: RouteRecordRaw[] = [
  {
    path: "/",
    component: withHomeTexts(() => import("./home/HomeScreen.vue")),
    meta: { title: "workspace.home.title" },
  },
  {
    path: "/channels",
    component: () => import("./channels/ChannelsScreen.vue"),
    meta: { title: "workspace.channels.title" },
  },
  {
    path: "/channels/connect/:kind?",
    component: withTexts("account", accountTexts, () => import("./channels/ConnectScreen.vue")),
    meta: { title: "workspace.channels.connect" },
  },
  {
    path: "/channels/:channelId",
    component: withTexts("account", accountTexts, () => import("./channels/ChannelScreen.vue")),
    meta: { title: "workspace.channels.title" },
  },
];
