/** Reviews of real customers: a link is made from a conversation, its review waits for the owner, the card shows it. */
import { z } from "zod";
import type { StaffRecord } from "../../core/auth/index.ts";
import { idOf, toObjectId, type ObjectId } from "../../core/db.ts";
import { AppError } from "../../core/errors.ts";
import { hashToken, newToken } from "../../core/secrets.ts";
import { accessConversation, MessageModel } from "../../inbox/index.ts";
import { accessCard } from "../cards.ts";
import type { Facts } from "../blocks/facts.ts";
import type { Desk } from "../desk.ts";
import {
  CardModel,
  ReviewLinkModel,
  ReviewModel,
  type CardRecord,
  type ReviewRecord,
} from "../models/index.ts";
import type { CardReview, ReviewAsk } from "../schema.ts";

const linkDays = 30;
/** Of each card, on its page. */
const mostShown = 12;
const mostListed = 50;

/** Where the customer of a conversation may be asked for a review, and what was said there already. */
export async function findReview(staff: StaffRecord, conversationId: string): Promise<ReviewAsk> {
  const { workspaceId, _id } = await accessConversation(staff, conversationId);
  const [review, cards, wrote] = await Promise.all([
    ReviewModel.findOne({ workspaceId, conversationId: _id }).lean(),
    CardModel.find({ workspaceId, removedAt: null, "published.blocks.type": "reviews" }, { name: 1 })
      .limit(20)
      .lean(),
    MessageModel.exists({ workspaceId, conversationId: _id, type: "incoming" }),
  ]);
  return {
    review: review && describeReview(review),
    cards: wrote && !review ? cards.map((card) => ({ id: idOf(card), name: card.name })) : [],
  };
}

/** `conflict` where the customer has written nothing, or has left a review already. */
export async function makeLink(
  { hub }: Desk,
  staff: StaffRecord,
  conversationId: string,
  cardId: string,
): Promise<{ url: string; expiresAt: string }> {
  const { cards } = await findReview(staff, conversationId);
  if (!cards.some(({ id }) => id === cardId)) throw new AppError("conflict");
  const { workspaceId, _id } = await accessConversation(staff, conversationId);
  const card = await accessCard(staff, cardId);
  const token = newToken();
  const expiresAt = new Date(Date.now() + linkDays * 86_400_000);
  await ReviewLinkModel.create({
    workspaceId,
    hash: hashToken(token),
    cardId: card._id,
    conversationId: _id,
    madeBy: staff.name,
    expiresAt,
  });
  return { url: `${hub.address()}/c/${card.slug}/review/${token}`, expiresAt: expiresAt.toISOString() };
}

/** Where a list goes on: among those that wait, or those that somebody has seen. */
export const reviewCursor = z.string().regex(/^(waiting|seen)-[0-9a-f]{24}$/);

/** Those that wait come first; then the newest. */
export async function listReviews(
  { workspaceId, _id: cardId }: CardRecord,
  cursor?: string,
): Promise<{ items: CardReview[]; next: string | null }> {
  const [part, after] = cursor?.split("-") ?? [];
  const before = toObjectId(after ?? "");
  const states = { waiting: ["waiting" as const], seen: ["shown" as const, "hidden" as const] };
  const read = async (of: "waiting" | "seen", most: number): Promise<ReviewRecord[]> =>
    ReviewModel.find({
      ...{ workspaceId, cardId },
      state: { $in: states[of] },
      ...(of === part && before ? { _id: { $lt: before } } : {}),
    })
      .sort({ _id: -1 })
      .limit(most)
      .lean();
  const found = part === "seen" ? [] : await read("waiting", mostListed);
  if (found.length < mostListed) found.push(...(await read("seen", mostListed - found.length)));
  const last = found.length === mostListed ? found.at(-1) : undefined;
  return {
    items: found.map(describeReview),
    next: last ? `${last.state === "waiting" ? "waiting" : "seen"}-${idOf(last)}` : null,
  };
}

/** Shown on the card or not; what it says stays the customer's. */
export async function changeReview(
  { workspaceId, _id: cardId }: CardRecord,
  id: string,
  state: "shown" | "hidden",
): Promise<CardReview> {
  const _id = toObjectId(id);
  const changed =
    _id &&
    (await ReviewModel.findOneAndUpdate(
      { workspaceId, cardId, _id },
      { $set: { state } },
      { returnDocument: "after" },
    ).lean());
  if (!changed) throw new AppError("not_found");
  await CardModel.updateOne({ workspaceId, _id: cardId }, { $inc: { version: 1 } }); // its page is made anew
  return describeReview(changed);
}

export function describeReview(review: ReviewRecord): CardReview {
  const { conversationId, stars, text, name, state, askedBy, createdAt } = review;
  return {
    id: idOf(review),
    conversationId: conversationId.toHexString(),
    ...{ stars, text, name, state },
    askedBy: askedBy ?? null,
    at: createdAt.toISOString(),
  };
}

/** What the page shows: those alone that were approved. */
export async function readReviews(workspaceId: ObjectId, cardId: ObjectId): Promise<Facts["reviews"]> {
  const shown = { workspaceId, cardId, state: "shown" } as const;
  const [items, ...counts] = await Promise.all([
    ReviewModel.find(shown).sort({ createdAt: -1 }).limit(mostShown).lean(),
    ...[1, 2, 3, 4, 5].map((stars) => ReviewModel.countDocuments({ ...shown, stars })),
  ]);
  const count = counts.reduce((sum, one) => sum + one, 0);
  if (count === 0) return undefined;
  const sum = counts.reduce((total, one, index) => total + one * (index + 1), 0);
  return {
    count,
    average: Math.round((sum / count) * 10) / 10,
    items: items.map(({ stars, text, name, createdAt }) => ({
      ...{ stars, text, name },
      day: createdAt.toISOString().slice(0, 10),
    })),
  };
}
