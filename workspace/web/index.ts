import type { FeatureModule } from "../../ui/feature.ts";

const feature: FeatureModule = {
  name: "workspace",
  routes: [{ path: "/", redirect: "/inbox" }],
  settingsPages: [],
  paletteCommands: [],
  sideBarItems: [],
  contactPanelSections: [],
  messages: { en: () => Promise.resolve({ default: {} }), ru: () => Promise.resolve({ default: {} }) },
};
export default feature;
