import { Inbox } from "@lucide/vue";
import { defineAsyncComponent } from "vue";
import type { FeatureModule } from "../../ui/feature.ts";
import { inboxPalette } from "./palette.ts";
import SideBarChannels from "./side/SideBarChannels.vue";
import SideBarViews from "./side/SideBarViews.vue";
import { unreadMine } from "./store/conversations.ts";

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
  paletteCommands: [inboxPalette],
  sideBarItems: [
    {
      kind: "link",
      id: "inbox",
      order: 20,
      icon: Inbox,
      title: "inbox.title",
      to: "/inbox",
      match: "/inbox",
      badge: unreadMine,
      phone: true,
      tree: SideBarViews,
    },
    { kind: "block", id: "channels", order: 900, component: SideBarChannels },
  ],
  contactPanelSections: [],
  messages: { en: () => import("./locales/en.ts"), ru: () => import("./locales/ru.ts") },
  background: defineAsyncComponent(() => import("./notify/InboxWatch.vue")),
};
export default feature;
