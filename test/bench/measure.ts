/** Small tools of the benches: percentiles, timed repetition, rows. */
import type { Row } from "./main.ts";

export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** Milliseconds of each of `times` runs, one after another. */
export async function time(times: number, what: (turn: number) => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (let turn = 0; turn < times; turn += 1) {
    const begin = performance.now();
    await what(turn);
    taken.push(performance.now() - begin);
  }
  return taken;
}

/** Runs per second with `lanes` at once. */
export async function rate(
  times: number,
  lanes: number,
  what: (turn: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const begin = performance.now();
  const lane = async (): Promise<void> => {
    while (next < times) await what(next++);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return (times * 1000) / (performance.now() - begin);
}

export function row(
  name: string,
  value: number,
  unit: string,
  baseline: number | null = null,
  bar: { text: string; held: boolean } | null = null,
): Row {
  return {
    name,
    value,
    unit,
    baseline,
    ratio: baseline ? value / baseline : null,
    bar: bar?.text ?? null,
    held: bar?.held ?? null,
  };
}
