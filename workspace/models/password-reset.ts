import { model, Schema } from "mongoose";
import type { ObjectId } from "../../core/db.ts";

/** Somebody who has forgotten a password and was sent a link. One for each account: a new link ends the one before. */
export interface PasswordResetRecord {
  _id: ObjectId;
  accountId: ObjectId;
  tokenHash: string;
  createdAt: Date;
  expiresAt: Date;
}

const schema = new Schema<PasswordResetRecord>(
  {
    accountId: { type: Schema.Types.ObjectId, required: true },
    tokenHash: { type: String, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { versionKey: false },
);
schema.index({ accountId: 1 }, { unique: true });
schema.index({ tokenHash: 1 }, { unique: true });
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
export const PasswordResetModel = model<PasswordResetRecord>("passwordreset", schema);
