/** What the loader and the panel know of each other. */
import type { HubFrame, Identity, PageFrame, PageRule } from "../schema.ts";

export type Welcome = Extract<HubFrame, { t: "welcome" }>;

/** What this browser keeps for a widget, in the site's own storage. */
export interface Kept {
  token?: string;
  visits: number;
  /** Of the last sign of life, milliseconds since 1970. */
  seenAt: number;
  /** When each greeting showed last, and in which visit. */
  rules: Record<string, { at: number; visit: number }>;
  /** Per chat the place up to which this browser knows it. */
  cursors: Record<string, string>;
}

/** What happens, for the panel and for the page's own listeners. */
export type Told = HubFrame | { t: "online"; on: boolean } | { t: "did"; event: string; data?: unknown };

export interface Bridge {
  /** Origin of the hub. */
  hub: string;
  key: string;
  root: ShadowRoot;
  kept: Kept;
  /** As the site signed it; goes with the next hello. */
  identity?: Identity | undefined;
  keep(): void;
  welcome(): Welcome | undefined;
  online(): boolean;
  /** False when there is no connection: send again after the next `welcome`. */
  send(frame: PageFrame): boolean;
  /** Takes a frame as if it had come by the socket; the poll uses it. */
  take(frame: HubFrame): void;
  /** Another way for frames than the socket, while it is open. */
  carryBy(send: ((frame: PageFrame) => void) | undefined): void;
  hello(): PageFrame;
  reconnect(): void;
  listen(listener: (told: Told) => void): () => void;
  open(how?: Wish): void;
  close(): void;
  hide(on: boolean): void;
  /** Takes everything away: nodes, listeners, timers, the socket, the global. */
  stop(): void;
}

export interface Wish {
  thread?: string | undefined;
  /** What the visitor has answered to a greeting. */
  say?: string | undefined;
  ruleId?: string | undefined;
  linkId?: string | undefined;
  /** Open on the page before this one, with this chat or, empty, with none: it takes no focus. */
  again?: string | undefined;
}

/** What stands above the launcher: by a rule, or an answer that has come while the panel is shut. */
export type Greeting = Omit<PageRule, "id" | "every"> & { id?: string };

export interface GreetModule {
  greet: (bridge: Bridge, said: Greeting, shut: () => void) => () => void;
}

export interface Panel {
  open(how?: Wish): void;
  close(): void;
  destroy(): void;
}

export interface PanelModule {
  mount(bridge: Bridge): Promise<Panel>;
}

/** Where sockets have failed twice and never worked. */
export interface PollModule {
  startPolling: (bridge: Bridge) => Polling;
}

export interface Polling {
  /** Begins with a new hello. */
  again(): void;
  stop(): void;
}

export interface CommandModule {
  obeyBy(bridge: Bridge): (command: [name: string, ...args: unknown[]]) => void;
}
