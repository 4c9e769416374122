import { describe, expect, it } from "vitest";
import { createLog } from "../../core/log.ts";
import { ProcessQueue } from "../../core/queue.ts";
import { ProcessRates } from "../../inbox/rates.ts";

const log = createLog("silent");
const gate = (): { opened: Promise<void>; open: () => void } => {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
};

describe("the in-process queue", () => {
  it("works on a key once at a time, and once more when it is woken meanwhile", async () => {
    const queue = new ProcessQueue(log);
    const [first, second] = [gate(), gate()];
    let runs = 0;
    let together = 0;
    queue.consume(4, async () => {
      together += 1;
      expect(together).toBe(1);
      runs += 1;
      if (runs === 1) await first.opened;
      together -= 1;
      if (runs === 2) second.open();
    });
    queue.wake("a");
    queue.wake("a");
    queue.wake("a");
    expect(queue.stats()).toMatchObject({ active: 1, waiting: 1 });
    first.open();
    await second.opened;
    await queue.close(1000);
    expect(runs).toBe(2);
  });

  it("keeps to its concurrency and lets other keys pass a slow one", async () => {
    const queue = new ProcessQueue(log);
    const slow = gate();
    const done = gate();
    const seen: string[] = [];
    queue.consume(2, async (key) => {
      if (key === "slow") await slow.opened;
      seen.push(key);
      if (seen.length === 3) done.open();
    });
    for (const key of ["slow", "b", "c", "d"]) queue.wake(key);
    await done.opened;
    expect(seen).toEqual(["b", "c", "d"]);
    slow.open();
    await queue.close(1000);
    expect(seen).toContain("slow");
  });

  it("comes back to a key whose work failed, and waits for what is under way when it closes", async () => {
    const queue = new ProcessQueue(log);
    const failed = gate();
    queue.consume(1, () => {
      failed.open();
      return Promise.reject(new Error("the store was away"));
    });
    queue.wake("a");
    await failed.opened;
    await new Promise((resolve) => setImmediate(resolve));
    expect(queue.stats()).toEqual({ waiting: 0, active: 0, delayed: 1 });
    await queue.close(1000);
    expect(queue.stats()).toEqual({ waiting: 0, active: 0, delayed: 0 });
    queue.wake("a");
    expect(queue.stats().waiting).toBe(0);
  });

  it("keeps the earlier of two delayed wake-ups", async () => {
    const queue = new ProcessQueue(log);
    const woken = gate();
    queue.consume(1, () => {
      woken.open();
      return Promise.resolve();
    });
    queue.wake("a", { delayMs: 60_000 });
    queue.wake("a", { delayMs: 10 });
    queue.wake("a", { delayMs: 60_000 });
    await woken.opened;
    await queue.close(1000);
  });
});

describe("rates", () => {
  const limits = { account: { count: 30, perMs: 1000 }, peer: { count: 1, perMs: 1000 } };

  it("lets one message a second through to a peer and thirty to an account", () => {
    const rates = new ProcessRates();
    expect(rates.take("bot", "bot 1", limits, 0)).toBe(0);
    expect(rates.take("bot", "bot 1", limits, 0)).toBe(1000);
    expect(rates.take("bot", "bot 1", limits, 400)).toBe(600);
    expect(rates.take("bot", "bot 1", limits, 1000)).toBe(0);
    let through = 0;
    for (let peer = 0; peer < 100; peer += 1)
      if (rates.take("busy", `busy ${peer}`, limits, 0) === 0) through += 1;
    expect(through).toBe(30);
  });

  it("remembers what was used for as long as its window lasts, be it an hour", () => {
    const rates = new ProcessRates();
    const hourly = { account: { count: 30, perMs: 1000 }, peer: { count: 2, perMs: 3_600_000 } };
    expect(rates.take("viber", "viber 1", hourly, 0)).toBe(0);
    expect(rates.take("viber", "viber 1", hourly, 0)).toBe(0);
    rates.tidy(120_000);
    expect(rates.take("viber", "viber 1", hourly, 120_000)).toBeGreaterThan(1_000_000);
    rates.tidy(3_700_000);
    expect(rates.take("viber", "viber 1", hourly, 3_700_000)).toBe(0);
  });

  it("pauses a peer or a whole account as long as the platform asks, and no other", () => {
    const rates = new ProcessRates();
    rates.pause("bot 1", 5000, 0);
    expect(rates.take("bot", "bot 1", limits, 1000)).toBe(4000);
    expect(rates.take("bot", "bot 2", limits, 1000)).toBe(0);
    rates.pause("bot", 7000, 0);
    expect(rates.take("bot", "bot 3", limits, 1000)).toBe(6000);
    expect(rates.take("other", "other 1", limits, 1000)).toBe(0);
    rates.tidy(100_000);
    expect(rates.take("bot", "bot 3", limits, 100_000)).toBe(0);
  });
});
