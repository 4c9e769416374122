import type { RouteLocationRaw, Router } from "vue-router";

let router: Router | undefined;

/** Called once by main.ts. */
export function useRouterEverywhere(instance: Router): void {
  router = instance;
}

/** Navigation for commands, which live outside components. */
export function goTo(to: RouteLocationRaw): void {
  void router?.push(to);
}
