/** The face of the headings, cut to the letters that a page's headings use. At most one file, woff2. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { CardContent } from "./blocks/schema.ts";
import { cutFaceOf } from "./blocks/page.ts";
import type { CutFaceId } from "./blocks/type-faces.ts";

const require = createRequire(import.meta.url);

/** Whole faces: npm's web font packages come cut by script, and a heading may mix Latin and Cyrillic. */
const files: Record<CutFaceId, string> = {
  cormorant: "cormorant-garamond/500Medium/CormorantGaramond_500Medium.ttf",
  alice: "alice/Alice_400Regular.ttf",
  poiret: "poiret-one/400Regular/PoiretOne_400Regular.ttf",
  sofia: "sofia-sans-extra-condensed/900Black/SofiaSansExtraCondensed_900Black.ttf",
  oldstandard: "old-standard-tt/OldStandardTT_700Bold.ttf",
  yeseva: "yeseva-one/400Regular/YesevaOne_400Regular.ttf",
  shantell: "shantell-sans/800ExtraBold/ShantellSans_800ExtraBold.ttf",
  forum: "forum/400Regular/Forum_400Regular.ttf",
};

/** Above it only the name and the headings take the face. */
const maxBytes = 16 * 1024;

export interface CutFace {
  bytes: Buffer;
  /** Only the name and the headings have it: with every letter it would be too heavy. */
  headingsOnly: boolean;
}

/** A whole face, as it came. */
export const readFace = (face: CutFaceId): Promise<Buffer> =>
  readFile(require.resolve(`@expo-google-fonts/${files[face]}`));

async function cutTo(whole: Buffer, letters: string): Promise<Buffer> {
  const { default: subsetFont } = await import("subset-font");
  return subsetFont(whole, letters, { targetFormat: "woff2", noLayoutClosure: true });
}

/** A face with every letter of both alphabets, for the builder: there each key may bring another letter. */
export async function wholeFace(face: CutFaceId): Promise<Buffer> {
  return cutTo(await readFace(face), alphabets);
}

const range = (from: number, to: number): string =>
  String.fromCodePoint(...Array.from({ length: to - from + 1 }, (_, index) => from + index));
const alphabets = `${range(0x20, 0x7e)}${range(0xa0, 0x17f)}${range(0x400, 0x45f)}–—‘’“”„•…₽€№`;

/** The file for a rendered page; undefined where the headings are in the phone's own face. */
export async function cutFace({ design }: CardContent, page: string): Promise<CutFace | undefined> {
  const face = cutFaceOf(design);
  if (!face) return undefined;
  const whole = await readFace(face);
  const cut = (letters: string): Promise<Buffer> => cutTo(whole, letters);
  const all = await cut(
    lettersOf(page, /<(h1|h2|b|summary|span|button|a(?= class="btn))\b[^>]*>(.*?)<\/\1>/gs),
  );
  if (all.byteLength <= maxBytes) return { bytes: all, headingsOnly: false };
  const headings = await cut(lettersOf(page, /<(h1|h2)\b[^>]*>(.*?)<\/\1>/gs));
  return { bytes: headings, headingsOnly: true };
}

/** Each letter once, with its capital: some themes write in capitals. */
function lettersOf(page: string, elements: RegExp): string {
  const text = [...page.matchAll(elements)]
    .map(([, , inner = ""]) => inner.replace(/<[^>]*>/g, ""))
    .join("")
    .replaceAll("&amp;", "&")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replace(/&[lg]t;/g, "<>");
  return [...new Set(text + text.toUpperCase())].sort().join("");
}
