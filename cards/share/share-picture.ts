/** The picture that messengers and networks show beside a link to the card: 1200 × 630, drawn from what is published. */
import { createHash } from "node:crypto";
import type { OverlayOptions } from "sharp";
import { blocksOf, cutFaceOf, headOf } from "../blocks/page.ts";
import { paletteOf, type Palette } from "../blocks/palette.ts";
import type { CardContent } from "../blocks/schema.ts";
import { themes } from "../blocks/themes/index.ts";
import type { CutFaceId } from "../blocks/type-faces.ts";
import { inter, ownFace } from "./kept-faces.ts";
import { drawLine, layOut, type Faces, type Line } from "./letters.ts";

const shareSize = { width: 1200, height: 630 };
/** Networks refuse or shrink what is heavier. */
const maxBytes = 300_000;
const mostKept = 200;

/** Everything that the picture is drawn from. */
interface Sketch {
  name: string;
  about: string;
  /** Of the name, where it is not the phone's own. */
  face: CutFaceId | undefined;
  palette: Palette;
  photo: string | undefined;
}

function sketchOf(content: CardContent, language: string): Sketch {
  const { name, about } = headOf(content, language);
  const { theme } = content.design;
  const palette = paletteOf(themes[theme].palette, content.design);
  const photo = blocksOf(content, "person")[0]?.photo;
  const face = cutFaceOf(content.design);
  return { name, about: about === name ? "" : about, face, palette, photo };
}

/** Changes with what the picture shows, and with nothing else. */
export function shareTag(content: CardContent, language: string): string {
  const drawn = JSON.stringify([2, sketchOf(content, language)]);
  return createHash("sha256").update(drawn).digest("base64url").slice(0, 16);
}

/** Drawn once, kept by what is on them. */
export class SharePictures {
  readonly #kept = new Map<string, Promise<Buffer>>();

  /** A JPEG. `photoOf`: the avatar as it is stored. */
  get(
    scope: string,
    content: CardContent,
    language: string,
    photoOf: (fileId: string) => Promise<Buffer>,
  ): Promise<Buffer> {
    const key = `${scope} ${shareTag(content, language)}`;
    const known = this.#kept.get(key);
    if (known) return known;
    const sketch = sketchOf(content, language);
    const made = (sketch.photo ? photoOf(sketch.photo) : Promise.resolve(undefined)).then((photo) =>
      draw(sketch, photo),
    );
    this.#kept.set(key, made);
    made.catch(() => this.#kept.delete(key)); // whoever asked is told
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest);
    return made;
  }
}

const margin = 88;
const avatar = 300;

async function draw(sketch: Sketch, photo: Buffer | undefined): Promise<Buffer> {
  const { palette } = sketch;
  const { plain, heading } = await facesOf(sketch.face);
  const wide = shareSize.width - 2 * margin - (photo ? avatar + 64 : 0);
  const name = await fitted(sketch.name, heading, wide);
  const aboutSize = 36;
  const about = await layOut(sketch.about, plain, wide / aboutSize, 3);
  const height = name.lines.length * name.size * 1.08 + (about.length ? 26 + about.length * 50 : 0);
  let y = (shareSize.height - height) / 2;
  const parts: string[] = [];
  const put = (lines: readonly Line[], size: number, step: number, fill: string): void => {
    parts.push(`<g fill="${fill}">`);
    for (const line of lines) {
      parts.push(drawLine(line, margin, y + size * 0.86, size));
      y += step;
    }
    parts.push("</g>");
  };
  put(name.lines, name.size, name.size * 1.08, palette.text);
  y += 26;
  put(about, aboutSize, 50, palette.muted);
  const { width, height: tall } = shareSize;
  const bar = `<rect y="${tall - 18}" width="${width}" height="18" fill="${palette.button}"/>`;
  const ground = `<rect width="${width}" height="${tall}" fill="${palette.background}"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${tall}">${ground}${bar}${parts.join("")}</svg>`;
  return toJpeg(Buffer.from(svg), photo ? [await placed(photo)] : []);
}

/** As large as it goes into two lines. */
async function fitted(text: string, faces: Faces, wide: number): Promise<{ lines: Line[]; size: number }> {
  for (const size of [104, 88, 74, 62]) {
    const lines = await layOut(text, faces, wide / size, 3);
    if (lines.length <= 2) return { lines, size };
  }
  return { lines: await layOut(text, faces, wide / 54, 3), size: 54 };
}

async function placed(photo: Buffer): Promise<OverlayOptions> {
  const mask = `<svg xmlns="http://www.w3.org/2000/svg" width="${avatar}" height="${avatar}"><circle cx="${avatar / 2}" cy="${avatar / 2}" r="${avatar / 2}"/></svg>`;
  const { default: sharp } = await import("sharp");
  const input = await sharp(photo)
    .resize({ width: avatar, height: avatar, fit: "cover" })
    .composite([{ input: Buffer.from(mask), blend: "dest-in" }])
    .png()
    .toBuffer();
  return {
    input,
    left: shareSize.width - margin - avatar,
    top: Math.round((shareSize.height - 18 - avatar) / 2),
  };
}

async function toJpeg(svg: Buffer, over: OverlayOptions[]): Promise<Buffer> {
  const { default: sharp } = await import("sharp");
  const pixels = await sharp(svg).composite(over).flatten().png({ compressionLevel: 1 }).toBuffer();
  for (const quality of [90, 80, 68]) {
    const jpeg = await sharp(pixels).jpeg({ quality, chromaSubsampling: "4:4:4" }).toBuffer();
    if (jpeg.byteLength <= maxBytes) return jpeg;
  }
  return sharp(pixels).jpeg({ quality: 50 }).toBuffer();
}

/** The card's own for the name, where it has one; Inter where that lacks a letter. */
async function facesOf(face: CutFaceId | undefined): Promise<{ plain: Faces; heading: Faces }> {
  const [regular, bold] = await Promise.all([inter("regular"), inter("bold")]);
  const heading = face ? [(await ownFace(face)).font, bold.font] : [bold.font];
  return { plain: [regular.font], heading };
}
