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
  edit(ear, null);
  await sees(ear, [[vera.id, null]]);
  edit(own, "shop");
  await sees(ear, [
    [vera.id, null],
    [world.owner.id, "shop"],
  ]);
  edit(ear, null, null);
  await sees(own, [[world.owner.id, "shop"]]);
  expect(told(own)?.editors[0]?.name).toBe("Anna");
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

it("have their block as before when they are back soon, and not when they had left it", async () => {
  const [lea, max] = await Promise.all(
    ["lea@clay.example", "max@clay.example"].map((mail) =>
      world.owner.invite(mail, { role: "administrator" }),
    ),
  );
  const [first, second] = [await lea!.listen(), await max!.listen()];
  edit(own, null, null);
  edit(first, "shop");
  await sees(first, [[lea!.id, "shop"]]);
  edit(second, "shop");
  const both: [string, string][] = [
    [lea!.id, "shop"],
    [max!.id, "shop"],
  ];
  await sees(second, both);
  first.socket.io.engine.close();
  await sees(second, both.slice(1));
  const back = await lea!.listen();
  edit(back, "shop");
  await sees(second, both);
  edit(back, null, null);
  await sees(second, both.slice(1));
  edit(back, "shop");
  await sees(second, both.toReversed());
  lea!.leave();
  max!.leave();
});

it("are no longer those whose right ends", async () => {
  const kai = await world.owner.invite("kai@clay.example", { role: "administrator" });
  const open = await kai.listen();
  edit(open, "shop");
  await sees(open, [[kai.id, "shop"]]);
  edit(own, null);
  await sees(own, [
    [kai.id, "shop"],
    [world.owner.id, null],
  ]);
  await world.owner.patch(`/staff/${kai.id}`, { role: "employee" });
  await sees(own, [[world.owner.id, null]]);
  await world.owner.patch(`/staff/${kai.id}`, { role: "administrator" });
  await sees(own, [
    [world.owner.id, null],
    [kai.id, "shop"],
  ]);
  kai.leave();
  await sees(own, [[world.owner.id, null]]);
});

it("are told seldom, however often one says it, and where they are at last", async () => {
  const far = await world.owner.listen();
  const from = own.heard.length;
  for (let turn = 0; turn < 300; turn++) edit(far, turn % 2 ? "shop" : "classes");
  edit(far, "person");
  await sees(own, [
    [world.owner.id, null],
    [world.owner.id, "person"],
  ]);
  expect(own.heard.length - from).toBeLessThan(30);
  expect(far.heard.filter(({ name }) => name === "card_editors").length).toBeLessThan(30);
  far.socket.disconnect();
  await sees(own, [[world.owner.id, null]]);
});

it("are none of those who may not change the card, and nobody elsewhere or of another workspace hears or says anything", async () => {
  const employee = await world.owner.invite("emil@clay.example");
  const stranger = await personOfAnotherWorkspace(world.hub.url);
  const [still, foreign] = [await employee.listen(), await stranger.listen()];
  const elsewhere = await employee.listen();
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
  expect(elsewhere.heard.filter(({ name }) => name === "card_editors")).toEqual([]);
  expect(foreign.heard.filter(({ name }) => name === "card_editors")).toEqual([]);
  employee.leave();
  stranger.leave();
});
