import { textsAlone, type Capabilities } from "../contract.ts";

const megabyte = 1024 * 1024;

/** https://developers.viber.com/docs/api/rest-bot-api/#message-types */
export const textMax = 7000;
export const captionMax = 768;
export const pictureLimit = megabyte;
export const videoLimit = 26 * megabyte;
export const fileLimit = 50 * megabyte;
/** Of one request, JSON and all. */
export const requestLimit = 30 * 1024;

export const capabilities: Capabilities = {
  inbound: {
    ...textsAlone.inbound,
    delivered: true,
    read: true,
    blocked: true,
  },
  outbound: {
    ...textsAlone.outbound,
    buttons: true,
    location: true,
    contact: true,
  },
  text: { max: textMax, caption: captionMax, unit: "utf16" },
  // A picture that is too heavy goes as a file, so its limit is that of files.
  media: {
    image: { maxBytes: fileLimit },
    video: { maxBytes: fileLimit },
    animation: { maxBytes: fileLimit },
    audio: { maxBytes: fileLimit },
    voice: { maxBytes: fileLimit },
    video_note: { maxBytes: fileLimit },
    document: { maxBytes: fileLimit },
  },
  attachments: 1,
  buttonLimits: { count: 24, title: 64, urls: true },
  // Bots pay for what they send later than a day after the person's last message: https://developers.viber.com/docs/general/bots-commercial/
  window: { hours: 24, outside: "paid" },
  // One person gets 100 messages an hour until they answer; the bot 500 calls in 10 seconds.
  rate: { account: { count: 400, perMs: 10_000 }, peer: { count: 100, perMs: 3_600_000 } },
};
