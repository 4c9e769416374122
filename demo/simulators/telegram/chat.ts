/** A private chat of one bot with one customer. */
import type { Message, MessageEntity, PhotoSize, User, UserFromGetMe } from "grammy/types";
import type { SimFile } from "./files.ts";
import type { UpdateQueue } from "./updates.ts";

export interface SimBot {
  token: string;
  user: UserFromGetMe;
  avatar: PhotoSize[] | undefined;
  commands: object[];
  queue: UpdateQueue;
}

export interface SimMessage {
  id: number;
  /** `owner`: by hand, in the chat of a business account. */
  by: "bot" | "customer" | "owner";
  /** As the Bot API shows it. */
  message: ShownMessage;
  /** What was attached. */
  file: SimFile | undefined;
  deleted: boolean;
  /** Emoji on it now. */
  reactions: { bot: string[]; customer: string[] };
}

/** A button that was pressed, and whether the bot has answered the press. */
export interface Press {
  id: string;
  messageId: number;
  answered: boolean;
  text: string | undefined;
}

/** A message as the Bot API shows it. (The library's own type leaves no room for a quoted message.) */
export type ShownMessage = Omit<Message, "reply_to_message"> & { reply_to_message?: ShownMessage };

export interface NewMessage extends Partial<Omit<ShownMessage, "message_id" | "chat" | "date">> {
  file?: SimFile | undefined;
}

export class SimChat {
  readonly bot: SimBot;
  readonly customer: User;
  readonly messages: SimMessage[] = [];
  readonly presses: Press[] = [];
  started = false;
  blocked = false;
  /** When the bot last said that it is typing. */
  typingAt: Date | undefined;
  private nextId = 1;

  /** The account whose chat it is, where it is not the bot's own. */
  readonly business: { id: string; owner: User } | undefined;

  constructor(bot: SimBot, customer: User, business?: { id: string; owner: User }) {
    this.bot = bot;
    this.customer = customer;
    this.business = business;
  }

  /** A message by either side. Ids begin at 1 in every chat: they are unique in their chat only. */
  add(by: SimMessage["by"], { file, ...fields }: NewMessage): SimMessage {
    const message: ShownMessage = {
      message_id: this.nextId,
      from: by === "bot" ? (this.business?.owner ?? plainUser(this.bot.user)) : this.customer,
      chat: this.description(),
      date: now(),
      ...(this.business && { business_connection_id: this.business.id }),
      ...(this.business && by === "bot" && { sender_business_bot: plainUser(this.bot.user) }),
      ...fields,
    };
    this.nextId += 1;
    const added = {
      id: message.message_id,
      by,
      message,
      file,
      deleted: false,
      reactions: { bot: [], customer: [] },
    };
    this.messages.push(added);
    return added;
  }

  find(id: number): SimMessage | undefined {
    return this.messages.find((message) => message.id === id && !message.deleted);
  }

  /** What the bot wrote and has not deleted, newest last. */
  get botMessages(): SimMessage[] {
    return this.messages.filter(({ by, deleted }) => by === "bot" && !deleted);
  }

  description() {
    const { id, first_name, last_name, username } = this.customer;
    return {
      id,
      type: "private" as const,
      first_name,
      ...(last_name !== undefined && { last_name }),
      ...(username !== undefined && { username }),
    };
  }
}

export function now(): number {
  return Math.floor(Date.now() / 1000);
}

/** getMe tells more of a bot than its messages do. */
function plainUser({ id, is_bot, first_name, username }: UserFromGetMe): User {
  return { id, is_bot, first_name, username };
}

/** The message as another one quotes it: without its own quote. */
export function quoted(message: ShownMessage): ShownMessage {
  const { reply_to_message: _inner, ...rest } = message;
  return rest;
}

/** Telegram marks commands, links, addresses and tags by itself. */
export function detectEntities(text: string): MessageEntity[] {
  return patterns.flatMap(({ type, pattern }) =>
    [...text.matchAll(pattern)].map((match) => ({ type, offset: match.index, length: match[0].length })),
  );
}

const patterns = [
  { type: "bot_command", pattern: /(?<![\w/])\/[a-z]\w{0,31}(@\w+)?/gi },
  { type: "url", pattern: /https?:\/\/[^\s]+[^\s.,!?)]/g },
  { type: "email", pattern: /[\w.+-]+@[\w-]+\.[\w.]*\w/g },
  { type: "hashtag", pattern: /(?<!\w)#\w+/g },
] as const;
