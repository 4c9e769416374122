// What keeps a block, or a part of it, from the page: what the list says of it. Words are under `cardLook.unseen`.
import { emailOf, phoneOf, safeAddress } from "../../blocks/address.ts";
import type { Block } from "../../blocks/schema.ts";
import { serviceOf, type ServiceId } from "../../blocks/services.ts";
import type { CardFacts } from "../../schema.ts";
import type { Naming } from "./block-names.ts";

export interface Known {
  facts: CardFacts;
  /** Connected accounts, by id, with the service that their links lead to. */
  accounts: readonly { id: string; service: string }[];
}

/** In words; undefined when all of it is there. */
export function unseen(block: Block, { facts, accounts }: Known, { t }: Naming): string | undefined {
  const say = (why: string): string => t("cardLook.unseen.row", { why: t(`cardLook.unseen.${why}`) });
  const unless = (there: unknown, why = "empty"): string | undefined => (there ? undefined : say(why));
  switch (block.type) {
    case "messengers":
    case "social": {
      const items: readonly { service: ServiceId; to: string; channelId?: string | undefined }[] =
        block.items;
      const lost = items.filter(({ service, to, channelId = "" }) => {
        const connected = accounts.some((one) => one.id === channelId && one.service === service);
        return !connected && !facts.accounts[channelId] && serviceOf(service).link(to) === undefined;
      });
      if (block.items.length === 0) return say("empty");
      const names = [...new Set(lost.map(({ service }) => serviceOf(service).title))].join(", ");
      return lost.length > 0 ? t("cardLook.unseen.row", { why: names }) : undefined;
    }
    case "link":
    case "embed":
      return block.url.trim() === "" ? say("noAddress") : unless(safeAddress(block.url), "address");
    case "phone":
      return block.number === "" ? say("noNumber") : unless(phoneOf(block.number), "number");
    case "email":
      return block.address === "" ? say("noEmail") : unless(emailOf(block.address), "email");
    case "heading":
      return unless(isSaid(block.text));
    case "text":
      return unless(isSaid(block.title) || isSaid(block.text));
    case "address":
      return unless(isSaid(block.address), "noAddress");
    case "hours":
      return unless(block.own ?? facts.week, "hours");
    case "gallery":
      return unless(block.pictures.some(({ fileId }) => fileId !== ""));
    case "faq":
    case "prices":
      return unless(block.items.length > 0);
    case "file":
      return unless(block.fileId, "file");
    case "reviews":
      return unless(facts.reviews, "reviews");
    default:
      return undefined;
  }
}

const isSaid = (words: Record<string, string>): boolean =>
  Object.values(words).some((text) => text.trim() !== "");
