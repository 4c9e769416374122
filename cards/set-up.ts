/** What the home screen ticks off of the card: published with a messenger, and visited through the link of the bio. */
import type { StaffRecord } from "../core/auth/index.ts";
import { cardContent, type CardContent } from "./blocks/schema.ts";
import { changeDraft, countChanges, listCards, publishDraft } from "./cards.ts";
import { describeCard } from "./describe.ts";
import type { Desk } from "./desk.ts";
import type { CardRecord } from "./models/index.ts";
import { CountModel } from "./models/statistics.ts";
import type { CardSetUp } from "./schema.ts";
import { messengerItems } from "./starter.ts";

/** How `visit.ts` counts views that came from the profile: by the link of the bio, or however Instagram names itself. */
const bioKeys = ["?bio", "instagram.com"];

/** Of the first published card, else of the first. */
export async function readSetUp({ hub, inbox }: Desk, staff: StaffRecord): Promise<CardSetUp> {
  const cards = await listCards(staff);
  const card = cards.find(({ published }) => published !== null) ?? cards[0];
  if (!card) return { card: null };
  const { workspaceId, _id: cardId } = card;
  const [visits, fromBio, connected] = await Promise.all([
    CountModel.aggregate<{ views: number }>([
      { $match: { workspaceId, cardId, kind: "all" } },
      { $group: { _id: null, views: { $sum: "$views" } } },
    ]),
    CountModel.findOne({ workspaceId, cardId, kind: "source", key: { $in: bioKeys } }, { _id: 1 }).lean(),
    messengerItems(inbox, workspaceId),
  ]);
  const { id, url, published, rev } = describeCard(hub, card);
  const isOn = (content: CardContent | null): boolean => {
    const shown = accountsOn(content);
    return connected.some(({ channelId }) => shown.has(channelId));
  };
  const withoutMessengers = connected.length > 0 && !isOn(card.published ?? card.draft);
  return {
    card: {
      ...{ id, url, published, rev, withoutMessengers },
      visits: visits[0]?.views ?? 0,
      fromInstagram: fromBio !== null,
      messengersWait: withoutMessengers && card.published !== null && isOn(card.draft),
    },
  };
}

/** Adds the connected accounts that the card does not show; visitors see them at once unless other changes wait to be published. */
export async function showMessengers(
  { inbox }: Desk,
  staff: StaffRecord,
  card: CardRecord,
): Promise<CardRecord> {
  const shown = accountsOn(card.draft);
  const connected = await messengerItems(inbox, card.workspaceId);
  const missing = connected.filter(({ channelId }) => !shown.has(channelId));
  const draft = withItems(card.draft, missing);
  if (countChanges({ draft, published: card.draft }) === 0) return card;
  const isClean = card.published !== null && countChanges(card) === 0;
  const changed = await changeDraft(card, staff._id, draft, card.rev);
  return isClean ? publishDraft(changed, changed.rev) : changed;
}

/** Those in blocks that are not hidden. */
function accountsOn(content: CardContent | null): Set<string | undefined> {
  return new Set(
    content?.blocks.flatMap((block) =>
      block.type === "messengers" && block.on ? block.items.map(({ channelId }) => channelId) : [],
    ),
  );
}

/** What a block of messengers can hold; the schema refuses more. */
const mostItems = 20;

/** Into the first block of messengers that is shown; a card without one gets it under its head. */
function withItems(content: CardContent, items: Awaited<ReturnType<typeof messengerItems>>): CardContent {
  if (items.length === 0) return content;
  const { blocks } = content;
  const at = blocks.findIndex(({ type, on }) => type === "messengers" && on);
  const head = blocks[0]?.type === "person" ? 1 : 0;
  const taken = new Set(blocks.map(({ id }) => id));
  const id = ["messengers", ...blocks.map((_, index) => `messengers${index}`)].find((one) => !taken.has(one));
  const given =
    at < 0
      ? blocks.toSpliced(head, 0, { id, type: "messengers", items: items.slice(0, mostItems) } as never)
      : blocks.map((block, index) =>
          index === at && block.type === "messengers"
            ? {
                ...block,
                items: [...block.items, ...items].slice(0, Math.max(mostItems, block.items.length)),
              }
            : block,
        );
  return given.length > 100 ? content : cardContent.parse({ ...content, blocks: given });
}
