import { model, Schema } from "mongoose";
import type { ObjectId } from "../../core/db.ts";
import type { WidgetConfig } from "../schema.ts";

/** The newest page of a domain on which the loader ran. */
export interface SeenRecord {
  domain: string;
  url: string;
  at: Date;
  /** `2026-11-22`, UTC: the day that `pages` counts. */
  day: string;
  pages: number;
}

/** A site's widget. Its channel in the inbox has the same id. */
export interface WidgetRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  /** Public; stands in the snippet. */
  key: string;
  name: string;
  draft: WidgetConfig;
  published: WidgetConfig | null;
  publishedAt?: Date;
  /** Rises with every change of the draft; absent before the first. */
  rev?: number;
  /** Who changed the draft last, and when. */
  draftBy?: ObjectId;
  draftAt?: Date;
  /** Sealed; signs the ids of the site's customers. */
  identityKey?: string | null;
  seen: SeenRecord[];
  createdAt: Date;
}
const schema = new Schema<WidgetRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    key: { type: String, required: true },
    name: { type: String, required: true },
    draft: { type: Schema.Types.Mixed, required: true },
    published: { type: Schema.Types.Mixed, default: null },
    publishedAt: Date,
    rev: Number,
    draftBy: Schema.Types.ObjectId,
    draftAt: Date,
    identityKey: String,
    seen: {
      type: [{ domain: String, url: String, at: Date, day: String, pages: Number, _id: false }],
      default: [],
    },
    createdAt: { type: Date, required: true },
  },
  { versionKey: false, minimize: false },
);
schema.index({ key: 1 }, { unique: true });
schema.index({ workspaceId: 1, createdAt: 1 });
export const WidgetModel = model<WidgetRecord>("widget", schema);
