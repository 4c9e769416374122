import { withTexts } from "../../../ui/i18n.ts";

/** The home screen's texts stay out of the inbox's first load; its title alone is known at once. */
export function withHomeTexts<T>(load: () => Promise<T>): () => Promise<T> {
  return withTexts(
    "workspace.home",
    { en: () => import("../locales/en/home.ts"), ru: () => import("../locales/ru/home.ts") },
    load,
  );
}
