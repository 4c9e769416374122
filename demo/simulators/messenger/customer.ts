/** A person played by code: what they do on their phone. */
import type { GraphFile, GraphSimulator } from "../graph.ts";
import type { Deliveries } from "./deliver.ts";
import type { Platform, SimMessage, SimPage, SimPerson, SimThread, World } from "./world.ts";

export interface Said {
  text?: string;
  attachments?: { type: string; payload?: Record<string, unknown>; title?: string }[];
  replyTo?: string;
  quickReply?: string;
  referral?: string;
  /** Link of the account's story that it answers. */
  story?: string;
  sticker?: boolean;
  /** The attachment's file on the shelf. */
  fileId?: string;
}

/** In a conversation with one page on one messenger. */
export class MessengerCustomer {
  readonly thread: SimThread;
  private readonly graph: GraphSimulator;
  private readonly world: World;
  private readonly deliveries: Deliveries;

  constructor(
    parts: { graph: GraphSimulator; world: World; deliveries: Deliveries },
    place: { page: SimPage; object: Platform; person: SimPerson },
  ) {
    this.graph = parts.graph;
    this.world = parts.world;
    this.deliveries = parts.deliveries;
    this.thread = parts.world.thread(place.page, place.object, place.person);
  }

  /** As the page knows this person. */
  get id(): string {
    return this.world.scopedId(this.thread);
  }

  get messages(): SimMessage[] {
    return this.thread.messages;
  }

  /** What the page wrote, newest last. */
  get received(): SimMessage[] {
    return this.thread.messages.filter(({ from }) => from === "page");
  }

  say(text: string, more: Omit<Said, "text"> = {}): SimMessage {
    return this.send({ text, ...more });
  }

  /** A message of either side on the phone, of which nobody is told. */
  keep(message: Omit<SimMessage, "mid" | "at">): SimMessage {
    const kept = { mid: this.world.mid(this.thread.object), at: this.world.now(), ...message };
    this.thread.messages.push(kept);
    return kept;
  }

  send({ text, attachments, replyTo, quickReply, referral, story, sticker, fileId }: Said): SimMessage {
    const [attachment] = attachments ?? [];
    const message = this.keep({
      from: "customer",
      ...(text !== undefined && { text }),
      ...(attachment && { attachment: { type: attachment.type, payload: attachment.payload ?? {} } }),
      ...(replyTo !== undefined && { replyTo }),
      ...(quickReply !== undefined && { pressed: true }),
      ...(story !== undefined && { story: true }),
      ...(sticker && { sticker }),
      ...(fileId !== undefined && { fileId }),
    });
    this.thread.lastFromCustomer = message.at;
    this.deliveries.push(this.thread, "messages", {
      message: {
        mid: message.mid,
        ...(text !== undefined && { text }),
        ...(attachments && { attachments }),
        ...(replyTo !== undefined && { reply_to: { mid: replyTo } }),
        ...(story !== undefined && { reply_to: { story: { url: story, id: "17900000000000001" } } }),
        ...(quickReply !== undefined && { quick_reply: { payload: quickReply } }),
        ...(referral !== undefined && {
          referral: { ref: referral, source: "SHORTLINK", type: "OPEN_THREAD" },
        }),
      },
    });
    this.graph.changed();
    return message;
  }

  /** Puts bytes on the platform's shelf and sends the link to them. */
  sendFile(type: "image" | "video" | "audio" | "file", file: GraphFile, origin: string): SimMessage {
    const { url, id: fileId } = this.shelve(file, origin);
    return this.send({ attachments: [{ type, payload: { url } }], fileId });
  }

  sendSticker(file: GraphFile, origin: string): SimMessage {
    const { url, id: fileId } = this.shelve(file, origin);
    const payload = { url, sticker_id: 369_239_263_222_000 };
    return this.send({ attachments: [{ type: "image", payload }], sticker: true, fileId });
  }

  private shelve(file: GraphFile, origin: string): { id: string; url: string } {
    const stored = this.graph.media.add(file, { open: true });
    return { id: stored.id, url: this.graph.media.linkOf(stored, origin) };
  }

  edit(message: SimMessage, text: string): void {
    message.text = text;
    message.edited = true;
    this.push("message_edits", { message_edit: { mid: message.mid, text, num_edit: 1 } });
  }

  /** Instagram alone tells of it. */
  unsend(message: SimMessage): void {
    message.deleted = true;
    this.push("messages", { message: { mid: message.mid, is_deleted: true } });
  }

  react(mid: string, emoji: string): void {
    for (const message of this.messages) if (message.mid === mid) message.emoji = emoji;
    this.push("message_reactions", { reaction: { mid, action: "react", emoji, reaction: "other" } });
  }

  unreact(mid: string): void {
    for (const message of this.messages) if (message.mid === mid) delete message.emoji;
    this.push("message_reactions", { reaction: { mid, action: "unreact" } });
  }

  /** Everything so far is on the phone. */
  receive(): void {
    this.mark("delivered");
    const mids = this.received.map(({ mid }) => mid);
    this.push("message_deliveries", { delivery: { mids, watermark: this.world.now() } });
  }

  /** Opens the conversation. */
  read(): void {
    const last = this.received.at(-1);
    this.mark("read");
    if (this.thread.object === "page") this.push("message_reads", { read: { watermark: this.world.now() } });
    else if (last) this.push("messaging_seen", { read: { mid: last.mid } });
  }

  /** Presses a button of a template or of the greeting. */
  press(title: string, payload: string, ref?: string): void {
    this.thread.lastFromCustomer = this.world.now();
    const referral = ref === undefined ? {} : { referral: { ref, source: "SHORTLINK", type: "OPEN_THREAD" } };
    const { mid } = this.keep({ from: "customer", text: title, pressed: true });
    this.push("messaging_postbacks", { postback: { mid, title, payload, ...referral } });
  }

  /** Opens `m.me/<page>?ref=…` in a conversation that exists. */
  openLink(ref: string): void {
    this.push("messaging_referrals", { referral: { ref, source: "SHORTLINK", type: "OPEN_THREAD" } });
  }

  /** Somebody at the business answers in the page's own inbox. */
  beAnswered(text: string): string {
    const mid = this.world.mid(this.thread.object);
    this.thread.messages.push({ mid, from: "page", at: this.world.now(), text });
    const echo = { message: { mid, text, is_echo: true, app_id: 26_390_203_743_090 } };
    const field = this.thread.object === "page" ? "message_echoes" : "messages";
    this.deliveries.push(this.thread, field, echo, { echo: true });
    this.graph.changed();
    return mid;
  }

  /** Takes no messages of the page any more. */
  block(blocked = true): void {
    this.thread.blocked = blocked;
    this.graph.changed();
  }

  private mark(state: "delivered" | "read"): void {
    for (const message of this.received) if (message.state !== "read") message.state = state;
  }

  private push(field: string, what: object): void {
    this.deliveries.push(this.thread, field, what);
    this.graph.changed();
  }
}
