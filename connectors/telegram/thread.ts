/** A thread is a private chat, or a topic inside one: `<chat>` or `<chat>:<topic>`. */
import { ConnectorError } from "../contract.ts";

export interface ThreadTarget {
  chat_id: number;
  message_thread_id?: number;
}

export function threadKeyOf(chatId: number, topicId?: number): string {
  return topicId === undefined ? String(chatId) : `${chatId}:${topicId}`;
}

export function parseThread(threadKey: string): ThreadTarget {
  const match = /^(-?\d+)(?::(\d+))?$/.exec(threadKey);
  if (!match) throw new ConnectorError("permanent", "chat_not_found", "not a Telegram chat");
  const topic = match[2];
  return { chat_id: Number(match[1]), ...(topic !== undefined && { message_thread_id: Number(topic) }) };
}
