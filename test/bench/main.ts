/**
 * `npm run bench`: figures of the program on this machine, each beside its raw baseline in the same run. `--json` prints
 * one array of rows; `--quick` takes a tenth of the time, `--only=cards,inbox` some of the suites.
 */
import { benchIngest } from "./ingest.ts";
import { benchCards } from "./cards.ts";
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

const suites = {
  start: benchStart,
  ingest: benchIngest,
  channels: benchChannels,
  outbox: benchOutbox,
  inbox: benchInbox,
  widget: benchWidget,
  page: benchPage,
  cards: benchCards,
};
const only = process.argv.flatMap((word) => /^--only=(.+)$/.exec(word)?.[1]?.split(",") ?? []);
for (const name of only)
  if (!(name in suites)) throw new Error(`no suite ${name}: ${Object.keys(suites).join(", ")}`);
for (const [name, suite] of Object.entries(suites))
  if (only.length === 0 || only.includes(name)) await suite(bench);
if (json) process.stdout.write(`${JSON.stringify(rows, undefined, 2)}\n`);
process.exit(rows.some((row) => row.held === false) ? 1 : 0);
