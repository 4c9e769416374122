import { model, Schema } from "mongoose";
import { anyText, type ObjectId } from "../../core/db.ts";
import type { Locale } from "../schema.ts";

/** Somebody says to have forgotten a password; whoever has an account is sent a link. */
export interface PasswordResetRecord {
  _id: ObjectId;
  email: string;
  locale: Locale;
  createdAt: Date;
  expiresAt: Date;
  /** When a letter was last begun. */
  triedAt?: Date;
  /** When the mail server had it. */
  sentAt?: Date;
  accountId?: ObjectId;
  /** Of the link in the last letter that was begun. */
  tokenHash?: string;
}

const schema = new Schema<PasswordResetRecord>(
  {
    email: { type: String, required: true },
    locale: { type: String, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    triedAt: Date,
    sentAt: Date,
    accountId: Schema.Types.ObjectId,
    tokenHash: String,
  },
  { versionKey: false },
);
schema.index({ email: 1, createdAt: 1 });
schema.index({ createdAt: 1 });
schema.index({ tokenHash: 1 }, { unique: true, partialFilterExpression: { tokenHash: anyText } });
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
export const PasswordResetModel = model<PasswordResetRecord>("password_reset", schema);
