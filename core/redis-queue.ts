/**
 * The queue of several processes: BullMQ spreads the keys over them. A job only says which key has work, so losing one
 * costs a sweep of time; a key is locked while it is worked on, so that no two processes ever do.
 */
import { randomUUID } from "node:crypto";
import { Queue, Worker, type Job } from "bullmq";
import type { Log } from "./log.ts";
import type { WakeQueue } from "./queue.ts";
import type { RedisServer } from "./redis.ts";

const defaultLockMs = 15_000;
const busyDelayMs = 200;
const failureDelayMs = 5000;
/** Delayed wake-ups of one key within this span are one. */
const slotMs = 500;

const renew = `if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("pexpire", KEYS[1], ARGV[2]) end return 0`;
const release = `if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("del", KEYS[1]) end return 0`;

interface WakeJob {
  key: string;
}

export interface RedisQueueParts {
  redis: RedisServer;
  name: string;
  /** Names this process: work that only it can do is woken for it alone. */
  workerId: string;
  log: Log;
  /** How long the key of a process that died is held; 15 seconds where it is not told. */
  lockMs?: number;
}

export class RedisQueue implements WakeQueue {
  readonly #redis: RedisServer;
  readonly #name: string;
  readonly #workerId: string;
  readonly #log: Log;
  readonly #queues = new Map<string, Queue<WakeJob>>();
  readonly #lockMs: number;
  /** Wake-ups on their way, and when the same was asked for meanwhile. */
  readonly #adding = new Map<string, { againAt?: number }>();
  readonly #stop = new AbortController();
  readonly #workers: Worker<WakeJob>[] = [];
  #counts = { waiting: 0, active: 0, delayed: 0 };
  #countedAt = 0;

  constructor({ redis, name, workerId, log, lockMs = defaultLockMs }: RedisQueueParts) {
    this.#redis = redis;
    this.#name = name;
    this.#workerId = workerId;
    this.#log = log;
    this.#lockMs = lockMs;
  }

  wake(key: string, { delayMs = 0, worker }: { delayMs?: number; worker?: string } = {}): void {
    if (this.#stop.signal.aborted) return;
    const slot = delayMs > 0 ? `@${Math.ceil((Date.now() + delayMs) / slotMs)}` : "";
    const id = Buffer.from(`${key}${slot}`).toString("base64url");
    const adding = `${worker ?? ""} ${id}`;
    const underWay = this.#adding.get(adding);
    // The one on its way may have been answered before this work was stored: it goes once more when that is there.
    if (underWay) return void (underWay.againAt = Date.now() + delayMs);
    const one: { againAt?: number } = {};
    this.#adding.set(adding, one);
    void this.#queue(worker)
      .add(
        "wake",
        { key },
        {
          delay: delayMs,
          deduplication: { id, keepLastIfActive: true },
          removeOnComplete: true,
          removeOnFail: true,
        },
      )
      .catch((err: unknown) => this.#log.warn({ err }, "a wake-up was lost; a sweep will find the work"))
      .finally(() => {
        this.#adding.delete(adding);
        const { againAt } = one;
        if (againAt === undefined) return;
        this.wake(key, { delayMs: Math.max(0, againAt - Date.now()), ...(worker ? { worker } : {}) });
      });
  }

  consume(concurrency: number, handler: (key: string, signal: AbortSignal) => Promise<void>): void {
    for (const name of [this.#name, this.#nameFor(this.#workerId)]) {
      const worker = new Worker<WakeJob>(name, (job) => this.#work(job, handler), {
        connection: this.#redis.client,
        prefix: this.#redis.prefix,
        concurrency,
        lockDuration: this.#lockMs,
        stalledInterval: this.#lockMs,
        maxStalledCount: 1_000_000, // a job that dies with its process is only a wake-up: it may always be taken again
      });
      worker.on("error", (err) => this.#log.warn({ err }, "the queue is away"));
      this.#workers.push(worker);
    }
  }

  /** Of all processes together, at most two seconds old. */
  stats(): { waiting: number; active: number; delayed: number } {
    if (Date.now() - this.#countedAt > 2000) {
      this.#countedAt = Date.now();
      void this.#queue()
        .getJobCounts("waiting", "active", "delayed")
        .then(
          ({ waiting = 0, active = 0, delayed = 0 }) => (this.#counts = { waiting, active, delayed }),
          (err: unknown) => this.#log.debug({ err }, "the queue could not be counted"),
        );
    }
    return this.#counts;
  }

  async close(timeoutMs: number): Promise<void> {
    this.#stop.abort();
    const closed = Promise.all(this.#workers.map((worker) => worker.close()));
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, timeoutMs).unref())]);
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()));
  }

  async #work(
    { data: { key } }: Job<WakeJob>,
    handler: (key: string, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const lock = `${this.#redis.prefix}:lock:${this.#name}:${key}`;
    const token = randomUUID();
    const { client } = this.#redis;
    if ((await client.set(lock, token, "PX", this.#lockMs, "NX")) !== "OK")
      return this.wake(key, { delayMs: busyDelayMs });
    const held = this.#hold(lock, token);
    try {
      await handler(key, AbortSignal.any([this.#stop.signal, held.lost]));
    } catch (err) {
      this.#log.error({ err, key }, "queued work failed");
      this.wake(key, { delayMs: failureDelayMs });
    } finally {
      held.letGo();
    }
    if (held.lost.aborted) this.wake(key, { delayMs: busyDelayMs });
    else
      await client
        .eval(release, 1, lock, token)
        .catch((err: unknown) =>
          this.#log.warn({ err, key }, "a lock was not given back; it ends by itself"),
        );
  }

  /** Keeps a lock. Whoever lost it, or cannot know that it is still held, stops: another process may be at work. */
  #hold(lock: string, token: string): { lost: AbortSignal; letGo(): void } {
    const lost = new AbortController();
    let over = false;
    let sureUntil = performance.now() + this.#lockMs;
    const lose = (why: object): void => {
      letGo();
      this.#log.warn({ ...why, lock }, "a lock was lost while its key was worked on");
      lost.abort();
    };
    const tryOnce = async (): Promise<void> => {
      const asked = performance.now();
      const left = await this.#redis.client.eval(renew, 1, lock, token, this.#lockMs);
      if (Number(left) === 1) sureUntil = asked + this.#lockMs;
      else if (!over) lose({});
    };
    const timer = setInterval(() => {
      if (performance.now() > sureUntil) return lose({ reason: "not renewed in time" });
      tryOnce().catch((err: unknown) => this.#log.warn({ err, lock }, "a lock was not renewed"));
    }, this.#lockMs / 3);
    const letGo = (): void => {
      over = true;
      clearInterval(timer);
    };
    return { lost: lost.signal, letGo };
  }

  #nameFor(worker: string): string {
    return `${this.#name}-${worker}`;
  }

  #queue(worker?: string): Queue<WakeJob> {
    const name = worker ? this.#nameFor(worker) : this.#name;
    const known = this.#queues.get(name);
    if (known) return known;
    const queue = new Queue<WakeJob>(name, {
      connection: this.#redis.client,
      prefix: this.#redis.prefix,
    });
    queue.on("error", (err) => this.#log.warn({ err }, "the queue is away"));
    this.#queues.set(name, queue);
    return queue;
  }
}
