/** The QR code of a card is read back, as small as it may be printed and with the picture in its middle. */
import jsQR from "jsqr";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { drawQr, qrColours, readsOnWhite } from "../../cards/blocks/qr.ts";

const picture = async (): Promise<string> => {
  const bytes = await sharp({ create: { width: 336, height: 392, channels: 3, background: "#c4552d" } })
    .png()
    .toBuffer();
  return `data:image/png;base64,${bytes.toString("base64")}`;
};

/** As printed: so many centimetres wide, so many dots an inch. */
async function read(svg: string, centimetres: number, dpi: number): Promise<string | undefined> {
  const width = Math.round((centimetres / 2.54) * dpi);
  const drawn = sharp(Buffer.from(svg), { density: 600 })
    .resize(width)
    .flatten({ background: "#fff" })
    .ensureAlpha();
  const { data, info } = await drawn.raw().toBuffer({ resolveWithObject: true });
  return jsQR(new Uint8ClampedArray(data), info.width, info.height)?.data;
}

const links = [
  "https://go.clay.example/?s=qr",
  "https://hub.clay.example/c/clay-studio?s=qr",
  "http://127.0.0.1:3000/c/clay?s=qr",
  `https://${"a-long-name.".repeat(6)}example/c/${"x".repeat(40)}?s=window`,
];

describe.each(links)("the code of %s", (link) => {
  it.each(qrColours)("in $id is read at 2 cm with the picture in it", async ({ hex }) => {
    const svg = drawQr(link, { colour: hex, picture: await picture(), letter: "C", centimetres: 2 });
    expect(svg).toContain('width="2cm"');
    expect(await read(svg, 2, 300)).toBe(link);
  });

  it("is read with a letter in it", async () => {
    expect(await read(drawQr(link, { colour: "#111111", letter: "Щ" }), 3, 300)).toBe(link);
  });
});

it("stands in colours alone that are dark on white", () => {
  for (const { hex } of qrColours) expect(readsOnWhite(hex)).toBe(true);
  expect(readsOnWhite("#9c4324")).toBe(false);
});

it("leaves white around it and nothing of a name as markup", () => {
  const svg = drawQr(links[0]!, { colour: "#111111", letter: '<"&' });
  expect(svg).toContain('viewBox="-4 -4 37 37"');
  expect(svg).toContain("&#60;&#34;&#38;");
});
