import { createApp } from "vue";
import { panelSections } from "../ui/contact-sections.ts";
import { ApiError, api, whenSignedOut } from "../ui/api.ts";
import { installI18n } from "../ui/i18n.ts";
import { endSession, startSession, type Session } from "../ui/session.ts";
import { useRouterEverywhere } from "../ui/navigate.ts";
import "../ui/style.css";
import "../ui/use-theme.ts";
import AppRoot from "./AppRoot.vue";
import { features, messageSources } from "./features.ts";
import { createAppRouter } from "./router.ts";

const app = createApp(AppRoot);
const router = createAppRouter();
useRouterEverywhere(router);

await Promise.all([installI18n(app, messageSources), resumeSession()]);
await Promise.all(features.map(async (feature) => feature.boot?.()));
whenSignedOut(() => {
  endSession();
  void router.push({ path: "/sign-in", query: { next: router.currentRoute.value.fullPath } });
});
panelSections.value = features
  .flatMap((feature) => feature.contactPanelSections)
  .sort((a, b) => a.order - b.order);
app.use(router);
await router.isReady();
app.mount("#app");

/** A session of before goes on; without one the router leads to sign-in. */
async function resumeSession(): Promise<void> {
  try {
    await startSession(await api.get<Session>("/session"));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}
