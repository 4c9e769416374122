import type { FeatureModule } from "../../ui/feature.ts";
import { entryRoutes } from "./routes.ts";

const feature: FeatureModule = {
  name: "workspace",
  routes: [...entryRoutes, { path: "/", redirect: "/inbox" }],
  settingsPages: [],
  paletteCommands: [],
  sideBarItems: [],
  contactPanelSections: [],
  messages: { en: () => import("./locales/en.ts"), ru: () => import("./locales/ru.ts") },
};
export default feature;
