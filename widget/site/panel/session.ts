/** What the panel shows and what waits to be sent: reactive, fed by the loader's wire, kept over a reload. */
import { reactive, watch } from "vue";
import type { ChatMessage, ChatThread, HubFrame, PageConfig, PageFrame, SendFrame } from "../../schema.ts";
import type { Bridge } from "../bridge.ts";

/** A message on its way: shown at once, sent until the hub has it. */
export interface Outgoing {
  frame: SendFrame;
  at: string;
  failed?: string;
}
export interface Upload {
  id: string;
  name: string;
  size: number;
  sent: number;
  failed?: string;
  cancel(): void;
}

export interface Shown {
  online: boolean;
  config: PageConfig;
  threads: ChatThread[];
  messages: Record<string, ChatMessage[]>;
  more: Record<string, boolean>;
  typing: string;
  outbox: Outgoing[];
}

type Answer = Extract<HubFrame, { t: "ok" | "no" }>;
export class Refused extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

const answerMs = 20_000;

export type Session = ReturnType<typeof createSession>;

export function createSession(bridge: Bridge) {
  const welcome = bridge.welcome();
  if (!welcome) throw new Error("the panel opens after the welcome");
  const shown = reactive<Shown>({
    online: bridge.online(),
    config: welcome.config,
    threads: welcome.threads,
    messages: {},
    more: {},
    typing: "",
    outbox: readOutbox(),
  });
  const waiting = new Map<string, (answer: Answer) => void>();
  let typingEnds = 0;

  function outboxKey(): string {
    return `switchboard:${bridge.key}:out`;
  }
  function readOutbox(): Outgoing[] {
    try {
      return JSON.parse(localStorage.getItem(outboxKey()) ?? "[]") as Outgoing[];
    } catch {
      return []; // storage is closed to this page
    }
  }
  watch(
    () => shown.outbox,
    (outbox) => {
      try {
        localStorage.setItem(outboxKey(), JSON.stringify(outbox));
      } catch {
        return; // as above: what is not sent is lost with the page
      }
    },
    { deep: true },
  );

  function take(frame: Parameters<Parameters<Bridge["listen"]>[0]>[0]): void {
    switch (frame.t) {
      case "welcome":
        shown.config = frame.config;
        shown.threads = frame.threads;
        for (const thread of frame.threads) if (!shown.messages[thread.key]) void load(thread.key);
        return flush();
      case "online":
        shown.online = frame.on;
        return;
      case "config":
        shown.config = frame.config;
        return;
      case "thread":
        shown.threads = [frame.thread, ...shown.threads.filter((one) => one.key !== frame.thread.key)];
        if (shown.messages[frame.thread.key]) keepCursor(frame.thread.key, frame.thread.cursor);
        return;
      case "messages":
        return show(frame);
      case "typing":
        shown.typing = frame.thread;
        clearTimeout(typingEnds);
        typingEnds = window.setTimeout(() => (shown.typing = ""), 6000);
        return;
      case "ok":
      case "no":
        if (frame.id) waiting.get(frame.id)?.(frame);
        return settle(frame);
      default:
    }
  }

  function keepCursor(thread: string, cursor: string): void {
    bridge.kept.cursors[thread] = cursor;
    bridge.keep();
  }

  function show({ thread, items, reset, more }: Extract<HubFrame, { t: "messages" }>): void {
    const known = new Map((reset ? [] : (shown.messages[thread] ?? [])).map((one) => [one.id, one]));
    for (const item of items) if (item.rev >= (known.get(item.id)?.rev ?? 0)) known.set(item.id, item);
    shown.messages[thread] = [...known.values()].sort((a, b) => a.seq - b.seq);
    if (more !== undefined) shown.more[thread] = more;
    if (items.some((item) => !item.mine)) shown.typing = "";
    const arrived = new Set(items.map((item) => item.clientId));
    shown.outbox = shown.outbox.filter(({ frame }) => !arrived.has(frame.id));
  }

  /** The hub has it, or will never take it. */
  function settle(answer: Answer): void {
    const own = shown.outbox.find(({ frame }) => frame.id === answer.id);
    if (!own || answer.t === "ok") return; // it leaves when it comes back as a message, at its place
    if (answer.code === "rate_limited") return void setTimeout(flush, 5000);
    own.failed = answer.code;
  }

  /** Sends what waits, in order; what the hub has already adds nothing there. */
  function flush(): void {
    for (const { frame, failed } of shown.outbox) if (!failed) bridge.send(frame);
  }

  function ask<T = unknown>(frame: Record<string, unknown> & { t: PageFrame["t"] }): Promise<T> {
    const id = newId();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => end({ t: "no", id, code: "timeout" }), answerMs);
      const end = (answer: Answer): void => {
        clearTimeout(timer);
        waiting.delete(id);
        if (answer.t === "ok") resolve(answer.data as T);
        else reject(new Refused(answer.code));
      };
      waiting.set(id, end);
      if (!bridge.send({ ...frame, id } as PageFrame)) end({ t: "no", id, code: "offline" });
    });
  }

  async function load(thread: string, before?: number): Promise<void> {
    await ask({ t: "load", thread, ...(before === undefined ? {} : { before }) }).catch((error: unknown) => {
      if (!(error instanceof Refused)) throw error;
    });
    const { cursor } = shown.threads.find((one) => one.key === thread) ?? {};
    if (cursor && before === undefined) keepCursor(thread, cursor);
  }

  function send(thread: string, what: Omit<SendFrame, "t" | "id" | "thread">): void {
    const frame: SendFrame = { t: "send", id: newId(), thread, ...what };
    shown.outbox.push({ frame, at: new Date().toISOString() });
    bridge.send(frame);
  }

  function again(one: Outgoing): void {
    delete one.failed;
    bridge.send(one.frame);
  }

  /** Uploads a file of a message to come; resolves with its id. */
  function upload(file: File, progress: (sent: number) => void): { done: Promise<string>; cancel(): void } {
    const request = new XMLHttpRequest();
    const done = new Promise<string>((resolve, reject) => {
      request.open("POST", `${bridge.hub}/widget/files?key=${bridge.key}`);
      request.setRequestHeader("authorization", `Bearer ${bridge.kept.token ?? ""}`);
      request.setRequestHeader("content-type", file.type || "application/octet-stream");
      request.setRequestHeader("x-file-name", encodeURIComponent(file.name));
      request.upload.onprogress = (event) => progress(event.loaded);
      request.onload = () => {
        const answer = JSON.parse(request.responseText || "{}") as { id?: string; error?: { code: string } };
        if (answer.id) resolve(answer.id);
        else reject(new Refused(answer.error?.code ?? "failed"));
      };
      request.onerror = () => reject(new Refused("offline"));
      request.onabort = () => reject(new Refused("cancelled"));
      request.send(file);
    });
    return { done, cancel: () => request.abort() };
  }

  const stop = bridge.listen(take);
  for (const thread of welcome.threads) if (thread.unread > 0) void load(thread.key);
  flush();
  return { bridge, shown, ask, load, send, again, upload, newId, flush, stop };
}

export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
