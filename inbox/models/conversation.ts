import { model, Schema } from "mongoose";
import { anyId, anyText, type ObjectId } from "../../core/db.ts";
import type { DeliveryState } from "../schema.ts";

/** A chat of the platform, topic or mail root, with the conversation that it writes into now. */
export interface ThreadRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  channelId: ObjectId;
  threadKey: string;
  contactId: ObjectId;
  conversationId: ObjectId;
  blockedAt?: Date | null;
  lastInboundAt?: Date;
  /** Merges of contacts that brought it to another one, the last one at the end. */
  mergeIds?: ObjectId[];
  createdAt: Date;
}
const threadSchema = new Schema<ThreadRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    channelId: { type: Schema.Types.ObjectId, required: true },
    threadKey: { type: String, required: true },
    contactId: { type: Schema.Types.ObjectId, required: true },
    conversationId: { type: Schema.Types.ObjectId, required: true },
    blockedAt: Date,
    lastInboundAt: Date,
    mergeIds: { type: [Schema.Types.ObjectId], default: undefined },
    createdAt: { type: Date, required: true },
  },
  { versionKey: false },
);
threadSchema.index({ workspaceId: 1, channelId: 1, threadKey: 1 }, { unique: true });
threadSchema.index({ workspaceId: 1, contactId: 1 });
export const ThreadModel = model<ThreadRecord>("thread", threadSchema);

export interface PreviewRecord {
  seq: number;
  /** The message's revision that is shown; rows of earlier versions have none. */
  rev?: number;
  type: "incoming" | "outgoing" | "note";
  text: string;
  kind: string;
  senderName: string;
  staffId?: ObjectId;
  deliveryState?: DeliveryState;
  durationMs?: number;
  fileName?: string;
  at: Date;
}

/** Everything that a row of the list shows stands here, so that a page is one indexed query. */
export interface ConversationRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  channelId: ObjectId;
  threadKey: string;
  contactId: ObjectId;
  contactName: string;
  contactAvatarFileId?: ObjectId;
  state: "open" | "snoozed" | "resolved";
  snoozedUntil?: Date | null;
  assigneeId: ObjectId | null;
  teamId?: ObjectId | null;
  rating?: { score: number; comment?: string; at: Date };
  tags: string[];
  mentionedIds: ObjectId[];
  needsReply: boolean;
  waitingSince?: Date | null;
  firstAnsweredAt?: Date;
  /** From the first message of the customer to the first answer. */
  firstAnswerMs?: number;
  firstAnsweredById?: ObjectId;
  resolvedAt?: Date | null;
  resolvedById?: ObjectId | null;
  lastActivityAt: Date;
  lastSeq: number;
  lastRev: number;
  readSeq: number;
  unread: number;
  blocked: boolean;
  referral?: string;
  /** The messenger itself said that its window is closed; until the customer writes again that holds. */
  windowClosedAt?: Date | null;
  /** The link by which it began, as whoever made the link names it. */
  from?: string;
  preview?: PreviewRecord;
  /** The customer's last message in the thread that answers go to; the platform's window counts from it. */
  lastInboundAt?: Date | null;
  /** Merges of contacts that brought it to another one, the last one at the end. */
  mergeIds?: ObjectId[];
  /** Held by the one drain that sends now. */
  outboxLease?: { owner: string; until: Date } | null;
  createdAt: Date;
}
const previewSchema = {
  seq: Number,
  rev: Number,
  type: { type: String },
  text: String,
  kind: String,
  senderName: String,
  staffId: Schema.Types.ObjectId,
  deliveryState: String,
  durationMs: Number,
  fileName: String,
  at: Date,
};
const schema = new Schema<ConversationRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    channelId: { type: Schema.Types.ObjectId, required: true },
    threadKey: { type: String, required: true },
    contactId: { type: Schema.Types.ObjectId, required: true },
    contactName: { type: String, default: "" },
    contactAvatarFileId: Schema.Types.ObjectId,
    state: { type: String, required: true },
    snoozedUntil: Date,
    assigneeId: { type: Schema.Types.ObjectId, default: null },
    teamId: Schema.Types.ObjectId,
    rating: { type: { score: Number, comment: String, at: Date }, _id: false },
    tags: { type: [String], default: [] },
    mentionedIds: { type: [Schema.Types.ObjectId], default: [] },
    needsReply: { type: Boolean, default: false },
    waitingSince: Date,
    firstAnsweredAt: Date,
    firstAnswerMs: Number,
    firstAnsweredById: Schema.Types.ObjectId,
    resolvedAt: Date,
    resolvedById: Schema.Types.ObjectId,
    lastActivityAt: { type: Date, required: true },
    lastSeq: { type: Number, default: 0 },
    lastRev: { type: Number, default: 0 },
    readSeq: { type: Number, default: 0 },
    unread: { type: Number, default: 0 },
    blocked: { type: Boolean, default: false },
    referral: String,
    from: String,
    windowClosedAt: Date,
    preview: { type: new Schema(previewSchema, { _id: false }) },
    lastInboundAt: Date,
    mergeIds: { type: [Schema.Types.ObjectId], default: undefined },
    outboxLease: { type: { owner: String, until: Date }, _id: false },
    createdAt: { type: Date, required: true },
  },
  { versionKey: false },
);
schema.index({ workspaceId: 1, state: 1, needsReply: -1, lastActivityAt: -1, _id: -1 });
schema.index({ workspaceId: 1, state: 1, lastActivityAt: -1, _id: -1 });
schema.index({ workspaceId: 1, state: 1, assigneeId: 1, needsReply: -1, lastActivityAt: -1, _id: -1 });
schema.index(
  { workspaceId: 1, teamId: 1, state: 1, needsReply: -1, lastActivityAt: -1, _id: -1 },
  { partialFilterExpression: { teamId: anyId } },
);
schema.index({ workspaceId: 1, channelId: 1, state: 1, needsReply: -1, lastActivityAt: -1, _id: -1 });
schema.index({ workspaceId: 1, mentionedIds: 1, state: 1, lastActivityAt: -1 });
schema.index({ workspaceId: 1, tags: 1, state: 1, lastActivityAt: -1 });
schema.index({ workspaceId: 1, contactId: 1, lastActivityAt: -1 });
schema.index({ workspaceId: 1, from: 1, createdAt: 1 }, { partialFilterExpression: { from: anyText } });
schema.index({ workspaceId: 1, createdAt: -1 });
schema.index({ workspaceId: 1, resolvedAt: -1 });
schema.index({ workspaceId: 1, firstAnsweredAt: -1 });
schema.index({ workspaceId: 1, waitingSince: 1 }, { partialFilterExpression: { needsReply: true } });
schema.index({ snoozedUntil: 1 }, { partialFilterExpression: { state: "snoozed" } });
export const ConversationModel = model<ConversationRecord>("conversation", schema);
