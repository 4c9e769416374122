/** Refusals before a request is made, so that nothing is half done. */
import { ConnectorError } from "../contract.ts";
import type { Capabilities, OutboundContent } from "../contract.ts";

export function checkText(text: string, { max, unit }: Capabilities["text"]): void {
  if (text.trim() === "") throw new ConnectorError("unsupported", "empty", "a message needs a text");
  const length = unit === "bytes" ? Buffer.byteLength(text) : text.length;
  if (length > max) throw new ConnectorError("too_large", "text_too_long", `${length} of ${max} ${unit}`);
}

/** A message holds a text or one file. */
export function checkShape({ text, attachments = [] }: OutboundContent): void {
  if (attachments.length > 1)
    throw new ConnectorError("unsupported", "one_file_each", "a message holds one file");
  if (text && attachments.length > 0)
    throw new ConnectorError("unsupported", "caption_impossible", "a file has no text beside it");
}
