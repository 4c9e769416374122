/** The hub as it is run: one process that does everything, or one for browsers and two that work, on a real Redis. */
import { Person } from "./hub.ts";
import { Program } from "./program.ts";
import { redisMissing, TestRedis } from "./redis.ts";

export type Engine = "one process, no Redis" | "one web and two workers on Redis";

/** Engines that can be run here; the other ones with the reason why not. */
export const engines: { engine: Engine; missing: string | undefined }[] = [
  { engine: "one process, no Redis", missing: undefined },
  { engine: "one web and two workers on Redis", missing: redisMissing },
];

/** A storm on a machine that does other things besides takes its time. */
export const stormMs = 5_400_000;
const longestMs = 2_700_000;

/** Waits that long for what a storm comes to, and asks seldom: every question is work for the hub. */
export async function waitLong<T>(look: () => T | Promise<T>, what: string): Promise<NonNullable<T>> {
  const end = Date.now() + longestMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

export class Fleet {
  /** Answers browsers and webhooks, and owns the data directory. */
  readonly web: Program;
  readonly workers: readonly Program[];
  readonly redis: TestRedis | undefined;
  /** Ends when nothing is being killed or started. */
  calm: Promise<void> = Promise.resolve();

  private constructor(web: Program, workers: Program[], redis: TestRedis | undefined) {
    this.web = web;
    this.workers = workers;
    this.redis = redis;
  }

  static async create(engine: Engine, environment: Record<string, string>): Promise<Fleet> {
    if (engine === "one process, no Redis")
      return new Fleet(await Program.create({ environment }), [], undefined);
    const redis = await TestRedis.start();
    const common = { ...environment, REDIS_URL: redis.url };
    const web = await Program.create({ environment: { ...common, ROLES: "web" } });
    const asWorker = { environment: { ...common, ROLES: "worker" }, dataDir: web.dataDir };
    return new Fleet(web, [await Program.create(asWorker), await Program.create(asWorker)], redis);
  }

  get programs(): Program[] {
    return [this.web, ...this.workers];
  }

  async start(): Promise<Person> {
    await this.web.start();
    const owner = await this.web.owner();
    for (const worker of this.workers) await worker.start();
    return owner;
  }

  /** SIGKILL, and a new start; one after the other when several are asked for. */
  restart(program: Program, meanwhile: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    this.calm = this.calm.then(async () => {
      await meanwhile();
      await program.kill();
      await program.start();
    });
    return this.calm;
  }

  /** A gauge of the store, as a process that answers browsers tells it; a counter of all processes together. */
  async metric(name: string): Promise<number> {
    if (!name.endsWith("_total")) return this.metricOf(this.web, name);
    const counts = await Promise.all(this.programs.map((program) => this.metricOf(program, name)));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async metricOf({ url }: Program, name: string): Promise<number> {
    const text = await (await fetch(`${url}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
  }

  async remove(): Promise<void> {
    await this.calm.catch(() => undefined);
    for (const worker of this.workers) await worker.kill();
    await this.web.remove();
    await this.redis?.remove();
  }
}
