import sharp from "sharp";

/** A plain picture of the given size. */
export async function picture(
  width = 320,
  height = 240,
  format: "png" | "jpeg" | "webp" | "gif" = "png",
): Promise<Uint8Array> {
  const plain = sharp({ create: { width, height, channels: 3, background: "#c98b5a" } });
  return new Uint8Array(await plain.toFormat(format).toBuffer());
}
