/**
 * The queue of several processes: BullMQ spreads the keys over them. A job only says which key has work, so losing one
 * costs a sweep of time; a key is locked while it is worked on, so that no two processes ever do.
 */
import { randomUUID } from "node:crypto";
import { Queue, Worker, type Job } from "bullmq";
import type { Log } from "./log.ts";
import type { WakeQueue } from "./queue.ts";
import type { RedisServer } from "./redis.ts";

/** A process that died holds its keys this long. */
const lockMs = 15_000;
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
}

export class RedisQueue implements WakeQueue {
  readonly #redis: RedisServer;
  readonly #name: string;
  readonly #workerId: string;
  readonly #log: Log;
  readonly #queues = new Map<string, Queue<WakeJob>>();
  readonly #adding = new Set<string>();
  readonly #stop = new AbortController();
  readonly #workers: Worker<WakeJob>[] = [];
  #counts = { waiting: 0, active: 0, delayed: 0 };
  #countedAt = 0;

  constructor({ redis, name, workerId, log }: RedisQueueParts) {
    this.#redis = redis;
    this.#name = name;
    this.#workerId = workerId;
    this.#log = log;
  }

  wake(key: string, { delayMs = 0, worker }: { delayMs?: number; worker?: string } = {}): void {
    if (this.#stop.signal.aborted) return;
    const slot = delayMs > 0 ? `@${Math.ceil((Date.now() + delayMs) / slotMs)}` : "";
    const id = Buffer.from(`${key}${slot}`).toString("base64url");
    const adding = `${worker ?? ""} ${id}`;
    if (this.#adding.has(adding)) return; // Redis is slow or away: once is enough
    this.#adding.add(adding);
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
      .finally(() => this.#adding.delete(adding));
  }

  consume(concurrency: number, handler: (key: string, signal: AbortSignal) => Promise<void>): void {
    for (const name of [this.#name, this.#nameFor(this.#workerId)]) {
      const worker = new Worker<WakeJob>(name, (job) => this.#work(job, handler), {
        connection: this.#redis.client,
        prefix: this.#redis.prefix,
        concurrency,
        lockDuration: lockMs,
        stalledInterval: lockMs,
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
    if ((await client.set(lock, token, "PX", lockMs, "NX")) !== "OK")
      return this.wake(key, { delayMs: busyDelayMs });
    const lost = (err: unknown): void => this.#log.warn({ err, key }, "a lock was not renewed");
    const keep = setInterval(() => void client.eval(renew, 1, lock, token, lockMs).catch(lost), lockMs / 3);
    try {
      await handler(key, this.#stop.signal);
    } catch (err) {
      this.#log.error({ err, key }, "queued work failed");
      this.wake(key, { delayMs: failureDelayMs });
    } finally {
      clearInterval(keep);
      await client.eval(release, 1, lock, token).catch(lost);
    }
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
