import { PanelsTopLeft, Radar } from "@lucide/vue";
import type { FeatureModule } from "../../ui/feature.ts";
import { withTexts } from "../../ui/i18n.ts";

const feature: FeatureModule = {
  name: "widget",
  routes: [
    {
      path: "/widget/:section(look|channels|triggers|hours|texts|forms|install)?",
      component: () => import("./WidgetScreen.vue"),
      meta: { title: "widget.title" },
    },
    {
      path: "/visitors",
      component: withTexts(
        "widgetVisitors",
        { en: () => import("./visitors/locales/en.ts"), ru: () => import("./visitors/locales/ru.ts") },
        () => import("./visitors/VisitorsScreen.vue"),
      ),
      meta: { title: "widget.visitors" },
    },
  ],
  settingsPages: [],
  sideBarItems: [
    {
      kind: "link",
      id: "visitors",
      order: 50,
      icon: Radar,
      title: "widget.visitors",
      to: "/visitors",
      match: "/visitors",
    },
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
  setUp: withTexts(
    "widgetSetUp",
    { en: () => import("./set-up/locales.en.ts"), ru: () => import("./set-up/locales.ru.ts") },
    () => import("./set-up/index.ts"),
  ),
  contactPanelSections: [
    { id: "visit", order: 10, title: "widget.visit.title", component: () => import("./VisitSection.vue") },
  ],
  messages: { en: () => import("./locales/en.ts"), ru: () => import("./locales/ru.ts") },
};
export default feature;
