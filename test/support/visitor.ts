/** A visitor's page without a screen: speaks the frames of widget/schema.ts over a plain WebSocket. */
import { randomBytes } from "node:crypto";
import { WebSocket } from "ws";
import type { ChatMessage, HelloFrame, HubFrame, PageFrame, SendFrame } from "../../widget/schema.ts";
import { waitFor } from "./hub.ts";

export const site = "https://clay.example";
const chrome =
  "Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

export const newKey = (): string => randomBytes(12).toString("base64url");

export interface VisitOptions {
  key: string;
  origin?: string;
  userAgent?: string;
  hello?: Partial<HelloFrame>;
  /** Address of this machine from which it comes: 127.0.0.2 is somebody else than 127.0.0.1. */
  from?: string;
}

type Frame<T extends HubFrame["t"]> = Extract<HubFrame, { t: T }>;

export class Visitor {
  readonly frames: HubFrame[] = [];
  readonly socket: WebSocket;
  /** Messages by thread and id, as the page would show them. */
  readonly shown = new Map<string, Map<string, ChatMessage>>();
  #checks = new Set<() => void>();

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data) => {
      const frame = JSON.parse((data as Buffer).toString()) as HubFrame;
      this.frames.push(frame);
      if (frame.t === "messages") this.#show(frame);
      for (const check of this.#checks) check();
    });
    socket.on("close", () => {
      for (const check of this.#checks) check();
    });
  }

  /** Opens a page of a site and says hello; resolves with the welcome, rejects with the status of a refusal. */
  static async arrive(
    hubUrl: string,
    { key, origin = site, userAgent = chrome, hello = {}, ...more }: VisitOptions,
  ) {
    const visitor = await Visitor.connect(hubUrl, { key, origin, userAgent, ...more });
    visitor.send({
      t: "hello",
      page: { url: `${origin}/mugs/sand`, title: "Sand mug" },
      language: "en-GB",
      visits: 1,
      width: 1440,
      touch: false,
      ...hello,
    });
    await visitor.wait("welcome");
    return visitor;
  }

  static connect(
    hubUrl: string,
    { key, origin = site, userAgent = chrome, from }: VisitOptions,
  ): Promise<Visitor> {
    const socket = new WebSocket(`${hubUrl.replace("http", "ws")}/widget/socket?key=${key}`, {
      origin,
      headers: { "user-agent": userAgent },
      ...(from ? { localAddress: from } : {}),
    });
    return new Promise((resolve, reject) => {
      const visitor = new Visitor(socket);
      socket.once("open", () => resolve(visitor));
      socket.once("unexpected-response", (_request, response) => {
        socket.on("error", () => undefined);
        reject(new Error(String(response.statusCode)));
      });
      socket.once("error", reject);
    });
  }

  get welcome(): Frame<"welcome"> {
    return this.frames.findLast((frame): frame is Frame<"welcome"> => frame.t === "welcome")!;
  }

  send(frame: PageFrame | object): void {
    this.socket.send(JSON.stringify(frame));
  }

  /** Sends a frame with an id and gives the answer to it. */
  async ask(frame: Record<string, unknown>): Promise<Frame<"ok"> | Frame<"no">> {
    const id = newKey();
    this.send({ ...frame, id });
    return this.#find(
      (one): one is Frame<"ok"> | Frame<"no"> => (one.t === "ok" || one.t === "no") && one.id === id,
      `the answer to ${String(frame["t"])}`,
    );
  }

  say(thread: string, text: string, more: Partial<SendFrame> = {}): Promise<Frame<"ok"> | Frame<"no">> {
    return this.ask({ t: "send", thread, text, ...more });
  }

  wait<T extends HubFrame["t"]>(t: T, fits: (frame: Frame<T>) => boolean = () => true): Promise<Frame<T>> {
    return this.#find((one): one is Frame<T> => one.t === t && fits(one as Frame<T>), `a frame ${t}`);
  }

  /** Texts of a chat in its order. */
  texts(thread: string): string[] {
    const messages = [...(this.shown.get(thread)?.values() ?? [])];
    return messages.sort((a, b) => a.seq - b.seq).map((message) => message.text ?? "");
  }

  /** Waits until the page shows a text. */
  async sees(thread: string, text: string): Promise<ChatMessage> {
    const look = (): ChatMessage | undefined =>
      [...(this.shown.get(thread)?.values() ?? [])].find((message) => message.text === text);
    return waitFor(look, `"${text}" on the page`, this.#checks);
  }

  leave(): void {
    this.socket.terminate();
  }

  async gone(): Promise<void> {
    await waitFor(() => this.socket.readyState === WebSocket.CLOSED, "the end of the socket", this.#checks);
  }

  #show({ thread, items, reset }: Frame<"messages">): void {
    const shown = reset
      ? new Map<string, ChatMessage>()
      : (this.shown.get(thread) ?? new Map<string, ChatMessage>());
    for (const message of items) {
      if (message.rev >= (shown.get(message.id)?.rev ?? 0)) shown.set(message.id, message);
    }
    this.shown.set(thread, shown);
  }

  #find<F extends HubFrame>(fits: (frame: HubFrame) => frame is F, what: string): Promise<F> {
    return waitFor(() => this.frames.find(fits), what, this.#checks);
  }
}
