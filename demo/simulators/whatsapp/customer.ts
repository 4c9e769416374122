/** A customer with WhatsApp on the phone, played by code. */
import type { GraphFile } from "../graph.ts";
import type { WhatsappSimulator } from "../whatsapp.ts";
import { outgoing } from "./sending.ts";
import { newMessageId, type SimChat, type SimMessage, type SimNumber } from "./world.ts";

export interface NewCustomer {
  name: string;
  /** Digits with the country code. */
  phone: string;
  /** The id that this business knows the person by. */
  userId?: string;
  /** With a user name the phone is hidden. */
  username?: string;
}

export class WhatsappCustomer {
  readonly name: string;
  readonly phone: string;
  readonly userId: string | undefined;
  readonly username: string | undefined;
  private readonly simulator: WhatsappSimulator;
  private readonly chats = new Map<string, SimChat>();

  constructor(simulator: WhatsappSimulator, { name, phone, userId, username }: NewCustomer) {
    this.simulator = simulator;
    this.name = name;
    this.phone = phone;
    this.userId = userId;
    this.username = username;
  }

  chat(number: SimNumber): SimChat {
    const chat = this.chats.get(number.id) ?? {
      number,
      messages: [],
      typingAt: undefined,
      blocked: false,
      closed: true,
    };
    this.chats.set(number.id, chat);
    return chat;
  }

  say(number: SimNumber, text: string, more: object = {}): SimMessage {
    return this.send(number, "text", { text: { body: text }, ...more });
  }

  /** `kind` as WhatsApp names it: image, video, audio, document, sticker. */
  sendFile(
    number: SimNumber,
    kind: string,
    file: GraphFile,
    details: object = {},
    replyTo?: string,
  ): SimMessage {
    const { id } = this.simulator.media.add(file);
    return this.send(number, kind, {
      [kind]: { id, mime_type: file.mime, sha256: "c2ltdWxhdGVk", ...details },
      ...(replyTo !== undefined && { context: { from: digitsOf(number), id: replyTo } }),
    });
  }

  sendContact(number: SimNumber, { name, phone }: { name: string; phone: string }): SimMessage {
    const phones = [{ phone, wa_id: phone.replace(/\D/g, ""), type: "CELL" }];
    return this.send(number, "contacts", { contacts: [{ name: { formatted_name: name }, phones }] });
  }

  reply(number: SimNumber, target: SimMessage, text: string): SimMessage {
    return this.say(number, text, { context: { from: digitsOf(number), id: target.id } });
  }

  react(number: SimNumber, target: SimMessage, emoji: string): void {
    target.reaction = emoji;
    const reaction = { message_id: target.id, ...(emoji && { emoji }) };
    this.tell(number, [this.envelope(newMessageId(), "reaction", { reaction })]);
  }

  press(number: SimNumber, target: SimMessage, button: { id: string; title: string }): SimMessage {
    return this.send(number, "interactive", {
      context: { from: digitsOf(number), id: target.id },
      interactive: { type: "button_reply", button_reply: button },
    });
  }

  /** The button at that place, counted from 0. */
  pressAt(number: SimNumber, target: SimMessage, index: number): SimMessage {
    const { interactive } = outgoing.pick({ interactive: true }).parse(target.body);
    const button = interactive?.action.buttons[index]?.reply;
    if (!button) throw new Error("there is no such button to press");
    return this.press(number, target, button);
  }

  edit(number: SimNumber, target: SimMessage, text: string): void {
    target.body = { ...target.body, text: { body: text } };
    target.edited = true;
    const edit = { original_message_id: target.id, message: { type: "text", text: { body: text } } };
    this.tell(number, [this.envelope(newMessageId(), "edit", { edit })]);
  }

  revoke(number: SimNumber, target: SimMessage): void {
    target.deleted = true;
    const revoke = { original_message_id: target.id };
    this.tell(number, [this.envelope(newMessageId(), "revoke", { revoke })]);
  }

  /** Everything that arrived is read. */
  read(number: SimNumber): void {
    for (const message of this.chat(number).messages)
      if (message.by === "business" && (message.state === "delivered" || message.state === "sent"))
        this.simulator.setState(this, number, message, "read");
  }

  /** Any kind of message; opens the window. */
  send(number: SimNumber, type: string, body: Record<string, unknown>): SimMessage {
    const chat = this.chat(number);
    chat.closed = false;
    const message: SimMessage = {
      id: newMessageId(),
      by: "customer",
      type,
      body,
      at: new Date(),
      state: "delivered",
      reaction: "",
      edited: false,
      deleted: false,
      key: undefined,
    };
    chat.messages.push(message);
    this.tell(number, [this.envelope(message.id, type, body)]);
    return message;
  }

  /** Something on the phone changed that the business is not told of. */
  changed(): void {
    this.simulator.changed();
  }

  /** As the webhook names a person: a user name hides the phone. */
  get contact(): object {
    return {
      profile: { name: this.name, ...(this.username && { username: this.username }) },
      ...(!this.username && { wa_id: this.phone }),
      ...(this.userId && { user_id: this.userId }),
    };
  }

  private envelope(id: string, type: string, body: object): object {
    return {
      ...(!this.username && { from: this.phone }),
      ...(this.userId && { from_user_id: this.userId }),
      id,
      timestamp: String(Math.floor(Date.now() / 1000)),
      type,
      ...body,
    };
  }

  private tell(number: SimNumber, messages: object[]): void {
    this.simulator.notify(number, { contacts: [this.contact], messages });
  }
}

function digitsOf({ display }: SimNumber): string {
  return display.replace(/\D/g, "");
}
