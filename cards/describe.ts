import { idOf } from "../core/db.ts";
import type { Hub } from "../core/hub.ts";
import { countChanges } from "./cards.ts";
import type { CardRecord } from "./models/index.ts";
import type { Card } from "./schema.ts";

export function describeCard(hub: Hub, card: CardRecord): Card {
  return {
    id: idOf(card),
    name: card.name,
    slug: card.slug,
    url: card.domain ? `https://${card.domain}/` : `${hub.address()}/c/${card.slug}`,
    hubUrl: `${hub.address()}/c/${card.slug}`,
    draft: card.draft,
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
