import { model, Schema } from "mongoose";
import type { HealthState } from "../../connectors/contract.ts";
import type { ObjectId } from "../../core/db.ts";

export interface ChannelProblem {
  code: string;
  message: string;
}
export interface ChannelLogEntry {
  at: Date;
  level: "info" | "warn" | "bad";
  code: string;
  message: string;
}

/** A call of the platform to the account's webhook. */
export interface ChannelCall {
  at: Date;
  method: "GET" | "POST";
  /** What it was answered. */
  status: number;
  /** The type of its first event, `challenge`, or `unproven`. */
  what: string;
}

/** A connected account of a messenger. Removing one keeps its conversations; connecting it again brings it back. */
export interface ChannelRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  kind: string;
  externalId: string;
  name: string;
  handle: string;
  link?: string;
  avatarFileId?: ObjectId;
  /** Sealed JSON. */
  credentials: string;
  /** Raised whenever the account has to begin anew; every process opens it again then. */
  generation: number;
  health: { state: HealthState; since: Date; problem?: ChannelProblem | null };
  /** The platform called the account's webhook for the first time. */
  webhookSeenAt?: Date;
  lastInboundAt?: Date;
  lastOutboundAt?: Date;
  lastError?: ChannelProblem & { at: Date };
  /** The last ten that are worth a line, newest last. */
  calls: ChannelCall[];
  /** The last fifty things that happened to the account, newest last. */
  log: ChannelLogEntry[];
  paused: boolean;
  removedAt?: Date | null;
  /** One process receives for an account at a time. */
  lease?: { owner: string; until: Date };
  createdById: ObjectId;
  createdBy: string;
  createdAt: Date;
}

const problem = { code: String, message: String };
const schema = new Schema<ChannelRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    kind: { type: String, required: true },
    externalId: { type: String, required: true },
    name: { type: String, required: true },
    handle: { type: String, default: "" },
    link: String,
    avatarFileId: Schema.Types.ObjectId,
    credentials: { type: String, required: true },
    generation: { type: Number, default: 0 },
    health: { type: { state: String, since: Date, problem: { type: problem, _id: false } }, _id: false },
    webhookSeenAt: Date,
    lastInboundAt: Date,
    lastOutboundAt: Date,
    lastError: { type: { ...problem, at: Date }, _id: false },
    calls: { type: [{ at: Date, method: String, status: Number, what: String, _id: false }], default: [] },
    log: { type: [{ at: Date, level: String, code: String, message: String, _id: false }], default: [] },
    paused: { type: Boolean, default: false },
    removedAt: Date,
    lease: { type: { owner: String, until: Date }, _id: false },
    createdById: { type: Schema.Types.ObjectId, required: true },
    createdBy: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  { versionKey: false },
);
schema.index({ workspaceId: 1, kind: 1, externalId: 1 }, { unique: true });
export const ChannelModel = model<ChannelRecord>("channel", schema);
