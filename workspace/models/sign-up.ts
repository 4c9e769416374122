import { model, Schema } from "mongoose";
import type { ObjectId } from "../../core/db.ts";

/** Somebody who asked for a workspace and has not shown yet that the e-mail is theirs. One for each e-mail: a new link ends the one before. */
export interface SignUpRecord {
  _id: ObjectId;
  email: string;
  tokenHash: string;
  createdAt: Date;
  expiresAt: Date;
}

const schema = new Schema<SignUpRecord>(
  {
    email: { type: String, required: true },
    tokenHash: { type: String, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { versionKey: false },
);
schema.index({ email: 1 }, { unique: true });
schema.index({ tokenHash: 1 }, { unique: true });
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
export const SignUpModel = model<SignUpRecord>("signup", schema);
