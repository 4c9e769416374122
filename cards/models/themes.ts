import { model, Schema } from "mongoose";
import type { ObjectId } from "../../core/db.ts";
import type { Design } from "../blocks/schema.ts";

/** A look that a workspace has kept from one of its cards, for the others. */
export interface ThemeRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  name: string;
  design: Design;
  createdAt: Date;
}
const themeSchema = new Schema<ThemeRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    name: { type: String, required: true },
    design: { type: Schema.Types.Mixed, required: true },
    createdAt: { type: Date, required: true },
  },
  { versionKey: false, minimize: false },
);
themeSchema.index({ workspaceId: 1, createdAt: 1 });
export const ThemeModel = model<ThemeRecord>("card_theme", themeSchema);
