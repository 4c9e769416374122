/** Several files in one message: https://core.telegram.org/bots/api#sendmediagroup */
import type { RawApi } from "grammy";
import type { InputMediaAudio, InputMediaDocument, InputMediaPhoto, InputMediaVideo } from "grammy/types";
import { ConnectorError } from "../contract.ts";
import type { MediaKind, OutboundAttachment } from "../contract.ts";
import { checkCaption } from "./limits.ts";
import { captionOf, durationOf, fileOf, inputFile, kindFor, sidesOf, trackOf } from "./media.ts";
import type { OutboundMedia } from "./media.ts";
import type { SendCommand, Target } from "./send.ts";

type Sent = { message_id: number; date: number };
type Family = "visual" | "audio" | "document";
type Items = InputMediaAudio[] | InputMediaDocument[] | (InputMediaPhoto | InputMediaVideo)[];

/** Albums have no buttons. Photos and videos mix; documents and audio stay among themselves. */
export function sendAlbum(api: RawApi, target: Target, { content }: SendCommand): Promise<Sent[]> {
  checkCaption(content.text ?? "");
  if (target.reply_markup) throw mixed();
  const parts = (content.attachments ?? []).map(asMedia);
  const media = itemsOf(parts, captionOf(content.text, content.entities));
  return api.sendMediaGroup({ ...target, media });
}

function asMedia(attachment: OutboundAttachment): OutboundMedia {
  if ("media" in attachment) return attachment;
  throw mixed();
}

/** The caption of an album is that of its first item. */
function itemsOf(parts: OutboundMedia[], caption: ReturnType<typeof captionOf>): Items {
  const captionAt = (index: number) => (index === 0 ? caption : {});
  switch (familyOf(parts)) {
    case "visual":
      return parts.map((part, index) => ({ ...visualItem(part), ...captionAt(index) }));
    case "audio":
      return parts.map((part, index) => ({ ...audioItem(part), ...captionAt(index) }));
    case "document":
      return parts.map((part, index) => ({ ...documentItem(part), ...captionAt(index) }));
  }
}

/** One image that can only be a document makes documents of all images, since the two do not mix. */
function familyOf(parts: OutboundMedia[]): Family {
  const families = new Set(parts.map((part) => familyByKind[kindFor(part)]));
  const filesAndImages = parts.every(({ kind }) => kind === "image" || kind === "document");
  if (filesAndImages && families.size > 1) return "document";
  const [family] = families;
  if (families.size !== 1 || family === undefined) throw mixed();
  return family;
}

const familyByKind: Partial<Record<MediaKind, Family>> = {
  image: "visual",
  video: "visual",
  audio: "audio",
  document: "document",
};

function visualItem(part: OutboundMedia): InputMediaPhoto | InputMediaVideo {
  const media = inputFile(fileOf(part));
  const hidden = part.spoiler ? { has_spoiler: true } : {};
  if (part.kind === "image") return { type: "photo", media, ...hidden };
  return { type: "video", media, ...hidden, ...durationOf(part.media), ...sidesOf(part.media) };
}

function audioItem(part: OutboundMedia): InputMediaAudio {
  const media = inputFile(fileOf(part));
  return { type: "audio", media, ...durationOf(part.media), ...trackOf(part.media) };
}

function documentItem(part: OutboundMedia): InputMediaDocument {
  return { type: "document", media: inputFile(fileOf(part)) };
}

function mixed(): ConnectorError {
  return new ConnectorError("unsupported", "album_mixed", "these do not go into one Telegram message");
}
