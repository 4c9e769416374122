/** Labels: another name stays on all that carries the label. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Person } from "../support/hub.ts";
import { firstConversation, startWorld, type World } from "../support/world.ts";

let world: World;
let conversation: any;
beforeAll(async () => {
  world = await startWorld();
  const customer = await world.simulator.addCustomer({ name: "Vera Lind" });
  customer.start(world.bot);
  customer.say("A cup came broken");
  conversation = await firstConversation(world.owner);
});
afterAll(() => world.stop());

const names = async (): Promise<string[]> =>
  (await world.owner.get("/tags")).items.map(({ name }: any) => name);
const rename = (name: string, to: string, by: Person = world.owner) => by.ask("PATCH", "/tags", { name, to });

it("is renamed on conversations and contacts, keeps its colour, and open screens learn of it", async () => {
  const { owner } = world;
  await owner.put("/tags", { name: "Broken", hue: 12 });
  await owner.put("/tags", { name: "Order", hue: 200 });
  await owner.patch(`/conversations/${conversation.id}`, { tags: ["Broken", "Order"] });
  await owner.patch(`/contacts/${conversation.contact.id}`, { tags: ["Broken"] });
  const agent = await owner.invite("emil@clay.example");
  const events = await agent.listen();
  expect((await rename("Broken", "  Damaged ")).status).toBe(204);
  const { conversation: told } = await events.wait(
    "conversation",
    ({ conversation: one }) => one.id === conversation.id && one.tags.includes("Damaged"),
  );
  expect(told.tags).not.toContain("Broken");
  await events.wait("contact", ({ contactId }) => contactId === conversation.contact.id);
  expect((await owner.get("/tags")).items).toEqual([
    { name: "Damaged", hue: 12 },
    { name: "Order", hue: 200 },
  ]);
  expect((await owner.get(`/conversations/${conversation.id}`)).tags.sort()).toEqual(["Damaged", "Order"]);
  expect((await owner.get(`/contacts/${conversation.contact.id}`)).tags).toEqual(["Damaged"]);
  expect((await owner.get("/conversations?view=all&tag=Damaged")).items).toHaveLength(1);
  expect((await rename("Damaged", "Mine", agent)).status).toBe(403);
  agent.leave();
});

it.each(["conversations", "contacts"])(
  "of %s changes by what is added and taken, whatever it was renamed to",
  async (kind) => {
    const { owner } = world;
    const path = `/${kind}/${kind === "contacts" ? conversation.contact.id : conversation.id}`;
    await owner.patch(path, { tags: ["Order", "Damaged"] });
    expect((await rename("Damaged", "Broken")).status).toBe(204);
    expect((await owner.patch(path, { addTags: ["Gift"], removeTags: ["Order"] })).tags).toEqual([
      "Broken",
      "Gift",
    ]);
    expect((await owner.patch(path, { addTags: ["Gift"] })).tags).toEqual(["Broken", "Gift"]);
    expect((await rename("Broken", "Damaged")).status).toBe(204);
    expect(await names()).toEqual(["Damaged", "Gift", "Order"]);
  },
);

it("takes no name that another has, and is nobody's where there is none", async () => {
  expect(await rename("Damaged", "Order")).toMatchObject({
    status: 409,
    body: { error: { code: "already_exists" } },
  });
  expect((await rename("Nothing", "Something")).status).toBe(404);
  expect((await rename("Damaged", " ")).status).toBe(400);
  expect(await names()).toEqual(["Damaged", "Gift", "Order"]);
});
