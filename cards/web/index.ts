import { IdCard } from "@lucide/vue";
import type { FeatureModule } from "../../ui/feature.ts";

const text = (title: string) => () => Promise.resolve({ default: { title } });

const feature: FeatureModule = {
  name: "cards",
  routes: [
    {
      path: "/cards/:id?/:tab(design|share|statistics)?",
      component: () => import("./open.ts").then(({ open }) => open()),
      meta: { title: "cards.title" },
    },
  ],
  settingsPages: [],
  sideBarItems: [
    {
      kind: "link",
      id: "cards",
      order: 55,
      icon: IdCard,
      title: "cards.title",
      to: "/cards",
      match: "/cards",
    },
  ],
  contactPanelSections: [
    {
      id: "card-entries",
      order: 20,
      title: "cards.title",
      component: () => import("./open.ts").then(({ openEntries }) => openEntries()),
    },
  ],
  setUp: () => import("./open.ts").then(({ openSetUp }) => openSetUp()),
  messages: { en: text("Cards"), ru: text("Визитки") },
};
export default feature;
