/** Everything a simulated Telegram knows: bots, customers, chats, files, and the calls that were made. */
import { EventEmitter } from "node:events";
import type { User } from "grammy/types";
import type { TelegramBusiness } from "./business.ts";
import { SimChat } from "./chat.ts";
import type { SimBot, SimMessage } from "./chat.ts";
import { Failures } from "./failures.ts";
import { FileStore } from "./files.ts";

/** One call of the Bot API as it came in. Files are told by name and size. */
export interface ApiCall {
  bot: string;
  method: string;
  params: Record<string, unknown>;
  files: { field: string; name: string; size: number }[];
  at: Date;
  /** HTTP status of the answer; undefined while it is pending or when none was given. */
  status: number | undefined;
}

export interface Change {
  bot: SimBot;
  chat: SimChat;
  message?: SimMessage;
}

export class World {
  readonly bots = new Map<string, SimBot>();
  readonly people = new Map<number, { user: User; photos: SimBot["avatar"] }>();
  readonly businesses = new Map<string, TelegramBusiness>();
  readonly files = new FileStore();
  readonly failures = new Failures();
  /** Methods whose calls wait. */
  readonly held = new Map<string, Promise<void>>();
  readonly calls: ApiCall[] = [];
  readonly events = new EventEmitter<{ change: [Change]; call: [ApiCall]; people: [] }>().setMaxListeners(0);
  /** Albums have an id of their own, over all chats. */
  nextAlbum = 13_985_524_211;
  private readonly chats = new Map<string, SimChat>();

  chat(bot: SimBot, user: User): SimChat {
    const key = `${bot.user.id}:${user.id}`;
    const chat = this.chats.get(key) ?? new SimChat(bot, user);
    this.chats.set(key, chat);
    return chat;
  }

  chatsOf(user: User): SimChat[] {
    return [...this.chats.values()].filter((chat) => chat.customer.id === user.id);
  }

  changed(chat: SimChat, message?: SimMessage): void {
    this.events.emit("change", { bot: chat.bot, chat, ...(message && { message }) });
  }
}
