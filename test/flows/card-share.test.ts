/** What is given on of a card: the picture beside its link. */
import { afterAll, beforeAll, expect, it } from "vitest";
import sharp from "sharp";
import { waitFor } from "../support/hub.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
let card: any;
beforeAll(async () => {
  world = await startWorld();
  card = await world.owner.post("/cards", { name: "Глина и Ко 🏺", slug: "clay" });
  card = await world.owner.post(`/cards/${card.id}/publish?rev=${card.rev}`);
});
afterAll(() => world.stop());

const agent = { "user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1" };
const ask = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(new URL(path, world.hub.url), { redirect: "manual", headers: { ...agent, ...headers } });
const metaOf = async (name: string): Promise<string> => {
  const page = await (await ask("/c/clay")).text();
  return new RegExp(`property="${name}" content="([^"]*)"`).exec(page)?.[1]?.replaceAll("&amp;", "&") ?? "";
};

it("the page names its picture with its size, and the picture is one", async () => {
  const address = await metaOf("og:image");
  expect(address).toMatch(new RegExp(`^${world.hub.url}/c/clay/share-en\\.jpg\\?v=[\\w-]{16}$`));
  expect([await metaOf("og:image:width"), await metaOf("og:image:height")]).toEqual(["1200", "630"]);
  const answer = await ask(address);
  expect(answer.headers.get("content-type")).toBe("image/jpeg");
  expect(answer.headers.get("cache-control")).toContain("immutable");
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(bytes.byteLength).toBeLessThanOrEqual(300_000);
  expect(await sharp(bytes).metadata()).toMatchObject({ width: 1200, height: 630 });
  const again = await ask(address, { "if-none-match": answer.headers.get("etag") ?? "" });
  expect(again.status).toBe(304);
});

it("the picture has another address once the name is another", async () => {
  const before = await metaOf("og:image");
  card.draft.blocks[0].name = { en: "Clay & Co" };
  card = await world.owner.put(`/cards/${card.id}/draft?rev=${card.rev}`, card.draft);
  expect(await metaOf("og:image")).toBe(before);
  card = await world.owner.post(`/cards/${card.id}/publish?rev=${card.rev}`);
  await waitFor(async () => (await metaOf("og:image")) !== before, "another picture");
  const old = await ask(before);
  expect([old.status, old.headers.get("cache-control")]).toEqual([200, "public, max-age=300"]);
});

it("of a language that the card does not have there is none", async () => {
  expect((await ask("/c/clay/share-de.jpg")).status).toBe(404);
});
