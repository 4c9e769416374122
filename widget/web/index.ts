import { PanelsTopLeft } from "@lucide/vue";
import type { FeatureModule } from "../../ui/feature.ts";

const feature: FeatureModule = {
  name: "widget",
  routes: [
    {
      path: "/widget/:section(look|channels|triggers|hours|texts|forms|install)?",
      component: () => import("./WidgetScreen.vue"),
      meta: { title: "widget.title" },
    },
  ],
  settingsPages: [],
  sideBarItems: [
    {
      kind: "link",
      id: "widget",
      order: 60,
      icon: PanelsTopLeft,
      title: "widget.title",
      to: "/widget",
      match: "/widget",
    },
  ],
  contactPanelSections: [
    { id: "visit", order: 10, title: "widget.visit.title", component: () => import("./VisitSection.vue") },
  ],
  messages: { en: () => import("./locales/en.ts"), ru: () => import("./locales/ru.ts") },
};
export default feature;
