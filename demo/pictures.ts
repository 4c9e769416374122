/** Every picture of the demo, drawn here: pots, people, stickers, the studio's sign. */
import sharp from "sharp";
import { drawPerson, personNames, type PersonName } from "./pictures/people.ts";
import {
  drawSign,
  drawSticker,
  signNames,
  stickerNames,
  type SignName,
  type StickerName,
} from "./pictures/signs.ts";
import { drawWare, wareNames, type WareName } from "./pictures/wares.ts";
import { drawWheel } from "./pictures/wheel.ts";

export type PictureName = WareName | PersonName | SignName | StickerName;

const drawings = new Map<PictureName, () => string>([
  ...wareNames.map((name) => [name, () => drawWare(name)] as const),
  ...personNames.map((name) => [name, () => drawPerson(name)] as const),
  ...signNames.map((name) => [name, () => drawSign(name)] as const),
  ...stickerNames.map((name) => [name, () => drawSticker(name)] as const),
]);
const drawn = new Map<PictureName, Promise<Buffer>>();

/** Bytes of a picture: WebP for stickers, which need a see-through ground, JPEG for all others. */
export function pictureOf(name: PictureName): Promise<Buffer> {
  const known = drawn.get(name) ?? render(name);
  drawn.set(name, known);
  return known;
}

async function render(name: PictureName): Promise<Buffer> {
  const svg = drawings.get(name);
  if (!svg) throw new Error(`nobody has drawn ${name}`);
  const image = sharp(Buffer.from(svg()));
  return name.startsWith("sticker") ? image.webp().toBuffer() : image.jpeg({ quality: 86 }).toBuffer();
}

/** One frame of a film of the wheel, as the VP8 picture that a lossy WebP file holds. */
export async function wheelFrame(turn: number, width: number, height: number): Promise<Uint8Array> {
  const webp = await sharp(Buffer.from(drawWheel(turn, width, height)))
    .webp({ quality: 60, effort: 0 })
    .toBuffer();
  return vp8Of(webp);
}

/** RIFF chunks have a name of four letters and a length: https://developers.google.com/speed/webp/docs/riff_container */
function vp8Of(webp: Buffer): Uint8Array {
  for (let at = 12; at + 8 <= webp.length;) {
    const length = webp.readUInt32LE(at + 4);
    if (webp.toString("latin1", at, at + 4) === "VP8 ") return webp.subarray(at + 8, at + 8 + length);
    at += 8 + length + (length % 2);
  }
  throw new Error("the picture is not a lossy one");
}
