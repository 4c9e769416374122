import { expect, it } from "vitest";
import { measureSizes } from "../../scripts/sizes.ts";

it.each(measureSizes())("$name: $gzBytes bytes compressed hold $budget", ({ gzBytes, budget }) => {
  expect(gzBytes).toBeGreaterThan(0);
  expect(gzBytes).toBeLessThanOrEqual(budget);
});
