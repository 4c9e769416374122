import { model, Schema } from "mongoose";
import type { ObjectId } from "../../core/db.ts";

/**
 * A token in a messenger's start link: it says where a customer comes from, or which conversation goes on there. It works
 * once, for the first thread that brings it.
 */
export interface LinkTokenRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  hash: string;
  /** The account that the link leads to. */
  channelId: ObjectId;
  /** Goes on in the messenger; without it a conversation of its own begins there. */
  conversationId?: ObjectId;
  /** Where the customer was: a page, a card. */
  origin: string;
  /** What made the link, for its statistics: of a conversation that begins by it. */
  from?: string;
  /** The thread that brought it first. */
  usedBy?: string;
  expiresAt: Date;
}
const schema = new Schema<LinkTokenRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    hash: { type: String, required: true },
    channelId: { type: Schema.Types.ObjectId, required: true },
    conversationId: Schema.Types.ObjectId,
    origin: { type: String, default: "" },
    from: String,
    usedBy: String,
    expiresAt: { type: Date, required: true },
  },
  { versionKey: false },
);
schema.index({ workspaceId: 1, hash: 1 }, { unique: true });
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 86_400 });
export const LinkTokenModel = model<LinkTokenRecord>("link_token", schema);
