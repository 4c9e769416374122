/** Refusals before a request is made, so that nothing is half done. */
import { ConnectorError } from "../contract.ts";
import type { OutboundFile } from "../contract.ts";
import { capabilities, photoLimit, uploadLimit } from "./capabilities.ts";

/** Telegram shows an image as a photo only below these: https://core.telegram.org/bots/api#sendphoto */
const photoSidesSum = 10_000;
const photoRatio = 20;
const photoMimes = new Set(["image/jpeg", "image/png", "image/webp"]);

export function checkText(text: string): void {
  if (text.trim() === "") throw new ConnectorError("unsupported", "empty", "a message needs a text");
  if (text.length > capabilities.text.max)
    throw new ConnectorError("too_large", "text_too_long", "a text may have 4096 characters");
}

export function checkCaption(text: string): void {
  if (text.length > capabilities.text.caption)
    throw new ConnectorError("too_large", "text_too_long", "a caption may have 1024 characters");
}

export function checkUpload(file: OutboundFile, limit = uploadLimit): void {
  if (file.size > limit)
    throw new ConnectorError("too_large", "file_too_large", `${limit} bytes may be sent at most`);
}

/** Whether Telegram takes this image as a photo; others travel as documents. */
export function fitsAsPhoto(
  file: OutboundFile,
  { width, height }: { width?: number | undefined; height?: number | undefined },
): boolean {
  if (file.size > photoLimit || !photoMimes.has(file.mime)) return false;
  if (width === undefined || height === undefined) return true;
  const ratio = Math.max(width, height) / Math.min(width, height);
  return width + height <= photoSidesSum && ratio <= photoRatio;
}
