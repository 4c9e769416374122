/** axe on a page, and the looks in which every screen is asked. */
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import type { Looks } from "./browser.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Both themes in both languages; each theme and each language both on a desk and on a phone. */
export const looks: Required<Omit<Looks, "timeZone" | "worker">>[] = [
  { theme: "light", locale: "en", width: 1440 },
  { theme: "dark", locale: "ru", width: 1440 },
  { theme: "light", locale: "ru", width: 390 },
  { theme: "dark", locale: "en", width: 390 },
];

/**
 * What axe finds, a line each: the rule and where. A colour on its way into another is found as well, so what is found is
 * looked at again: what stays is a fault.
 */
export async function findings(page: Page): Promise<string[]> {
  let found = await look(page);
  for (let again = 0; found.length > 0 && again < 3; again += 1) {
    await page.evaluate(movedOn);
    found = await look(page);
  }
  return found;
}

/** In the page: what is on its way has come to its end; what turns for ever is not waited for. */
async function movedOn(): Promise<void> {
  const ending = document
    .getAnimations()
    .filter((one) => one.playState === "running" && Number.isFinite(one.effect?.getComputedTiming().endTime));
  await Promise.allSettled(ending.map(({ finished }) => finished));
  await new Promise((resolve) => requestAnimationFrame(resolve));
}

async function look(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return violations.map(
    (violation) =>
      `${violation.id}: ${violation.nodes
        .map((node) => node.html.slice(0, 160))
        .slice(0, 3)
        .join(" | ")}`,
  );
}
