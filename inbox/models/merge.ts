import { model, Schema } from "mongoose";
import type { ObjectId } from "../../core/db.ts";
import type { ContactRecord } from "./contact.ts";

/** What a merge chooses of both, and what a contact is given back when it is undone. */
export type ContactFields = Pick<
  ContactRecord,
  "name" | "givenName" | "phone" | "email" | "company" | "city" | "languages" | "timeZone" | "about" | "tags"
>;

/** Two contacts that became one. It is written before anything moves, so that a crash in between is finished later. */
export interface MergeRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  /** Stays. */
  keptId: ObjectId;
  /** Is stood for by the kept one. */
  otherId: ObjectId;
  otherName: string;
  /** The kept one as it was before. */
  before: ContactFields;
  after: ContactFields;
  state: "merging" | "merged" | "undoing" | "undone";
  byId: ObjectId;
  byName: string;
  createdAt: Date;
}
const schema = new Schema<MergeRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    keptId: { type: Schema.Types.ObjectId, required: true },
    otherId: { type: Schema.Types.ObjectId, required: true },
    otherName: { type: String, required: true },
    before: { type: Schema.Types.Mixed, required: true },
    after: { type: Schema.Types.Mixed, required: true },
    state: { type: String, required: true },
    byId: { type: Schema.Types.ObjectId, required: true },
    byName: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  { versionKey: false, minimize: false },
);
schema.index({ workspaceId: 1, keptId: 1, createdAt: -1 });
schema.index({ state: 1 }, { partialFilterExpression: { state: { $in: ["merging", "undoing"] } } });
export const MergeModel = model<MergeRecord>("merge", schema);

/** Two contacts that are probably one person. It is only said, never done by itself. */
export interface SuggestionRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  /** Both ids in their order, so that a pair is said once. */
  pair: string;
  contactIds: [ObjectId, ObjectId];
  reason: "phone" | "email";
  value: string;
  /** Somebody said that they are different people, or they are one by now. */
  settledAt?: Date | null;
  createdAt: Date;
}
const suggestionSchema = new Schema<SuggestionRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    pair: { type: String, required: true },
    contactIds: { type: [Schema.Types.ObjectId], required: true },
    reason: { type: String, required: true },
    value: { type: String, required: true },
    settledAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
  },
  { versionKey: false },
);
suggestionSchema.index({ workspaceId: 1, pair: 1 }, { unique: true });
suggestionSchema.index({ workspaceId: 1, settledAt: 1, createdAt: -1 });
suggestionSchema.index({ workspaceId: 1, contactIds: 1 });
export const SuggestionModel = model<SuggestionRecord>("suggestion", suggestionSchema);
