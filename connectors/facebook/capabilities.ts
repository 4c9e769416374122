import { textsAlone, type Capabilities } from "../contract.ts";

const megabyte = 1024 * 1024;

/** https://developers.facebook.com/docs/messenger-platform/send-messages#sending_attachments */
const attachmentLimit = 25 * megabyte;
const instagramImageLimit = 8 * megabyte;

/** The emoji that Messenger's own picker begins with; it takes any other too. */
// prettier-ignore
const reactions = ["❤️", "😆", "😮", "😢", "😠", "👍", "👎", "🙏", "🔥", "🎉", "👏", "😍", "😁", "🤔", "👌", "💯"];

/** Instagram lets businesses leave a heart alone. */
export const heart = "❤️";

const both = {
  inbound: {
    ...textsAlone.inbound,
    edit: true,
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
    markRead: true,
  },
  attachments: 1,
  maxDownloadBytes: attachmentLimit,
  buttonLimits: { count: 13, title: 20, urls: true },
  window: { hours: 24, outside: "tag", tagHours: 168 },
} satisfies Omit<Capabilities, "text" | "media" | "rate">;

/** Neither takes words with a file: the text goes as a message of its own. */
export const messenger: Capabilities = {
  ...both,
  text: { max: 2000, caption: 0, unit: "utf16" },
  media: {
    image: { maxBytes: attachmentLimit },
    animation: { maxBytes: attachmentLimit },
    video: { maxBytes: attachmentLimit },
    audio: { maxBytes: attachmentLimit },
    voice: { maxBytes: attachmentLimit },
    document: { maxBytes: attachmentLimit },
  },
  rate: { account: { count: 300, perMs: 1000 }, peer: { count: 5, perMs: 1000 } },
};

/** https://developers.facebook.com/docs/messenger-platform/instagram/features/send-message */
export const instagram: Capabilities = {
  ...both,
  inbound: { ...both.inbound, delete: true, delivered: false },
  outbound: { ...both.outbound, reaction: [heart] },
  text: { max: 1000, caption: 0, unit: "bytes" },
  media: {
    image: { maxBytes: instagramImageLimit, mimes: ["image/png", "image/jpeg"] },
    animation: { maxBytes: instagramImageLimit, mimes: ["image/gif"] },
    video: {
      maxBytes: attachmentLimit,
      mimes: ["video/mp4", "video/ogg", "video/x-msvideo", "video/quicktime", "video/webm"],
    },
    audio: {
      maxBytes: attachmentLimit,
      mimes: ["audio/aac", "audio/mp4", "audio/x-m4a", "audio/m4a", "audio/wav", "audio/x-wav"],
    },
    voice: { maxBytes: attachmentLimit, mimes: ["audio/mp4", "audio/aac", "audio/x-m4a", "audio/m4a"] },
    document: { maxBytes: attachmentLimit, mimes: ["application/pdf"] },
  },
  rate: { account: { count: 100, perMs: 1000 }, peer: { count: 5, perMs: 1000 } },
};
