import type { RouteRecordRaw } from "vue-router";

/** Screens before the sign-in stand alone. */
export const entryRoutes: RouteRecordRaw[] = [
  {
    path: "/sign-in",
    component: () => import("./entry/SignInScreen.vue"),
    meta: { frame: "bare", open: true, title: "workspace.entry.signIn.title" },
  },
  {
    path: "/first-run",
    component: () => import("./entry/FirstRunScreen.vue"),
    meta: { frame: "bare", open: true, title: "workspace.entry.firstRun.title" },
  },
  {
    path: "/invite",
    component: () => import("./entry/InviteScreen.vue"),
    meta: { frame: "bare", open: true, title: "workspace.entry.invite.title" },
  },
];
