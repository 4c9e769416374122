/** A business account whose owner lets a bot answer in its chats: https://core.telegram.org/bots/api#businessconnection */
import type { User } from "grammy/types";
import { detectEntities, now, SimChat } from "./chat.ts";
import type { SimBot, SimMessage } from "./chat.ts";
import { badRequest } from "./refusal.ts";
import type { World } from "./world.ts";

const day = 24 * 3600;

export class TelegramBusiness {
  readonly id: string;
  readonly bot: SimBot;
  readonly owner: User;
  isEnabled = true;
  canReply = true;
  /** Chats whose newest message was read by `readBusinessMessage`, by the customer's id. */
  readonly read = new Map<number, number>();
  private readonly world: World;
  private readonly chats = new Map<number, SimChat>();

  constructor(world: World, bot: SimBot, owner: User, id: string) {
    this.world = world;
    this.bot = bot;
    this.owner = owner;
    this.id = id;
  }

  /** As the Bot API shows it. */
  get description() {
    const { id, owner, isEnabled, canReply } = this;
    return {
      id,
      user: owner,
      user_chat_id: owner.id,
      date: now(),
      is_enabled: isEnabled,
      ...(isEnabled && {
        rights: canReply ? { can_reply: true as const, can_read_messages: true as const } : {},
      }),
    };
  }

  get allChats(): SimChat[] {
    return [...this.chats.values()];
  }

  /** Tells the bot how things stand now. */
  announce(): void {
    this.bot.queue.push("business_connection", this.description);
  }

  disconnect(): void {
    this.isEnabled = false;
    this.announce();
  }

  chat(customer: User): SimChat {
    const chat = this.chats.get(customer.id) ?? new SimChat(this.bot, customer, this);
    this.chats.set(customer.id, chat);
    return chat;
  }

  /** A customer writes to the account, or wrote then. */
  hear(customer: User, text: string, at = new Date()): SimMessage {
    return this.write(customer, "customer", text, at);
  }

  /** The owner answers by hand, on their own phone. */
  answer(customer: User, text: string): SimMessage {
    return this.write(customer, "owner", text, new Date());
  }

  edit(customer: User, messageId: number, text: string): void {
    const chat = this.chat(customer);
    const message = chat.find(messageId);
    if (!message) throw new Error("there is no such message");
    message.message = { ...message.message, text, edit_date: now() };
    this.world.changed(chat, message);
    this.bot.queue.push("edited_business_message", message.message);
  }

  /** Either side deletes for both. */
  remove(customer: User, messageIds: number[]): void {
    const chat = this.chat(customer);
    for (const id of messageIds) {
      const message = chat.find(id);
      if (message) message.deleted = true;
    }
    this.world.changed(chat);
    const where = { business_connection_id: this.id, chat: chat.description() };
    this.bot.queue.push("deleted_business_messages", { ...where, message_ids: messageIds });
  }

  /** The chat for a call of the bot's, or the real server's refusal. */
  reach(customer: User): SimChat {
    if (!this.isEnabled) throw badRequest("business connection not found");
    if (!this.canReply) throw badRequest("BUSINESS_PEER_INVALID");
    const chat = this.chat(customer);
    const last = chat.messages.findLast(({ by }) => by === "customer")?.message.date ?? 0;
    if (now() - last > day) throw badRequest("BUSINESS_PEER_USAGE_MISSING");
    return chat;
  }

  private write(customer: User, by: "customer" | "owner", text: string, at: Date): SimMessage {
    const chat = this.chat(customer);
    const entities = detectEntities(text);
    const from = by === "owner" ? { from: this.owner } : {};
    const added = chat.add("customer", { text, ...(entities.length > 0 && { entities }), ...from });
    added.by = by;
    added.message.date = Math.floor(at.getTime() / 1000);
    this.world.changed(chat, added);
    this.bot.queue.push("business_message", added.message);
    return added;
  }
}
