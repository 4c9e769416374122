/** The languages of the visitor's side: a file each in `site/texts/`, found by its name. */
import { readdir } from "node:fs/promises";
import { z } from "zod";
import type { PageConfig } from "./schema.ts";

const here = new URL("./site/texts/", import.meta.url);
const texts = z.object({
  default: z.object({ openChat: z.string(), closeChat: z.string(), dismiss: z.string() }),
});

/** What the launcher says before the panel has come, by language. */
export async function loadLabels(): Promise<Map<string, PageConfig["labels"]>> {
  const files = (await readdir(here)).filter((name) => /^[a-z]{2,3}(-[A-Z]{2})?\.(ts|js)$/.test(name));
  const read = files.map(async (name): Promise<[string, PageConfig["labels"]]> => {
    const { openChat, closeChat, dismiss } = texts.parse(await import(new URL(name, here).href)).default;
    return [name.replace(/\.\w+$/, ""), [openChat, closeChat, dismiss]];
  });
  return new Map(await Promise.all(read));
}
