/** Workspaces, sign-in identities, the people of a workspace, their sessions. */
import { model, Schema } from "mongoose";
import { anyId, type ObjectId } from "../db.ts";

declare module "../events.ts" {
  interface EventMap {
    /** Somebody was deactivated; it is stored, and sessions are ended. */
    "staff.left": { staff: StaffRecord };
  }
}

export interface WorkspaceRecord {
  _id: ObjectId;
  name: string;
  reopenDays: number;
  createdAt: Date;
}
export const WorkspaceModel = model<WorkspaceRecord>(
  "workspace",
  new Schema<WorkspaceRecord>(
    {
      name: { type: String, required: true },
      reopenDays: { type: Number, default: 7 },
      createdAt: { type: Date, required: true },
    },
    { versionKey: false },
  ),
);

/** A sign-in identity: the e-mail is unique in the installation. */
export interface AccountRecord {
  _id: ObjectId;
  email: string;
  passwordHash: string;
  /** As whom the person signed in last: somebody may work in several workspaces. */
  lastStaffId?: ObjectId;
  createdAt: Date;
}
const accountSchema = new Schema<AccountRecord>(
  {
    email: { type: String, required: true },
    passwordHash: { type: String, required: true },
    lastStaffId: Schema.Types.ObjectId,
    createdAt: { type: Date, required: true },
  },
  { versionKey: false },
);
accountSchema.index({ email: 1 }, { unique: true });
export const AccountModel = model<AccountRecord>("account", accountSchema);

export type StaffRole = "super_administrator" | "administrator" | "employee";

/** A person in a workspace. `channelIds` null means every channel. */
export interface StaffRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  accountId: ObjectId;
  email: string;
  name: string;
  displayName: string;
  position: string;
  role: StaffRole;
  channelIds: ObjectId[] | null;
  photoFileId?: ObjectId;
  active: boolean;
  /** Who deactivated them and when, until what they had is given back. */
  left?: { byId: ObjectId; at: Date };
  preferences: Record<string, unknown>;
  createdAt: Date;
}
const staffSchema = new Schema<StaffRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    accountId: { type: Schema.Types.ObjectId, required: true },
    email: { type: String, required: true },
    name: { type: String, required: true },
    displayName: { type: String, required: true },
    position: { type: String, default: "" },
    role: { type: String, required: true },
    channelIds: { type: [Schema.Types.ObjectId], default: null },
    photoFileId: Schema.Types.ObjectId,
    active: { type: Boolean, default: true },
    left: { type: { byId: Schema.Types.ObjectId, at: Date }, _id: false },
    preferences: { type: Schema.Types.Mixed, default: {} },
    createdAt: { type: Date, required: true },
  },
  { versionKey: false, minimize: false },
);
staffSchema.index({ workspaceId: 1, accountId: 1 }, { unique: true });
staffSchema.index({ accountId: 1 });
staffSchema.index({ "left.byId": 1 }, { partialFilterExpression: { "left.byId": anyId } });
export const StaffModel = model<StaffRecord>("staff", staffSchema, "staff");

/** A signed-in device: the cookie holds a random token, the store its hash. */
export interface SessionRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  staffId: ObjectId;
  tokenHash: string;
  userAgent: string;
  ip: string;
  createdAt: Date;
  lastSeenAt: Date;
  expiresAt: Date;
}
const sessionSchema = new Schema<SessionRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    staffId: { type: Schema.Types.ObjectId, required: true },
    tokenHash: { type: String, required: true },
    userAgent: { type: String, default: "" },
    ip: { type: String, default: "" },
    createdAt: { type: Date, required: true },
    lastSeenAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { versionKey: false },
);
sessionSchema.index({ tokenHash: 1 }, { unique: true });
sessionSchema.index({ workspaceId: 1, staffId: 1, lastSeenAt: -1 });
sessionSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
export const SessionModel = model<SessionRecord>("session", sessionSchema);
