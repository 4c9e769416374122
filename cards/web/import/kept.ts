// What of an import is made into a card: all of it but what was unticked.
import type { CardContent } from "../../blocks/schema.ts";

/** `left`: keys of rows, `block` or `block/part`. */
export function without(content: CardContent, left: ReadonlySet<string>): CardContent {
  const blocks = content.blocks.flatMap((block): CardContent["blocks"] => {
    if (left.has(block.id)) return [];
    if (block.type === "person") {
      const about = left.has(`${block.id}/about`) ? {} : block.about;
      const photo = left.has(`${block.id}/photo`) ? undefined : block.photo;
      const { photo: _, ...person } = block;
      return [{ ...person, about, ...(photo ? { photo } : {}) }];
    }
    if (block.type === "messengers") {
      const items = block.items.filter(({ id }) => !left.has(`${block.id}/${id}`));
      return items.length > 0 ? [{ ...block, items }] : [];
    }
    if (block.type === "social") {
      const items = block.items.filter(({ id }) => !left.has(`${block.id}/${id}`));
      return items.length > 0 ? [{ ...block, items }] : [];
    }
    return [block];
  });
  return { ...content, blocks };
}
