import lighthouse from "lighthouse";
import { openShop } from "../../demo/shop/index.ts";
import { launchBrowser } from "../support/browser.ts";
import { freePort } from "../support/free-port.ts";
import { Program } from "../support/program.ts";
import type { Bench } from "./main.ts";
import { percentile, row } from "./measure.ts";

const path = "/mugs/sand";

interface Figures {
  /** 0-100. */
  points: number;
  blockingMs: number;
  shift: number;
}

/** A page of the shop with the widget beside the same page without it, as Lighthouse sees them on a slow phone: by turns. */
export async function benchPage(bench: Bench): Promise<void> {
  bench.say("Lighthouse on a page with the widget and without …");
  const program = await Program.create();
  await program.start();
  const owner = await program.owner();
  let key = "";
  const shop = await openShop(0, () => ({ hub: program.url, key }));
  ({ key } = await owner.post<{ key: string }>("/widgets", {
    name: "Bench",
    domain: new URL(shop.url).host,
  }));
  const port = await freePort();
  const browser = await launchBrowser({ debuggingPort: port });
  const plain: Figures[] = [];
  const carrying: Figures[] = [];
  const runs = Math.max(3, Math.round(7 * bench.scale));
  try {
    for (let run = 0; run < runs; run += 1) {
      plain.push(await measure(`${shop.url}${path}?plain`, port));
      carrying.push(await measure(`${shop.url}${path}`, port));
    }
  } finally {
    await browser.close();
    await shop.close();
    await program.remove();
  }
  const median = (all: Figures[], what: keyof Figures): number =>
    percentile(
      all.map((one) => one[what]),
      0.5,
    );
  const beside = (what: keyof Figures): [value: number, baseline: number] => [
    median(carrying, what),
    median(plain, what),
  ];
  const [points, before] = beside("points");
  const [blocking, blockingBefore] = beside("blockingMs");
  const [shift, shiftBefore] = beside("shift");
  bench.add(
    row("page with the widget, Lighthouse", points, "points", before, {
      text: "≤ 1 point less",
      held: before - points <= 1,
    }),
  );
  bench.add(
    row("page with the widget, blocking time", blocking, "ms", blockingBefore, {
      text: "≤ 10 ms more",
      held: blocking - blockingBefore <= 10,
    }),
  );
  bench.add(
    row("page with the widget, layout shift", shift, "", shiftBefore, {
      text: "none added",
      held: shift <= shiftBefore,
    }),
  );
}

async function measure(url: string, port: number): Promise<Figures> {
  const result = await lighthouse(url, { port, logLevel: "error", onlyCategories: ["performance"] });
  if (!result) throw new Error("Lighthouse gave no answer");
  const { audits, categories } = result.lhr;
  const numberOf = (name: string): number => {
    const value = audits[name]?.numericValue;
    if (value === undefined) throw new Error(`Lighthouse measured no ${name}`);
    return value;
  };
  return {
    points: Math.round((categories["performance"]?.score ?? 0) * 100),
    blockingMs: numberOf("total-blocking-time"),
    shift: numberOf("cumulative-layout-shift"),
  };
}
