// What a block is called in the list, and the line below.
import type { Block } from "../../blocks/schema.ts";
import { services } from "../../blocks/services.ts";
import { say } from "../../blocks/words.ts";

export interface Naming {
  language: string;
  languages: readonly string[];
  t: (key: string, named?: Record<string, unknown>, plural?: number) => string;
}

/** Its own title, else the name of its kind. */
export function nameOf(block: Block, { language, languages, t }: Naming): string {
  const words =
    "title" in block
      ? block.title
      : "text" in block && block.type !== "messengers"
        ? block.text
        : block.type === "address"
          ? block.address
          : "name" in block
            ? block.name
            : {};
  return say(words, language, languages) || t(`cardBuilder.block.${block.type}`);
}

export function noteOf(block: Block, naming: Naming): string {
  const { t } = naming;
  const kind = t(`cardBuilder.block.${block.type}`);
  if (block.type === "person") return t("cardLook.note.person");
  if (block.type === "messengers") return listed(block.items, naming) || t("cardLook.note.none");
  if (block.type === "social") return listed(block.items, naming) || t("cardLook.note.none");
  if (block.type === "link" || block.type === "embed")
    return block.url.replace(/^https?:\/\//, "") || t("cardLook.note.noAddress");
  if (block.type === "gallery")
    return t("cardLook.note.photos", { n: block.pictures.length }, block.pictures.length);
  if (block.type === "prices" || block.type === "faq")
    return t("cardLook.note.items", { n: block.items.length }, block.items.length);
  if (block.type === "phone") return block.number || kind;
  if (block.type === "email") return block.address || kind;
  return nameOf(block, naming) === kind ? "" : kind;
}

/** "Telegram, WhatsApp and 3 more" */
function listed(items: { service: keyof typeof services }[], { t }: Naming): string {
  const names = items.map(({ service }) => services[service].title);
  if (names.length < 4) return names.join(", ");
  return t("cardLook.note.more", { names: names.slice(0, 2).join(", "), n: names.length - 2 });
}
