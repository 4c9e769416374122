/** Drafts on the server: what one began on one device goes on on another. */
import type { z } from "zod";
import type { StaffRecord } from "../core/auth/index.ts";
import { accessConversation } from "./access.ts";
import { idOf } from "../core/db.ts";
import { AppError, isDuplicate } from "../core/errors.ts";
import { describeDraft } from "./describe.ts";
import type { Inbox } from "./inbox.ts";
import { takeFiles } from "./limits.ts";
import { DraftModel, type ConversationRecord } from "./models/index.ts";
import type { Draft, draftRequest, PostMessageRequest } from "./schema.ts";

type Mode = Draft["mode"];
declare module "../core/events.ts" {
  interface EventMap {
    "draft.changed": {
      staff: StaffRecord;
      conversationId: string;
      mode: Mode;
      draft: Draft | null;
      sent?: string;
    };
  }
}

export async function listDrafts(staff: StaffRecord, conversationId: string): Promise<Draft[]> {
  const conversation = await accessConversation(staff, conversationId);
  const drafts = await DraftModel.find({
    workspaceId: staff.workspaceId,
    staffId: staff._id,
    conversationId: conversation._id,
  }).lean();
  return drafts.map(describeDraft);
}

/** A saving that a later one of the same tab has overtaken on its way changes nothing; the answer is the later one's draft. */
export async function saveDraft(
  inbox: Inbox,
  staff: StaffRecord,
  conversationId: string,
  mode: Mode,
  request: z.output<typeof draftRequest>,
): Promise<Draft> {
  const conversation = await accessConversation(staff, conversationId);
  const content = await takeFiles(staff, conversation.channelId, request.content);
  const { replyToMessageId, tab, turn } = request;
  const place = {
    workspaceId: staff.workspaceId,
    staffId: staff._id,
    conversationId: conversation._id,
    mode,
  };
  const isNext = tab === undefined ? {} : { $or: [{ tab: { $ne: tab } }, { turn: { $lt: turn ?? 0 } }] };
  const change = {
    $set: {
      ...{ content, updatedAt: new Date() },
      ...(replyToMessageId ? { replyToMessageId } : {}),
      ...(tab === undefined ? {} : { tab, turn: turn ?? 0 }),
    },
    ...(replyToMessageId ? {} : { $unset: { replyToMessageId: 1 } }),
  };
  const write = (upsert: boolean) =>
    DraftModel.findOneAndUpdate({ ...place, ...isNext }, change, { upsert, returnDocument: "after" }).lean();
  const saved = await write(true).catch((error: unknown) => {
    if (!isDuplicate(error)) throw error;
    return write(false); // there is one: it was made at the same moment, or is of a later turn
  });
  if (!saved) {
    const later = await DraftModel.findOne(place).lean();
    if (!later) throw new AppError("conflict"); // dropped this moment
    return describeDraft(later);
  }
  const draft = describeDraft(saved);
  inbox.hub.events.publish("draft.changed", { staff, conversationId, mode, draft });
  return draft;
}

export async function removeDraft(
  inbox: Inbox,
  staff: StaffRecord,
  conversationId: string,
  mode: Mode,
): Promise<void> {
  const conversation = await accessConversation(staff, conversationId);
  await DraftModel.deleteOne({
    workspaceId: staff.workspaceId,
    staffId: staff._id,
    conversationId: conversation._id,
    mode,
  });
  inbox.hub.events.publish("draft.changed", { staff, conversationId, mode, draft: null });
}

/** A draft goes with the message that was made of it; one that was begun since, or elsewhere, stays. */
export async function endDraft(
  inbox: Inbox,
  staff: StaffRecord,
  conversation: ConversationRecord,
  { type, content }: PostMessageRequest,
): Promise<void> {
  const mode: Mode = type === "note" ? "note" : "reply";
  const place = {
    workspaceId: staff.workspaceId,
    staffId: staff._id,
    conversationId: conversation._id,
    mode,
  };
  const draft = await DraftModel.findOne(place).lean();
  if (draft && !isMadeOf(content, draft.content)) return;
  if (draft) await DraftModel.deleteOne({ ...place, updatedAt: draft.updatedAt });
  inbox.hub.events.publish("draft.changed", {
    staff,
    conversationId: idOf(conversation),
    mode,
    draft: null,
    ...(content.text ? { sent: content.text } : {}),
  });
}

/** The last letters may not have been saved; several files go out as several messages. */
function isMadeOf(sent: Draft["content"], draft: Draft["content"]): boolean {
  const text = draft.text?.trim();
  if (text) return sent.text?.startsWith(text) ?? false;
  const [file] = filesOf(draft);
  return file === undefined || filesOf(sent).includes(file);
}

const filesOf = ({ attachments = [] }: Draft["content"]) =>
  attachments.flatMap((one) => ("media" in one && one.media.fileId ? [one.media.fileId] : []));
