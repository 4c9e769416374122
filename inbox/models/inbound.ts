import { model, Schema } from "mongoose";
import type { ObjectId } from "../../core/db.ts";

/**
 * A delivery of a messenger as it came: stored before it is acknowledged, worked off thread by thread, kept 30 days.
 * `key` is the SHA-256 of the body and only saves work: what deduplicates is each event's own key.
 */
export interface InboundRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  channelId: ObjectId;
  key: string;
  body: Buffer;
  receivedAt: Date;
  orderKey: string;
  /** Some thread of it has not been recorded yet. */
  pending: boolean;
  pendingThreads: string[];
  attempts: number;
  /** Native type of an update that is kept and not shown. */
  unknownType?: string;
  /** Why it could not be recorded after many tries; the body is kept. */
  failure?: string;
}

const schema = new Schema<InboundRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    channelId: { type: Schema.Types.ObjectId, required: true },
    key: { type: String, required: true },
    body: { type: Buffer, required: true },
    receivedAt: { type: Date, required: true },
    orderKey: { type: String, required: true },
    pending: { type: Boolean, required: true },
    pendingThreads: { type: [String], required: true },
    attempts: { type: Number, default: 0 },
    unknownType: String,
    failure: String,
  },
  { versionKey: false },
);
schema.index({ workspaceId: 1, channelId: 1, key: 1 }, { unique: true });
schema.index(
  { workspaceId: 1, channelId: 1, pendingThreads: 1, orderKey: 1 },
  { partialFilterExpression: { pending: true } },
);
schema.index({ pending: 1, receivedAt: 1 }, { partialFilterExpression: { pending: true } });
schema.index({ receivedAt: 1 }, { expireAfterSeconds: 30 * 24 * 3600 });
schema.index(
  { workspaceId: 1, channelId: 1, unknownType: 1 },
  { partialFilterExpression: { unknownType: { $exists: true } } },
);
export const InboundModel = model<InboundRecord>("inbound", schema, "inbound");

/** An edit, reaction or status that came before its message: waits a day for it. */
export interface PendingEffectRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  channelId: ObjectId;
  threadKey: string;
  externalId: string;
  dedupKey: string;
  event: unknown;
  createdAt: Date;
}
const pendingSchema = new Schema<PendingEffectRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    channelId: { type: Schema.Types.ObjectId, required: true },
    threadKey: { type: String, required: true },
    externalId: { type: String, required: true },
    dedupKey: { type: String, required: true },
    event: { type: Schema.Types.Mixed, required: true },
    createdAt: { type: Date, required: true },
  },
  { versionKey: false },
);
pendingSchema.index(
  { workspaceId: 1, channelId: 1, threadKey: 1, externalId: 1, dedupKey: 1 },
  { unique: true },
);
pendingSchema.index({ createdAt: 1 }, { expireAfterSeconds: 24 * 3600 });
export const PendingEffectModel = model<PendingEffectRecord>("pending_effect", pendingSchema);
