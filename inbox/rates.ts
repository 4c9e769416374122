/** Token buckets: how long a send must wait so that an account and a peer stay within the platform's limits. */
export interface RateLimits {
  account: { count: number; perMs: number };
  peer: { count: number; perMs: number };
}

interface Bucket {
  tokens: number;
  at: number;
}

export class Rates {
  readonly #buckets = new Map<string, Bucket>();
  readonly #pausedUntil = new Map<string, number>();

  /** Milliseconds until a send to the peer is allowed; 0 takes one token of both buckets. */
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
    for (const [bucket] of pairs) bucket.tokens -= 1;
    return 0;
  }

  /** The platform asked to wait: nothing goes to this account or peer before. */
  pause(key: string, ms: number, now = Date.now()): void {
    this.#pausedUntil.set(key, Math.max(now + ms, this.#pausedUntil.get(key) ?? 0));
  }

  /** Forgets full buckets, so that memory does not grow with every peer ever written to. */
  tidy(now = Date.now()): void {
    for (const [key, bucket] of this.#buckets) if (now - bucket.at > 60_000) this.#buckets.delete(key);
    for (const [key, until] of this.#pausedUntil) if (until < now) this.#pausedUntil.delete(key);
  }

  #fill(key: string, { count, perMs }: { count: number; perMs: number }, now: number): Bucket {
    const bucket = this.#buckets.get(key) ?? { tokens: count, at: now };
    bucket.tokens = Math.min(count, bucket.tokens + ((now - bucket.at) * count) / perMs);
    bucket.at = now;
    this.#buckets.set(key, bucket);
    return bucket;
  }
}
