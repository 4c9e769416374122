/** A new card with what the hub knows of the business: its name and its connected messengers. */
import type { StaffRecord } from "../core/auth/index.ts";
import { idOf, type ObjectId } from "../core/db.ts";
import { ChannelModel, type Inbox } from "../inbox/index.ts";
import { cardContent, type CardContent } from "./blocks/schema.ts";
import { serviceIds, type ServiceId } from "./blocks/services.ts";

/** The connected messengers that a link leads to, as a card's buttons. */
export async function messengerItems(
  inbox: Inbox,
  workspaceId: ObjectId,
): Promise<{ id: string; service: ServiceId; channelId: string; to: string }[]> {
  const channels = await ChannelModel.find({ workspaceId, removedAt: null, link: { $type: "string" } })
    .limit(20)
    .lean();
  return channels.flatMap((channel) => {
    const kind =
      channel.kind === "facebook" ? "messenger" : channel.kind === "whatsapp-web" ? "whatsapp" : channel.kind;
    const service = serviceIds.find((id) => id === kind);
    return service && inbox.connectors.has(channel.kind)
      ? [{ id: `c${idOf(channel).slice(-8)}`, service, channelId: idOf(channel), to: channel.handle }]
      : [];
  });
}

export async function starterContent(inbox: Inbox, staff: StaffRecord, name: string): Promise<CardContent> {
  return cardContent.parse({
    languages: ["en", "ru"],
    blocks: [
      { id: "person", type: "person", name: { en: name } },
      { id: "messengers", type: "messengers", items: await messengerItems(inbox, staff.workspaceId) },
    ],
  });
}
