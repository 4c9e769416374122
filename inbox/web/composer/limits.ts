import type { Capabilities } from "../types.ts";

const encoder = new TextEncoder();

/** How long a text is in the channel's own count. */
export function lengthOf(text: string, can: Capabilities | undefined): number {
  return can?.text.unit === "bytes" ? encoder.encode(text).length : text.length;
}

export function limitOf(can: Capabilities | undefined, captioned: boolean): number {
  if (!can) return 20_000;
  return captioned && hasCaptions(can) ? can.text.caption : can.text.max;
}

/** Where files have no words of their own, a text beside them goes ahead as a message. */
export function hasCaptions(can: Capabilities | undefined): boolean {
  return can === undefined || can.text.caption > 0;
}
