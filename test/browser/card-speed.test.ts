/** A card on a slow phone: what Lighthouse says of one theme. The others are in the bench. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { publishCards } from "../support/demo-card.ts";
import { openLighthouse, type Lighthouse } from "../support/lighthouse.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
let phone: Lighthouse;

beforeAll(async () => {
  world = await startWorld();
  phone = await openLighthouse();
});
afterAll(async () => {
  await phone?.close();
  await world?.stop();
});

/**
 * The page has no script that could block anything: what Lighthouse calls blocked is this machine's other work, and belongs
 * to the bench, which asks for all points of every theme. The times that are left are of one of three tries.
 */
it("loses no point by itself on a slow phone, and moves nothing", { retry: 2 }, async () => {
  const pages = await publishCards(world.owner, ["terracotta"]);
  const url = world.hub.url + (pages.get("terracotta") ?? "");
  await phone.measure(url); // what is made when somebody comes first is made
  const { accessibility, bestPractices, seo, lost, largestPaintMs, shift } = await phone.measure(url);
  const own = lost.filter((one) => !one.startsWith("total-blocking-time"));
  expect({ accessibility, bestPractices, seo, own }).toEqual({
    accessibility: 100,
    bestPractices: 100,
    seo: 100,
    own: [],
  });
  expect(largestPaintMs).toBeLessThanOrEqual(1200);
  expect(shift).toBe(0);
});
