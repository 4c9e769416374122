import { textsAlone, type Capabilities } from "../contract.ts";
import { reactions } from "./reactions.ts";

const megabyte = 1024 * 1024;

/** What bots may upload: https://core.telegram.org/bots/api#sending-files */
export const uploadLimit = 50 * megabyte;
export const photoLimit = 10 * megabyte;
/** What bots may fetch: https://core.telegram.org/bots/api#getfile */
export const downloadLimit = 20 * megabyte;
export const stickerLimit = megabyte / 2;

export const capabilities: Capabilities = {
  inbound: {
    ...textsAlone.inbound,
    edit: true,
    reaction: true,
    blocked: true,
  },
  outbound: {
    ...textsAlone.outbound,
    edit: true,
    editCaption: true,
    delete: true,
    reaction: [...reactions],
    typing: true,
    reply: true,
    forward: true,
    buttons: true,
    location: true,
    contact: true,
    formatting: [
      "bold",
      "italic",
      "underline",
      "strikethrough",
      "spoiler",
      "blockquote",
      "expandable_blockquote",
      "code",
      "pre",
      "text_link",
    ],
  },
  text: { max: 4096, caption: 1024, unit: "utf16" },
  media: {
    image: { maxBytes: uploadLimit },
    video: { maxBytes: uploadLimit },
    animation: { maxBytes: uploadLimit },
    audio: { maxBytes: uploadLimit },
    voice: { maxBytes: uploadLimit },
    video_note: { maxBytes: uploadLimit, mimes: ["video/mp4"] },
    document: { maxBytes: uploadLimit },
    sticker: {
      maxBytes: stickerLimit,
      mimes: ["image/webp", "video/webm", "application/x-tgsticker"],
    },
  },
  maxDownloadBytes: downloadLimit,
  rate: { account: { count: 30, perMs: 1000 }, peer: { count: 1, perMs: 1000 } },
};

/**
 * Of a business account's chats, where the bot writes in the owner's name: https://core.telegram.org/bots/features#business.
 * It may answer for a day after the customer's last message.
 */
export const businessCapabilities: Capabilities = {
  ...capabilities,
  inbound: { ...capabilities.inbound, delete: true, reaction: false, blocked: false },
  outbound: { ...capabilities.outbound, reaction: [], forward: false, markRead: true },
  window: { hours: 24, outside: "closed" },
};
