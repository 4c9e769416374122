/** What happened, told to whoever listens in this process. Features add their events to `EventMap` by declaration. */
import type { Log } from "./log.ts";

// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- features merge into it
export interface EventMap {}

type Listener<Name extends keyof EventMap> = (data: EventMap[Name]) => void | Promise<void>;

export class Events {
  readonly #listeners = new Map<keyof EventMap, Set<Listener<never>>>();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  subscribe<Name extends keyof EventMap>(name: Name, listener: Listener<Name>): () => void {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set.add(listener));
    return () => void set.delete(listener);
  }

  /** Publish after the store has it. A listener that fails is logged and holds nobody up. */
  publish<Name extends keyof EventMap>(name: Name, data: EventMap[Name]): void {
    for (const listener of this.#listeners.get(name) ?? [])
      void this.#call(name, listener as Listener<Name>, data);
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
