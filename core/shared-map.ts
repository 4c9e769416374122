/**
 * Small facts that each process knows of its own (who has a socket here, who looks at what), seen by all of them. A
 * process repeats what it has every minute; what a dead one had is forgotten.
 */
import type { EventBus } from "./events.ts";

const everyMs = 60_000;
const staleMs = 150_000;

interface Told<T> {
  processId: string;
  key: string;
  value: T | null;
}

export class SharedMap<T> {
  readonly #name: string;
  readonly #processId: string;
  readonly #bus: EventBus | undefined;
  readonly #own = new Map<string, T>();
  readonly #others = new Map<string, { value: T; at: number }>();
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(name: string, processId: string, bus: EventBus | undefined) {
    this.#name = `map ${name}`;
    this.#processId = processId;
    this.#bus = bus;
    bus?.onReceive((told, data) => {
      if (told === this.#name && isTold<T>(data)) this.#hear(data);
    });
    if (bus) this.#timer = setInterval(() => this.#repeat(), everyMs).unref();
  }

  /** Null takes it away. */
  set(key: string, value: T | null): void {
    if (value === null) this.#own.delete(key);
    else this.#own.set(key, value);
    this.#tell(key, value);
  }

  get(key: string): T | undefined {
    return this.#own.get(key);
  }

  /** Of every process. */
  *values(): Iterable<T> {
    yield* this.#own.values();
    for (const { value } of this.#others.values()) yield value;
  }

  close(): void {
    clearInterval(this.#timer);
    for (const key of this.#own.keys()) this.#tell(key, null);
  }

  #tell(key: string, value: T | null): void {
    this.#bus?.send(this.#name, { processId: this.#processId, key, value } satisfies Told<T>);
  }

  #hear({ processId, key, value }: Told<T>): void {
    const id = `${processId} ${key}`;
    if (value === null) this.#others.delete(id);
    else this.#others.set(id, { value, at: Date.now() });
  }

  #repeat(): void {
    for (const [key, value] of this.#own) this.#tell(key, value);
    for (const [id, { at }] of this.#others) if (Date.now() - at > staleMs) this.#others.delete(id);
  }
}

function isTold<T>(data: unknown): data is Told<T> {
  if (typeof data !== "object" || data === null) return false;
  const { processId, key } = data as Partial<Told<T>>;
  return typeof processId === "string" && typeof key === "string" && "value" in data;
}
