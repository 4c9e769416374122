/** The QR code of a card: round eyes and a place in its middle for the picture; drawn as SVG here and on paper elsewhere. */
import { encode } from "uqr";
import { contrast } from "./colour.ts";

/** White around it that readers need, in modules. */
export const margin = 4;
/** Modules left free in the middle; level Q makes good what is missing. */
const hole = 7;
/** Below it the hole would be too large a part. */
const minVersion = 3;

/** Dark enough on white for any reader and any print. */
export const qrColours = [
  { id: "ink", hex: "#111111" },
  { id: "umber", hex: "#2b1810" },
  { id: "navy", hex: "#14264d" },
  { id: "forest", hex: "#123524" },
  { id: "plum", hex: "#4a1136" },
] as const;

export const readsOnWhite = (hex: string): boolean => contrast(hex, "#ffffff") >= 7;

/** In modules, without the margin. */
export interface Code {
  size: number;
  /** Dark ones of a row that follow each other, one high. */
  dots: { x: number; y: number; width: number }[];
  /** Where the three begin; each is seven wide. */
  eyes: { x: number; y: number }[];
  /** The square in the middle. */
  hole: { from: number; side: number };
}

export function codeOf(text: string): Code {
  const { data, size } = encode(text, { ecc: "Q", border: 0, minVersion });
  const from = (size - hole) / 2;
  const isFree = (x: number, y: number): boolean =>
    x >= from && x < from + hole && y >= from && y < from + hole;
  const isEye = (x: number, y: number): boolean =>
    (y < 7 && (x < 7 || x >= size - 7)) || (x < 7 && y >= size - 7);
  const dots: Code["dots"] = [];
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      let end = x;
      while (end < size && data[y]?.[end] && !isFree(end, y) && !isEye(end, y)) end++;
      if (end === x) continue;
      dots.push({ x, y, width: end - x });
      x = end;
    }
  const eyes = [
    { x: 0, y: 0 },
    { x: size - 7, y: 0 },
    { x: 0, y: size - 7 },
  ];
  return { size, dots, eyes, hole: { from, side: hole } };
}

/** For the middle: the name's first letter or digit, else whatever it begins with. */
export function initialOf(name: string): string {
  const [sign = [...name.trim()][0] ?? ""] = /[\p{L}\p{N}]/u.exec(name) ?? [];
  return sign.toUpperCase();
}

/** `picture`: a data address, square. Without one stands the letter. */
export interface QrLook {
  colour: string;
  picture?: string | undefined;
  letter: string;
  /** Printed this wide. */
  centimetres?: number | undefined;
}

export function drawQr(text: string, { colour, picture, letter, centimetres }: QrLook): string {
  const { size, dots, eyes, hole: middle } = codeOf(text);
  const path = dots.map(({ x, y, width }) => `M${x} ${y}h${width}v1h${-width}z`).join("");
  const whole = size + 2 * margin;
  const print = centimetres ? ` width="${centimetres}cm" height="${centimetres}cm"` : "";
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${-margin} ${-margin} ${whole} ${whole}"${print}><rect x="${-margin}" y="${-margin}" width="${whole}" height="${whole}" fill="#fff"/><path d="${path}" fill="${colour}" shape-rendering="crispEdges"/>${eyes.map((one) => eye(one, colour)).join("")}${inMiddle(middle.from, { colour, picture, letter })}</svg>`;
}

function eye({ x, y }: { x: number; y: number }, colour: string): string {
  return `<rect x="${x + 0.5}" y="${y + 0.5}" width="6" height="6" rx="1.9" fill="none" stroke="${colour}"/><rect x="${x + 2}" y="${y + 2}" width="3" height="3" rx="0.9" fill="${colour}"/>`;
}

function inMiddle(from: number, { colour, picture, letter }: QrLook): string {
  const [at, side] = [from + 0.6, hole - 1.2];
  if (picture)
    return `<clipPath id="c"><rect x="${at}" y="${at}" width="${side}" height="${side}" rx="1.5"/></clipPath><image href="${escaped(picture)}" x="${at}" y="${at}" width="${side}" height="${side}" preserveAspectRatio="xMidYMid slice" clip-path="url(#c)"/>`;
  const centre = from + hole / 2;
  return `<rect x="${at}" y="${at}" width="${side}" height="${side}" rx="1.5" fill="${colour}"/><text x="${centre}" y="${centre + 1.25}" font-family="system-ui,sans-serif" font-size="3.5" font-weight="700" text-anchor="middle" fill="#fff">${escaped(letter)}</text>`;
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
