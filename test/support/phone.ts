/** A phone whose WhatsApp is linked by a code. It stands in the place of the process that holds the browser, and speaks as that does. */
import type { Child } from "../../connectors/whatsapp-web/launch.ts";
import type {
  FromChild,
  Order,
  ToChild,
  WireFailure,
  WireFile,
  WireMessage,
  WireUpdate,
} from "../../connectors/whatsapp-web/wire.ts";

type SendOrder = Extract<Order, { do: "send" }>;

/** What the hub sent, as the customer sees it now. */
export interface Shown extends SendOrder {
  id: string;
  deleted: boolean;
}

const now = (): number => Math.floor(Date.now() / 1000);

export class Phone {
  readonly shown: Shown[] = [];
  /** Emoji of the hub on messages of customers, by the message. */
  readonly reactions = new Map<string, string>();
  /** Chats that the hub has read. */
  readonly read = new Set<string>();
  private readonly files = new Map<string, WireFile>();
  private readonly refusals: WireFailure[] = [];
  private linked = false;
  private count = 0;
  private tell: (message: FromChild) => void = () => undefined;

  launch = (): Child => {
    let exit = (): void => undefined;
    return {
      send: (told) => queueMicrotask(() => this.take(told, () => exit())),
      kill: () => exit(),
      onMessage: (listener) => void (this.tell = listener),
      onExit: (listener) => void (exit = listener),
    };
  };

  /** Somebody holds the phone before the code. */
  scan(): void {
    this.linked = true;
    this.tell({ says: "authenticated" });
    this.tell({ says: "ready", account: { id: "15550783881", name: "Clay & Co" } });
  }

  /** A customer writes, or the business on the phone itself (`fromMe`). Gives the message's id. */
  say(chat: string, fields: Partial<WireMessage>, file?: WireFile): WireMessage {
    const id = this.nextId(fields.fromMe ?? false, chat);
    const message: WireMessage = {
      ...{ id, chat, fromMe: false, type: "chat", body: "", timestamp: now(), hasFile: file !== undefined },
      ...(file && { mime: file.mime, fileName: file.name, size: file.data.byteLength }),
      ...fields,
    };
    if (file) this.files.set(id, file);
    this.happen({ event: "message", message });
    return message;
  }

  happen(update: WireUpdate): void {
    this.tell({ says: "update", update });
  }

  /** 2 is delivered, 3 read. */
  acknowledge({ id, chat }: Shown, ack: number): void {
    this.happen({ event: "ack", id, chat, ack, at: now() });
  }

  refuseNext(failure: WireFailure): void {
    this.refusals.push(failure);
  }

  private take(told: ToChild, exit: () => void): void {
    if ("start" in told) this.start();
    else if ("ping" in told) this.tell({ says: "alive" });
    else if ("stop" in told) exit();
    else this.tell({ says: "answer", ask: told.ask, ...this.carryOut(told.order) });
  }

  private start(): void {
    if (this.linked) this.scan();
    else this.tell({ says: "qr", qr: "2@reference,a2V5,a2V5,secret,1" });
  }

  private carryOut(order: Order): { value?: unknown; failure?: WireFailure } {
    switch (order.do) {
      case "send": {
        const failure = this.refusals.shift();
        if (failure) return { failure };
        const id = this.nextId(true, order.chat);
        this.shown.push({ ...order, id, deleted: false });
        return { value: { id, at: now() } };
      }
      case "edit":
        for (const one of this.shown) if (one.id === order.id) one.text = order.text;
        return {};
      case "delete":
        for (const one of this.shown) if (order.ids.includes(one.id)) one.deleted = true;
        return {};
      case "react":
        this.reactions.set(order.id, order.emoji);
        return {};
      case "read":
        this.read.add(order.chat);
        return {};
      case "download":
        return { value: this.files.get(order.id) };
      case "history":
        return { value: 0 };
      default:
        return {};
    }
  }

  private nextId(fromMe: boolean, chat: string): string {
    this.count += 1;
    return `${fromMe}_${chat}_3EB0${String(this.count).padStart(6, "0")}`;
  }
}
