/** What a new card begins with, through the hub's own door: blank, or one of the layouts. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { beginCard, exampleOf, layoutIds } from "../../cards/blocks/layouts.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

it("knows what a card will begin with: the connected messengers, and the hours where they are set", async () => {
  const { messengers, facts } = await world.owner.get("/cards/beginning");
  expect(messengers).toMatchObject([{ service: "telegram", channelId: world.channelId }]);
  expect(facts).toMatchObject({ week: null, timeZone: "UTC" });
  expect(facts.accounts[world.channelId]).toBe("https://t.me/clay_and_co_bot");
});

it.each(layoutIds)(
  "begins with the blocks and the theme of %s, and shows nobody an example",
  async (layout) => {
    const slug = `begin-${layout}`;
    const card = await world.owner.post("/cards", { name: "Clay & Co", slug, layout });
    const { messengers } = await world.owner.get("/cards/beginning");
    const known = { name: "Clay & Co", language: "en" as const, messengers };
    expect(card.draft).toEqual(JSON.parse(JSON.stringify(beginCard(layout, known))));
    const example = exampleOf(layout, known);
    expect(example.blocks.map(({ id, type }) => [id, type])).toEqual(
      card.draft.blocks.map(({ id, type }: any) => [id, type]),
    );
    await world.owner.post(`/cards/${card.id}/publish?rev=1`);
    const page = await (await fetch(`${world.hub.url}/c/${slug}`)).text();
    expect(page).toContain("<h1>Clay &amp; Co</h1>");
    expect(page).toContain("/go/messengers/");
    for (const text of ["In one line", "site.example", "12 Main Street", "$24", "7946 0142", "/p/e00000"])
      expect(page).not.toContain(text);
  },
);

it("begins in the language of whoever makes it, which a visitor gets who reads none of the two", async () => {
  await world.owner.patch("/preferences", { locale: "ru" });
  const card = await world.owner.post("/cards", {
    name: "Глина и Ко",
    slug: "begin-ru",
    layout: "appointments",
  });
  await world.owner.patch("/preferences", { locale: "en" });
  expect(card.draft.languages).toEqual(["ru", "en"]);
  expect(card.draft.blocks[0].name).toEqual({ ru: "Глина и Ко" });
  await world.owner.post(`/cards/${card.id}/publish?rev=1`);
  const page = await fetch(`${world.hub.url}/c/begin-ru`, {
    headers: { "accept-language": "uk-UA,uk;q=0.9" },
  });
  expect(await page.text()).toContain('lang="ru"');
});

it("begins blank without a layout, and refuses one that is none", async () => {
  const card = await world.owner.post("/cards", { name: "Clay & Co", slug: "begin-blank" });
  expect(card.draft.blocks.map(({ type }: any) => type)).toEqual(["person", "messengers"]);
  await expect(
    world.owner.post("/cards", { name: "Clay & Co", slug: "begin-none", layout: "../studio" }),
  ).rejects.toThrow(/400|invalid_input/);
});

it("has pictures for the examples of previews, and none of anything else", async () => {
  const ask = (name: string) => fetch(`${world.hub.url}/c-preview/p/${name}`);
  const picture = await ask("e0000000000000000000000a-a.webp");
  expect([picture.status, picture.headers.get("content-type")]).toEqual([200, "image/webp"]);
  for (const name of [
    "e0000000000000000000000f-a.webp",
    "..%2F..%2Fpackage.json",
    "e0000000000000000000000a-a.svg",
  ])
    expect((await ask(name)).status).toBe(404);
});
