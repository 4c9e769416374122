import { model, Schema } from "mongoose";
import type { ObjectId } from "../../core/db.ts";
import type { FormUpdate } from "../forms/connector.ts";

/** A form that was sent: what was agreed to, and what the inbox is told of it. */
export interface EntryRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  cardId: ObjectId;
  channelId: ObjectId;
  /** Same form, same answers, within a quarter of an hour or two: the same once more. */
  key: string;
  /** The thread in the inbox: `mail:` or `tel:` with what was left, else `none:` with a number of its own. */
  sender: string;
  language: string;
  /** Campaign of the page: `instagram / autumn`. */
  source: string;
  /** What was agreed to, in the words that were shown, with the page they named. */
  consent: { text: string; url?: string } | null;
  /** As it is handed to the inbox: handing it over twice adds nothing. */
  update: FormUpdate;
  /** Not handed over yet; absent once it is. */
  waiting?: boolean;
  createdAt: Date;
}
const schema = new Schema<EntryRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    cardId: { type: Schema.Types.ObjectId, required: true },
    channelId: { type: Schema.Types.ObjectId, required: true },
    key: { type: String, required: true },
    sender: { type: String, required: true },
    language: { type: String, required: true },
    source: { type: String, default: "" },
    consent: { type: Schema.Types.Mixed, default: null },
    update: { type: Schema.Types.Mixed, required: true },
    waiting: Boolean,
    createdAt: { type: Date, required: true },
  },
  { versionKey: false },
);
schema.index({ workspaceId: 1, key: 1 }, { unique: true });
schema.index({ workspaceId: 1, channelId: 1, sender: 1, createdAt: -1 });
schema.index({ workspaceId: 1, sender: 1, createdAt: -1 });
schema.index({ waiting: 1, createdAt: 1 }, { partialFilterExpression: { waiting: true } });
export const EntryModel = model<EntryRecord>("card_entry", schema);
