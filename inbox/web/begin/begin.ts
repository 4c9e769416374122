// The dialog in which one writes first; the key C, the side bar and the palette open it.
import { defineAsyncComponent, ref } from "vue";
import { withTexts } from "../../../ui/i18n.ts";

export const beginning = ref(false);

export const BeginDialog = defineAsyncComponent(
  withTexts(
    "inboxBegin",
    { en: () => import("./locales/en.ts"), ru: () => import("./locales/ru.ts") },
    () => import("./BeginDialog.vue"),
  ),
);
