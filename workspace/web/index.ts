import type { FeatureModule } from "../../ui/feature.ts";
import { settingsPages } from "./settings/pages.ts";
import { entryRoutes, screenRoutes } from "./routes.ts";

const feature: FeatureModule = {
  name: "workspace",
  routes: [...entryRoutes, ...screenRoutes, { path: "/", redirect: "/inbox" }],
  settingsPages,
  paletteCommands: [],
  sideBarItems: [],
  contactPanelSections: [],
  messages: { en: () => import("./locales/en.ts"), ru: () => import("./locales/ru.ts") },
};
export default feature;
