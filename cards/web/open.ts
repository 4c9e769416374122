import { withTexts } from "../../ui/i18n.ts";

/** The screen with its texts; a file of its own, so that the shell's first load names no more than this. */
export const open = withTexts(
  "cardBuilder",
  { en: () => import("./locales/builder.en.ts"), ru: () => import("./locales/builder.ru.ts") },
  withTexts(
    "cardLook",
    { en: () => import("./locales/look.en.ts"), ru: () => import("./locales/look.ru.ts") },
    () => import("./CardsScreen.vue"),
  ),
);

/** Loaded when the tab is opened. */
export const openStatistics = withTexts(
  "cardFigures",
  { en: () => import("./locales/statistics.en.ts"), ru: () => import("./locales/statistics.ru.ts") },
  () => import("./statistics/StatisticsTab.vue"),
);

/** Loaded when the tab is opened. */
export const openShare = withTexts(
  "cardShare",
  { en: () => import("./locales/share.en.ts"), ru: () => import("./locales/share.ru.ts") },
  () => import("./share/ShareTab.vue"),
);

/** What a new card may begin with. */
export const openLayouts = withTexts(
  "cardLayouts",
  { en: () => import("./locales/layouts.en.ts"), ru: () => import("./locales/layouts.ru.ts") },
  () => import("./LayoutPicker.vue"),
);

/** Below the first card's name and address. */
export const openImport = withTexts(
  "cardImport",
  { en: () => import("./locales/import.en.ts"), ru: () => import("./locales/import.ru.ts") },
  () => import("./import/CardImport.vue"),
);

/** What a contact has sent by cards, beside the thread. */
export const openEntries = withTexts(
  "cardEntries",
  { en: () => import("./locales/entries.en.ts"), ru: () => import("./locales/entries.ru.ts") },
  () => import("./EntriesSection.vue"),
);

/** The card's part of the home screen's set-up; its preview speaks the builder's words. */
export const openSetUp = withTexts(
  "cardSetUp",
  { en: () => import("./locales/set-up.en.ts"), ru: () => import("./locales/set-up.ru.ts") },
  withTexts(
    "cardBuilder",
    { en: () => import("./locales/builder.en.ts"), ru: () => import("./locales/builder.ru.ts") },
    () => import("./set-up/index.ts"),
  ),
);

/** The card's name, address, languages and end, loaded when the dialog is opened. */
export const openSettings = withTexts(
  "cardSettings",
  { en: () => import("./locales/settings.en.ts"), ru: () => import("./locales/settings.ru.ts") },
  () => import("./builder/CardSettings.vue"),
);

/** The looks of a card, loaded when the tab is opened. */
export const openDesign = withTexts(
  "cardDesign",
  { en: () => import("./locales/design.en.ts"), ru: () => import("./locales/design.ru.ts") },
  () => import("./builder/DesignTab.vue"),
);
