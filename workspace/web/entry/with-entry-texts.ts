import { withTexts } from "../../../ui/i18n.ts";

const texts = {
  en: () => import("../locales/en/entry.ts"),
  ru: () => import("../locales/ru/entry.ts"),
};

/** For the screens before the sign-in, and the settings that ask for a name, an address or a password as they do. */
export function withEntryTexts<T>(load: () => Promise<T>): () => Promise<T> {
  return withTexts("workspace.entry", texts, load);
}
