import { idOf } from "../core/db.ts";
import type { Hub } from "../core/hub.ts";
import { blocksOf, headOf } from "./blocks/page.ts";
import type { CardContent } from "./blocks/schema.ts";
import { countChanges } from "./cards.ts";
import type { CardRecord } from "./models/index.ts";
import type { Card } from "./schema.ts";

/** What visitors see; of a card that nobody has published yet, its draft. */
export const shownContent = ({ published, draft }: CardRecord): CardContent => published ?? draft;

export function describeCard(hub: Hub, card: CardRecord): Card {
  const shown = shownContent(card);
  const photo = blocksOf(shown, "person")[0]?.photo;
  return {
    id: idOf(card),
    name: card.name,
    slug: card.slug,
    url: card.domain ? `https://${card.domain}/` : `${hub.address()}/c/${card.slug}`,
    hubUrl: `${hub.address()}/c/${card.slug}`,
    draft: card.draft,
    shown: {
      name: headOf(shown, shown.languages[0] ?? "en").name || card.name,
      languages: shown.languages,
      ...(photo ? { photo } : {}),
    },
    published: card.published !== null,
    ...(card.publishedAt ? { publishedAt: card.publishedAt.toISOString() } : {}),
    changes: countChanges(card),
    rev: card.rev,
    changedBy: card.draftBy.toHexString(),
    changedAt: card.draftAt.toISOString(),
    hidden: card.hidden,
    runsOn: card.runsOn,
  };
}
