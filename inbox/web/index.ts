import { Inbox, SquarePen, UsersRound } from "@lucide/vue";
import { defineAsyncComponent } from "vue";
import type { FeatureModule } from "../../ui/feature.ts";
import { withTexts } from "../../ui/i18n.ts";
import { beginning } from "./begin/begin.ts";
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
    {
      path: "/contacts",
      component: withTexts(
        "contacts",
        { en: () => import("./contacts/locales/en.ts"), ru: () => import("./contacts/locales/ru.ts") },
        () => import("./contacts/ContactsScreen.vue"),
      ),
      meta: { title: "inbox.contacts" },
    },
  ],
  settingsPages: [],
  palette: () => import("./palette.ts"),
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
    {
      kind: "link",
      id: "contacts",
      order: 40,
      icon: UsersRound,
      title: "inbox.contacts",
      to: "/contacts",
      match: "/contacts",
    },
    { kind: "block", id: "channels", order: 900, component: SideBarChannels },
  ],
  create: { icon: SquarePen, title: "inbox.begin", keys: "C", run: () => void (beginning.value = true) },
  contactPanelSections: [],
  messages: { en: () => import("./locales/en.ts"), ru: () => import("./locales/ru.ts") },
  background: defineAsyncComponent(() => import("./notify/InboxWatch.vue")),
};
export default feature;
