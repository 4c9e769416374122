import { model, Schema } from "mongoose";
import type { StaffRole } from "../../core/auth/index.ts";
import type { ObjectId } from "../../core/db.ts";

/** A link for one colleague. The token is stored hashed; using it removes the invitation. */
export interface InvitationRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  tokenHash: string;
  email: string;
  name: string;
  position: string;
  role: StaffRole;
  channelIds: ObjectId[] | null;
  invitedById: ObjectId;
  invitedBy: string;
  createdAt: Date;
  expiresAt: Date;
}

const schema = new Schema<InvitationRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    tokenHash: { type: String, required: true },
    email: { type: String, required: true },
    name: { type: String, default: "" },
    position: { type: String, default: "" },
    role: { type: String, required: true },
    channelIds: { type: [Schema.Types.ObjectId], default: null },
    invitedById: { type: Schema.Types.ObjectId, required: true },
    invitedBy: { type: String, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { versionKey: false },
);
schema.index({ tokenHash: 1 }, { unique: true });
schema.index({ workspaceId: 1, createdAt: -1 });
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
export const InvitationModel = model<InvitationRecord>("invitation", schema);
