/** Which letters a font file really has: read from its table of characters, not asked of whoever cut it. */
import subsetFont from "subset-font";

/** https://learn.microsoft.com/typography/opentype/spec/cmap, format 4 */
export async function lettersIn(font: Buffer, wanted: string[]): Promise<string[]> {
  const plain = await subsetFont(font, wanted.join(""), { targetFormat: "truetype" });
  const tables = plain.readUInt16BE(4);
  const entry = Array.from({ length: tables }, (_, index) => 12 + index * 16).find(
    (at) => plain.toString("latin1", at, at + 4) === "cmap",
  );
  if (entry === undefined) throw new Error("the font has no table of characters");
  const cmap = plain.subarray(plain.readUInt32BE(entry + 8));
  const formats = Array.from({ length: cmap.readUInt16BE(2) }, (_, index) =>
    cmap.subarray(cmap.readUInt32BE(4 + index * 8 + 4)),
  );
  const map = formats.find((one) => one.readUInt16BE(0) === 4);
  if (!map) throw new Error("the font has no table of format 4");
  return wanted.filter((letter) => glyphOf(map, letter.codePointAt(0) ?? 0) !== 0);
}

function glyphOf(map: Buffer, code: number): number {
  const double = map.readUInt16BE(6);
  for (let at = 0; at < double; at += 2) {
    if (map.readUInt16BE(14 + at) < code) continue;
    const start = map.readUInt16BE(16 + double + at);
    if (start > code) return 0;
    const delta = map.readUInt16BE(16 + 2 * double + at);
    const place = 16 + 3 * double + at;
    const range = map.readUInt16BE(place);
    if (range === 0) return (code + delta) & 0xffff;
    const glyph = map.readUInt16BE(place + range + (code - start) * 2);
    return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
  }
  return 0;
}
