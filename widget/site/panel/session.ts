/** What the panel shows and what waits to be sent: reactive, fed by the loader's wire, kept over a reload. */
import { reactive, watch } from "vue";
import type { ChatMessage, ChatThread, HubFrame, PageConfig, PageFrame, SendFrame } from "../../schema.ts";
import type { Bridge } from "../bridge.ts";

/** A message on its way: shown at once, sent until the hub has it. */
export interface Outgoing {
  frame: SendFrame;
  at: string;
  /** The hub has stored it; it leaves the list when it comes back as a message, at its place. */
  taken?: boolean;
  failed?: string;
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
/** A wire that takes a message and says nothing for so long is dead. */
const patienceMs = 8000;
const limitedMs = 5000;

export type Session = ReturnType<typeof createSession>;

export function createSession(bridge: Bridge) {
  const welcome = bridge.welcome();
  if (!welcome) throw new Error("the panel opens after the welcome");
  /** An entry a message: tabs that share one would overwrite each other, since what another process wrote comes late. */
  const entry = `switchboard:${bridge.key}:out:`;
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
  /** Of this tab, also those that are gone: whatever else is kept belongs to another tab. */
  const own = new Set(shown.outbox.map(({ frame }) => frame.id));
  /** Chats whose messages were asked for and have not come. */
  const missing = new Set<string>();
  let underWay: string | undefined;
  let typingEnds = 0;
  let patience = 0;
  let limited = 0;

  function readOutbox(): Outgoing[] {
    try {
      const kept = Object.keys(localStorage).filter((key) => key.startsWith(entry));
      return kept
        .map((key) => ({ ...(JSON.parse(localStorage[key] as string) as Outgoing), taken: false }))
        .sort((a, b) => (a.at < b.at ? -1 : 1));
    } catch {
      return []; // storage is closed to this page
    }
  }
  watch(
    () => shown.outbox,
    (outbox) => {
      try {
        for (const id of own) localStorage.removeItem(entry + id);
        for (const one of outbox) localStorage.setItem(entry + one.frame.id, JSON.stringify(one));
      } catch {
        return; // as above: what is not sent is lost with the page
      }
    },
    { deep: true, flush: "sync" },
  );

  function take(frame: Parameters<Parameters<Bridge["listen"]>[0]>[0]): void {
    switch (frame.t) {
      case "welcome":
        shown.config = frame.config;
        shown.threads = frame.threads;
        for (const thread of missing) void load(thread);
        for (const one of shown.outbox) one.taken = false;
        underWay = undefined;
        return flush();
      case "online":
        shown.online = frame.on;
        return;
      case "config":
        shown.config = frame.config;
        return;
      case "thread":
        shown.threads = [frame.thread, ...shown.threads.filter((one) => one.key !== frame.thread.key)];
        return keepCursor(frame.thread.key);
      case "messages":
        return show(frame);
      case "typing":
        shown.typing = frame.on ? frame.thread : "";
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

  /** Up to the newest change that has come, not to the newest that there is: the wire may be cut between the two. */
  function keepCursor(thread: string): void {
    const [conversation] = shown.threads.find((one) => one.key === thread)?.cursor.split(":") ?? [];
    const messages = shown.messages[thread];
    if (!conversation || !messages || missing.has(thread)) return;
    bridge.kept.cursors[thread] = `${conversation}:${Math.max(0, ...messages.map((one) => one.rev))}`;
    bridge.keep();
  }

  function show({ thread, items, reset, more }: Extract<HubFrame, { t: "messages" }>): void {
    const known = new Map((reset ? [] : (shown.messages[thread] ?? [])).map((one) => [one.id, one]));
    for (const item of items) if (item.rev >= (known.get(item.id)?.rev ?? 0)) known.set(item.id, item);
    shown.messages[thread] = [...known.values()].sort((a, b) => a.seq - b.seq);
    if (reset) missing.delete(thread);
    keepCursor(thread);
    if (more !== undefined) shown.more[thread] = more;
    if (items.some((item) => !item.mine)) shown.typing = "";
    const arrived = new Set(items.map((item) => item.clientId));
    shown.outbox = shown.outbox.filter(({ frame }) => !arrived.has(frame.id));
    flush();
  }

  /** The hub has it, or will never take it. */
  function settle(answer: Answer): void {
    if (answer.id !== underWay) return;
    const one = shown.outbox.find(({ frame }) => frame.id === answer.id);
    underWay = undefined;
    if (answer.t === "no" && answer.code === "rate_limited")
      return void (limited = window.setTimeout(flush, limitedMs));
    if (one && answer.t === "ok") one.taken = true;
    else if (one && answer.t === "no") one.failed = answer.code;
    flush();
  }

  /** Sends what waits, one after another: none overtakes another. What the hub has already adds nothing there. */
  function flush(): void {
    const next = shown.outbox.find((one) => !one.failed && !one.taken);
    if (!next || next.frame.id === underWay || !bridge.send(next.frame)) return;
    underWay = next.frame.id;
    clearTimeout(patience);
    patience = window.setTimeout(() => {
      if (underWay === next.frame.id) bridge.reconnect();
    }, patienceMs);
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
    if (before === undefined) missing.add(thread);
    await ask({ t: "load", thread, ...(before === undefined ? {} : { before }) }).catch((error: unknown) => {
      if (!(error instanceof Refused)) throw error; // it is asked for again after the next welcome
    });
  }

  function send(thread: string, what: Omit<SendFrame, "t" | "id" | "thread">): void {
    const frame: SendFrame = { t: "send", id: newId(), thread, ...what };
    own.add(frame.id);
    shown.outbox.push({ frame, at: new Date().toISOString() });
    flush();
  }

  function again(one: Outgoing): void {
    delete one.failed;
    flush();
  }

  const unlisten = bridge.listen(take);
  function stop(): void {
    unlisten();
    for (const end of waiting.values()) end({ t: "no", code: "offline" });
    clearTimeout(limited);
    clearTimeout(patience);
    clearTimeout(typingEnds);
  }
  for (const thread of welcome.threads) if (thread.unread > 0) void load(thread.key);
  flush();
  return { bridge, shown, ask, load, send, again, stop };
}

export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
