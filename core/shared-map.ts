/**
 * Small facts that each process knows of its own (who has a socket here, who looks at what), seen by all of them. A
 * process repeats what it has; what a dead one had is forgotten when it has not been repeated for two and a half turns.
 */
import { isDeepStrictEqual } from "node:util";
import type { EventBus } from "./events.ts";

const usualTurnMs = 60_000;

interface Told<T> {
  processId: string;
  key: string;
  value: T | null;
}

/** Both where a fact took another's place; `former` alone where one was taken away, by whoever had it or by its silence. */
export interface Change<T> {
  former?: T;
  value?: T;
}

export class SharedMap<T> {
  readonly #name: string;
  readonly #processId: string;
  readonly #bus: EventBus | undefined;
  readonly #own = new Map<string, T>();
  readonly #others = new Map<string, { value: T; at: number }>();
  readonly #listeners = new Set<(change: Change<T>) => void>();
  readonly #staleMs: number;
  readonly #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** `turnMs`: between two repetitions. */
  constructor(name: string, processId: string, bus: EventBus | undefined, turnMs = usualTurnMs) {
    this.#name = `map ${name}`;
    this.#processId = processId;
    this.#bus = bus;
    this.#staleMs = turnMs * 2.5;
    bus?.onReceive((told, data) => {
      if (!this.#closed && told === this.#name && isTold<T>(data)) this.#hear(data);
    });
    if (bus) this.#timer = setInterval(() => this.#repeat(), turnMs).unref();
  }

  /** Hears of every change once, in whatever process it was made; a repetition is none. */
  onChange(listener: (change: Change<T>) => void): void {
    this.#listeners.add(listener);
  }

  /** Null takes it away. */
  set(key: string, value: T | null): void {
    if (this.#closed) return;
    const former = this.#own.get(key);
    if (value === null) this.#own.delete(key);
    else this.#own.set(key, value);
    this.#tell(key, value);
    this.#changed(former, value ?? undefined);
  }

  get(key: string): T | undefined {
    return this.#own.get(key);
  }

  /** Of every process. */
  *values(): Iterable<T> {
    yield* this.#own.values();
    for (const { value } of this.#others.values()) yield value;
  }

  /** The others forget at once what this process had. */
  close(): void {
    clearInterval(this.#timer);
    for (const key of this.#own.keys()) this.#tell(key, null);
    this.#closed = true;
  }

  #tell(key: string, value: T | null): void {
    this.#bus?.send(this.#name, { processId: this.#processId, key, value } satisfies Told<T>);
  }

  #changed(former: T | undefined, value: T | undefined): void {
    if (isDeepStrictEqual(former, value)) return;
    const change = {
      ...(former === undefined ? {} : { former }),
      ...(value === undefined ? {} : { value }),
    };
    for (const listener of this.#listeners) listener(change);
  }

  #hear({ processId, key, value }: Told<T>): void {
    const id = `${processId} ${key}`;
    const former = this.#others.get(id)?.value;
    if (value === null) this.#others.delete(id);
    else this.#others.set(id, { value, at: Date.now() });
    this.#changed(former, value ?? undefined);
  }

  #repeat(): void {
    for (const [key, value] of this.#own) this.#tell(key, value);
    const now = Date.now();
    for (const [id, { value, at }] of this.#others)
      if (now - at > this.#staleMs) {
        this.#others.delete(id);
        this.#changed(value, undefined);
      }
  }
}

function isTold<T>(data: unknown): data is Told<T> {
  if (typeof data !== "object" || data === null) return false;
  const { processId, key } = data as Partial<Told<T>>;
  return typeof processId === "string" && typeof key === "string" && "value" in data;
}
