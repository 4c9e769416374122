// Languages of the widget, and what is not translated yet.
import { locale } from "../../../ui/i18n.ts";
import type { WidgetConfig } from "../../schema.ts";

export const textNames = ["title", "chat", "chatHint", "hello", "away", "launcher", "afterRating"] as const;
export type TextName = (typeof textNames)[number];
type Texts = Record<string, string>;

/** The panel's own words are in English and Russian; in the others they stay English. */
const offered =
  "en ru ar az be bg cs da de el es et fa fi fr he hi hr hu hy id it ja ka kk ko ky lt lv nl no pl pt ro sk sl sr sv th tr uk uz vi zh";

/** "Russian", in the reader's language and with a capital. */
export function languageName(code: string): string {
  const name = new Intl.DisplayNames(locale.value, { type: "language" }).of(code) ?? code;
  return name.charAt(0).toLocaleUpperCase(locale.value) + name.slice(1);
}

export function languagesBeside(taken: string[]): string[] {
  return offered
    .split(" ")
    .filter((code) => !taken.includes(code))
    .sort((one, other) => languageName(one).localeCompare(languageName(other), locale.value));
}

/** What a visitor of this language sees in place of a text that is missing. */
export function fallbackOf(texts: Texts | undefined, language: string): string {
  if (!texts) return "";
  const others = [texts["en"], ...Object.values(texts)];
  return (texts[language]?.trim() ? texts[language] : others.find((text) => text?.trim())) ?? "";
}

export interface Missing {
  kind: "text" | "rule" | "field" | "consent";
  /** Of the text, or what the rule or the field is called. */
  name: string;
}

/** What is there in another language and not in this one. */
export function missingIn(config: WidgetConfig, language: string): Missing[] {
  const lacks = (texts: Texts | undefined): boolean =>
    !texts?.[language]?.trim() && fallbackOf(texts, language) !== "";
  const { preChat } = config;
  return [
    ...textNames.filter((name) => lacks(config.texts[name])).map((name) => ({ kind: "text" as const, name })),
    ...config.rules
      .filter((rule) => rule.on && [rule.greeting, ...rule.answers.map((one) => one.title)].some(lacks))
      .map((rule) => ({ kind: "rule" as const, name: rule.name })),
    ...(preChat.on ? preChat.fields : [])
      .filter((field) => lacks(field.label))
      .map((field) => ({ kind: "field" as const, name: fallbackOf(field.label, language) })),
    ...(preChat.on && preChat.consent.on && lacks(preChat.consent.text)
      ? [{ kind: "consent" as const, name: "" }]
      : []),
  ];
}
