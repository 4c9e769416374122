import { model, Schema } from "mongoose";
import type { ObjectId } from "../../core/db.ts";

export interface ContactRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  name: string;
  /** As the platform told it. */
  givenName: string;
  avatarFileId?: ObjectId;
  avatarCheckedAt?: Date;
  phone?: string;
  email?: string;
  company?: string;
  city?: string;
  languages?: string;
  timeZone?: string;
  about?: string;
  tags: string[];
  blockedAt?: Date;
  tokens: string[];
  createdAt: Date;
}
const schema = new Schema<ContactRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    name: { type: String, required: true },
    givenName: { type: String, required: true },
    avatarFileId: Schema.Types.ObjectId,
    avatarCheckedAt: Date,
    phone: String,
    email: String,
    company: String,
    city: String,
    languages: String,
    timeZone: String,
    about: String,
    tags: { type: [String], default: [] },
    blockedAt: Date,
    tokens: { type: [String], default: [] },
    createdAt: { type: Date, required: true },
  },
  { versionKey: false },
);
schema.index({ workspaceId: 1, tokens: 1, _id: -1 });
export const ContactModel = model<ContactRecord>("contact", schema);

/** One id that names a person on a platform. Merging contacts moves `contactId`. */
export interface AliasRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  scheme: string;
  scope: string;
  value: string;
  contactId: ObjectId;
  channelKind: string;
  /** As people see it: `@masha`, a number. */
  label: string;
}
const aliasSchema = new Schema<AliasRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    scheme: { type: String, required: true },
    scope: { type: String, default: "" },
    value: { type: String, required: true },
    contactId: { type: Schema.Types.ObjectId, required: true },
    channelKind: { type: String, required: true },
    label: { type: String, default: "" },
  },
  { versionKey: false },
);
aliasSchema.index({ workspaceId: 1, scheme: 1, scope: 1, value: 1 }, { unique: true });
aliasSchema.index({ workspaceId: 1, contactId: 1 });
export const AliasModel = model<AliasRecord>("alias", aliasSchema);
