/**
 * What happened, told to whoever listens. `subscribe` hears what this process published, so that what follows from it is
 * done once; `subscribeEverywhere` hears what any process published, for what each has of its own (sockets, sessions).
 * Features add their events to `EventMap` by declaration.
 */
import type { Log } from "./log.ts";

// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- features merge into it
export interface EventMap {}

/** Carries events between processes. What is lost on the way costs a screen a reload and never a message. */
export interface EventBus {
  send(name: string, data: unknown): void;
  onReceive(listener: (name: string, data: unknown) => void): void;
}

type Listener<Name extends keyof EventMap> = (data: EventMap[Name]) => void | Promise<void>;

export class Events {
  readonly #listeners = new Map<keyof EventMap, Set<Listener<never>>>();
  readonly #everywhere = new Map<keyof EventMap, Set<Listener<never>>>();
  readonly #log: Log;
  readonly #bus: EventBus | undefined;

  constructor(log: Log, bus?: EventBus) {
    this.#log = log;
    this.#bus = bus;
    bus?.onReceive((name, data) => this.#tell(this.#everywhere, name as keyof EventMap, data as never));
  }

  subscribe<Name extends keyof EventMap>(name: Name, listener: Listener<Name>): () => void {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set.add(listener));
    return () => void set.delete(listener);
  }

  subscribeEverywhere<Name extends keyof EventMap>(name: Name, listener: Listener<Name>): () => void {
    const set = this.#everywhere.get(name) ?? new Set();
    this.#everywhere.set(name, set.add(listener));
    return () => void set.delete(listener);
  }

  /** Publish after the store has it. A listener that fails is logged and holds nobody up. */
  publish<Name extends keyof EventMap>(name: Name, data: EventMap[Name]): void {
    this.#tell(this.#listeners, name, data);
    this.#tell(this.#everywhere, name, data);
    if (this.#everywhere.has(name)) this.#bus?.send(name, data);
  }

  #tell<Name extends keyof EventMap>(
    listeners: ReadonlyMap<keyof EventMap, Set<Listener<never>>>,
    name: Name,
    data: EventMap[Name],
  ): void {
    for (const listener of listeners.get(name) ?? []) void this.#call(name, listener as Listener<Name>, data);
  }

  async #call<Name extends keyof EventMap>(
    name: Name,
    listener: Listener<Name>,
    data: EventMap[Name],
  ): Promise<void> {
    try {
      await listener(data);
    } catch (err) {
      this.#log.error({ err, event: name }, "event listener failed");
    }
  }
}
