/** Themes that a workspace keeps from its cards, through the hub's own door. */
import sharp from "sharp";
import { afterAll, beforeAll, expect, it } from "vitest";
import { contrast } from "../../cards/blocks/colour.ts";
import { ThemeModel } from "../../cards/models/themes.ts";
import { acrossWorkspaces } from "../../core/db.ts";
import { waitFor, type Person } from "../support/hub.ts";
import { personOfAnotherWorkspace } from "../support/stranger.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
let card: any;
let stranger: Person;
beforeAll(async () => {
  world = await startWorld();
  stranger = await personOfAnotherWorkspace(world.hub.url);
  card = await world.owner.post("/cards", { name: "Clay & Co", slug: "clay" });
});
afterAll(() => world.stop());

const themes = async (): Promise<any[]> => (await world.owner.get("/card-themes")).items;
const kiln = {
  theme: "swiss",
  background: "#fdf3e7",
  button: "#7a2c12",
  backdrop: { kind: "gradient", to: "#f4d9b8", way: "diagonal" },
  shape: "round",
  headings: "yeseva",
  spacing: "airy",
};

it("are kept, worn by another card, renamed, given other looks, and removed", async () => {
  const kept = await world.owner.post("/card-themes", { name: "  Kiln ", design: kiln });
  expect(kept).toMatchObject({ name: "Kiln", design: kiln });
  expect(await themes()).toEqual([kept]);
  const other = await world.owner.post("/cards", { name: "Classes", slug: "classes" });
  const worn = await world.owner.put(`/cards/${other.id}/draft?rev=1`, {
    ...other.draft,
    design: kept.design,
  });
  expect(worn.draft.design).toEqual(kept.design);
  expect(await world.owner.patch(`/card-themes/${kept.id}`, { name: "Glaze" })).toMatchObject({
    name: "Glaze",
    design: kiln,
  });
  const changed = await world.owner.patch(`/card-themes/${kept.id}`, { design: { theme: "moss" } });
  expect(changed).toMatchObject({ name: "Glaze", design: { theme: "moss", spacing: "normal" } });
  await world.owner.delete(`/card-themes/${kept.id}`);
  expect(await themes()).toEqual([]);
  expect((await world.owner.get(`/cards/${other.id}`)).draft.design).toEqual(kept.design);
  await expect(world.owner.delete(`/card-themes/${kept.id}`)).rejects.toThrow(/404|not_found/);
});

it("are read on a page as those of the house are: a text that could not be read is moved", async () => {
  const design = {
    theme: "clinic",
    background: "#777777",
    text: "#787878",
    button: "#888888",
    buttonText: "#8a8a8a",
  };
  const kept = await world.owner.post("/card-themes", { name: "Fog", design });
  card = await world.owner.get(`/cards/${card.id}`);
  await world.owner.put(`/cards/${card.id}/draft?rev=${card.rev}`, { ...card.draft, design: kept.design });
  await world.owner.post(`/cards/${card.id}/publish?rev=${card.rev + 1}`);
  const page = await (await fetch(`${world.hub.url}/c/clay`)).text();
  const value = (name: string): string => new RegExp(`--${name}:(#[0-9a-f]{6})`).exec(page)?.[1] ?? "";
  expect(value("bg")).toBe("#777777");
  expect(contrast(value("fg"), value("bg"))).toBeGreaterThanOrEqual(4.5);
  expect(contrast(value("mut"), value("bg"))).toBeGreaterThanOrEqual(4.5);
  expect(contrast(value("accf"), value("acc"))).toBeGreaterThanOrEqual(4.5);
  await world.owner.delete(`/card-themes/${kept.id}`);
});

const script = "<script>alert(1)</script>";
it.each<[string, object]>([
  ["no name", { name: "  ", design: kiln }],
  ["a long name", { name: "x".repeat(61), design: kiln }],
  ["no design", { name: "Kiln" }],
  ["a theme that is none", { name: "Kiln", design: { theme: "../moss" } }],
  ["a colour that is CSS", { name: "Kiln", design: { ...kiln, button: "red;}body{display:none" } }],
  [
    "a backdrop from elsewhere",
    { name: "Kiln", design: { backdrop: { kind: "photo", fileId: "http://evil.example/x" } } },
  ],
  ["a face that is none", { name: "Kiln", design: { headings: script } }],
  ["an operator of the store", { name: { $gt: "" }, design: kiln }],
])("are refused with %s", async (_, body) => {
  await expect(world.owner.post("/card-themes", body)).rejects.toThrow(/400|invalid_input/);
});

it("keep nothing that no design has, and a name is only ever text", async () => {
  const kept = await world.owner.post("/card-themes", { name: script, design: { ...kiln, css: script } });
  expect(kept.name).toBe(script);
  expect(kept.design).not.toHaveProperty("css");
  await world.owner.delete(`/card-themes/${kept.id}`);
});

it("show no picture of another workspace, whatever file they name", async () => {
  const taken = await fetch(`${world.hub.url}/api/v1/cards/pictures`, {
    method: "POST",
    headers: { cookie: stranger.cookie, "x-csrf-token": stranger.csrfToken, "content-type": "image/png" },
    body: new Uint8Array(
      await sharp({ create: { width: 40, height: 40, channels: 3, background: "#204060" } })
        .png()
        .toBuffer(),
    ),
  });
  const { fileId } = (await taken.json()) as { fileId: string };
  const design = { ...kiln, backdrop: { kind: "photo", fileId, veil: 40 } };
  const kept = await world.owner.post("/card-themes", { name: "Theirs", design });
  card = await world.owner.get(`/cards/${card.id}`);
  await world.owner.put(`/cards/${card.id}/draft?rev=${card.rev}`, { ...card.draft, design: kept.design });
  await world.owner.post(`/cards/${card.id}/publish?rev=${card.rev + 1}`);
  await waitFor(
    async () => (await (await fetch(`${world.hub.url}/c/clay`)).text()).includes(fileId),
    "the page with the photo",
  );
  expect((await fetch(`${world.hub.url}/c/clay/p/${fileId}-b.webp`)).status).toBe(404);
  expect((await world.owner.ask("GET", `/cards/${card.id}/p/${fileId}-b.webp`)).status).toBe(404);
  await world.owner.delete(`/card-themes/${kept.id}`);
});

it("are changed by administrators alone, and seen by nobody of another workspace", async () => {
  const kept = await world.owner.post("/card-themes", { name: "Kiln", design: kiln });
  const employee = await world.owner.invite("emil@clay.example");
  expect((await employee.get("/card-themes")).items).toHaveLength(1);
  await expect(employee.post("/card-themes", { name: "Mine", design: kiln })).rejects.toThrow(
    /403|forbidden/,
  );
  await expect(employee.delete(`/card-themes/${kept.id}`)).rejects.toThrow(/403|forbidden/);
  employee.leave();
  expect((await stranger.get("/card-themes")).items).toEqual([]);
  await expect(stranger.patch(`/card-themes/${kept.id}`, { name: "Theirs" })).rejects.toThrow(
    /404|not_found/,
  );
});

it("are sixty at most, kept one by one or at once", async () => {
  while ((await themes()).length < 58)
    await world.owner.post("/card-themes", { name: "One more", design: kiln });
  await Promise.all(
    Array.from({ length: 6 }, () =>
      world.owner.ask("POST", "/card-themes", { name: "At once", design: kiln }),
    ),
  );
  expect(await acrossWorkspaces(ThemeModel.countDocuments({}))).toBeLessThanOrEqual(60);
  while ((await themes()).length < 60)
    await world.owner.post("/card-themes", { name: "The last ones", design: kiln });
  await expect(world.owner.post("/card-themes", { name: "Too many", design: kiln })).rejects.toThrow(
    /409|conflict/,
  );
});
