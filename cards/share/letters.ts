/** Texts as outlines: a picture made of them looks the same on a machine that has no fonts. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Font } from "fontkit";

const require = createRequire(import.meta.url);
/** Twemoji, CC BY 4.0; named in docs/cards.md. */
const emojiFolder = dirname(require.resolve("@twemoji/svg/package.json"));
const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" });

/** The first face that has a letter draws it. */
export type Faces = readonly Font[];

/** What reads faces is loaded with the first of them: few starts of the hub need it. */
export async function openFace(bytes: Buffer): Promise<Font> {
  const { create } = await import("fontkit");
  const face = create(bytes);
  if ("fonts" in face) throw new Error("a collection is no face");
  return face;
}

/** A letter or an emoji, ready to be drawn; widths are in parts of the size. */
interface Sign {
  width: number;
  draw: (x: number, y: number, size: number) => string;
}

export interface Line {
  signs: Sign[];
  width: number;
}

/** What no face has is left out. */
async function signsOf(text: string, faces: Faces): Promise<Sign[]> {
  const signs: Sign[] = [];
  for (const { segment } of graphemes.segment(text)) {
    const emoji = await emojiOf(segment);
    const sign = emoji ?? letterOf(segment, faces);
    if (sign) signs.push(sign);
  }
  return signs;
}

function letterOf(segment: string, faces: Faces): Sign | undefined {
  const letters = segment.normalize("NFC");
  const points = [...letters].map((letter) => letter.codePointAt(0) ?? 0);
  const face = faces.find((one) => points.every((point) => one.hasGlyphForCodePoint(point)));
  if (!face) return undefined;
  const { glyphs, advanceWidth } = face.layout(letters);
  const em = face.unitsPerEm;
  const outline = glyphs.map((glyph) => glyph.path.toSVG()).join("");
  return {
    width: advanceWidth / em,
    draw: (x, y, size) =>
      outline && `<path transform="translate(${x} ${y}) scale(${size / em} ${-size / em})" d="${outline}"/>`,
  };
}

async function emojiOf(segment: string): Promise<Sign | undefined> {
  if (!/\p{Emoji_Presentation}|\ufe0f|\u20e3/u.test(segment)) return undefined;
  const points = [...segment].map((letter) => (letter.codePointAt(0) ?? 0).toString(16));
  const file = [points, points.filter((point) => point !== "fe0f")]
    .map((names) => join(emojiFolder, `${names.join("-")}.svg`))
    .find((path) => existsSync(path));
  if (!file) return undefined;
  const inner = (await readFile(file, "utf8")).replace(/^.*?<svg[^>]*>/s, "").replace(/<\/svg>\s*$/, "");
  return {
    width: 1.16,
    draw: (x, y, size) =>
      `<svg x="${x + size * 0.06}" y="${y - size * 0.86}" width="${size * 1.04}" height="${size * 1.04}" viewBox="0 0 36 36">${inner}</svg>`,
  };
}

const widthOf = (signs: readonly Sign[]): number => signs.reduce((sum, { width }) => sum + width, 0);

/** Breaks between words, and inside of one that is wider than a line; what is beyond `most` lines ends in an ellipsis. */
export async function layOut(text: string, faces: Faces, width: number, most: number): Promise<Line[]> {
  const lines: Sign[][] = [];
  const space = await signsOf(" ", faces);
  for (const word of text.split(/\s+/)) {
    const signs = await signsOf(word, faces);
    if (signs.length === 0) continue;
    const line = lines.at(-1);
    if (line && widthOf([...line, ...space, ...signs]) <= width) line.push(...space, ...signs);
    else lines.push(...inPieces(signs, width));
  }
  const kept = lines.slice(0, most);
  const end = kept.at(-1);
  if (lines.length > most && end) {
    const dots = await signsOf("…", faces);
    while (end.length > 1 && widthOf([...end, ...dots]) > width) end.pop();
    end.push(...dots);
  }
  return kept.map((signs) => ({ signs, width: widthOf(signs) }));
}

function inPieces(signs: readonly Sign[], width: number): Sign[][] {
  const pieces: Sign[][] = [[]];
  for (const sign of signs) {
    const open = pieces.at(-1) ?? [];
    if (open.length > 0 && widthOf([...open, sign]) > width) pieces.push([sign]);
    else open.push(sign);
  }
  return pieces;
}

/** `y` is the base line. */
export function drawLine({ signs }: Line, x: number, y: number, size: number): string {
  let at = x;
  return signs
    .map(({ width, draw }) => {
      const drawn = draw(round(at), round(y), size);
      at += width * size;
      return drawn;
    })
    .join("");
}

const round = (value: number): number => Math.round(value * 100) / 100;
