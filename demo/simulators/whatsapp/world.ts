/** What a simulated WhatsApp knows: numbers of businesses, customers, what was said between them. */
import type { GraphApp } from "../graph.ts";

export interface SimNumber {
  /** Of the WhatsApp Business account. */
  accountId: string;
  /** The phone number's id. */
  id: string;
  /** `+1 555-078-3881`. */
  display: string;
  name: string;
  quality: "GREEN" | "YELLOW" | "RED" | "UNKNOWN";
  app: GraphApp;
}

export interface SimMessage {
  id: string;
  by: "customer" | "business";
  type: string;
  /** As it travelled: the body of the API's call, or the message of the webhook. */
  body: Record<string, unknown>;
  at: Date;
  state: "accepted" | "sent" | "delivered" | "read" | "failed";
  /** The customer's emoji on it, or the business's. */
  reaction: string;
  edited: boolean;
  /** The customer took it back. */
  deleted: boolean;
  key: string | undefined;
}

export interface SimChat {
  number: SimNumber;
  messages: SimMessage[];
  /** When the business was last seen typing. */
  typingAt: Date | undefined;
  /** The customer blocked the number: nothing arrives. */
  blocked: boolean;
  /** More than 24 hours have passed since the customer wrote. */
  closed: boolean;
}

export interface SimTemplate {
  name: string;
  language: string;
  status: string;
  category: string;
  components: object[];
}

/** How far a status goes by itself once a message is accepted. */
export type Reach = "accepted" | "sent" | "delivered";

let last = 0;
let lastPhone = 0;

/** Of a range that is kept for films and examples. */
export function newPhone(): string {
  lastPhone += 1;
  return `447700900${String(lastPhone).padStart(3, "0")}`;
}

/** Ids have a prefix of their own and are unique over everything. */
export function newMessageId(): string {
  last += 1;
  return `wamid.HBgLSIMULATED${last.toString(36).toUpperCase().padStart(6, "0")}${Date.now().toString(36)}`;
}
