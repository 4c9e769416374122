/** Where a tap leads. Links into messengers carry a token, so that the conversation says which card it came from. */
import { ObjectId } from "../core/db.ts";
import { ChannelModel, mintLinkToken, type Inbox } from "../inbox/index.ts";
import { safeAddress } from "./blocks/address.ts";
import { isShown } from "./blocks/render.ts";
import type { Block } from "./blocks/schema.ts";
import { serviceOf } from "./blocks/services.ts";
import { say } from "./blocks/words.ts";
import type { OpenCard } from "./pages.ts";
import { fromCard } from "./statistics/report.ts";

export interface Tap {
  blockId: string;
  itemId: string | undefined;
  language: string;
  /** `?utm_source=…` and `?s=…` of the page, for the origin. */
  source: string;
  /** A program that looks at links: it gets the address, and no token is made for it. */
  bot: boolean;
}

/** What the inbox says of a conversation: the card, what was pressed or filled in on it, and what led there. */
export function originOf(card: string, block: string, source: string): string {
  return [card, block, source].filter(Boolean).join(" · ").slice(0, 200);
}

/** A link only tells where somebody came from: it works for a day. */
const lives = 24 * 60;

/** The address, or undefined when the block is not on the card. */
export async function targetOf(inbox: Inbox, open: OpenCard, tap: Tap): Promise<string | undefined> {
  const block = open.content.blocks.find(({ id }) => id === tap.blockId);
  if (!block || !isShown(block, new Date())) return undefined;
  switch (block.type) {
    case "link":
    case "embed":
      return safeAddress(block.url);
    case "address":
      return (
        safeAddress(block.map ?? "") ??
        mapOf(say(block.address, tap.language, open.content.languages), tap.language)
      );
    case "social": {
      const item = block.items.find(({ id }) => id === tap.itemId);
      return item && serviceOf(item.service).link(item.to);
    }
    case "messengers":
      return messengerLink(inbox, open, block, tap);
    default:
      return undefined;
  }
}

function mapOf(address: string, language: string): string {
  return language === "ru"
    ? `https://yandex.ru/maps/?text=${encodeURIComponent(address)}`
    : `https://www.google.com/maps/search/?api=1&query=${encodeURIComponent(address)}`;
}

async function messengerLink(
  inbox: Inbox,
  open: OpenCard,
  block: Extract<Block, { type: "messengers" }>,
  tap: Tap,
): Promise<string | undefined> {
  const item = block.items.find(({ id }) => id === tap.itemId);
  if (!item) return undefined;
  const text = say(block.text, tap.language, open.content.languages);
  const plain = serviceOf(item.service).link(item.to, text);
  if (!item.channelId) return plain;
  const { workspaceId, name } = open.card;
  const channel = await ChannelModel.findOne({
    workspaceId,
    _id: new ObjectId(item.channelId),
    removedAt: null,
  }).lean();
  const connector = channel && inbox.connectors.get(channel.kind);
  if (!channel?.link) return plain;
  if (!connector?.startLink || tap.bot) return channel.link;
  const button = say(item.title, tap.language, open.content.languages) || serviceOf(item.service).title;
  const origin = originOf(name, button, tap.source);
  const token = await mintLinkToken(
    { workspaceId, channelId: channel._id, origin, from: fromCard(open.card._id, tap.language) },
    lives,
    connector.startCode,
  );
  return connector.startLink(channel.link, token);
}
