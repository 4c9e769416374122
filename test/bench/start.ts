import { readFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { Program } from "../support/program.ts";
import type { Bench } from "./main.ts";
import { percentile, row, time } from "./measure.ts";

/** From a stopped program to ready, and what it holds when nothing happens. */
export async function benchStart(bench: Bench): Promise<void> {
  bench.say("start-up and memory …");
  const program = await Program.create();
  await program.start();
  await program.kill("SIGTERM");
  const starts: number[] = [];
  for (let turn = 0; turn < 5; turn += 1) {
    starts.push(...(await time(1, () => program.start())));
    if (turn < 4) await program.kill("SIGTERM");
  }
  const bare = await time(5, () => Promise.resolve(spawnSync(process.execPath, ["-e", "0"])));
  const median = percentile(starts, 0.5);
  bench.add(
    row("second start to ready", median, "ms", percentile(bare, 0.5), {
      text: "< 3000 ms",
      held: median < 3000,
    }),
  );
  await new Promise((resolve) => setTimeout(resolve, 8000));
  const memory = residentMegabytes(program.pid ?? 0);
  bench.add(
    row("memory at rest", memory, "MB", process.memoryUsage.rss() / 1024 / 1024, {
      text: "≤ 250 MB",
      held: memory <= 250,
    }),
  );
  await program.remove();
}

/** Resident memory of a process. */
export function residentMegabytes(pid: number): number {
  const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(match?.[1] ?? 0) / 1024;
}
