/** Each language of the widget says all that English says, with no blank that is never filled in. */
import { readdir } from "node:fs/promises";
import { expect, it } from "vitest";
import { loadLabels } from "../../widget/languages.ts";
import en from "../../widget/site/texts/en.ts";

const folder = new URL("../../widget/site/texts/", import.meta.url);
const files = (await readdir(folder)).map((name) => name.replace(".ts", ""));
const blanks = (text: string | undefined): string[] => [...(text ?? "").matchAll(/\{\w+\}/g)].flat().sort();

it.each(files)("%s", async (language) => {
  const { default: texts } = (await import(new URL(`${language}.ts`, folder).href)) as {
    default: Record<string, string>;
  };
  expect(Object.keys(texts).sort()).toEqual(Object.keys(en).sort());
  for (const [key, text] of Object.entries(en)) {
    expect(texts[key], key).not.toBe("");
    expect(blanks(text), key).toEqual(expect.arrayContaining(blanks(texts[key])));
  }
  const said = (await loadLabels()).get(language);
  expect(said?.labels).toEqual([texts["openChat"], texts["closeChat"], texts["dismiss"]]);
  const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
  expect(Object.keys(said?.unread ?? {}).sort()).toEqual(pluralCategories.toSorted());
  for (const text of Object.values(said?.unread ?? {})) expect(text).toMatch(/^# /);
});
