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

// What Lighthouse makes of a phone depends on how busy this machine is: a page that can do it does it in one of three tries.
it(
  "has all points on a slow phone, shows its picture within 1.2 s and moves nothing",
  { retry: 2 },
  async () => {
    const pages = await publishCards(world.owner, ["terracotta"]);
    const url = world.hub.url + (pages.get("terracotta") ?? "");
    await phone.measure(url); // what is made when somebody comes first is made
    const { performance, accessibility, bestPractices, seo, lost, largestPaintMs, shift } =
      await phone.measure(url);
    expect({ performance, accessibility, bestPractices, seo, lost }).toEqual({
      performance: 100,
      accessibility: 100,
      bestPractices: 100,
      seo: 100,
      lost: [],
    });
    expect(largestPaintMs).toBeLessThanOrEqual(1200);
    expect(shift).toBe(0);
  },
);
