/** Who edits which block of a card, told over the sockets. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { CardClientEvents, CardEditors } from "../../cards/schema.ts";
import { waitFor, type Ear, type Person } from "../support/hub.ts";
import { personOfAnotherWorkspace } from "../support/stranger.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
let card: any;
let vera: Person;
let ear: Ear;
let own: Ear;
beforeAll(async () => {
  world = await startWorld();
  card = await world.owner.post("/cards", { name: "Clay & Co", slug: "clay", layout: "studio" });
  vera = await world.owner.invite("vera@clay.example", { role: "administrator" });
  [own, ear] = [await world.owner.listen(), await vera.listen()];
});
afterAll(async () => {
  vera.leave();
  await world.stop();
});

const edit = ({ socket }: Ear, blockId: string | null, cardId: string | null = card.id): void =>
  void socket.emit("card_edit", { cardId, blockId } satisfies Parameters<CardClientEvents["card_edit"]>[0]);
const told = (to: Ear): CardEditors | undefined =>
  to.heard.filter(({ name, data }) => name === "card_editors" && data.cardId === card.id).at(-1)?.data;
const sees = (to: Ear, editors: [string, string | null][]): Promise<unknown> =>
  waitFor(
    () =>
      JSON.stringify(told(to)?.editors.map((one) => [one.staffId, one.blockId])) === JSON.stringify(editors),
    `editors ${JSON.stringify(editors)}`,
  );

it("are told as they open a block and leave it, the first one first", async () => {
  edit(own, "shop");
  await sees(ear, [[world.owner.id, "shop"]]);
  expect(told(ear)?.editors[0]?.name).toBe("Anna");
  edit(ear, "shop");
  await sees(own, [
    [world.owner.id, "shop"],
    [vera.id, "shop"],
  ]);
  edit(own, "classes");
  await sees(ear, [
    [vera.id, "shop"],
    [world.owner.id, "classes"],
  ]);
  edit(own, null, null);
  await sees(ear, [[vera.id, "shop"]]);
});

it("are gone with their socket", async () => {
  edit(own, "person");
  await sees(own, [
    [vera.id, "shop"],
    [world.owner.id, "person"],
  ]);
  ear.socket.disconnect();
  await sees(own, [[world.owner.id, "person"]]);
});

it("are none of those who may not change the card, and nobody of another workspace hears or says anything", async () => {
  const employee = await world.owner.invite("emil@clay.example");
  const stranger = await personOfAnotherWorkspace(world.hub.url);
  const [still, foreign] = [await employee.listen(), await stranger.listen()];
  edit(still, "shop");
  edit(foreign, "shop");
  for (const odd of [
    null,
    7,
    {},
    { cardId: { $ne: null }, blockId: "shop" },
    { cardId: card.id, blockId: "<b>" },
  ])
    foreign.socket.emit("card_edit", odd);
  edit(own, "messengers");
  await sees(still, [[world.owner.id, "messengers"]]);
  expect(foreign.heard.filter(({ name }) => name === "card_editors")).toEqual([]);
  employee.leave();
  stranger.leave();
});
