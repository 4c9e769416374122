import type { Capabilities } from "../types.ts";

const encoder = new TextEncoder();

/** How long a text is in the channel's own count. */
export function lengthOf(text: string, can: Capabilities | undefined): number {
  return can?.text.unit === "bytes" ? encoder.encode(text).length : text.length;
}

export function limitOf(can: Capabilities | undefined, captioned: boolean): number {
  if (!can) return 20_000;
  return captioned ? can.text.caption : can.text.max;
}
