import {
  callbackOf,
  type ViberBot,
  type ViberLine,
  type ViberMessage,
  type ViberParams,
  type ViberWorld,
} from "./world.ts";

interface Person {
  id: string;
  name: string;
  language: string;
  country: string;
  avatar?: string | undefined;
}

type Said = ViberParams & { type: string } & Record<string, unknown>;

/** Somebody with Viber on their phone. What they do resolves with the webhook's answer. */
export class ViberCustomer {
  readonly person: Person;
  subscribed = false;
  /** What the bot sent, oldest first; a welcome message stands among it. */
  readonly messages: ViberMessage[] = [];
  /** What the phone shows, of both sides. */
  readonly lines: ViberLine[] = [];
  private readonly world: ViberWorld;
  private readonly bot: ViberBot;
  /** Handed back with every answer, as it came with the bot's last message. */
  private tracking: string | undefined;

  constructor(world: ViberWorld, bot: ViberBot, person: Person) {
    this.world = world;
    this.bot = bot;
    this.person = person;
  }

  get id(): string {
    return this.person.id;
  }

  /** What can be read of the bot's messages. */
  get read(): string[] {
    return this.messages.map(({ text, type }) => text ?? `[${type}]`);
  }

  /** Opens the chat, by a link with a context or without. A welcome message is the answer. */
  async open(context?: string): Promise<Response> {
    const fields = {
      type: "open",
      ...(context === undefined ? {} : { context }),
      user: this.#shown(),
      subscribed: this.subscribed,
    };
    const response = await this.world.deliver(this.bot, "conversation_started", fields);
    const answer: unknown = await response.clone().json();
    if (typeof answer === "object" && answer !== null && "type" in answer && typeof answer.type === "string")
      this.take({ ...answer, type: answer.type, token: this.world.nextToken() });
    return response;
  }

  /** Writing subscribes. */
  send(message: Said): Promise<Response> {
    const token = this.world.nextToken();
    this.keep({ token, by: "customer", at: new Date(), message, copy: message.media, state: "sent" });
    return this.world.post(this.bot, this.bodyOf(message, token));
  }

  /** On the phone alone; the bot is told nothing. */
  keep(line: ViberLine): void {
    if (line.by === "customer") this.subscribed = true;
    this.lines.push(line);
    this.world.events.emit("change");
  }

  /** A delivery of a message as it is posted, for a test that repeats it or tampers with it. */
  bodyOf(message: Said, messageToken = this.world.nextToken()): string {
    this.subscribed = true;
    const tracking = this.tracking === undefined ? {} : { tracking_data: this.tracking };
    const fields = {
      chat_hostname: "SN-CHAT-1",
      sender: this.#shown(),
      message: { ...message, ...tracking },
    };
    return callbackOf("message", { ...fields, silent: false }, messageToken);
  }

  post(body: string, signature?: string): Promise<Response> {
    return this.world.post(this.bot, body, signature);
  }

  say(text: string): Promise<Response> {
    return this.send({ type: "text", text });
  }

  sendPicture(bytes: Uint8Array, text?: string): Promise<Response> {
    const media = this.world.host(bytes, "image/png", "picture.png");
    return this.send({ type: "picture", media, ...(text === undefined ? {} : { text }) });
  }

  sendFile(bytes: Uint8Array, mime: string, name: string): Promise<Response> {
    const media = this.world.host(bytes, mime, name);
    return this.send({ type: "file", media, file_name: name, size: bytes.byteLength });
  }

  /** A sticker of the messenger's own shop: bots get its picture. */
  sendSticker(bytes: Uint8Array): Promise<Response> {
    const media = this.world.host(bytes, "image/webp", "sticker.webp");
    return this.send({ type: "sticker", sticker_id: 46_105, media });
  }

  /** Presses a button of the keyboard that the bot showed last. */
  press(title: string): Promise<Response> {
    const shown = this.lines.findLast(({ message }) => message.keyboard !== undefined);
    const buttons = shown?.message.keyboard?.Buttons ?? [];
    const button = buttons.find(({ Text }) => Text === title);
    if (!button) throw new Error(`no button says ${title}`);
    return this.say(button.ActionBody);
  }

  /** Reads what was not read yet. */
  async see(): Promise<void> {
    for (const line of this.lines.filter(({ by, state }) => by === "business" && state !== "read")) {
      line.state = "read";
      this.world.events.emit("change");
      await this.#tell("seen", line.token);
    }
  }

  failed(token: string, desc: string): Promise<Response> {
    return this.world.deliver(this.bot, "failed", { user_id: this.id, desc }, token);
  }

  block(): Promise<Response> {
    this.subscribed = false;
    this.world.events.emit("change");
    return this.world.deliver(this.bot, "unsubscribed", { user_id: this.id });
  }

  unblock(): Promise<Response> {
    this.subscribed = true;
    this.world.events.emit("change");
    return this.world.deliver(this.bot, "subscribed", { user: this.#shown() });
  }

  /** The bot's message is on the phone; `copy` is where its file is. */
  take(message: ViberMessage, copy?: string): void {
    this.messages.push(message);
    this.tracking = message.tracking_data;
    this.keep({ token: message.token, by: "business", at: new Date(), message, copy, state: "delivered" });
  }

  async tellDelivered(token: string): Promise<void> {
    await this.#tell("delivered", token);
  }

  async #tell(event: string, token: string): Promise<void> {
    if (this.bot.eventTypes.includes(event))
      await this.world.deliver(this.bot, event, { user_id: this.id }, token);
  }

  #shown(): object {
    const { avatar, ...person } = this.person;
    return { ...person, ...(avatar ? { avatar } : {}), api_version: 10 };
  }
}
