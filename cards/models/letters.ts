import { model, Schema } from "mongoose";
import type { ObjectId } from "../../core/db.ts";

/** A letter that answered a form: what bounds how many go to whom. */
export interface LetterRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  /** The message that it is; the same one tried again is one letter. */
  key: string;
  to: string;
  createdAt: Date;
}
const schema = new Schema<LetterRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    key: { type: String, required: true },
    to: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  { versionKey: false },
);
schema.index({ workspaceId: 1, key: 1 }, { unique: true });
schema.index({ workspaceId: 1, createdAt: 1 });
schema.index({ to: 1, createdAt: 1 });
schema.index({ createdAt: 1 }, { expireAfterSeconds: 8 * 86_400 });
export const LetterModel = model<LetterRecord>("card_letter", schema);
