// Blocks with what the hub knows already: only where it knows it, and the card does not show it yet.
import type { Block, CardContent } from "../../blocks/schema.ts";
import { weekRows } from "../../blocks/hours.ts";
import type { CardFacts } from "../../schema.ts";
import type { Builder } from "./builder-key.ts";
import { newBlock, newItemId } from "./fields.ts";

export interface ReadyBlock {
  /** What the chip says: "Mon–Fri 10:00–20:00". */
  name: string;
  make(): Block;
}

export function readyBlocks(
  content: CardContent,
  facts: CardFacts,
  accounts: Builder["accounts"]["value"],
  language: string,
): ReadyBlock[] {
  const ready: ReadyBlock[] = [];
  const [row] = facts.week ? weekRows(facts.week, language) : [];
  if (row && !content.blocks.some(({ type }) => type === "hours"))
    ready.push({ name: row.join(" "), make: () => newBlock("hours") });
  const shown = new Set(
    content.blocks.flatMap((block) =>
      block.type === "messengers" ? block.items.map(({ channelId }) => channelId) : [],
    ),
  );
  const missing = accounts.filter(({ id }) => !shown.has(id));
  if (missing.length > 0)
    ready.push({
      name: missing.map(({ name }) => name).join(", "),
      make: () =>
        ({
          ...newBlock("messengers"),
          items: missing.map(({ id, handle, service }) => ({
            id: newItemId(),
            service,
            channelId: id,
            to: handle,
            title: {},
          })),
        }) as Block, // accounts name services of the schema
    });
  return ready;
}
