/** Pictures for tests, drawn on the spot. */
import sharp from "sharp";

export function picture(width = 320, height = 200, background = "#a84a24"): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
}
