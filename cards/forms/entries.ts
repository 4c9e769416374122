/** What the contact of a conversation has sent by cards, with what was agreed to: read beside the thread. */
import { channelFilter, type StaffRecord } from "../../core/auth/index.ts";
import { ThreadModel, accessConversation } from "../../inbox/index.ts";
import { CardModel, EntryModel } from "../models/index.ts";
import type { CardEntry } from "../schema.ts";

const most = 20;

/** Newest first; only of channels that the asker may use. */
export async function listEntries(staff: StaffRecord, conversationId: string): Promise<CardEntry[]> {
  const { workspaceId, contactId } = await accessConversation(staff, conversationId);
  const threads = await ThreadModel.find({ workspaceId, contactId, ...channelFilter(staff) })
    .limit(100)
    .lean();
  if (threads.length === 0) return [];
  const entries = await EntryModel.find({
    workspaceId,
    $or: threads.map(({ channelId, threadKey }) => ({ channelId, sender: threadKey })),
  })
    .sort({ createdAt: -1 })
    .limit(most)
    .lean();
  const cards = await CardModel.find(
    { workspaceId, _id: { $in: entries.map(({ cardId }) => cardId) } },
    { name: 1 },
  ).lean();
  return entries.map(({ _id, cardId, language, source, consent, update, createdAt }) => ({
    id: _id.toHexString(),
    cardId: cardId.toHexString(),
    cardName: cards.find((card) => card._id.equals(cardId))?.name ?? "",
    kind: update.card.what,
    title: update.card.title ?? "",
    language,
    source,
    at: createdAt.toISOString(),
    consent: consent && { ...consent, at: createdAt.toISOString() },
  }));
}
