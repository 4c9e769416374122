/** Departments, and when the business answers. */
import { model, Schema } from "mongoose";
import type { ObjectId } from "../../core/db.ts";

export interface TeamRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  name: string;
  /** Names in other languages, for visitors. */
  names: Record<string, string>;
  memberIds: ObjectId[];
  /** Visitors may choose it. */
  public: boolean;
  order: number;
  createdAt: Date;
}
const teamSchema = new Schema<TeamRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    name: { type: String, required: true },
    names: { type: Schema.Types.Mixed, default: {} },
    memberIds: { type: [Schema.Types.ObjectId], default: [] },
    public: { type: Boolean, default: true },
    order: { type: Number, default: 0 },
    createdAt: { type: Date, required: true },
  },
  { versionKey: false, minimize: false },
);
teamSchema.index({ workspaceId: 1, order: 1, _id: 1 });
export const TeamModel = model<TeamRecord>("team", teamSchema);

/** `from` and `to` as `10:00`; `24:00` ends a day. A night is two intervals. */
export interface Interval {
  from: string;
  to: string;
}
export interface Holiday {
  /** First and last day, `2026-12-31`, both included. */
  from: string;
  to: string;
  name: string;
  /** Comes back every year: the years mean nothing. */
  yearly?: boolean | undefined;
  /** Shorter hours instead of none. */
  open?: Interval[] | undefined;
}
export interface Hours {
  /** IANA name. */
  timeZone: string;
  /** Monday first; an empty day is closed. */
  week: Interval[][];
  holidays: Holiday[];
}

/** Of the workspace (`teamId` null), or of a team that has its own. */
export interface HoursRecord extends Hours {
  _id: ObjectId;
  workspaceId: ObjectId;
  teamId: ObjectId | null;
}
const hoursSchema = new Schema<HoursRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    teamId: { type: Schema.Types.ObjectId, default: null },
    timeZone: { type: String, required: true },
    week: { type: Schema.Types.Mixed, required: true },
    holidays: { type: Schema.Types.Mixed, default: [] },
  },
  { versionKey: false, minimize: false },
);
hoursSchema.index({ workspaceId: 1, teamId: 1 }, { unique: true });
export const HoursModel = model<HoursRecord>("hours", hoursSchema);
