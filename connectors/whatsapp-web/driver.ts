/**
 * Drives WhatsApp's program in the browser by whatsapp-web.js and says what happens there. Only talks with one person
 * are passed on: groups, channels and statuses are the phone's own affair.
 */
import type { Client, Message, MessageMedia, Reaction } from "whatsapp-web.js";
import { z } from "zod";
import { ConnectorError, type FailureClass } from "../contract.ts";
import type { FromChild, Order, WireMessage, WireUpdate } from "./wire.ts";

/** The library's classes; handed in, because it is loaded only where an account of this kind is open. */
export type Library = Pick<typeof import("whatsapp-web.js"), "MessageMedia" | "Location">;

type Tell = (message: FromChild) => void;
type SendOrder = Extract<Order, { do: "send" | "forward" }>;

interface Pending {
  order: SendOrder;
  /** Ends the waiting with the id that the echo has. */
  arrived: (sent: { id: string; at: number }) => void;
  /** The answer was given up: what arrives later is told as an update. */
  late: boolean;
}

const givenUpMs = 45_000;
const rememberedMs = 3_600_000;

export class Driver {
  private readonly client: Client;
  private readonly library: Library;
  private readonly tell: Tell;
  private readonly waitMs: number;
  private readonly pending = new Set<Pending>();
  private readonly phones = new Map<string, string | undefined>();
  /** What is told stays in the order in which it happened, though names have to be looked up. */
  private turn: Promise<void> = Promise.resolve();

  constructor(client: Client, library: Library, tell: Tell, { waitMs = givenUpMs } = {}) {
    this.client = client;
    this.library = library;
    this.tell = tell;
    this.waitMs = waitMs;
  }

  attach(): void {
    const { client, tell } = this;
    client.on("qr", (qr) => tell({ says: "qr", qr: String(qr) }));
    client.on("loading_screen", () => tell({ says: "loading" }));
    client.on("authenticated", () => tell({ says: "authenticated" }));
    client.on("auth_failure", (reason) => tell({ says: "lost", reason: `auth_failure ${reason}` }));
    client.on("ready", () =>
      tell({ says: "ready", account: { id: client.info.wid.user, name: client.info.pushname } }),
    );
    client.on("disconnected", (reason) =>
      tell(`${reason}` === "LOGOUT" ? { says: "logged_out" } : { says: "lost", reason: `${reason}` }),
    );
    client.on("message_create", (message) => this.onMessage(message));
    client.on("message_edit", (message) => this.onEdit(message));
    client.on("message_revoke_everyone", (message, before) => this.onRevoke(message, before));
    client.on("message_reaction", (reaction) => this.onReaction(reaction));
    client.on("message_ack", (message, ack) => this.onAck(message, Number(ack)));
    client.on("contact_changed", (_message, before, after, isContact) => {
      if (isContact)
        this.update({ event: "number", chat: before.toString(), next: after.toString(), at: now() });
    });
    client.on("call", ({ id, from, isGroup, isVideo, fromMe, timestamp }) => {
      if (isGroup || fromMe || !from || !isPrivate(from)) return;
      this.update({ event: "call", id, chat: from, at: Number(timestamp) || now(), video: isVideo });
    });
  }

  // ---- what happens ---------------------------------------------------------------------------------------------

  private onMessage(message: Message): void {
    const chat = chatOf(message);
    if (!isPrivate(chat) || message.isStatus || silent.has(String(message.type))) return;
    const own = message.fromMe ? this.matching(message, chat) : undefined;
    if (!own)
      return this.inTurn(async () =>
        this.update({ event: "message", message: await this.describe(message) }),
      );
    this.pending.delete(own);
    const sent = { id: idOf(message), at: message.timestamp };
    own.arrived(sent);
    if (own.late) this.update({ event: "sent", key: own.order.key, chat, ...sent });
  }

  /** The echo of a send of the hub's own, whose answer is still awaited or never came. */
  private matching(message: Message, chat: string): Pending | undefined {
    return [...this.pending].find(({ order }) => {
      if (order.chat !== chat) return false;
      if (order.do === "forward") return message.isForwarded;
      if (order.place) return String(message.type) === "location";
      if (order.vCard !== undefined) return message.vCards.length > 0;
      return message.body === order.text && (order.file !== undefined) === message.hasMedia;
    });
  }

  private onEdit(message: Message): void {
    if (!isPrivate(chatOf(message))) return;
    const edited = z.object({ latestEditSenderTimestampMs: z.number() }).safeParse(message).data;
    const at = edited ? Math.floor(edited.latestEditSenderTimestampMs / 1000) : now();
    this.inTurn(async () => this.update({ event: "edit", message: await this.describe(message), at }));
  }

  private onRevoke(message: Message, before: Message | null | undefined): void {
    const chat = chatOf(message);
    if (!isPrivate(chat)) return;
    const original = z
      .object({ protocolMessageKey: z.object({ _serialized: z.string() }) })
      .safeParse(message).data?.protocolMessageKey._serialized;
    const id = original ?? (before ? idOf(before) : idOf(message));
    this.inTurn(() => this.update({ event: "revoke", id, chat, at: now() }));
  }

  private onReaction({ msgId, reaction, senderId, timestamp }: Reaction): void {
    const chat = serialized(z.object({ remote: z.unknown() }).safeParse(msgId).data?.remote);
    if (!isPrivate(chat) || userOf(senderId) === this.client.info?.wid.user) return;
    const id = msgId._serialized;
    this.inTurn(() =>
      this.update({ event: "reaction", id, chat, emoji: reaction ?? "", at: Number(timestamp) || now() }),
    );
  }

  private onAck(message: Message, ack: number): void {
    const chat = chatOf(message);
    if (!message.fromMe || !isPrivate(chat)) return;
    this.inTurn(() => this.update({ event: "ack", id: idOf(message), chat, ack, at: now() }));
  }

  private update(update: WireUpdate): void {
    this.tell({ says: "update", update });
  }

  private inTurn(act: () => void | Promise<void>): void {
    this.turn = this.turn.then(act).catch((error: unknown) => {
      this.tell({ says: "lost", reason: `event: ${error instanceof Error ? error.message : String(error)}` });
    });
  }

  private async describe(message: Message): Promise<WireMessage> {
    const chat = chatOf(message);
    const raw = rawData.parse(message.rawData);
    const quoted = raw.quotedStanzaID && quotedId(raw.quotedStanzaID, raw.quotedParticipant, chat, this.me);
    const phone = chat.endsWith("@lid") ? await this.phoneOf(chat) : undefined;
    return {
      id: idOf(message),
      chat,
      fromMe: message.fromMe,
      type: String(message.type),
      body: message.body,
      timestamp: message.timestamp,
      hasFile: message.hasMedia,
      mime: raw.mimetype,
      fileName: raw.filename,
      size: raw.size,
      seconds: message.duration === undefined ? undefined : Number(message.duration),
      gif: message.isGif || undefined,
      latitude: message.location ? Number(message.location.latitude) : undefined,
      longitude: message.location ? Number(message.location.longitude) : undefined,
      place: message.location?.name,
      address: message.location?.address,
      vCards: message.vCards.length > 0 ? message.vCards : undefined,
      quotedId: quoted || undefined,
      forwarded: message.isForwarded || undefined,
      name: message.fromMe ? await this.nameOf(chat) : raw.notifyName,
      phone,
    };
  }

  private get me(): string {
    return this.client.info?.wid._serialized ?? "";
  }

  /** A name that cannot be looked up costs the name, not the message. */
  private async nameOf(chat: string): Promise<string | undefined> {
    const contact = await within(3000, this.client.getContactById(chat)).catch(() => undefined);
    return contact?.name || contact?.pushname || undefined;
  }

  private async phoneOf(chat: string): Promise<string | undefined> {
    if (!this.phones.has(chat)) {
      const [found] = await within(3000, this.client.getContactLidAndPhone([chat])).catch(() => []);
      this.phones.set(chat, found ? userOf(found.pn) : undefined);
    }
    return this.phones.get(chat);
  }

  // ---- what is asked --------------------------------------------------------------------------------------------

  /** Throws ConnectorError where it knows what became of it. */
  async carryOut(order: Order): Promise<unknown> {
    switch (order.do) {
      case "send":
      case "forward":
        return this.send(order);
      case "edit":
        return (await this.find(order.id)).edit(order.text);
      case "delete":
        for (const id of order.ids) await (await this.find(id)).delete(true);
        return undefined;
      case "react":
        return (await this.find(order.id)).react(order.emoji);
      case "read":
        return this.client.sendSeen(order.chat);
      case "typing":
        return (await this.client.getChatById(order.chat)).sendStateTyping();
      case "download":
        return this.download(order.id);
      case "history":
        return this.history(order.since);
      case "picture":
        return this.client.getProfilePicUrl(order.chat);
      case "logout":
        return this.client.logout();
    }
  }

  /** Whichever tells first that it is done: the library's answer, or the echo of the message. */
  private async send(order: SendOrder): Promise<{ id: string; at: number }> {
    let arrived: Pending["arrived"] = () => undefined;
    const echo = new Promise<{ id: string; at: number }>((resolve) => (arrived = resolve));
    const pending: Pending = { order, arrived, late: false };
    this.pending.add(pending);
    const answered = this.post(order).then(async (message) =>
      message ? { id: idOf(message), at: message.timestamp } : echo,
    );
    try {
      const sent = await within(this.waitMs, Promise.race([answered, echo]));
      this.forget(pending, 2000);
      return sent;
    } catch (error) {
      if (error !== tooLate) {
        this.pending.delete(pending);
        if (error instanceof ConnectorError) throw error;
        throw failure("unknown", "platform_error", error);
      }
      pending.late = true;
      this.forget(pending, rememberedMs);
      answered.catch(() => undefined);
      throw failure("unknown", "no_echo", "nothing told whether it was sent");
    }
  }

  /** The echo may come after the answer: it must not look like a message of the phone's. */
  private forget(pending: Pending, ms: number): void {
    setTimeout(() => this.pending.delete(pending), ms).unref();
  }

  private async post(order: SendOrder): Promise<Message | undefined> {
    if (order.do === "forward") {
      await (await this.find(order.id)).forward(order.chat);
      return undefined;
    }
    const { MessageMedia, Location } = this.library;
    const { chat, text, file, place, vCard, quotedId } = order;
    const options = { sendSeen: false, ...(quotedId !== undefined && { quotedMessageId: quotedId }) };
    if (place)
      return this.client.sendMessage(
        chat,
        new Location(place.latitude, place.longitude, {
          name: place.name ?? "",
          address: place.address ?? "",
        }),
        options,
      );
    if (vCard !== undefined) return this.client.sendMessage(chat, vCard, { ...options, parseVCards: true });
    if (!file) return this.client.sendMessage(chat, text, { ...options, linkPreview: true });
    const media = new MessageMedia(
      file.mime,
      Buffer.from(file.data).toString("base64"),
      file.name,
      file.data.byteLength,
    );
    return this.client.sendMessage(chat, media, {
      ...options,
      ...(text && { caption: text }),
      ...(file.kind === "voice" && { sendAudioAsVoice: true }),
      ...(file.kind === "sticker" && { sendMediaAsSticker: true }),
      ...(file.kind === "document" && { sendMediaAsDocument: true }),
    });
  }

  private async find(id: string): Promise<Message> {
    const message = await this.client.getMessageById(id);
    if (message) return message;
    throw failure("permanent", "message_not_found", "the message is gone");
  }

  private async download(id: string): Promise<{ mime: string; name: string | undefined; data: Uint8Array }> {
    const media: MessageMedia | undefined = await (await this.find(id)).downloadMedia();
    if (!media?.data) throw failure("permanent", "file_unavailable", "the file is no longer there");
    return {
      mime: media.mimetype,
      name: media.filename ?? undefined,
      data: Buffer.from(media.data, "base64"),
    };
  }

  /** Everything since then that the phone knows, told as it would have been told then. Gives how many messages. */
  private async history(since: number): Promise<number> {
    const chats = (await this.client.getChats()).filter(
      ({ id, timestamp }) => isPrivate(id._serialized) && timestamp >= since,
    );
    let count = 0;
    for (const chat of chats) {
      const messages = await chat.fetchMessages({ limit: 100 });
      for (const message of messages.filter(({ timestamp }) => timestamp >= since)) {
        this.onMessage(message);
        count += 1;
      }
    }
    await this.turn;
    return count;
  }
}

const rawData = z
  .object({
    notifyName: z.string().optional().catch(undefined),
    mimetype: z.string().optional().catch(undefined),
    filename: z.string().optional().catch(undefined),
    size: z.number().optional().catch(undefined),
    quotedStanzaID: z.string().optional().catch(undefined),
    quotedParticipant: z.unknown().optional(),
  })
  .catch({ quotedParticipant: undefined });

/** Notices of the program itself, and deletions, which have an event of their own. */
const silent = new Set([
  "e2e_notification",
  "notification",
  "notification_template",
  "gp2",
  "protocol",
  "ciphertext",
  "revoked",
  "broadcast_notification",
  "call_log",
  "reaction",
]);

const tooLate = Symbol("too late");

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a mark, told apart from every error
  const late = new Promise<never>((_resolve, reject) => (timer = setTimeout(() => reject(tooLate), ms)));
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** What the library said goes no further than its first words. */
export function failure(kind: FailureClass, code: string, reason: unknown): ConnectorError {
  const message = reason instanceof Error ? reason.message : typeof reason === "string" ? reason : "";
  return new ConnectorError(kind, code, message.slice(0, 300));
}

function idOf({ id }: Pick<Message, "id">): string {
  return id._serialized;
}

function chatOf(message: Message): string {
  const remote = serialized(z.object({ remote: z.unknown() }).safeParse(message.id).data?.remote);
  return remote || (message.fromMe ? message.to : message.from) || "";
}

function serialized(id: unknown): string {
  if (typeof id === "string") return id;
  return z.object({ _serialized: z.string() }).safeParse(id).data?._serialized ?? "";
}

/** Ids of a quote name the message alone; whose it was tells the rest. */
function quotedId(stanza: string, participant: unknown, chat: string, me: string): string {
  const mine = userOf(serialized(participant)) === userOf(me);
  return `${mine}_${chat}_${stanza}`;
}

function userOf(id: string): string {
  return id.split("@")[0]?.split(":")[0] ?? "";
}

function isPrivate(chat: string): boolean {
  return /@(c\.us|lid)$/.test(chat) && !chat.startsWith("0@");
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
