/** A customer and all that people do in a chat with a bot. */
import type { MessageEntity, MessageOrigin, ReactionTypeEmoji, User } from "grammy/types";
import { detectEntities, now, quoted } from "./chat.ts";
import type { NewMessage, SimBot, SimChat, SimMessage } from "./chat.ts";
import type { NewFile } from "./files.ts";
import { described } from "./sending.ts";
import type { World } from "./world.ts";

/** What may come with any message of a customer. `bot` is the one they talked to last, unless named. */
export interface Extra {
  bot?: SimBot;
  replyTo?: number;
  quote?: string;
  caption?: string;
  captionEntities?: MessageEntity[];
}

export class TelegramCustomer {
  readonly user: User;
  private readonly world: World;
  private current: SimBot | undefined;

  constructor(world: World, user: User) {
    this.world = world;
    this.user = user;
  }

  get id(): number {
    return this.user.id;
  }

  get name(): string {
    return [this.user.first_name, this.user.last_name].filter(Boolean).join(" ");
  }

  chat(bot = this.bot()): SimChat {
    return this.world.chat(bot, this.user);
  }

  /** Presses Start, as after opening `t.me/<bot>?start=<payload>`. */
  start(bot: SimBot, payload?: string): SimMessage {
    this.current = bot;
    return this.say(payload === undefined ? "/start" : `/start ${payload}`, { bot });
  }

  say(text: string, extra: Extra & { entities?: MessageEntity[] } = {}): SimMessage {
    const entities = [...(extra.entities ?? []), ...detectEntities(text)];
    return this.write({ text, ...(entities.length > 0 && { entities }) }, extra);
  }

  async sendPhoto(
    bytes: Uint8Array,
    extra: Extra & { spoiler?: boolean; album?: string } = {},
  ): Promise<SimMessage> {
    const photo = await this.world.files.addPhoto({ bytes });
    if (!photo) throw new Error("these bytes are no picture");
    const file = this.world.files.get(photo.at(-1)?.file_id ?? "");
    const spoiler = extra.spoiler ? { has_media_spoiler: true as const } : {};
    const album = extra.album === undefined ? {} : { media_group_id: extra.album };
    return this.write({ photo, file, ...spoiler, ...album }, extra);
  }

  /** Several pictures at once: messages of their own that share an album. */
  async sendAlbum(pictures: Uint8Array[], extra: Extra = {}): Promise<SimMessage[]> {
    const album = String(this.world.nextAlbum++);
    const sent: SimMessage[] = [];
    for (const [index, bytes] of pictures.entries()) {
      const { caption: _caption, ...rest } = extra;
      sent.push(await this.sendPhoto(bytes, { ...(index === 0 ? extra : rest), album }));
    }
    return sent;
  }

  sendVideo(file: NewFile, extra: Extra = {}): SimMessage {
    const stored = this.world.files.add("videos", { name: "video.mp4", ...file });
    return this.write(
      { video: { ...described(stored), width: 640, height: 480, duration: 3 }, file: stored },
      extra,
    );
  }

  sendAnimation(file: NewFile, extra: Extra = {}): SimMessage {
    const stored = this.world.files.add("animations", { name: "animation.mp4", ...file });
    const animation = { ...described(stored), width: 320, height: 240, duration: 2 };
    return this.write({ animation, document: described(stored), file: stored }, extra);
  }

  sendVoice(file: NewFile, extra: Extra & { duration?: number } = {}): SimMessage {
    const stored = this.world.files.add("voice", { name: "voice.oga", mime: "audio/ogg", ...file });
    const { file_name: _name, ...voice } = described(stored);
    return this.write({ voice: { ...voice, duration: extra.duration ?? 3 }, file: stored }, extra);
  }

  sendVideoNote(file: NewFile, extra: Extra = {}): SimMessage {
    const stored = this.world.files.add("video_notes", { name: "note.mp4", ...file });
    const { file_id, file_unique_id, file_size } = described(stored);
    const video_note = { file_id, file_unique_id, file_size, length: 384, duration: 5 };
    return this.write({ video_note, file: stored }, extra);
  }

  sendAudio(file: NewFile, extra: Extra & { title?: string; performer?: string } = {}): SimMessage {
    const stored = this.world.files.add("music", { name: "track.mp3", ...file });
    const { title, performer } = extra;
    const track = { ...(title !== undefined && { title }), ...(performer !== undefined && { performer }) };
    return this.write({ audio: { ...described(stored), duration: 30, ...track }, file: stored }, extra);
  }

  sendDocument(file: NewFile, extra: Extra = {}): SimMessage {
    const stored = this.world.files.add("documents", { name: "file.pdf", ...file });
    return this.write({ document: described(stored), file: stored }, extra);
  }

  /** A still sticker (WebP). */
  sendSticker(file: NewFile, extra: Extra & { emoji?: string } = {}): SimMessage {
    const stored = this.world.files.add("stickers", { name: "sticker.webp", ...file });
    const { file_id, file_unique_id, file_size } = described(stored);
    const shape = { type: "regular" as const, width: 512, height: 512, is_animated: false, is_video: false };
    const sticker = { file_id, file_unique_id, file_size, ...shape, emoji: extra.emoji ?? "👍" };
    return this.write({ sticker, file: stored }, extra);
  }

  sendLocation(latitude: number, longitude: number, extra: Extra & { livePeriod?: number } = {}): SimMessage {
    const live = extra.livePeriod === undefined ? {} : { live_period: extra.livePeriod };
    return this.write({ location: { latitude, longitude, ...live } }, extra);
  }

  sendVenue(
    place: { latitude: number; longitude: number; title: string; address: string },
    extra: Extra = {},
  ): SimMessage {
    const { latitude, longitude, title, address } = place;
    const location = { latitude, longitude };
    return this.write({ location, venue: { location, title, address } }, extra);
  }

  /** Somebody's card; their own when `own` is set. */
  sendContact(card: { name: string; phone: string; own?: boolean }, extra: Extra = {}): SimMessage {
    const owner = card.own ? { user_id: this.id } : {};
    return this.write({ contact: { first_name: card.name, phone_number: card.phone, ...owner } }, extra);
  }

  /** Passes on words that somebody else wrote. */
  forward(from: string, text: string, extra: Extra = {}): SimMessage {
    const forward_origin: MessageOrigin = { type: "hidden_user", date: now(), sender_user_name: from };
    return this.write({ text, forward_origin }, extra);
  }

  /** Changes the text or caption of an own message. */
  edit(messageId: number, text: string, extra: Pick<Extra, "bot"> = {}): SimMessage {
    const chat = this.chat(extra.bot);
    const message = this.own(chat, messageId);
    const words = message.message.text === undefined ? { caption: text } : { text };
    message.message = { ...message.message, ...words, edit_date: now() };
    this.world.changed(chat, message);
    chat.bot.queue.push("edited_message", message.message);
    return message;
  }

  /** Leaves these emoji on a message, or none. */
  react(messageId: number, emojis: ReactionTypeEmoji["emoji"][], extra: Pick<Extra, "bot"> = {}): void {
    const chat = this.chat(extra.bot);
    const message = this.existing(chat, messageId);
    const old_reaction = message.reactions.customer.map((emoji) => ({ type: "emoji", emoji }));
    const new_reaction = emojis.map((emoji) => ({ type: "emoji", emoji }));
    message.reactions.customer = emojis;
    this.world.changed(chat, message);
    const where = { chat: chat.description(), message_id: messageId, user: this.user, date: now() };
    chat.bot.queue.push("message_reaction", { ...where, old_reaction, new_reaction });
  }

  /** Presses a button under a message of the bot, counted from 0 over all rows. Gives the id of the press. */
  press(messageId: number, buttonIndex: number, extra: Pick<Extra, "bot"> = {}): string {
    const chat = this.chat(extra.bot);
    const { message } = this.existing(chat, messageId);
    const button = message.reply_markup?.inline_keyboard.flat()[buttonIndex];
    if (!button || !("callback_data" in button)) throw new Error("there is no such button to press");
    const id = String(this.id * 1000 + chat.presses.length + 1);
    chat.presses.push({ id, messageId, answered: false, text: undefined });
    const press = {
      id,
      from: this.user,
      chat_instance: String(chat.bot.user.id),
      data: button.callback_data,
    };
    chat.bot.queue.push("callback_query", { ...press, message });
    this.world.changed(chat);
    return id;
  }

  block(bot = this.bot()): void {
    this.setMembership(bot, true);
  }

  unblock(bot = this.bot()): void {
    this.setMembership(bot, false);
  }

  private setMembership(bot: SimBot, blocked: boolean): void {
    const chat = this.chat(bot);
    if (chat.blocked === blocked) return;
    chat.blocked = blocked;
    const member = { status: "member", user: bot.user };
    const kicked = { status: "kicked", user: bot.user, until_date: 0 };
    const [before, after] = blocked ? [member, kicked] : [kicked, member];
    const change = { chat: chat.description(), from: this.user, date: now() };
    this.world.changed(chat);
    bot.queue.push("my_chat_member", { ...change, old_chat_member: before, new_chat_member: after });
  }

  private write(content: NewMessage, extra: Extra): SimMessage {
    const chat = this.chat(extra.bot);
    if (chat.blocked) this.unblock(chat.bot);
    chat.started = true;
    this.current = chat.bot;
    const added = chat.add("customer", { ...content, ...this.around(chat, extra) });
    this.world.changed(chat, added);
    chat.bot.queue.push("message", added.message);
    return added;
  }

  private around(chat: SimChat, { replyTo, quote, caption, captionEntities }: Extra): Partial<NewMessage> {
    const target = replyTo === undefined ? undefined : this.existing(chat, replyTo).message;
    const words = target?.text ?? target?.caption ?? "";
    return {
      ...(caption !== undefined && { caption }),
      ...(captionEntities && { caption_entities: captionEntities }),
      ...(target && { reply_to_message: quoted(target) }),
      ...(quote !== undefined && {
        quote: { text: quote, position: Math.max(0, words.indexOf(quote)), is_manual: true },
      }),
    };
  }

  private own(chat: SimChat, messageId: number): SimMessage {
    const message = this.existing(chat, messageId);
    if (message.by !== "customer") throw new Error("only own messages can be edited");
    return message;
  }

  private existing(chat: SimChat, messageId: number): SimMessage {
    const message = chat.find(messageId);
    if (!message) throw new Error(`there is no message ${messageId} in this chat`);
    return message;
  }

  private bot(): SimBot {
    const bot = this.current ?? [...this.world.bots.values()][0];
    if (!bot) throw new Error("there is no bot to talk to");
    return bot;
  }
}
