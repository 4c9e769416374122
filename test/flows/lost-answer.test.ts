/** What a messenger tells of a send counts, even before its answer is lost. */
import { afterEach, describe, expect, it } from "vitest";
import { startHub, waitFor } from "../support/hub.ts";
import { openLines } from "../support/lines.ts";
import { startRoughRoad, type RoughRoad } from "../support/rough-road.ts";
import { firstConversation, messageWhere } from "../support/world.ts";

let cleanUp: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const step of cleanUp.reverse()) await step();
  cleanUp = [];
});

describe("a send whose answer is lost", () => {
  it("is not counted as unknown when the messenger has told of it meanwhile", async () => {
    let hubUrl = "";
    const roads = new Map<string, RoughRoad>();
    const lines = await openLines({
      customers: 1,
      hubUrl: () => hubUrl,
      async road(kind, url) {
        roads.set(kind, await startRoughRoad(kind, url));
        return roads.get(kind)!.url;
      },
    });
    cleanUp.push(() => lines.close());
    for (const road of roads.values()) cleanUp.push(() => road.close());
    const hub = await startHub(lines.environment);
    cleanUp.push(() => hub.stop());
    hubUrl = hub.url;
    const owner = await hub.owner();
    const line = lines.all.find(({ kind }) => kind === "whatsapp")!;
    const road = roads.get("whatsapp")!;
    const customer = line.customers[0]!;
    await line.connect(owner);
    await line.post(hubUrl, customer.message(0, "Hello"));
    const { id: conversationId } = await firstConversation(owner);

    road.plan.set("Half way", "cut");
    road.hold();
    const { id: ownKey } = await owner.reply(conversationId, "Half way");
    await waitFor(() => road.held().includes("Half way"), "the send");
    const [arrived] = customer.arrived();
    await line.post(hubUrl, customer.status("delivered", { ...arrived!, ownKey })!);
    const ended = (id: string, state: string) =>
      messageWhere(owner, conversationId, (one) => one.id === id && one.delivery?.state === state);
    await ended(ownKey, "delivered");
    road.release();
    await ended((await owner.reply(conversationId, "The next one")).id, "sent");
    expect((await ended(ownKey, "delivered")).delivery.failure).toBeUndefined();
    const metrics = await (await fetch(`${hubUrl}/metrics`)).text();
    expect(metrics).toMatch(/^switchboard_delivery_unknown_total 0$/m);
  });
});
