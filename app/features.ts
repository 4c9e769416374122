import type { FeatureModule, SettingsPage, SideBarItem } from "../ui/feature.ts";
import type { MessageSources } from "../ui/i18n.ts";
import cards from "../cards/web/index.ts";
import inbox from "../inbox/web/index.ts";
import widget from "../widget/web/index.ts";
import workspace from "../workspace/web/index.ts";

/** Every feature of the agents' application. */
export const features: FeatureModule[] = [inbox, widget, cards, workspace];

export const sideBarItems: SideBarItem[] = features
  .flatMap((one) => one.sideBarItems)
  .sort((a, b) => a.order - b.order);

export const settingsPages: SettingsPage[] = features
  .flatMap((one) => one.settingsPages)
  .sort((a, b) => a.order - b.order);

export const creations = features.flatMap((one) => one.create ?? []);

export const messageSources: MessageSources = {
  ui: { en: () => import("../ui/locales/en.ts"), ru: () => import("../ui/locales/ru.ts") },
  app: { en: () => import("./locales/en.ts"), ru: () => import("./locales/ru.ts") },
  ...Object.fromEntries(features.map((one) => [one.name, one.messages])),
};
