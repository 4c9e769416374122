import { House, Plug } from "@lucide/vue";
import { useMediaQuery } from "@vueuse/core";
import type { FeatureModule } from "../../ui/feature.ts";
import { withHomeTexts } from "./home/with-home-texts.ts";
import { entryRoutes, screenRoutes } from "./routes.ts";
import { settingsPages } from "./settings/pages.ts";

const phone = useMediaQuery("(max-width: 767.9px)");

const feature: FeatureModule = {
  name: "workspace",
  routes: [...entryRoutes, ...screenRoutes],
  settingsPages,
  palette: withHomeTexts(() => import("./palette.ts")),
  sideBarItems: [
    { kind: "link", id: "home", order: 10, icon: House, title: "workspace.home.title", to: "/", match: "/" },
    {
      kind: "link",
      id: "channels-phone",
      order: 800,
      icon: Plug,
      title: "workspace.channels.title",
      to: "/channels",
      match: "/channels",
      visible: () => phone.value, // elsewhere the list of channels has a heading that leads there
    },
  ],
  contactPanelSections: [],
  messages: { en: () => import("./locales/en.ts"), ru: () => import("./locales/ru.ts") },
};
export default feature;
