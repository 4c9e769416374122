/** A real Redis of the system, on a port of its own, which a test may take away and bring back. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { freePort } from "./free-port.ts";

/** Why tests with Redis are left out here; undefined where redis-server is installed. */
export const redisMissing =
  spawnSync("redis-server", ["--version"]).status === 0 ? undefined : "(redis-server is not installed)";

export class TestRedis {
  readonly port: number;
  readonly #folder: string;
  #child: ChildProcess | undefined;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
  }

  static async start(): Promise<TestRedis> {
    const redis = new TestRedis(await freePort(), await mkdtemp(join(tmpdir(), "redis-")));
    await redis.come();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Resolves when it answers. */
  async come(): Promise<void> {
    this.#child = spawn(
      "redis-server",
      ["--port", String(this.port), "--bind", "127.0.0.1", "--dir", this.#folder, "--save", ""],
      { stdio: "ignore" },
    );
    const client = new Redis(this.url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
    client.on("error", () => undefined); // until it listens
    await client.ping();
    client.disconnect();
  }

  /** Killed, with everything it held. */
  async go(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }

  async remove(): Promise<void> {
    await this.go();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
