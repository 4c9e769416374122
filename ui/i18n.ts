// One vue-i18n instance for the application; message files live beside the features and load per language.
import { computed, shallowReactive, shallowRef, type App } from "vue";
import { createI18n, type I18n } from "vue-i18n";

export type Locale = "en" | "ru";
export const locales: readonly Locale[] = ["en", "ru"];

/** Texts of one feature; a value with bars ("one | few | many") is a plural. */
export interface MessageTree {
  [key: string]: string | MessageTree;
}

/** Loads one feature's texts of one language, as `() => import("./locales/en.ts")`. */
export type MessageLoader = () => Promise<{ default: MessageTree }>;

/** Feature name, under which its keys live (`inbox.list.empty`), to its loaders. */
export type MessageSources = Record<string, Record<Locale, MessageLoader>>;

const current = shallowRef<Locale>("en");
/** The language on screen; change it by `setLocale`. */
export const locale = computed(() => current.value);

let sources: MessageSources = {};
let wanted: Locale = "en";
/** Languages asked for so far; those that are whole. */
const asked = new Set<Locale>();
const loaded = shallowReactive(new Set<Locale>());
const i18n: I18n<
  Record<string, unknown>,
  Record<string, unknown>,
  Record<string, unknown>,
  string,
  false
> = createI18n({
  legacy: false,
  locale: "en",
  fallbackLocale: "en",
  missingWarn: import.meta.env.DEV,
  fallbackWarn: false,
  pluralRules: { ru: russianForm },
});

/** Registers every feature's texts, loads the language of this browser (or the one chosen before), installs `$t`. */
export async function installI18n(app: App, features: MessageSources): Promise<void> {
  sources = { ...features };
  await setLocale(storedLocale());
  app.use(i18n);
}

/** Switches the language at run time; remembered in this browser. */
export async function setLocale(next: Locale): Promise<void> {
  wanted = next;
  await loadMessages(next);
  if (wanted !== next) return; // another one was chosen while this one loaded
  i18n.global.locale.value = next;
  current.value = next;
  document.documentElement.lang = next;
  localStorage.setItem("locale", next);
}

/** Translates outside components (toasts from a store, titles). */
export const translate: (key: string, named?: Record<string, unknown>, plural?: number) => string = (
  key,
  named = {},
  plural,
) => (plural === undefined ? i18n.global.t(key, named) : i18n.global.t(key, named, plural));

/** Whether there is such a text in the language on screen. */
export function hasText(key: string): boolean {
  return i18n.global.te(key);
}

/** A text of another language, for search in both; empty until `loadLocale` has loaded it. */
export function translateIn(language: Locale, key: string): string {
  return loaded.has(language) ? i18n.global.t(key, {}, { locale: language }) : "";
}

/** Loads a language without showing it. */
export function loadLocale(language: Locale): Promise<void> {
  return loadMessages(language);
}

/**
 * The loader of a screen or dialog that has texts of its own, under a name of their own (dots lead inwards): both come
 * together, in every language in use, and stay out of the first load.
 */
export function withTexts<T>(
  name: string,
  texts: Record<Locale, MessageLoader>,
  load: () => Promise<T>,
): () => Promise<T> {
  return async () => {
    sources[name] ??= texts;
    const [file] = await Promise.all([load(), ...[...asked].map((one) => loadTexts(one, name, texts))]);
    return file;
  };
}

async function loadMessages(target: Locale): Promise<void> {
  if (loaded.has(target)) return;
  asked.add(target);
  await Promise.all(Object.entries(sources).map(([name, loaders]) => loadTexts(target, name, loaders)));
  loaded.add(target);
}

async function loadTexts(
  target: Locale,
  name: string,
  loaders: Record<Locale, MessageLoader>,
): Promise<void> {
  const file = await loaders[target]();
  const tree = name.split(".").reduceRight<MessageTree>((inner, key) => ({ [key]: inner }), file.default);
  i18n.global.mergeLocaleMessage(target, tree);
}

function storedLocale(): Locale {
  const own = localStorage.getItem("locale") ?? navigator.language.slice(0, 2);
  return locales.find((one) => one === own) ?? "en";
}

const russianRules = new Intl.PluralRules("ru");

/** Three forms, one | few | many: 1 день, 2 дня, 5 дней. */
function russianForm(count: number, forms: number): number {
  const rule = russianRules.select(count);
  if (forms < 3) return rule === "one" ? 0 : 1;
  return rule === "one" ? 0 : rule === "few" ? 1 : 2;
}
