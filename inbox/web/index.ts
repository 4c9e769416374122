import { Inbox } from "@lucide/vue";
import type { FeatureModule } from "../../ui/feature.ts";

const feature: FeatureModule = {
  name: "inbox",
  routes: [
    {
      path: "/inbox/:view?/:conversationId?",
      name: "inbox",
      component: () => import("./InboxScreen.vue"),
      meta: { title: "inbox.title" },
    },
  ],
  settingsPages: [],
  paletteCommands: [],
  sideBarItems: [
    {
      kind: "link",
      id: "inbox",
      order: 20,
      icon: Inbox,
      title: "inbox.title",
      to: "/inbox",
      match: "/inbox",
      phone: true,
    },
  ],
  contactPanelSections: [],
  messages: { en: () => import("./locales/en.ts"), ru: () => import("./locales/ru.ts") },
};
export default feature;
