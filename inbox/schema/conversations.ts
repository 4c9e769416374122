/** Conversations: the list, drafts, counts. */
import { z } from "zod";
import { content } from "../../connectors/contract.ts";
import { id, isoDate, tagName, tagPatch } from "./common.ts";
import { deliveryState, message } from "./messages.ts";

export const conversationState = z.enum(["open", "snoozed", "resolved"]);
export const inboxView = z.enum(["mine", "unassigned", "mentions", "all", "snoozed", "resolved"]);
export type InboxView = z.infer<typeof inboxView>;

export const preview = z
  .object({
    seq: z.number().int(),
    type: z.enum(["incoming", "outgoing", "note"]),
    text: z.string().describe("beginning of the text; empty for a message without"),
    kind: z.string().describe("text, or the kind of its first attachment, action, card, unsupported …"),
    senderName: z.string(),
    staffId: id.optional(),
    deliveryState: deliveryState.optional(),
    durationMs: z.number().optional(),
    fileName: z.string().optional(),
    at: isoDate,
  })
  .meta({ id: "Preview" });

export const draft = z
  .object({
    conversationId: id,
    mode: z.enum(["reply", "note"]),
    content: content.pick({ text: true, entities: true, attachments: true, buttons: true }),
    replyToMessageId: id.optional(),
    updatedAt: isoDate,
  })
  .meta({ id: "Draft" });
export type Draft = z.infer<typeof draft>;
export const draftRequest = draft.omit({ conversationId: true, mode: true, updatedAt: true }).extend({
  tab: z.string().max(32).optional().describe("where it is written"),
  turn: z
    .number()
    .int()
    .min(0)
    .optional()
    .describe("rises with every saving of the tab: one that was overtaken changes nothing"),
});

export const conversation = z
  .object({
    id,
    channelId: id,
    threadKey: z
      .string()
      .describe("its place at the platform; decides what can be done, see variants of its connector"),
    contact: z.object({ id, name: z.string(), avatarFileId: z.string().optional() }),
    state: conversationState,
    snoozedUntil: isoDate.optional(),
    assigneeId: id.optional(),
    tags: z.array(z.string()),
    needsReply: z.boolean().describe("the customer wrote last"),
    waitingSince: isoDate.optional(),
    firstAnsweredAt: isoDate.optional(),
    resolvedAt: isoDate.optional(),
    lastActivityAt: isoDate,
    createdAt: isoDate,
    lastSeq: z.number().int(),
    lastRev: z.number().int(),
    readSeq: z.number().int().describe("the team has read up to here"),
    unread: z.number().int().describe("incoming messages above readSeq, counted to 99"),
    blocked: z.boolean().describe("the customer has blocked the account"),
    canWrite: z
      .boolean()
      .describe("false while the channel cannot take a reply (removed, blocked by the customer)"),
    preview: preview.optional(),
    lastInboundAt: isoDate
      .optional()
      .describe("the customer's last message where answers go; the channel's window counts from it"),
    windowClosedAt: isoDate
      .optional()
      .describe(
        "the messenger itself refused a message outside its window; gone when the customer writes again",
      ),
    referral: z.string().optional().describe("parameter of the link the customer came by"),
    teamId: id.optional(),
    rating: z
      .object({ score: z.number().int().min(1).max(5), comment: z.string().optional(), at: isoDate })
      .optional()
      .describe("what the customer thought of it"),
    draft: draft.omit({ conversationId: true }).optional().describe("the asker's own, reply before note"),
  })
  .meta({ id: "Conversation" });
export type Conversation = z.infer<typeof conversation>;

/** Those that need a reply come first, then by last activity, newest first. */
export const conversationQuery = z.object({
  view: inboxView.default("all"),
  channelId: id.optional(),
  teamId: id.optional(),
  /** Of the open ones, the view `all`; the other views are refused with 400. */
  assigneeId: id.optional(),
  tag: tagName.optional(),
  order: z.enum(["grouped", "oldest_waiting", "newest"]).default("grouped"),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export const conversationPage = z
  .object({ items: z.array(conversation), next: z.string().nullable() })
  .meta({ id: "ConversationPage" });

export const conversationPatch = z
  .object({
    assigneeId: id.nullable(),
    teamId: id.nullable(),
    state: conversationState,
    snoozedUntil: isoDate.nullable().describe("with state snoozed; null = until the next message"),
    threadId: id.describe("answers go there from now on; GET /contacts/{id}/threads lists them"),
    ...tagPatch,
    unread: z.literal(true).describe("marks the last incoming message unread"),
  })
  .partial()
  .meta({ id: "ConversationPatch" });
export type ConversationPatch = z.infer<typeof conversationPatch>;
export const bulkRequest = z.object({
  ids: z.array(id).min(1).max(200),
  patch: conversationPatch,
  addTags: z.array(tagName).max(10).optional(),
});
/** An agent writes first. A text alone; files follow in the conversation. */
export const beginRequest = z
  .object({
    threadId: id.describe("one of GET /contacts/{id}/threads"),
    clientId: z.string().min(8).max(64).describe("chosen by the writer; repeating it repeats nothing"),
    text: z.string().trim().min(1).max(20_000),
  })
  .meta({ id: "BeginRequest" });
export const begun = z.object({ conversation, message }).meta({ id: "Begun" });

export const readRequest = z.object({ seq: z.number().int().min(0) });

/** Counts to 999 (the screen shows "999+"). Each view counts open conversations, `resolved` is not counted. */
export const counts = z
  .object({
    mine: z.number().int(),
    unassigned: z.number().int(),
    mentions: z.number().int(),
    all: z.number().int(),
    snoozed: z.number().int(),
    unreadMine: z.number().int(),
    byChannel: z.record(z.string(), z.number().int()),
    byTeam: z.record(z.string(), z.number().int()),
  })
  .meta({ id: "Counts" });
export type Counts = z.infer<typeof counts>;
