import { model, Schema } from "mongoose";
import type { ObjectId } from "../../core/db.ts";

/** What a connector keeps of an account between starts: a cursor, a session. Sealed. */
export interface KeptRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  channelId: ObjectId;
  name: string;
  value: string;
}
const schema = new Schema<KeptRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    channelId: { type: Schema.Types.ObjectId, required: true },
    name: { type: String, required: true },
    value: { type: String, required: true },
  },
  { versionKey: false },
);
schema.index({ workspaceId: 1, channelId: 1, name: 1 }, { unique: true });
export const KeptModel = model<KeptRecord>("kept", schema, "kept");

/** Signing in at a vendor's page, under way or done; what it brought is sealed and lives half an hour. */
export interface VendorSignInRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  staffId: ObjectId;
  /** The browser that began: the way back counts in it alone. */
  sessionId: ObjectId;
  kind: string;
  stateHash: string;
  /** Sealed JSON of what was typed, and afterwards of what the vendor gave. */
  credentials: string;
  state: "waiting" | "done" | "failed";
  problem?: { code: string; message: string };
  createdAt: Date;
}
const signInSchema = new Schema<VendorSignInRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    staffId: { type: Schema.Types.ObjectId, required: true },
    sessionId: { type: Schema.Types.ObjectId, required: true },
    kind: { type: String, required: true },
    stateHash: { type: String, required: true },
    credentials: { type: String, required: true },
    state: { type: String, required: true },
    problem: { type: { code: String, message: String }, _id: false },
    createdAt: { type: Date, required: true },
  },
  { versionKey: false },
);
signInSchema.index({ stateHash: 1 }, { unique: true });
signInSchema.index({ createdAt: 1 }, { expireAfterSeconds: 1800 });
export const VendorSignInModel = model<VendorSignInRecord>("vendor_sign_in", signInSchema);
