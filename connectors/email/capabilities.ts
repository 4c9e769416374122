import { textsAlone, type Capabilities } from "../contract.ts";

/** Most servers take 25 MB, and what is attached grows by a third on the way. */
export const lettersLimit = 18 * 1024 * 1024;
/** A letter larger than this is cut: its text is kept. */
export const sourceLimit = 40 * 1024 * 1024;

const file = { maxBytes: lettersLimit };

export const capabilities: Capabilities = {
  inbound: textsAlone.inbound,
  outbound: { ...textsAlone.outbound, letters: true },
  text: { max: 20_000, caption: 20_000, unit: "utf16" },
  media: { image: file, video: file, animation: file, audio: file, voice: file, document: file },
  attachments: 10,
  rate: { account: { count: 30, perMs: 60_000 }, peer: { count: 10, perMs: 60_000 } },
};
