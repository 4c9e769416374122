import { model, Schema } from "mongoose";
import type { ObjectId } from "../../core/db.ts";

/** A link for the customer of one conversation: it takes one review, for thirty days. */
export interface ReviewLinkRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  hash: string;
  cardId: ObjectId;
  conversationId: ObjectId;
  /** Who of the team made it, and could have used it. */
  madeBy?: string;
  expiresAt: Date;
}
const linkSchema = new Schema<ReviewLinkRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    hash: { type: String, required: true },
    cardId: { type: Schema.Types.ObjectId, required: true },
    conversationId: { type: Schema.Types.ObjectId, required: true },
    madeBy: String,
    expiresAt: { type: Date, required: true },
  },
  { versionKey: false },
);
linkSchema.index({ hash: 1 }, { unique: true });
linkSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
export const ReviewLinkModel = model<ReviewLinkRecord>("card_review_link", linkSchema);

/** What a customer has said; one a conversation. Nobody of the team can change one. */
export interface ReviewRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  cardId: ObjectId;
  conversationId: ObjectId;
  stars: number;
  text: string;
  /** As it is shown. */
  name: string;
  language: string;
  consent: string;
  /** Who made its link, by name. */
  askedBy?: string;
  state: "waiting" | "shown" | "hidden";
  /** The conversation does not know it yet; absent once it does. */
  untold?: boolean;
  createdAt: Date;
}
const schema = new Schema<ReviewRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    cardId: { type: Schema.Types.ObjectId, required: true },
    conversationId: { type: Schema.Types.ObjectId, required: true },
    stars: { type: Number, required: true },
    text: { type: String, default: "" },
    name: { type: String, required: true },
    language: { type: String, required: true },
    consent: { type: String, required: true },
    askedBy: String,
    state: { type: String, required: true },
    untold: Boolean,
    createdAt: { type: Date, required: true },
  },
  { versionKey: false },
);
schema.index({ workspaceId: 1, conversationId: 1 }, { unique: true });
schema.index({ workspaceId: 1, cardId: 1, state: 1, createdAt: -1 });
schema.index({ untold: 1, createdAt: 1 }, { partialFilterExpression: { untold: true } });
export const ReviewModel = model<ReviewRecord>("card_review", schema);
