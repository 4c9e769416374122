import { model, Schema } from "mongoose";
import type { Content, InboundContent, Quote } from "../../connectors/contract.ts";
import { anyText, type ObjectId } from "../../core/db.ts";
import type { DeliveryState } from "../schema.ts";

export interface Failure {
  class: string;
  code: string;
  message: string;
}

/** A change of ours to a sent message, on its way to the platform. */
export interface MessageChange {
  op: "edit" | "delete" | "react";
  state: "queued" | "failed";
  at: Date;
  text?: string;
  entities?: Content["entities"];
  emoji?: string | null;
  failure?: Failure | null;
}

/** One message is one message of the platform. `seq` is its place, given once; `rev` rises with every change. */
export interface MessageRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  conversationId: ObjectId;
  channelId: ObjectId;
  threadKey: string;
  type: "incoming" | "outgoing" | "note" | "event";
  seq: number;
  rev: number;
  /** Key of the event that made it: the same event again makes nothing. */
  dedupKey?: string;
  clientId?: string;
  externalIds: string[];
  sender: { kind: "contact" | "staff" | "system"; id?: ObjectId; name: string };
  content: InboundContent;
  event?: {
    what: string;
    staffId?: ObjectId;
    staffName?: string;
    until?: Date;
    tag?: string;
    teamName?: string;
    channelName?: string;
    score?: number;
    comment?: string;
  };
  albumId?: string;
  replyTo?: Quote;
  forwardedFrom?: string;
  forwardOf?: { threadKey: string; externalId: string };
  mentions?: ObjectId[];
  reactions?: { by: "contact" | "staff"; emoji: string }[];
  reactedAt?: Date;
  delivery?: {
    state: DeliveryState;
    at: Date;
    attempts: number;
    failure?: Failure | null;
    nextAttemptAt?: Date | null;
  };
  change?: MessageChange | null;
  /** Waits for the sender: queued, being sent, or with a change on its way. */
  outbox?: boolean;
  /** Has files that are not fetched yet. */
  pendingMedia?: boolean;
  mediaAttempts?: number;
  mediaNextAt?: Date;
  tokens: string[];
  sentAt: Date;
  editedAt?: Date;
  deletedAt?: Date;
  createdAt: Date;
}

const failure = { class: { type: String }, code: String, message: String };
const schema = new Schema<MessageRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    conversationId: { type: Schema.Types.ObjectId, required: true },
    channelId: { type: Schema.Types.ObjectId, required: true },
    threadKey: { type: String, required: true },
    type: { type: String, required: true },
    seq: { type: Number, required: true },
    rev: { type: Number, required: true },
    dedupKey: String,
    clientId: String,
    externalIds: { type: [String], default: [] },
    sender: {
      type: new Schema({ kind: String, id: Schema.Types.ObjectId, name: String }, { _id: false, id: false }),
      required: true,
    },
    content: { type: Schema.Types.Mixed, required: true },
    event: {
      type: new Schema(
        {
          what: String,
          staffId: Schema.Types.ObjectId,
          staffName: String,
          until: Date,
          tag: String,
          teamName: String,
          channelName: String,
          score: Number,
          comment: String,
        },
        { _id: false },
      ),
    },
    albumId: String,
    replyTo: {
      type: new Schema(
        { messageId: String, externalId: String, text: String, senderName: String },
        { _id: false },
      ),
    },
    forwardedFrom: String,
    forwardOf: { type: new Schema({ threadKey: String, externalId: String }, { _id: false }) },
    mentions: { type: [Schema.Types.ObjectId], default: undefined },
    reactions: { type: [new Schema({ by: String, emoji: String }, { _id: false })], default: undefined },
    reactedAt: Date,
    delivery: {
      type: new Schema(
        {
          state: String,
          at: Date,
          attempts: Number,
          failure: { type: failure, _id: false },
          nextAttemptAt: Date,
        },
        { _id: false },
      ),
    },
    change: { type: Schema.Types.Mixed },
    outbox: Boolean,
    pendingMedia: Boolean,
    mediaAttempts: Number,
    mediaNextAt: Date,
    tokens: { type: [String], default: [] },
    sentAt: { type: Date, required: true },
    editedAt: Date,
    deletedAt: Date,
    createdAt: { type: Date, required: true },
  },
  { versionKey: false, minimize: false },
);
schema.index({ workspaceId: 1, conversationId: 1, seq: 1 }, { unique: true });
schema.index({ workspaceId: 1, conversationId: 1, rev: 1 }, { unique: true });
schema.index(
  { workspaceId: 1, channelId: 1, dedupKey: 1 },
  { unique: true, partialFilterExpression: { dedupKey: anyText } },
);
schema.index(
  { workspaceId: 1, clientId: 1 },
  { unique: true, partialFilterExpression: { clientId: anyText } },
);
schema.index(
  { workspaceId: 1, channelId: 1, threadKey: 1, externalIds: 1 },
  { unique: true, partialFilterExpression: { externalIds: anyText } },
);
schema.index({ workspaceId: 1, conversationId: 1, type: 1, seq: 1 });
schema.index(
  { workspaceId: 1, conversationId: 1, outbox: 1, seq: 1 },
  { partialFilterExpression: { outbox: true } },
);
schema.index({ outbox: 1, conversationId: 1 }, { partialFilterExpression: { outbox: true } });
schema.index({ pendingMedia: 1, createdAt: 1 }, { partialFilterExpression: { pendingMedia: true } });
schema.index({ workspaceId: 1, tokens: 1, _id: -1 });
schema.index(
  { workspaceId: 1, channelId: 1, "delivery.state": 1, createdAt: -1 },
  { partialFilterExpression: { "delivery.state": { $in: ["failed", "unknown"] } } },
);
schema.index({ workspaceId: 1, channelId: 1, createdAt: -1 });
export const MessageModel = model<MessageRecord>("message", schema);
