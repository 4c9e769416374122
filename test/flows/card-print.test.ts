/** The code on paper, through the hub's own door: drawn by a library that reads PDFs, decoded, and its texts read back. */
import { setImmediate } from "node:timers/promises";
import { PDFiumLibrary, type PDFiumDocument } from "@hyzyla/pdfium";
import jsQR from "jsqr";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { personOfAnotherWorkspace } from "../support/stranger.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
let card: any;
let library: PDFiumLibrary;
beforeAll(async () => {
  world = await startWorld();
  library = await PDFiumLibrary.init();
  card = await world.owner.post("/cards", { name: "Clay & Co", slug: "clay" });
  card.draft.blocks[0].name = { en: "Clay & Co", ru: "Глина и Ко" };
  card.draft.design.headings = "yeseva";
  card = await world.owner.put(`/cards/${card.id}/draft?rev=1`, card.draft);
});
afterAll(async () => {
  library?.destroy();
  await world.stop();
});

const ask = (query: string, of = card.id): Promise<Response> =>
  fetch(`${world.hub.url}/api/v1/cards/${of}/print?${query}`, { headers: { cookie: world.owner.cookie } });
async function open(query: string): Promise<{ bytes: Buffer; document: PDFiumDocument }> {
  const response = await ask(query);
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/pdf"]);
  const bytes = Buffer.from(await response.arrayBuffer());
  return { bytes, document: await library.loadDocument(bytes) };
}

const save = async (): Promise<void> =>
  void (card = await world.owner.put(`/cards/${card.id}/draft?rev=${card.rev}`, card.draft));
async function usePhoto(picture: Buffer): Promise<void> {
  const { body } = await world.owner.ask("POST", "/cards/pictures", new Uint8Array(picture), {
    "content-type": "image/png",
  });
  card.draft.blocks[0].photo = body.fileId;
  await save();
}

interface Part {
  left: number;
  top: number;
  width: number;
  height: number;
}
/** What a phone reads there, of the page drawn at so many dots an inch; the part is in millimetres. */
async function read(
  document: PDFiumDocument,
  part: Part,
  { dpi = 150, upsideDown = false } = {},
): Promise<string | undefined> {
  const page = document.getPage(0);
  const { data, width, height } = await page.render({ scale: dpi / 72 });
  const dots = (length: number): number => Math.floor((length / 25.4) * dpi);
  const [left, top] = [dots(part.left), dots(part.top)];
  const cut = await sharp(data, { raw: { width, height, channels: 4 } })
    .extract({
      ...{ left, top },
      width: Math.min(dots(part.width), width - left),
      height: Math.min(dots(part.height), height - top),
    })
    .rotate(upsideDown ? 180 : 0)
    .flatten({ background: "#fff" })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const found = jsQR(new Uint8ClampedArray(cut.data), cut.info.width, cut.info.height)?.data;
  // the hub is of this process: what it closed while this was busy is seen to be closed before the next request
  for (let turn = 0; turn < 3; turn++) await setImmediate();
  return found;
}
const sizeOf = (document: PDFiumDocument): number[] => {
  const { originalWidth, originalHeight } = document.getPage(0).getOriginalSize();
  return [originalWidth, originalHeight].map((points) => Math.round((points / 72) * 25.4));
};
const link = (tag = "qr"): string => `${world.hub.url}/c/clay?s=${tag}`;

describe("what is printed", () => {
  it("as a table tent is read from both sides, and names the business in its letters", async () => {
    const { document } = await open("layout=tent&language=ru&colour=umber");
    expect(sizeOf(document)).toEqual([210, 297]);
    expect(await read(document, { left: 0, top: 148.5, width: 210, height: 148 })).toBe(link());
    expect(await read(document, { left: 0, top: 0, width: 210, height: 148 }, { upsideDown: true })).toBe(
      link(),
    );
    const text = document.getPage(0).getText();
    expect(text).toContain("Глина и Ко");
    expect(text).toContain("Наведите камеру");
    expect(text).toContain("/c/clay");
  });

  it("for parcels is an A6 with room for the marks", async () => {
    const { document } = await open("layout=parcel&tag=parcel");
    expect(sizeOf(document)).toEqual([105 + 24, 148 + 24]);
    expect(await read(document, { left: 0, top: 0, width: 129, height: 172 })).toBe(link("parcel"));
    expect(document.getPage(0).getText()).toContain("Clay & Co");
  });

  it("as stickers is read on each of twenty", async () => {
    const { document } = await open("layout=stickers");
    for (const [column, row] of [
      [0, 0],
      [3, 0],
      [1, 2],
      [3, 4],
    ] as const)
      expect(
        await read(document, { left: 15 + column * 45, top: 18.5 + row * 52, width: 45, height: 42 }),
        `sticker ${column} ${row}`,
      ).toBe(link());
    expect(document.getPage(0).getText().split("Clay & Co")).toHaveLength(21);
  });

  it("has its photo in the middle and is read all the same", async () => {
    const noise = { type: "gaussian", mean: 140, sigma: 60 } as const;
    await usePhoto(
      await sharp({ create: { width: 600, height: 400, channels: 3, background: "#c4552d", noise } })
        .jpeg()
        .toBuffer(),
    );
    const { document } = await open("layout=parcel");
    expect(await read(document, { left: 0, top: 0, width: 129, height: 172 })).toBe(link());
    for (const layout of ["tent", "parcel", "stickers"]) {
      const { bytes } = await open(`layout=${layout}`);
      expect(bytes.toString("latin1").match(/\/Subtype \/Image/g), layout).toHaveLength(1);
      expect(bytes.byteLength, layout).toBeLessThan(400_000);
    }
  });

  it("has a logo with a ground that shines through on white", async () => {
    const background = { r: 0, g: 0, b: 0, alpha: 0 };
    await usePhoto(
      await sharp({ create: { width: 600, height: 600, channels: 4, background } })
        .png()
        .toBuffer(),
    );
    const { document } = await open("layout=parcel");
    const { data, width } = await document.getPage(0).render({ scale: 1 });
    const [x, y] = [129 / 2, 12 + 37 + 74 / 2].map((length) => Math.round((length / 25.4) * 72));
    const at = ((y ?? 0) * width + (x ?? 0)) * 4;
    expect([...data.subarray(at, at + 3)]).toEqual([255, 255, 255]);
  });

  it("has the letter where the photo is gone", async () => {
    card.draft.blocks[0].photo = "0".repeat(24);
    await save();
    const { bytes, document } = await open("layout=parcel");
    expect(bytes.toString("latin1")).not.toContain("/Subtype /Image");
    expect(document.getPage(0).getText()).toMatch(/^C\s*$/m);
  });

  it("carries its faces, and its code as outlines", async () => {
    delete card.draft.blocks[0].photo;
    card = await world.owner.put(`/cards/${card.id}/draft?rev=${card.rev}`, card.draft);
    const { bytes } = await open("layout=tent&language=ru");
    const text = bytes.toString("latin1");
    expect(text.match(/\/FontFile[23]/g)?.length).toBeGreaterThanOrEqual(2);
    expect(text).toMatch(/\/FontName \/[A-Z]{6}\+YesevaOne/);
    expect(text).not.toContain("/Subtype /Image");
    expect(text).toContain("/TrimBox");
  });

  it("has a letter in its middle, whatever the name begins with, and names the card where no face has the name's script", async () => {
    card.draft.blocks[0].name = { en: "🏺🏺 clay & co" };
    await save();
    const emoji = (await open("layout=parcel")).document.getPage(0).getText();
    expect(emoji).toMatch(/^C\s*$/m);
    expect(emoji).toContain("clay & co");
    card.draft.blocks[0].name = { en: "陶芸工房" };
    await save();
    const foreign = (await open("layout=parcel")).document.getPage(0).getText();
    expect(foreign).toContain("Clay & Co");
    await world.owner.patch(`/cards/${card.id}`, { name: "陶芸工房" });
    expect((await open("layout=parcel")).document.getPage(0).getText()).toMatch(/^clay\s*$/m);
    await world.owner.patch(`/cards/${card.id}`, { name: "Clay & Co" });
  });

  it("is of what visitors see, and says in which language its sentence is", async () => {
    card.draft.blocks[0].name = { en: "Clay & Co", de: "Ton & Co" };
    card.draft.languages = ["de", "en"];
    await save();
    card = await world.owner.post(`/cards/${card.id}/publish?rev=${card.rev}`);
    card.draft.languages = ["ru"];
    card.draft.blocks[0].name = { ru: "Глина и Ко" };
    await save();
    expect(card.shown).toMatchObject({ name: "Ton & Co", languages: ["de", "en"] });
    const { bytes, document } = await open("layout=tent&language=de");
    expect(document.getPage(0).getText()).toContain("Ton & Co");
    expect(document.getPage(0).getText()).toContain("Point your camera");
    expect(bytes.toString("latin1")).toContain("/Lang (en)");
  });

  it("fits whatever the name is", async () => {
    for (const name of [
      "Ж".repeat(80),
      "🏺 Clay 陶",
      "A very long name of a workshop that has never been short of words at all",
      "\u202e<b>",
    ]) {
      card.draft.blocks[0].name = { en: name };
      card = await world.owner.put(`/cards/${card.id}/draft?rev=${card.rev}`, card.draft);
      for (const layout of ["tent", "parcel", "stickers"]) {
        const { document } = await open(`layout=${layout}`);
        expect(document.getPageCount()).toBe(1);
      }
    }
  });
});

it("is refused where it is none, and to strangers", async () => {
  for (const query of [
    "",
    "layout=../x",
    "layout=tent&colour=red",
    "layout=tent&tag=%3Cscript%3E",
    "layout=tent&language=%0d%0a",
  ])
    expect((await ask(query)).status, query).toBe(400);
  expect((await ask("layout=tent", "0".repeat(24))).status).toBe(404);
  const stranger = await personOfAnotherWorkspace(world.hub.url);
  const foreign = await fetch(`${world.hub.url}/api/v1/cards/${card.id}/print?layout=tent`, {
    headers: { cookie: stranger.cookie },
  });
  expect(foreign.status).toBe(404);
});

it("is drawn so often and no more in some minutes", async () => {
  const statuses = new Set<number>();
  for (let turn = 0; turn < 101; turn++) statuses.add((await ask("layout=tent", "0".repeat(24))).status);
  expect([...statuses]).toEqual([404, 429]);
});
