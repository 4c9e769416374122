/** What a new card begins with: what the hub knows of the business, in the layout that was chosen. */
import type { StaffRecord } from "../core/auth/index.ts";
import { idOf, ObjectId } from "../core/db.ts";
import { ChannelModel, type Inbox } from "../inbox/index.ts";
import { beginCard, type LayoutId } from "./blocks/layouts.ts";
import type { CardContent } from "./blocks/schema.ts";
import { serviceOfKind, type ServiceId } from "./blocks/services.ts";
import { describeFacts, readFacts } from "./facts.ts";
import type { CardBeginning } from "./schema.ts";

/** The connected messengers that a link leads to, as a card's buttons. */
export async function messengerItems(
  inbox: Inbox,
  workspaceId: ObjectId,
): Promise<{ id: string; service: ServiceId; channelId: string; to: string }[]> {
  const channels = await ChannelModel.find({ workspaceId, removedAt: null, link: { $type: "string" } })
    .limit(20)
    .lean();
  return channels.flatMap((channel) => {
    const service = serviceOfKind(channel.kind);
    return service && inbox.connectors.has(channel.kind)
      ? [{ id: `c${idOf(channel).slice(-8)}`, service, channelId: idOf(channel), to: channel.handle }]
      : [];
  });
}

export async function starterContent(
  inbox: Inbox,
  { workspaceId, preferences }: StaffRecord,
  name: string,
  layout?: LayoutId,
): Promise<CardContent> {
  const language = preferences["locale"] === "ru" ? "ru" : "en";
  return beginCard(layout, { name, language, messengers: await messengerItems(inbox, workspaceId) });
}

/** For the previews of layouts: what `starterContent` would find. */
export async function readBeginning(inbox: Inbox, { workspaceId }: StaffRecord): Promise<CardBeginning> {
  const messengers = await messengerItems(inbox, workspaceId);
  const unmade = { _id: new ObjectId(), workspaceId };
  const facts = await readFacts(
    unmade,
    beginCard(undefined, { name: "", language: "en", messengers }),
    new Date(),
  );
  return { messengers, facts: describeFacts(facts) };
}
