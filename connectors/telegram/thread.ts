/**
 * A thread is a private chat, a topic inside one, or the chat of a customer with a business account that the bot answers
 * for: `<chat>`, `<chat>:<topic>`, `<chat>@<connection>`.
 */
import { ConnectorError } from "../contract.ts";

export interface ThreadTarget {
  chat_id: number;
  message_thread_id?: number;
  business_connection_id?: string;
}

/** Fits the keys of business accounts' threads. */
export const businessThreads = "@";

export function threadKeyOf(chatId: number, topicId?: number, connectionId?: string): string {
  const topic = topicId === undefined ? "" : `:${topicId}`;
  return `${chatId}${topic}${connectionId === undefined ? "" : `@${connectionId}`}`;
}

export function parseThread(threadKey: string): ThreadTarget {
  const match = /^(-?\d+)(?::(\d+))?(?:@(.+))?$/.exec(threadKey);
  if (!match) throw new ConnectorError("permanent", "chat_not_found", "not a Telegram chat");
  const [, chat, topic, connection] = match;
  return {
    chat_id: Number(chat),
    ...(topic !== undefined && { message_thread_id: Number(topic) }),
    ...(connection !== undefined && { business_connection_id: connection }),
  };
}
