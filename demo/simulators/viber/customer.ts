import { callbackOf, type ViberBot, type ViberMessage, type ViberWorld } from "./world.ts";

interface Person {
  id: string;
  name: string;
  language: string;
  country: string;
  avatar?: string | undefined;
}

/** Somebody with Viber on their phone. What they do resolves with the webhook's answer. */
export class ViberCustomer {
  readonly person: Person;
  subscribed = false;
  /** What the bot sent, oldest first; a welcome message stands among it. */
  readonly messages: ViberMessage[] = [];
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
  send(message: { type: string } & Record<string, unknown>): Promise<Response> {
    return this.world.post(this.bot, this.bodyOf(message));
  }

  /** A delivery of a message as it is posted, for a test that repeats it or tampers with it. */
  bodyOf(message: { type: string } & Record<string, unknown>): string {
    this.subscribed = true;
    const tracking = this.tracking === undefined ? {} : { tracking_data: this.tracking };
    const fields = {
      chat_hostname: "SN-CHAT-1",
      sender: this.#shown(),
      message: { ...message, ...tracking },
    };
    return callbackOf("message", { ...fields, silent: false }, this.world.nextToken());
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

  /** Presses a button of the keyboard that the bot showed last. */
  press(title: string): Promise<Response> {
    const shown = this.messages.findLast(({ keyboard }) => keyboard !== undefined);
    const buttons = shown?.keyboard?.Buttons ?? [];
    const button = buttons.find(({ Text }) => Text === title);
    if (!button) throw new Error(`no button says ${title}`);
    return this.say(button.ActionBody);
  }

  async see(): Promise<void> {
    for (const { token } of this.messages) await this.#tell("seen", token);
  }

  failed(token: string, desc: string): Promise<Response> {
    return this.world.deliver(this.bot, "failed", { user_id: this.id, desc }, token);
  }

  block(): Promise<Response> {
    this.subscribed = false;
    return this.world.deliver(this.bot, "unsubscribed", { user_id: this.id });
  }

  unblock(): Promise<Response> {
    this.subscribed = true;
    return this.world.deliver(this.bot, "subscribed", { user: this.#shown() });
  }

  /** The bot's message is on the phone. */
  take(message: ViberMessage): void {
    this.messages.push(message);
    this.tracking = message.tracking_data;
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
