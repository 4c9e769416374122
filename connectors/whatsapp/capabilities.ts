/** https://developers.facebook.com/docs/whatsapp/cloud-api/messages and …/reference/media#supported-media-types */
import { textsAlone, type Capabilities } from "../contract.ts";
import { reactions } from "./reactions.ts";

const megabyte = 1024 * 1024;

export const imageLimit = 5 * megabyte;
export const soundLimit = 16 * megabyte;
export const documentLimit = 100 * megabyte;
export const stickerLimit = 500 * 1024;
/** What is shown as a picture, and as a video. */
export const pictures = ["image/jpeg", "image/png"];
export const videos = ["video/mp4", "video/3gpp"];
export const buttonCount = 3;
export const buttonTitle = 20;

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
    reaction: reactions,
    typing: true,
    reply: true,
    buttons: true,
    location: true,
    contact: true,
    markRead: true,
    templates: true,
  },
  text: { max: 4096, caption: 1024, unit: "utf16" },
  media: {
    image: { maxBytes: documentLimit },
    video: { maxBytes: documentLimit },
    audio: { maxBytes: documentLimit },
    voice: { maxBytes: soundLimit },
    document: { maxBytes: documentLimit },
    sticker: { maxBytes: stickerLimit, mimes: ["image/webp"] },
  },
  attachments: 1,
  maxDownloadBytes: documentLimit,
  buttonLimits: { count: buttonCount, title: buttonTitle, urls: false },
  window: { hours: 24, outside: "template" },
  rate: { account: { count: 80, perMs: 1000 }, peer: { count: 45, perMs: 270_000 } },
};
