/** Cards and their settings: a draft that is edited, and what visitors see since it was last published. */
import { isDeepStrictEqual } from "node:util";
import type { StaffRecord } from "../core/auth/index.ts";
import { ObjectId, toObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import { withOwnAccounts } from "./accounts.ts";
import type { CardContent } from "./blocks/schema.ts";
import { CardModel, SlugModel, type CardRecord } from "./models/index.ts";
import { takeSlug } from "./slugs.ts";

const maxCards = 100;

export async function listCards(staff: StaffRecord): Promise<CardRecord[]> {
  return CardModel.find({ workspaceId: staff.workspaceId, removedAt: null })
    .sort({ createdAt: 1 })
    .limit(maxCards)
    .lean();
}

/** A card of the person's workspace, or `not_found`. */
export async function accessCard(staff: StaffRecord, id: string): Promise<CardRecord> {
  const _id = toObjectId(id);
  const { workspaceId } = staff;
  const card = _id && (await CardModel.findOne({ workspaceId, _id, removedAt: null }).lean());
  if (!card) throw new AppError("not_found");
  return card;
}

/** The address is taken first: a card never stands without one. */
export async function createCard(
  staff: StaffRecord,
  given: { name: string; slug: string; content: CardContent },
): Promise<CardRecord> {
  const { workspaceId } = staff;
  if ((await CardModel.countDocuments({ workspaceId, removedAt: null }, { limit: maxCards })) >= maxCards)
    throw new AppError("conflict", { most: maxCards });
  const _id = new ObjectId();
  await takeSlug(workspaceId, _id, given.slug);
  const now = new Date();
  const card = await CardModel.create({
    _id,
    workspaceId,
    name: given.name,
    slug: given.slug,
    draft: await withOwnAccounts(workspaceId, given.content),
    published: null,
    rev: 1,
    version: 1,
    draftBy: staff._id,
    draftAt: now,
    hidden: false,
    runsOn: false,
    removedAt: null,
    createdAt: now,
  });
  return card.toObject();
}

/** `rev`: the draft that the change was made from. Somebody else's changes since then are not overwritten: `conflict`. */
export async function changeDraft(
  card: CardRecord,
  by: ObjectId,
  draft: CardContent,
  rev: number,
): Promise<CardRecord> {
  const own = await withOwnAccounts(card.workspaceId, draft);
  return changeAt(card, rev, { $set: { draft: own, draftBy: by, draftAt: new Date() }, $inc: { rev: 1 } });
}

export async function publishDraft(card: CardRecord, rev: number): Promise<CardRecord> {
  return changeAt(card, rev, {
    $set: { published: card.draft, publishedAt: new Date() },
    $inc: { version: 1 },
  });
}

export async function discardDraft(card: CardRecord, by: ObjectId, rev: number): Promise<CardRecord> {
  return card.published ? changeDraft(card, by, card.published, rev) : card;
}

/** Only while the draft is still of this revision. */
async function changeAt({ workspaceId, _id }: CardRecord, rev: number, update: object): Promise<CardRecord> {
  const changed = await CardModel.findOneAndUpdate({ workspaceId, _id, rev, removedAt: null }, update, {
    returnDocument: "after",
  }).lean();
  if (!changed) throw new AppError("conflict");
  return changed;
}

/** A former address goes on leading to the card. */
export async function changeCard(
  { workspaceId, _id }: CardRecord,
  patch: Partial<Pick<CardRecord, "name" | "slug" | "hidden" | "runsOn">>,
): Promise<CardRecord> {
  if (patch.slug !== undefined) await takeSlug(workspaceId, _id, patch.slug);
  const changed = await CardModel.findOneAndUpdate(
    { workspaceId, _id, removedAt: null },
    { $set: patch, $inc: { version: 1 } },
    { returnDocument: "after" },
  ).lean();
  if (changed) return changed;
  await SlugModel.deleteMany({ workspaceId, cardId: _id }); // removed meanwhile: it keeps no address
  throw new AppError("not_found");
}

/** The page is gone at once, and its addresses are free again. */
export async function removeCard({ workspaceId, _id }: CardRecord): Promise<void> {
  await CardModel.updateOne({ workspaceId, _id }, { $set: { removedAt: new Date() }, $inc: { version: 1 } });
  await SlugModel.deleteMany({ workspaceId, cardId: _id });
}

/** Blocks and settings that differ between the draft and what visitors see. */
export function countChanges({ draft, published }: Pick<CardRecord, "draft" | "published">): number {
  if (!published) return draft.blocks.length;
  const before = new Map(published.blocks.map((block, index) => [block.id, { block, index }]));
  const now = new Set(draft.blocks.map(({ id }) => id));
  const gone = published.blocks.filter(({ id }) => !now.has(id)).length;
  const kept = draft.blocks.filter(({ id }) => before.has(id));
  const changed = draft.blocks.filter(({ id }, index) => {
    const former = before.get(id);
    return !former || !isDeepStrictEqual(former.block, draft.blocks[index]);
  }).length;
  const order = published.blocks.filter(({ id }) => now.has(id)).map(({ id }) => id);
  const moved = isDeepStrictEqual(
    order,
    kept.map(({ id }) => id),
  )
    ? 0
    : 1;
  const design = isDeepStrictEqual(draft.design, published.design) ? 0 : 1;
  const languages = isDeepStrictEqual(draft.languages, published.languages) ? 0 : 1;
  return gone + changed + moved + design + languages;
}
