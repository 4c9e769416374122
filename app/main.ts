import { createApp } from "vue";
import { whenSignedOut } from "../ui/api.ts";
import { panelSections } from "../ui/contact-sections.ts";
import { installI18n } from "../ui/i18n.ts";
import { useRouterEverywhere } from "../ui/navigate.ts";
import { endSession, session, startSession } from "../ui/session.ts";
import { onLive } from "../ui/socket.ts";
import "../ui/style.css";
import "../ui/use-theme.ts";
import AppRoot from "./AppRoot.vue";
import { features, messageSources } from "./features.ts";
import { findSession } from "./find-session.ts";
import { createAppRouter } from "./router.ts";

const app = createApp(AppRoot);
const router = createAppRouter();
useRouterEverywhere(router);

const [found] = await Promise.all([findSession(), installI18n(app, messageSources)]);
if (found) await startSession(found);
await Promise.all(features.map(async (feature) => feature.boot?.()));
whenSignedOut(leave);
onLive("session_ended", leave);
panelSections.value = features
  .flatMap((feature) => feature.contactPanelSections)
  .sort((a, b) => a.order - b.order);
app.use(router);
await router.isReady();
app.mount("#app");

/** A whole new page, so that nothing of the former person stays in memory; drafts and unsent messages are kept. */
function leave(): void {
  if (!session.value) return;
  endSession();
  location.assign(`/sign-in?next=${encodeURIComponent(router.currentRoute.value.fullPath)}`);
}
