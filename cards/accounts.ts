/** Connected accounts behind a card's buttons. */
import { ObjectId } from "../core/db.ts";
import { ChannelModel } from "../inbox/index.ts";
import type { CardContent } from "./blocks/schema.ts";
import { serviceOfKind } from "./blocks/services.ts";

/** Without accounts of another service than their button's: one named Viber never leads to Telegram. */
export async function withOwnAccounts(workspaceId: ObjectId, content: CardContent): Promise<CardContent> {
  const ids = content.blocks.flatMap((block) =>
    block.type === "messengers" ? block.items.flatMap(({ channelId }) => channelId ?? []) : [],
  );
  if (ids.length === 0) return content;
  const channels = await ChannelModel.find(
    { workspaceId, _id: { $in: ids.map((id) => new ObjectId(id)) } },
    { kind: 1 },
  )
    .limit(ids.length)
    .lean();
  const kinds = new Map(channels.map(({ _id, kind }) => [_id.toHexString(), kind]));
  const blocks = content.blocks.map((block) => {
    if (block.type !== "messengers") return block;
    const items = block.items.map((item) => {
      const kind = kinds.get(item.channelId ?? "");
      if (kind === undefined || serviceOfKind(kind) === item.service) return item;
      const { channelId: _, ...rest } = item;
      return rest;
    });
    return { ...block, items };
  });
  return { ...content, blocks };
}
