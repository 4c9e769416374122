/** The languages of the visitor's side: a file each in `site/texts/`, found by its name. */
import { readdir } from "node:fs/promises";
import { z } from "zod";
import type { PageConfig } from "./schema.ts";

const here = new URL("./site/texts/", import.meta.url);
/** Said beside the launcher's name, so that it is no part of what the panel loads; by language and plural category. */
const unread: Record<string, Record<string, string>> = {
  en: { one: "# unread message", other: "# unread messages" },
  ru: {
    one: "# непрочитанное сообщение",
    few: "# непрочитанных сообщения",
    many: "# непрочитанных сообщений",
    other: "# непрочитанного сообщения",
  },
};
const texts = z.object({
  default: z.object({ openChat: z.string(), closeChat: z.string(), dismiss: z.string() }),
});

type Labels = Pick<PageConfig, "labels" | "unread">;

/** What the launcher says before the panel has come, by language. */
export async function loadLabels(): Promise<Map<string, Labels>> {
  const files = (await readdir(here)).filter((name) => /^[a-z]{2,3}(-[A-Z]{2})?\.(ts|js)$/.test(name));
  const read = files.map(async (name): Promise<[string, Labels]> => {
    const { openChat, closeChat, dismiss } = texts.parse(await import(new URL(name, here).href)).default;
    const language = name.replace(/\.\w+$/, "");
    return [language, { labels: [openChat, closeChat, dismiss], unread: unread[language] ?? {} }];
  });
  return new Map(await Promise.all(read));
}
