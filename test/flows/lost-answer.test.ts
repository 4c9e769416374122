/** What a messenger tells of a send counts: before its answer is lost, and when it cannot be written down at once. */
import { afterEach, describe, expect, it } from "vitest";
import { Fleet } from "../support/fleet.ts";
import { startHub, waitFor } from "../support/hub.ts";
import { openLines, type Lines } from "../support/lines.ts";
import { redisMissing } from "../support/redis.ts";
import { startRoughRoad, type RoughRoad } from "../support/rough-road.ts";
import { firstConversation, messageWhere } from "../support/world.ts";

let cleanUp: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const step of cleanUp.reverse()) await step();
  cleanUp = [];
});

async function openRoads(): Promise<{ lines: Lines; roads: Map<string, RoughRoad>; place: { url: string } }> {
  const place = { url: "" };
  const roads = new Map<string, RoughRoad>();
  const lines = await openLines({
    customers: 1,
    hubUrl: () => place.url,
    async road(kind, url) {
      roads.set(kind, await startRoughRoad(kind, url));
      return roads.get(kind)!.url;
    },
  });
  cleanUp.push(() => lines.close());
  for (const road of roads.values()) cleanUp.push(() => road.close());
  return { lines, roads, place };
}

describe("a send whose answer is lost", () => {
  it("is not counted as unknown when the messenger has told of it meanwhile", async () => {
    const { lines, roads, place } = await openRoads();
    const hub = await startHub(lines.environment);
    cleanUp.push(() => hub.stop());
    place.url = hub.url;
    const owner = await hub.owner();
    const line = lines.all.find(({ kind }) => kind === "whatsapp")!;
    const road = roads.get("whatsapp")!;
    const customer = line.customers[0]!;
    await line.connect(owner);
    await line.post(hub.url, customer.message(0, "Hello"));
    const { id: conversationId } = await firstConversation(owner);

    road.plan.set("Half way", "cut");
    road.hold();
    const { id: ownKey } = await owner.reply(conversationId, "Half way");
    await waitFor(() => road.held().includes("Half way"), "the send");
    const [arrived] = customer.arrived();
    await line.post(hub.url, customer.status("delivered", { ...arrived!, ownKey })!);
    const ended = (id: string, state: string) =>
      messageWhere(owner, conversationId, (one) => one.id === id && one.delivery?.state === state);
    await ended(ownKey, "delivered");
    road.release();
    await ended((await owner.reply(conversationId, "The next one")).id, "sent");
    expect((await ended(ownKey, "delivered")).delivery.failure).toBeUndefined();
    const metrics = await (await fetch(`${hub.url}/metrics`)).text();
    expect(metrics).toMatch(/^switchboard_delivery_unknown_total 0$/m);
  });
});

describe("a send that is answered while the store is away", () => {
  it.skipIf(redisMissing)("is sent, and not unknown, when the store is back", async () => {
    const { lines, roads, place } = await openRoads();
    const fleet = await Fleet.create("one web and two workers on Redis", lines.environment);
    cleanUp.push(() => fleet.remove());
    place.url = fleet.web.url;
    const owner = await fleet.start();
    const line = lines.all.find(({ kind }) => kind === "telegram")!;
    const road = roads.get("telegram")!;
    const customer = line.customers[0]!;
    await line.connect(owner);
    await line.post(fleet.web.url, customer.message(0, "Hello"));
    const { id: conversationId } = await firstConversation(owner);

    road.hold();
    const { id } = await owner.reply(conversationId, "On Friday");
    await waitFor(() => road.held().includes("On Friday"), "the send");
    await fleet.web.kill();
    road.release();
    await fleet.web.start();
    const states = ["sent", "unknown", "failed"];
    const message = await messageWhere(
      owner,
      conversationId,
      (one) => one.id === id && states.includes(one.delivery.state),
    );
    expect(message.delivery.state).toBe("sent");
    expect(customer.arrived()).toHaveLength(1);
  });
});
