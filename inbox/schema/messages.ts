/** Messages, and what is sent. */
import { z } from "zod";
import { content, quote, textEntity } from "../../connectors/contract.ts";
import { id, isoDate } from "./common.ts";

/** Only rises, except to `failed`; `unknown` is a send whose answer never came. */
export const deliveryState = z.enum(["queued", "sending", "sent", "delivered", "read", "failed", "unknown"]);
export type DeliveryState = z.infer<typeof deliveryState>;

export const sender = z
  .object({
    kind: z.enum(["contact", "staff", "system"]),
    id: id.optional(),
    name: z.string(),
    avatarFileId: z.string().optional(),
  })
  .meta({ id: "Sender" });

/** Something that happened in the conversation, shown as a line between the messages. */
export const conversationEvent = z
  .object({
    what: z.enum([
      "assigned",
      "unassigned",
      "resolved",
      "reopened",
      "snoozed",
      "woken",
      "tagged",
      "untagged",
      "blocked",
      "unblocked",
      "rated",
      "assigned_team",
      "unassigned_team",
      "moved",
    ]),
    staffId: id.optional().describe("who it was assigned to, or who has left and had it"),
    staffName: z.string().optional(),
    until: isoDate
      .optional()
      .describe("of a snooze; of a wake at its time, that time: a message wakes without"),
    tag: z.string().optional(),
    teamName: z.string().optional(),
    channelName: z.string().optional().describe("of the account that the conversation moved to"),
    score: z.number().int().optional().describe("of a rating, 1 to 5"),
    comment: z.string().optional(),
  })
  .meta({ id: "ConversationEvent" });

export const message = z
  .object({
    id,
    conversationId: id,
    channelId: id.optional(),
    type: z.enum(["incoming", "outgoing", "note", "event"]),
    seq: z.number().int().describe("its place in the conversation, given once; sort and page by it alone"),
    rev: z.number().int().describe("raised by every change of it; a client asks for what is above its last"),
    clientId: z.string().optional().describe("chosen by the sender, unique in the workspace"),
    sender,
    content,
    event: conversationEvent.optional(),
    albumId: z.string().optional(),
    replyTo: quote.optional(),
    forwardedFrom: z.string().optional(),
    mentions: z.array(id).optional(),
    reactions: z.array(z.object({ by: z.enum(["contact", "staff"]), emoji: z.string() })).optional(),
    delivery: z
      .object({
        state: deliveryState,
        at: isoDate,
        failure: z.object({ class: z.string(), code: z.string(), message: z.string() }).optional(),
        nextAttemptAt: isoDate.optional(),
      })
      .optional()
      .describe("of outgoing messages"),
    change: z
      .object({
        op: z.enum(["edit", "delete", "react"]),
        state: z.enum(["queued", "failed"]),
        failure: z.object({ class: z.string(), code: z.string(), message: z.string() }).optional(),
      })
      .optional()
      .describe("an edit, delete or reaction of ours that has not reached the platform (yet)"),
    sentAt: isoDate.describe("the platform's time for incoming messages, ours for the others"),
    editedAt: isoDate.optional(),
    deletedAt: isoDate.optional(),
    createdAt: isoDate,
  })
  .meta({ id: "Message" });
export type Message = z.infer<typeof message>;

/** What a reply or note holds: attachments name files uploaded before (POST /files), locations or contacts. */
export const postMessageRequest = z
  .object({
    clientId: z.string().min(8).max(64),
    type: z.enum(["outgoing", "note"]),
    content: content.pick({
      text: true,
      entities: true,
      attachments: true,
      buttons: true,
      template: true,
      letter: true,
    }),
    replyToMessageId: id.optional(),
    forwardOfMessageId: id.optional().describe("forward this message here; content is ignored"),
    mentions: z.array(id).max(50).optional(),
    seenSeq: z
      .number()
      .int()
      .min(0)
      .optional()
      .describe(
        "the last seq on the writer's screen: when somebody answered after it, 409 answered_meanwhile; what the customer wrote after it stays unread and waits for an answer",
      ),
    begunSeq: z
      .number()
      .int()
      .min(0)
      .optional()
      .describe("the same when the message was begun: then answers count from there"),
    thenResolve: z
      .boolean()
      .optional()
      .describe("closes the conversation, unless the customer wrote after seenSeq"),
  })
  .meta({ id: "PostMessageRequest" });
export type PostMessageRequest = z.infer<typeof postMessageRequest>;
export const editMessageRequest = z.object({
  text: z.string().max(20_000),
  entities: z.array(textEntity).max(200).optional(),
});
export const reactRequest = z.object({
  emoji: z.string().max(16).nullable().describe("null takes the reaction away"),
});

/** Newest last. `hasMore` speaks of the direction asked for. */
export const messagePage = z
  .object({ items: z.array(message), hasMore: z.boolean() })
  .meta({ id: "MessagePage" });
