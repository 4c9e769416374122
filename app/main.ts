import { createApp } from "vue";
import { whenSignedOut } from "../ui/api.ts";
import { panelSections } from "../ui/contact-sections.ts";
import { setUpParts } from "../ui/set-up-parts.ts";
import { installI18n } from "../ui/i18n.ts";
import { useRouterEverywhere } from "../ui/navigate.ts";
import { startSession } from "../ui/session.ts";
import { onLive } from "../ui/socket.ts";
import "../ui/style.css";
import "../ui/use-theme.ts";
import { followSignOut, leave } from "./account.ts";
import AppRoot from "./AppRoot.vue";
import { features, messageSources } from "./features.ts";
import { findSession, rememberSession } from "./find-session.ts";
import { createAppRouter } from "./router.ts";

const app = createApp(AppRoot);
const router = createAppRouter();
useRouterEverywhere(router);

followSignOut();
const [found] = await Promise.all([findSession(), installI18n(app, messageSources)]);
if (found) await startSession(found);
await Promise.all(features.map(async (feature) => feature.boot?.()));
rememberSession();
const leaveFromHere = () => leave(router.currentRoute.value.fullPath);
whenSignedOut(leaveFromHere);
onLive("session_ended", leaveFromHere);
panelSections.value = features
  .flatMap((feature) => feature.contactPanelSections)
  .sort((a, b) => a.order - b.order);
setUpParts.value = features.flatMap((feature) => feature.setUp ?? []);
app.use(router);
await router.isReady();
app.mount("#app");
