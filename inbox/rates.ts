/** Token buckets: how long a send must wait so that an account and a peer stay within the platform's limits. */
import type { RedisServer } from "../core/redis.ts";

export interface RateLimits {
  account: { count: number; perMs: number };
  peer: { count: number; perMs: number };
}

export interface Rates {
  /** Milliseconds until a send to the peer is allowed; 0 takes one token of both buckets. */
  take(account: string, peer: string, limits: RateLimits): number | Promise<number>;
  /** The platform asked to wait: nothing goes to this account or peer before. */
  pause(key: string, ms: number): void | Promise<void>;
  /** Forgets what is full, so that memory does not grow with every peer ever written to. */
  tidy(): void;
}

interface Bucket {
  tokens: number;
  at: number;
  /** When it is full again, and nothing of it has to be remembered. */
  fullAt: number;
}

/** Of a single process. */
export class ProcessRates implements Rates {
  readonly #buckets = new Map<string, Bucket>();
  readonly #pausedUntil = new Map<string, number>();

  take(account: string, peer: string, limits: RateLimits, now = Date.now()): number {
    const paused = Math.max(0, ...[account, peer].map((key) => (this.#pausedUntil.get(key) ?? 0) - now));
    if (paused > 0) return paused;
    const pairs = [
      [this.#fill(account, limits.account, now), limits.account],
      [this.#fill(peer, limits.peer, now), limits.peer],
    ] as const;
    const wait = Math.max(
      ...pairs.map(([bucket, { count, perMs }]) =>
        bucket.tokens >= 1 ? 0 : Math.ceil(((1 - bucket.tokens) * perMs) / count),
      ),
    );
    if (wait > 0) return wait;
    for (const [bucket, { count, perMs }] of pairs) {
      bucket.tokens -= 1;
      bucket.fullAt = now + ((count - bucket.tokens) * perMs) / count;
    }
    return 0;
  }

  pause(key: string, ms: number, now = Date.now()): void {
    this.#pausedUntil.set(key, Math.max(now + ms, this.#pausedUntil.get(key) ?? 0));
  }

  tidy(now = Date.now()): void {
    for (const [key, bucket] of this.#buckets) if (bucket.fullAt < now) this.#buckets.delete(key);
    for (const [key, until] of this.#pausedUntil) if (until < now) this.#pausedUntil.delete(key);
  }

  #fill(key: string, { count, perMs }: { count: number; perMs: number }, now: number): Bucket {
    const bucket = this.#buckets.get(key) ?? { tokens: count, at: now, fullAt: now };
    bucket.tokens = Math.min(count, bucket.tokens + ((now - bucket.at) * count) / perMs);
    bucket.at = now;
    this.#buckets.set(key, bucket);
    return bucket;
  }
}

/**
 * Both buckets and both pauses in one step. KEYS: account, peer; ARGV: now, then count and span of each. A bucket is
 * `tokens at`; a pause is a key with a time to live.
 */
const takeBoth = `
local now = tonumber(ARGV[1])
local wait = 0
for index = 1, 2 do
  local ttl = redis.call("pttl", KEYS[index] .. ":pause")
  if ttl > wait then wait = ttl end
end
if wait > 0 then return wait end
local left = {}
for index = 1, 2 do
  local count, span = tonumber(ARGV[index * 2]), tonumber(ARGV[index * 2 + 1])
  local known = redis.call("hmget", KEYS[index], "tokens", "at")
  local tokens = tonumber(known[1] or count)
  local at = tonumber(known[2] or now)
  tokens = math.min(count, tokens + math.max(0, now - at) * count / span)
  if tokens < 1 then wait = math.max(wait, math.ceil((1 - tokens) * span / count)) end
  left[index] = tokens
end
if wait > 0 then return wait end
for index = 1, 2 do
  redis.call("hset", KEYS[index], "tokens", tostring(left[index] - 1), "at", now)
  redis.call("pexpire", KEYS[index], math.ceil(tonumber(ARGV[index * 2 + 1]) * 2) + 1000)
end
return 0`;

/** Shared by all processes. */
export class RedisRates implements Rates {
  readonly #redis: RedisServer;

  constructor(redis: RedisServer) {
    this.#redis = redis;
  }

  async take(account: string, peer: string, limits: RateLimits): Promise<number> {
    const spans = [limits.account, limits.peer].flatMap(({ count, perMs }) => [count, perMs]);
    const keys = [this.#key(account), this.#key(peer)];
    return Number(await this.#redis.client.eval(takeBoth, 2, ...keys, Date.now(), ...spans));
  }

  async pause(key: string, ms: number): Promise<void> {
    const name = `${this.#key(key)}:pause`;
    const former = await this.#redis.client.pttl(name);
    if (former < ms) await this.#redis.client.set(name, "1", "PX", Math.ceil(ms));
  }

  tidy(): void {
    // keys expire by themselves
  }

  #key(of: string): string {
    return `${this.#redis.prefix}:rate:${of}`;
  }
}
