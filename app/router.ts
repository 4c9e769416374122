import {
  createRouter,
  createWebHistory,
  type RouteLocationNormalized,
  type RouteRecordRaw,
  type Router,
} from "vue-router";
import { session } from "../ui/session.ts";
import { features, settingsPages } from "./features.ts";

declare module "vue-router" {
  interface RouteMeta {
    /** "bare": no side bar around it. */
    frame?: "bare";
    /** Needs nobody to be signed in. */
    open?: boolean;
    /** Message key of the window's title. */
    title?: string;
  }
}

/** Every feature's routes and the settings shell, behind the sign-in. */
export function createAppRouter(): Router {
  const router = createRouter({ history: createWebHistory(), routes: allRoutes() });
  router.beforeEach((to) => (mayOpen(to) ? true : { path: "/sign-in", query: { next: to.fullPath } }));
  return router;
}

function mayOpen(to: RouteLocationNormalized): boolean {
  return to.meta.open === true || session.value !== null;
}

function allRoutes(): RouteRecordRaw[] {
  const settings: RouteRecordRaw = {
    path: "/settings",
    component: () => import("./SettingsShell.vue"),
    meta: { title: "app.settings.title" },
    children: settingsPages.map((page) => ({
      path: page.id,
      name: `settings-${page.id}`,
      component: page.component,
      meta: { title: page.title },
    })),
  };
  const lost: RouteRecordRaw = {
    path: "/:rest(.*)*",
    component: () => import("../ui/kit/StateNotFound.vue"),
  };
  return [...features.flatMap((feature) => feature.routes), settings, ...developmentRoutes(), lost];
}

function developmentRoutes(): RouteRecordRaw[] {
  if (!import.meta.env.DEV) return [];
  return [
    { path: "/kit", component: () => import("./kit/KitPage.vue"), meta: { frame: "bare", open: true } },
  ];
}
