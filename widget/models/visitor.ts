import { model, Schema } from "mongoose";
import type { ObjectId } from "../../core/db.ts";
import type { Visit } from "../schema.ts";

/** What is kept of a visit: it is shown beside the chat when the visitor has long left. */
export type VisitRecord = Omit<Visit, "id" | "channelId" | "online" | "conversationId" | "consents">;

/** Somebody who wrote, or was signed in by the site. Whoever only looks is never stored. */
export interface VisitorRecord {
  /** Stands in the visitor's token. */
  _id: ObjectId;
  workspaceId: ObjectId;
  channelId: ObjectId;
  /** Signed by the site. */
  userId?: string;
  name?: string;
  email?: string;
  phone?: string;
  visit?: VisitRecord;
  /** What the visitor agreed to, in the words that were shown. */
  consents: { text: string; at: Date }[];
  createdAt: Date;
}
const visitorSchema = new Schema<VisitorRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    channelId: { type: Schema.Types.ObjectId, required: true },
    userId: String,
    name: String,
    email: String,
    phone: String,
    visit: { type: Schema.Types.Mixed },
    consents: { type: [{ text: String, at: Date, _id: false }], default: [] },
    createdAt: { type: Date, required: true },
  },
  { versionKey: false, minimize: false },
);
visitorSchema.index({ workspaceId: 1, channelId: 1, userId: 1 });
export const VisitorModel = model<VisitorRecord>("widget_visitor", visitorSchema);

/** A chat of a visitor: whose it is, and what of it the visitor has. */
export interface ChatRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  channelId: ObjectId;
  threadKey: string;
  visitorId: ObjectId;
  /** Once the site has signed who it is, every device of this customer sees the chat. */
  userId?: string;
  gotSeq: number;
  readSeq: number;
  /** The answers up to here have gone out by e-mail. */
  mailedSeq: number;
  /** Answers wait for a visitor who has left; then an e-mail goes out. */
  mailDueAt?: Date | null;
  /** Last page of the visitor: the link back leads there. */
  url?: string;
  createdAt: Date;
}
const chatSchema = new Schema<ChatRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    channelId: { type: Schema.Types.ObjectId, required: true },
    threadKey: { type: String, required: true },
    visitorId: { type: Schema.Types.ObjectId, required: true },
    userId: String,
    gotSeq: { type: Number, default: 0 },
    readSeq: { type: Number, default: 0 },
    mailedSeq: { type: Number, default: 0 },
    mailDueAt: Date,
    url: String,
    createdAt: { type: Date, required: true },
  },
  { versionKey: false },
);
chatSchema.index({ workspaceId: 1, channelId: 1, threadKey: 1 }, { unique: true });
chatSchema.index({ workspaceId: 1, channelId: 1, visitorId: 1, createdAt: -1 });
chatSchema.index({ workspaceId: 1, channelId: 1, userId: 1, createdAt: -1 });
chatSchema.index({ mailDueAt: 1 }, { partialFilterExpression: { mailDueAt: { $type: "date" } } });
export const ChatModel = model<ChatRecord>("widget_chat", chatSchema);

/** Signed identities that ended with a sign-out before they expired. */
export interface RevocationRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  hash: string;
  expiresAt: Date;
}
const revocationSchema = new Schema<RevocationRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    hash: { type: String, required: true },
    expiresAt: { type: Date, required: true },
  },
  { versionKey: false },
);
revocationSchema.index({ workspaceId: 1, hash: 1 }, { unique: true });
revocationSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
export const RevocationModel = model<RevocationRecord>("widget_revocation", revocationSchema);

/** A link in an e-mail that brings a chat to the browser in which it is opened. */
export interface ResumeRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  hash: string;
  channelId: ObjectId;
  threadKey: string;
  expiresAt: Date;
}
const resumeSchema = new Schema<ResumeRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    hash: { type: String, required: true },
    channelId: { type: Schema.Types.ObjectId, required: true },
    threadKey: { type: String, required: true },
    expiresAt: { type: Date, required: true },
  },
  { versionKey: false },
);
resumeSchema.index({ hash: 1 }, { unique: true });
resumeSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
export const ResumeModel = model<ResumeRecord>("widget_resume", resumeSchema);

/** What a rule brought on a day. */
export interface RuleCountRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  channelId: ObjectId;
  ruleId: string;
  /** `2026-11-22`, UTC. */
  day: string;
  shown: number;
  opened: number;
  wrote: number;
}
const ruleCountSchema = new Schema<RuleCountRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    channelId: { type: Schema.Types.ObjectId, required: true },
    ruleId: { type: String, required: true },
    day: { type: String, required: true },
    shown: { type: Number, default: 0 },
    opened: { type: Number, default: 0 },
    wrote: { type: Number, default: 0 },
  },
  { versionKey: false },
);
ruleCountSchema.index({ workspaceId: 1, channelId: 1, day: 1, ruleId: 1 }, { unique: true });
export const RuleCountModel = model<RuleCountRecord>("widget_rule_count", ruleCountSchema);
