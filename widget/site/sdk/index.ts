/**
 * The widget for sites that are built with npm. Every function may be called at any time: before `load`, before the loader
 * has come, and on a server, where nothing happens. The code itself comes from your hub, so that it is always the hub's own.
 */

export interface Options {
  /** Address of the hub, `https://chat.example.com`. */
  hub: string;
  /** The widget's key, `wgt_…`, as it stands in its snippet. */
  key: string;
  /** A language tag; without it the browser's own. */
  language?: string | undefined;
  /** For a policy that lets scripts in by nonce. */
  nonce?: string | undefined;
}

/** A signature made on your server: a JWT, or a user id with its expiry (seconds) and the HMAC over both. */
export type Identity = { jwt: string } | { userId: string; expires: number; hash: string };

/** Who the visitor is; names of your own beside these are shown to agents. */
export interface Who {
  identity?: Identity | undefined;
  name?: string | undefined;
  email?: string | undefined;
  phone?: string | undefined;
  [trait: string]: string | number | boolean | Identity | undefined;
}

/** Where `open` leads to; without anything, to the widget's first view. */
export interface Wish {
  /** A chat by its key. */
  thread?: string | undefined;
  /** Said at once, as if the visitor had written it. */
  say?: string | undefined;
  /** A messenger by the id of its link. */
  linkId?: string | undefined;
}

/** An answer of the team. */
export interface Message {
  id: string;
  text?: string;
  by?: { name: string; photo?: string };
  /** ISO 8601. */
  at: string;
}

/** What happens, and what its listeners are told. */
export interface Events {
  /** The hub has answered; told at once when it has already. */
  ready: undefined;
  open: undefined;
  close: undefined;
  message: Message;
  /** Messages that the visitor has not seen. */
  unread: number;
}

/** What a page says to the widget: `Switchboard("track", "added to cart")`. */
export interface Commands {
  identify(who: Who): void;
  track(name: string, data?: unknown): void;
  show(): void;
  hide(): void;
  open(how?: Wish): void;
  close(): void;
  on(event: keyof Events, listener: (data: never) => void): void;
  off(event: keyof Events, listener: (data: never) => void): void;
  /** `done` is called when nothing is left. */
  shutdown(done?: () => void): void;
}

interface Entry {
  (...command: unknown[]): void;
  q?: ArrayLike<unknown>[];
}

/** Said before there was a widget: so many are kept, the newest. */
const maxEarly = 100;

const page = globalThis as { Switchboard?: Entry };
let early: unknown[][] = [];
let script: HTMLScriptElement | undefined;
/** The former widget is being taken away; what comes next waits. */
let ending = false;
let next: Options | undefined;

/** Stands in until the loader has come, which takes over what was said. */
function stub(...command: unknown[]): void {
  (stub.q ??= []).push(command);
}
stub.q = undefined as unknown[][] | undefined;

/** Puts the widget on the page. A second call changes nothing; after `shutdown` it begins anew. */
export function load(options: Options): void {
  if (typeof document === "undefined") return;
  if (ending) return void (next = options);
  if (script) return;
  const made = document.createElement("script");
  made.async = true;
  made.src = new URL("/w.js", options.hub).href;
  made.dataset["hub"] = options.key;
  if (options.language) made.dataset["language"] = options.language;
  if (options.nonce) made.nonce = options.nonce;
  made.onerror = () => {
    made.remove(); // no network, or blocked: another `load` tries again
    if (script === made) script = undefined;
  };
  script = made;
  page.Switchboard ??= stub as Entry;
  for (const command of early.splice(0)) page.Switchboard(...command);
  document.head.append(made);
}

/** Tells who the visitor is. With a signed `identity` every device of a customer shows one history. */
export function identify(who: Who): void {
  say("identify", who);
}

/** Notes that something happened; agents see it beside the chat. */
export function track(name: string, data?: unknown): void {
  say("track", name, data);
}

/** Shows the launcher again. */
export function show(): void {
  say("show");
}

/** Hides launcher and panel; the connection stays. */
export function hide(): void {
  say("hide");
}

export function open(how?: Wish): void {
  say("open", how);
}

export function close(): void {
  say("close");
}

/** Listens until the function that it returns is called, or until `shutdown`. */
export function on<E extends keyof Events>(event: E, listener: (data: Events[E]) => void): () => void {
  say("on", event, listener);
  return () => say("off", event, listener);
}

/**
 * Takes everything away: nodes, listeners, timers, the connection, the global. A signed identity ends with it, and what this
 * browser kept for the customer goes.
 */
export function shutdown(): void {
  early = [];
  next = undefined;
  const entry = page.Switchboard;
  if (!entry || ending) return;
  if (entry === stub) return void forgetLoader();
  ending = true;
  entry("shutdown", () => {
    ending = false;
    script = undefined;
    const wanted = next;
    next = undefined;
    if (wanted) load(wanted);
  });
}

/** The loader is on its way still: without its key it does nothing when it comes. */
function forgetLoader(): void {
  delete script?.dataset["hub"];
  script?.remove();
  script = undefined;
  stub.q = undefined;
  delete page.Switchboard;
}

function say<N extends keyof Commands>(name: N, ...args: Parameters<Commands[N]>): void {
  if (typeof document === "undefined") return;
  if (page.Switchboard && !ending) return page.Switchboard(name, ...args);
  early = [...early, [name, ...args]].slice(-maxEarly);
}
