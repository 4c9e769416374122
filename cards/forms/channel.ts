/** The channel of a card's forms: made when a card with forms is first published, and gone with the card. */
import type { StaffRecord } from "../../core/auth/index.ts";
import { AppError } from "../../core/errors.ts";
import { ChannelModel, connectChannel, removeChannel, type ChannelRecord } from "../../inbox/index.ts";
import type { CardContent } from "../blocks/schema.ts";
import type { Desk } from "../desk.ts";
import type { CardRecord } from "../models/index.ts";
import { formKind } from "./connector.ts";

type CardRef = Pick<CardRecord, "_id" | "workspaceId">;

export async function findFormChannel({ workspaceId, _id }: CardRef): Promise<ChannelRecord | null> {
  return ChannelModel.findOne({
    workspaceId,
    kind: formKind,
    externalId: _id.toHexString(),
    removedAt: null,
  }).lean();
}

export function hasForms({ blocks }: CardContent): boolean {
  return blocks.some(({ type }) => type === "form" || type === "booking");
}

/** One that an administrator has removed comes back when the card is published again. */
export async function openForms({ inbox, hub }: Desk, staff: StaffRecord, card: CardRecord): Promise<void> {
  if (!hasForms(card.draft) || (await findFormChannel(card))) return;
  const { name } = card;
  const cardId = card._id.toHexString();
  const address = `${hub.address().replace(/^https?:\/\//, "")}/c/${card.slug}`;
  try {
    await connectChannel(inbox, staff, { kind: formKind, name, credentials: { cardId, name, address } });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "already_exists") throw error; // somebody else published meanwhile
  }
}

/** What was sent stays in the inbox. */
export async function closeForms({ inbox }: Desk, staff: StaffRecord, card: CardRef): Promise<void> {
  const channel = await findFormChannel(card);
  if (channel) await removeChannel(inbox, staff, channel._id.toHexString());
}

/** Shown with the card's address as it is now. */
export async function readdressForms({ hub }: Desk, card: CardRecord): Promise<void> {
  const channel = await findFormChannel(card);
  if (!channel) return;
  const { workspaceId, slug } = card;
  const handle = `${hub.address().replace(/^https?:\/\//, "")}/c/${slug}`;
  if (channel.handle === handle) return;
  await ChannelModel.updateOne({ workspaceId, _id: channel._id }, { $set: { handle } });
  hub.events.publish("channel.changed", { workspaceId, channelId: channel._id });
}
