/** Faces that are drawn with, each read and opened once: opening one takes the hub's loop for some time. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Font } from "fontkit";
import type { CutFaceId } from "../blocks/type-faces.ts";
import { readFace } from "../faces.ts";
import { openFace } from "./letters.ts";

const require = createRequire(import.meta.url);
const weights = {
  regular: "400Regular/Inter_400Regular.ttf",
  semibold: "600SemiBold/Inter_600SemiBold.ttf",
  bold: "700Bold/Inter_700Bold.ttf",
};
export interface KeptFace {
  font: Font;
  /** For who has to open one of his own: what writes a PDF leaves marks in the letters of the font that it writes with. */
  bytes: Buffer;
}
const opened = new Map<string, Promise<KeptFace>>();

/** A whole face with Cyrillic. */
export function inter(weight: keyof typeof weights): Promise<KeptFace> {
  const path = require.resolve(`@expo-google-fonts/inter/${weights[weight]}`);
  return open(weight, () => readFile(path));
}

/** One of the cards' own. */
export const ownFace = (face: CutFaceId): Promise<KeptFace> => open(`own ${face}`, () => readFace(face));

function open(name: string, read: () => Promise<Buffer>): Promise<KeptFace> {
  const face = opened.get(name) ?? read().then(async (bytes) => ({ bytes, font: await openFace(bytes) }));
  opened.set(name, face);
  face.catch(() => opened.delete(name)); // whoever asked is told; the next one reads it again
  return face;
}
