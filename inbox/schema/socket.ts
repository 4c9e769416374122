/** Events of the socket. */
import type { z } from "zod";
import type { Channel, loginCode } from "./channels.ts";
import type { Tag } from "./contacts.ts";
import type { Conversation, Draft } from "./conversations.ts";
import type { Message } from "./messages.ts";

export interface Viewer {
  staffId: string;
  replying: boolean;
}

/**
 * Server to browser. A message event carries its whole new state; a client that finds a gap in `rev`, or that
 * reconnects, asks GET /conversations/{id}/messages?afterRev=N.
 */
export interface ServerEvents {
  message: (data: { message: Message }) => void;
  conversation: (data: { conversation: Conversation }) => void;
  /** It goes on in a channel that the listener may not use: to them it does not exist any more. */
  conversation_left: (data: { conversationId: string }) => void;
  contact: (data: { contactId: string }) => void;
  typing: (data: {
    conversationId: string;
    by: "contact" | "staff";
    staffId?: string;
    on: boolean;
    /** What the customer has typed so far, where the channel tells. */
    text?: string;
  }) => void;
  viewers: (data: { conversationId: string; viewers: Viewer[] }) => void;
  channel: (data: { channel: Channel } | { removedId: string }) => void;
  /** To administrators: the code to scan has changed; without `login` there is none any more. */
  channel_login: (data: { channelId: string; login?: z.infer<typeof loginCode> }) => void;
  staff: (data: { staff: Staff }) => void;
  draft: (data: {
    conversationId: string;
    mode: "reply" | "note";
    draft: Draft | null;
    /** The text of the message that it became. */
    sent?: string;
    fromSocketId?: string;
  }) => void;
  tags: (data: { tags: Tag[] }) => void;
  /** The teams have changed: ask for them again. */
  teams: (data: object) => void;
  session_ended: () => void;
}
type Staff = import("../../workspace/schema.ts").Staff;

/** Browser to server. `ack` tells that the server knows; viewers of the conversation come as an event. */
export interface ClientEvents {
  view: (
    data: { conversationId: string | null; replying: boolean },
    ack?: (answer: { ok: boolean }) => void,
  ) => void;
  typing: (data: { conversationId: string }) => void;
}
