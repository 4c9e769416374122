/** Collections of one idea each: drafts, tags, saved addresses. */
import { model, Schema } from "mongoose";
import type { Content } from "../../connectors/contract.ts";
import type { ObjectId } from "../../core/db.ts";

/** What somebody was writing: one per person, conversation and mode, on every device. */
export interface DraftRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  staffId: ObjectId;
  conversationId: ObjectId;
  mode: "reply" | "note";
  content: Content;
  replyToMessageId?: string;
  updatedAt: Date;
  /** Of the saving that it is from: where, and the how many-eth there. */
  tab?: string;
  turn?: number;
}
const draftSchema = new Schema<DraftRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    staffId: { type: Schema.Types.ObjectId, required: true },
    conversationId: { type: Schema.Types.ObjectId, required: true },
    mode: { type: String, required: true },
    content: { type: Schema.Types.Mixed, required: true },
    replyToMessageId: String,
    updatedAt: { type: Date, required: true },
    tab: String,
    turn: Number,
  },
  { versionKey: false, minimize: false },
);
draftSchema.index({ workspaceId: 1, staffId: 1, conversationId: 1, mode: 1 }, { unique: true });
draftSchema.index({ "content.attachments.media.fileId": 1 }, { sparse: true });
export const DraftModel = model<DraftRecord>("draft", draftSchema);

export interface TagRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  name: string;
  hue: number;
}
const tagSchema = new Schema<TagRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    name: { type: String, required: true },
    hue: { type: Number, required: true },
  },
  { versionKey: false },
);
tagSchema.index({ workspaceId: 1, name: 1 }, { unique: true });
export const TagModel = model<TagRecord>("tag", tagSchema);

/** A place that the business sends often: the shop, the pick-up point. */
export interface AddressRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  title: string;
  address: string;
  latitude: number;
  longitude: number;
}
const addressSchema = new Schema<AddressRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    title: { type: String, required: true },
    address: { type: String, default: "" },
    latitude: { type: Number, required: true },
    longitude: { type: Number, required: true },
  },
  { versionKey: false },
);
addressSchema.index({ workspaceId: 1, title: 1 });
export const AddressModel = model<AddressRecord>("address", addressSchema);
