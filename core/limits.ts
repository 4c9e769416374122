/** Rate limits of one process. A limit that is reached answers 429 with the seconds to wait. */
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { AppError } from "./errors.ts";

export interface Limit {
  /** Counts one try; throws `rate_limited` when there were too many. */
  take(key: string): Promise<void>;
  /** Forgets the tries of a key: the sign-in was right after all. */
  forget(key: string): Promise<void>;
}

export function createLimit(points: number, seconds: number): Limit {
  const limiter = new RateLimiterMemory({ points, duration: seconds });
  return {
    async take(key) {
      try {
        await limiter.consume(key);
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        throw new AppError("rate_limited", {
          retryAfterSeconds: Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)),
        });
      }
    },
    forget: async (key) => void (await limiter.delete(key)),
  };
}
