/** Cards, and the addresses that they have or had. */
export { ReviewLinkModel, ReviewModel, type ReviewLinkRecord, type ReviewRecord } from "./reviews.ts";
export { CardFileModel } from "./files.ts";
export { EntryModel, type EntryRecord } from "./entries.ts";
import { model, Schema } from "mongoose";
import { anyText, type ObjectId } from "../../core/db.ts";
import type { CardContent } from "../blocks/schema.ts";

export interface CardRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  /** What colleagues call it. */
  name: string;
  slug: string;
  draft: CardContent;
  published: CardContent | null;
  publishedAt?: Date;
  /** Rises with every change of the draft. */
  rev: number;
  /** Rises with everything that changes the public page. */
  version: number;
  draftBy: ObjectId;
  draftAt: Date;
  /** Kept from search engines. */
  hidden: boolean;
  runsOn: boolean;
  /** A host of its own that is proven to be the workspace's. */
  domain?: string;
  removedAt: Date | null;
  createdAt: Date;
}
const cardSchema = new Schema<CardRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    name: { type: String, required: true },
    slug: { type: String, required: true },
    draft: { type: Schema.Types.Mixed, required: true },
    published: { type: Schema.Types.Mixed, default: null },
    publishedAt: Date,
    rev: { type: Number, required: true },
    version: { type: Number, required: true },
    draftBy: { type: Schema.Types.ObjectId, required: true },
    draftAt: { type: Date, required: true },
    hidden: { type: Boolean, required: true },
    runsOn: { type: Boolean, required: true },
    domain: String,
    removedAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
  },
  { versionKey: false, minimize: false },
);
cardSchema.index({ workspaceId: 1, removedAt: 1, createdAt: 1 });
cardSchema.index({ domain: 1 }, { partialFilterExpression: { domain: anyText } });
export const CardModel = model<CardRecord>("card", cardSchema);

/** An address belongs to one card until the card is removed: what was printed or linked goes on leading there. */
export interface SlugRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  slug: string;
  /** The slug as it looks: different ones that look alike have the same. */
  look: string;
  cardId: ObjectId;
  createdAt: Date;
}
const slugSchema = new Schema<SlugRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    slug: { type: String, required: true },
    look: { type: String, required: true },
    cardId: { type: Schema.Types.ObjectId, required: true },
    createdAt: { type: Date, required: true },
  },
  { versionKey: false },
);
slugSchema.index({ slug: 1 }, { unique: true });
slugSchema.index({ look: 1 }, { unique: true });
slugSchema.index({ workspaceId: 1, cardId: 1 });
export const SlugModel = model<SlugRecord>("card_slug", slugSchema);
