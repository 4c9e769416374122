/** What is counted of a card's visitors: numbers by day, and for two days who was there, as a hash that nothing leads back from. */
import { model, Schema } from "mongoose";
import type { ObjectId } from "../../core/db.ts";

/** `all` has one key, the empty one; of a block the key is its id, with `/` and the item's where it has items. */
export type CountKind = "all" | "block" | "source" | "utm" | "device" | "country" | "bot";

export interface CountRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  cardId: ObjectId;
  /** `2026-11-28`, in the business's time zone. */
  day: string;
  /** Of the page, as in the card's languages. */
  language: string;
  kind: CountKind;
  key: string;
  views: number;
  taps: number;
  /** New on that day. */
  visitors: number;
  /** Of them, who pressed a messenger. */
  pressed: number;
}
const countSchema = new Schema<CountRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    cardId: { type: Schema.Types.ObjectId, required: true },
    day: { type: String, required: true },
    language: { type: String, required: true },
    kind: { type: String, required: true },
    key: { type: String, default: "" },
    views: { type: Number, default: 0 },
    taps: { type: Number, default: 0 },
    visitors: { type: Number, default: 0 },
    pressed: { type: Number, default: 0 },
  },
  { versionKey: false },
);
countSchema.index({ workspaceId: 1, cardId: 1, day: 1, language: 1, kind: 1, key: 1 }, { unique: true });
countSchema.index({ workspaceId: 1, cardId: 1, kind: 1, key: 1 });
export const CountModel = model<CountRecord>("card_count", countSchema);

export interface VisitorRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  cardId: ObjectId;
  day: string;
  /** Of the day's salt, the address and the browser; with a `+` for having pressed a messenger. */
  hash: string;
  createdAt: Date;
}
const visitorSchema = new Schema<VisitorRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    cardId: { type: Schema.Types.ObjectId, required: true },
    day: { type: String, required: true },
    hash: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  { versionKey: false },
);
visitorSchema.index({ workspaceId: 1, cardId: 1, day: 1, hash: 1 }, { unique: true });
visitorSchema.index({ createdAt: 1 }, { expireAfterSeconds: 2 * 86_400 });
export const VisitorModel = model<VisitorRecord>("card_visitor", visitorSchema);

/** The salt of a day; it is forgotten two days later, and with it whoever the hashes were. */
export interface SaltRecord {
  _id: string;
  salt: string;
  createdAt: Date;
}
const saltSchema = new Schema<SaltRecord>(
  {
    _id: { type: String, required: true },
    salt: { type: String, required: true },
    createdAt: { type: Date, required: true, expires: 2 * 86_400 },
  },
  { versionKey: false },
);
export const SaltModel = model<SaltRecord>("card_salt", saltSchema);
