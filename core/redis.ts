/** Redis, where REDIS_URL names one: queues, events and sockets of several processes meet there. The truth stays in the store. */
import type { Redis } from "ioredis";
import type { ServerOptions } from "socket.io";
import type { Log } from "./log.ts";

export interface RedisServer {
  client: Redis;
  /** Begins every key and channel: two installations on one Redis do not meet. */
  prefix: string;
  /** Carries what sockets are told from process to process. */
  socketAdapter: NonNullable<ServerOptions["adapter"]>;
  /** Called when Redis is back after it was away: what was told meanwhile may be lost. */
  onRecovered(listener: () => void): void;
  close(): void;
}

/**
 * Rejects when it cannot be reached within ten seconds. Afterwards commands wait until Redis is back. Its libraries are
 * loaded here: a hub without Redis starts without them.
 */
export async function connectRedis(url: string, prefix: string, log: Log): Promise<RedisServer> {
  const [{ Redis }, { createAdapter }] = await Promise.all([
    import("ioredis"),
    import("@socket.io/redis-streams-adapter"),
  ]);
  const client = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(2000, times * 100),
  });
  const listeners: (() => void)[] = [];
  let away = false;
  client.on("error", (err: unknown) => log.warn({ err }, "redis is away"));
  client.on("close", () => (away = true));
  client.on("ready", () => {
    if (away) for (const listener of listeners) listener();
    away = false;
  });
  const timeout = setTimeout(() => client.disconnect(), 10_000);
  try {
    await client.connect();
  } catch (error) {
    client.disconnect();
    throw new RedisAway(error);
  } finally {
    clearTimeout(timeout);
  }
  return {
    client,
    prefix,
    socketAdapter: createAdapter(client, {
      streamName: `${prefix}:sockets`,
      channelPrefix: `${prefix}:sockets`,
      sessionKeyPrefix: `${prefix}:session:`,
    }),
    onRecovered: (listener) => void listeners.push(listener),
    close: () => client.disconnect(),
  };
}

/** REDIS_URL leads nowhere. */
export class RedisAway extends Error {
  override readonly name = "RedisAway";
  constructor(cause: unknown) {
    super("Redis at REDIS_URL cannot be reached. Check the address, and that Redis runs there.", { cause });
  }
}
