import { model, Schema } from "mongoose";
import type { ObjectId } from "../../core/db.ts";

/** A picture or document that was taken in for cards: what a workspace has of them is bounded. */
export interface CardFileRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  fileId: ObjectId;
  /** Bytes. */
  size: number;
  createdAt: Date;
}
const schema = new Schema<CardFileRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    fileId: { type: Schema.Types.ObjectId, required: true },
    size: { type: Number, required: true },
    createdAt: { type: Date, required: true },
  },
  { versionKey: false },
);
schema.index({ workspaceId: 1, createdAt: 1, size: 1 });
export const CardFileModel = model<CardFileRecord>("card_file", schema);
