import { model, Schema } from "mongoose";
import { anyText, type ObjectId } from "../../core/db.ts";

export interface ContactRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  name: string;
  /** As the platform told it. */
  givenName: string;
  avatarFileId?: ObjectId;
  /** When a messenger told its name and picture, or that it has none. */
  avatarCheckedAt?: Date;
  /** How often a messenger was asked for them and did not answer. */
  avatarAttempts?: number;
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
  /** Its last message, either way; of a contact made by hand, when it was made. */
  lastActivityAt: Date;
  /** Where it has written: who may use none of these may not see it. Empty for one made by hand. */
  channelIds: ObjectId[];
  /** Who its last conversation was given to. */
  responsibleId?: ObjectId | null;
  /** Phone and e-mail as they are compared: digits alone, lower case. */
  phoneKey?: string;
  emailKey?: string;
  /** Another contact stands for this one. */
  mergedInto?: ObjectId | null;
  /** The merge, or its undoing, that holds this contact now: one at a time. */
  heldBy?: ObjectId | null;
  createdAt: Date;
}
const schema = new Schema<ContactRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    name: { type: String, required: true },
    givenName: { type: String, required: true },
    avatarFileId: Schema.Types.ObjectId,
    avatarCheckedAt: Date,
    avatarAttempts: Number,
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
    lastActivityAt: { type: Date, required: true },
    channelIds: { type: [Schema.Types.ObjectId], default: [] },
    responsibleId: Schema.Types.ObjectId,
    phoneKey: String,
    emailKey: String,
    mergedInto: { type: Schema.Types.ObjectId, default: null },
    heldBy: Schema.Types.ObjectId,
    createdAt: { type: Date, required: true },
  },
  { versionKey: false },
);
schema.index({ workspaceId: 1, tokens: 1, _id: -1 });
schema.index({ workspaceId: 1, mergedInto: 1, lastActivityAt: -1, _id: -1 });
schema.index({ workspaceId: 1, mergedInto: 1, channelIds: 1, lastActivityAt: -1, _id: -1 });
schema.index({ workspaceId: 1, mergedInto: 1, tags: 1, lastActivityAt: -1, _id: -1 });
schema.index({ workspaceId: 1, mergedInto: 1, responsibleId: 1, lastActivityAt: -1, _id: -1 });
schema.index({ workspaceId: 1, phoneKey: 1 }, { partialFilterExpression: { phoneKey: anyText } });
schema.index({ workspaceId: 1, emailKey: 1 }, { partialFilterExpression: { emailKey: anyText } });
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
  /** Merges that brought it to another contact, the last one at the end. */
  mergeIds?: ObjectId[];
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
    mergeIds: { type: [Schema.Types.ObjectId], default: undefined },
  },
  { versionKey: false },
);
aliasSchema.index({ workspaceId: 1, scheme: 1, scope: 1, value: 1 }, { unique: true });
aliasSchema.index({ workspaceId: 1, contactId: 1 });
export const AliasModel = model<AliasRecord>("alias", aliasSchema);
