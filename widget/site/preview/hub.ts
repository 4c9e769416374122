/**
 * The hub's part in the preview: loader and panel are those that visitors get, and speak to this in place of a socket.
 * Nothing leaves the page, so a preview is no visit and what is written in it goes nowhere.
 */
import type { ChatMessage, HubFrame, PageConfig, PageFrame, PreviewTold, SendFrame } from "../../schema.ts";
import { sampleChat, sampleThread, threadOf, wordsOf } from "./sample.ts";

const dayMs = 24 * 3_600_000;
const answerMs = 900;

export interface LocalHub {
  /** Stands in for the page's WebSocket while the preview runs. */
  Socket: typeof WebSocket;
  /** A change is drawn at once, as when settings are published while a visitor looks. */
  show(told: PreviewTold): void;
}

export function createLocalHub(first: PreviewTold): LocalHub {
  let told = first;
  let say: (frame: HubFrame) => void = () => undefined;
  const chats = new Map<string, ChatMessage[]>();

  function welcome(): void {
    const config = configOf(told);
    const sample = sampleChat(config);
    const known = told.state === "home" || told.state === "chat";
    chats.clear();
    if (known) chats.set(sampleThread, sample.messages);
    say({
      t: "welcome",
      token: "preview",
      config,
      rules: [],
      threads: known ? [sample.thread] : [],
      identified: false,
      panel: told.panel,
    });
    greet();
  }
  function greet(): void {
    const { locale, people, name } = told.config;
    const by = people[0] ?? { name };
    const rule = told.rule ?? {
      id: "",
      every: "always",
      greeting: wordsOf(locale).greeting,
      answers: [],
      by,
    };
    say({ t: "rules", rules: told.state === "greeting" ? [rule] : [] });
  }

  function add(thread: string, message: Omit<ChatMessage, "seq" | "rev" | "at">): void {
    const messages = chats.get(thread) ?? [];
    const seq = messages.length + 1;
    const made = { ...message, seq, rev: seq, at: new Date().toISOString() };
    chats.set(thread, [...messages, made]);
    say({ t: "thread", thread: threadOf(thread, [...messages, made], told.config.people[0]) });
    say({ t: "messages", thread, items: [made] });
  }
  function record(frame: SendFrame): void {
    const text = frame.text ?? frame.action?.title;
    add(frame.thread, { id: frame.id, clientId: frame.id, mine: true, ...(text ? { text } : {}) });
    setTimeout(() => {
      const by = told.config.people[0];
      const text = wordsOf(told.config.locale).reply;
      add(frame.thread, { id: `${frame.id}-answer`, mine: false, text, ...(by ? { by } : {}) });
    }, answerMs);
  }
  function answer(frame: PageFrame): unknown {
    if (frame.t === "hello") welcome();
    if (frame.t === "send") record(frame);
    if (frame.t === "load")
      say({
        t: "messages",
        thread: frame.thread,
        items: chats.get(frame.thread) ?? [],
        reset: true,
        more: false,
      });
    if (frame.t === "continue") {
      const url = told.config.links.find((link) => link.id === frame.linkId)?.url ?? location.href;
      return { url, expiresAt: new Date(Date.now() + 600_000).toISOString() };
    }
    return undefined;
  }

  class Socket {
    readyState = 0;
    onopen: (() => void) | null = null;
    onmessage: ((event: { data: string }) => void) | null = null;
    onclose: (() => void) | null = null;
    onerror: (() => void) | null = null;
    constructor() {
      queueMicrotask(() => {
        this.readyState = 1;
        say = (frame) => this.readyState === 1 && this.onmessage?.({ data: JSON.stringify(frame) });
        this.onopen?.();
      });
    }
    send(text: string): void {
      const frame = JSON.parse(text) as PageFrame;
      const data = answer(frame);
      if ("id" in frame && frame.id && frame.t !== "rule") say({ t: "ok", id: frame.id, data });
    }
    close(): void {
      this.readyState = 3;
      this.onclose?.();
    }
  }

  return {
    Socket: Socket as unknown as typeof WebSocket,
    show(next) {
      told = next;
      say({ t: "config", config: configOf(told) });
      greet();
    },
  };
}

/** Away or here as the preview says, whatever the hour is now. */
function configOf({ config, state }: PreviewTold): PageConfig {
  const { opensAt, preChat, ...rest } = config;
  if (state !== "offline")
    return { ...rest, open: true, ...(preChat && state !== "chat" ? { preChat } : {}) };
  const morning = new Date(Date.now() + dayMs);
  morning.setHours(10, 0, 0, 0);
  return {
    ...rest,
    ...(preChat ? { preChat } : {}),
    open: false,
    opensAt: opensAt ?? morning.toISOString(),
  };
}
