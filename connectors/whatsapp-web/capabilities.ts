/** What WhatsApp's own program in a browser can do. */
import { textsAlone, type Capabilities } from "../contract.ts";

const megabyte = 1024 * 1024;
/** Files travel through the page in one piece, so they are held smaller than WhatsApp's own limit. */
export const fileLimit = 64 * megabyte;

export const capabilities: Capabilities = {
  inbound: {
    ...textsAlone.inbound,
    edit: true,
    delete: true,
    reaction: true,
    delivered: true,
    read: true,
  },
  outbound: {
    ...textsAlone.outbound,
    edit: true,
    delete: true,
    reaction: "👍 ❤️ 😂 😮 😢 🙏 👏 🔥 🎉 💯 ✅ 👌 🤝 💪 😊 😍 😁 🤔 😎 👀 👎 ⭐".split(" "),
    typing: true,
    reply: true,
    forward: true,
    location: true,
    contact: true,
    markRead: true,
  },
  text: { max: 20_000, caption: 1024, unit: "utf16" },
  media: {
    image: { maxBytes: 16 * megabyte },
    video: { maxBytes: 16 * megabyte },
    audio: { maxBytes: 16 * megabyte },
    voice: { maxBytes: 16 * megabyte },
    document: { maxBytes: fileLimit },
    sticker: { maxBytes: megabyte, mimes: ["image/webp"] },
  },
  attachments: 1,
  maxDownloadBytes: fileLimit,
  rate: { account: { count: 20, perMs: 60_000 }, peer: { count: 6, perMs: 60_000 } },
};
