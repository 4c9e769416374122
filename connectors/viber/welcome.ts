import type { InboundEvent, WebhookReply } from "../contract.ts";
import type { ViberCredentials } from "./credentials.ts";
import { startedPrefix } from "./parse.ts";

/**
 * The one message that Viber lets a bot write to somebody who has only opened the chat: it is the answer to the delivery.
 * https://developers.viber.com/docs/api/rest-bot-api/#sending-a-welcome-message
 */
export function welcome(events: InboundEvent[], credentials: ViberCredentials): WebhookReply | undefined {
  const text = credentials.welcome?.trim();
  const started = events.some(({ dedupKey }) => dedupKey.startsWith(startedPrefix));
  if (!text || !started) return undefined;
  const { senderName } = credentials;
  const body = { ...(senderName && { sender: { name: senderName } }), type: "text", text };
  return { status: 200, contentType: "application/json", body: JSON.stringify(body) };
}
