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
  /** Begun so far. */
  letters: number;
  /** When the next one is due; absent when the mail server has one, has refused it for good, or was tried often enough. */
  nextAt?: Date;
  accountId?: ObjectId;
  /** Of the link, once a letter was begun. */
  tokenHash?: string;
}

const schema = new Schema<PasswordResetRecord>(
  {
    email: { type: String, required: true },
    locale: { type: String, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    letters: { type: Number, default: 0 },
    nextAt: Date,
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
