/**
 * `npm run bench`: figures of the program on this machine, each beside its raw baseline in the same run. `--json` prints
 * one array of rows; `--quick` takes a tenth of the time. Later features add their rows to `suites`.
 */
import { benchIngest } from "./ingest.ts";
import { benchChannels } from "./channels.ts";
import { benchInbox } from "./inbox.ts";
import { benchOutbox } from "./outbox.ts";
import { benchPage } from "./page.ts";
import { benchStart } from "./start.ts";
import { benchWidget } from "./widget.ts";

export interface Row {
  name: string;
  value: number;
  unit: string;
  /** The raw figure that it stands beside, in the same unit. */
  baseline: number | null;
  /** value / baseline. */
  ratio: number | null;
  /** What must hold, in words; null where a figure is only reported. */
  bar: string | null;
  held: boolean | null;
}

export interface Bench {
  /** 1, or 0.1 with --quick. */
  scale: number;
  say(text: string): void;
  add(row: Row): void;
}

const json = process.argv.includes("--json");
const rows: Row[] = [];
const bench: Bench = {
  scale: process.argv.includes("--quick") ? 0.1 : 1,
  say: (text) => void process.stderr.write(`${text}\n`),
  add(row) {
    rows.push(row);
    if (!json) process.stdout.write(`${format(row)}\n`);
  },
};

function format({ name, value, unit, baseline, ratio, bar, held }: Row): string {
  const beside =
    baseline === null ? "" : ` | baseline ${round(baseline)} ${unit}, ratio ${round(ratio ?? 0)}`;
  const verdict = bar === null ? "" : ` | ${bar}: ${held ? "held" : "NOT HELD"}`;
  return `${name}: ${round(value)} ${unit}${beside}${verdict}`;
}

export function round(value: number): number {
  return Number(value.toPrecision(4));
}

const suites = [benchStart, benchIngest, benchChannels, benchOutbox, benchInbox, benchWidget, benchPage];
for (const suite of suites) await suite(bench);
if (json) process.stdout.write(`${JSON.stringify(rows, undefined, 2)}\n`);
process.exit(rows.some((row) => row.held === false) ? 1 : 0);
