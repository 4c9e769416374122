/** Lighthouse on a page as a slow phone sees it: its own defaults, 150 ms and 1.6 Mbit/s, simulated. */
import lighthouse from "lighthouse";
import { launchBrowser } from "./browser.ts";
import { freePort } from "./free-port.ts";

export interface PageFigures {
  /** 0-100 each. */
  performance: number;
  accessibility: number;
  bestPractices: number;
  seo: number;
  largestPaintMs: number;
  shift: number;
  /** Audits that took points away. */
  lost: string[];
}

export interface Lighthouse {
  measure(url: string): Promise<PageFigures>;
  close(): Promise<void>;
}

export async function openLighthouse(): Promise<Lighthouse> {
  const port = await freePort();
  const browser = await launchBrowser({ debuggingPort: port });
  return {
    close: () => browser.close(),
    async measure(url) {
      const result = await lighthouse(url, { port, logLevel: "error" });
      if (!result) throw new Error("Lighthouse gave no answer");
      const { audits, categories } = result.lhr;
      const points = (name: string): number => Math.round((categories[name]?.score ?? 0) * 100);
      const numberOf = (name: string): number => audits[name]?.numericValue ?? Number.POSITIVE_INFINITY;
      const weighed = Object.values(categories).flatMap(({ auditRefs }) =>
        auditRefs.filter(({ weight }) => weight > 0),
      );
      return {
        performance: points("performance"),
        accessibility: points("accessibility"),
        bestPractices: points("best-practices"),
        seo: points("seo"),
        largestPaintMs: numberOf("largest-contentful-paint"),
        shift: numberOf("cumulative-layout-shift"),
        lost: weighed.flatMap(({ id }) => {
          const audit = audits[id];
          return audit && audit.score !== null && audit.score < 0.9
            ? [`${id}: ${audit.displayValue ?? audit.explanation ?? audit.title}`]
            : [];
        }),
      };
    },
  };
}
