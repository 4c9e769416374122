/** Wakes work by key. The work itself is found in the store, so a lost wake-up costs time and never a message. */
import type { Log } from "./log.ts";

export interface WakeQueue {
  /**
   * Asks for `key` to be worked on, after `delayMs`. A key that is being worked on is worked on once more. `worker` names
   * the one process that can do it.
   */
  wake(key: string, options?: { delayMs?: number; worker?: string }): void;
  /** Starts working: at most `concurrency` keys at once, one key never twice at once. */
  consume(concurrency: number, handler: (key: string, signal: AbortSignal) => Promise<void>): void;
  stats(): { waiting: number; active: number; delayed: number };
  /** Stops taking work and waits for what is under way, at most `timeoutMs`. */
  close(timeoutMs: number): Promise<void>;
}

/** The queue of a single process, on timers. Sweepers find again what a stop forgot. */
export class ProcessQueue implements WakeQueue {
  readonly #log: Log;
  readonly #waiting = new Set<string>();
  readonly #active = new Set<string>();
  readonly #timers = new Map<string, { timer: NodeJS.Timeout; at: number }>();
  readonly #stop = new AbortController();
  #handler: ((key: string, signal: AbortSignal) => Promise<void>) | undefined;
  #concurrency = 0;
  #idle: (() => void) | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  wake(key: string, { delayMs = 0 }: { delayMs?: number; worker?: string } = {}): void {
    if (this.#stop.signal.aborted) return;
    if (delayMs > 0) return this.#delay(key, delayMs);
    this.#waiting.add(key);
    this.#next();
  }

  consume(concurrency: number, handler: (key: string, signal: AbortSignal) => Promise<void>): void {
    this.#handler = handler;
    this.#concurrency = concurrency;
    this.#next();
  }

  stats(): { waiting: number; active: number; delayed: number } {
    return { waiting: this.#waiting.size, active: this.#active.size, delayed: this.#timers.size };
  }

  async close(timeoutMs: number): Promise<void> {
    this.#stop.abort();
    for (const { timer } of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#waiting.clear();
    if (this.#active.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
      setTimeout(resolve, timeoutMs).unref();
    });
  }

  /** Of two delayed wake-ups of a key the earlier one counts. */
  #delay(key: string, delayMs: number): void {
    const at = Date.now() + delayMs;
    const former = this.#timers.get(key);
    if (former && former.at <= at) return;
    if (former) clearTimeout(former.timer);
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      this.wake(key);
    }, delayMs);
    timer.unref();
    this.#timers.set(key, { timer, at });
  }

  #next(): void {
    if (!this.#handler) return;
    for (const key of this.#waiting) {
      if (this.#active.size >= this.#concurrency) return;
      if (!this.#active.has(key)) void this.#work(key, this.#handler);
    }
  }

  async #work(key: string, handler: (key: string, signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#waiting.delete(key);
    this.#active.add(key);
    try {
      await handler(key, this.#stop.signal);
    } catch (err) {
      this.#log.error({ err, key }, "queued work failed");
      this.wake(key, { delayMs: 5000 });
    } finally {
      this.#active.delete(key);
      if (this.#active.size === 0) this.#idle?.();
      this.#next();
    }
  }
}
