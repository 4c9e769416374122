/** Hosts that cards are to be found at. */
import { model, Schema } from "mongoose";
import { anyText, type ObjectId } from "../../core/db.ts";
import type { DomainRow } from "../schema.ts";

export interface DomainRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  cardId: ObjectId;
  /** In ASCII, lower case. Several workspaces may claim it until one proves that it is theirs. */
  host: string;
  /** The host once it is proven; nobody else has it then. */
  owned?: string;
  /** What the TXT record has to say. */
  token: string;
  /** As it was seen last. */
  rows: DomainRow[];
  checkedAt: Date | null;
  /** Of an owned one: its TXT record is not there any more. */
  lostSince?: Date;
  createdAt: Date;
}
const domainSchema = new Schema<DomainRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    cardId: { type: Schema.Types.ObjectId, required: true },
    host: { type: String, required: true },
    owned: String,
    token: { type: String, required: true },
    rows: { type: Schema.Types.Mixed, default: [] },
    checkedAt: { type: Date, default: null },
    lostSince: Date,
    createdAt: { type: Date, required: true },
  },
  { versionKey: false, collection: "card_domains" },
);
domainSchema.index({ workspaceId: 1, cardId: 1 }, { unique: true });
domainSchema.index({ owned: 1 }, { unique: true, partialFilterExpression: { owned: anyText } });
domainSchema.index({ checkedAt: 1 });
export const DomainModel = model<DomainRecord>("card_domain", domainSchema);
