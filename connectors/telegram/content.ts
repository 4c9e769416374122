/** What a Telegram message says, in canonical form. */
import type { InboundAttachment, InboundContent, MediaKind } from "../contract.ts";
import { downloadLimit } from "./capabilities.ts";
import { incomingEntities } from "./entities.ts";
import { serviceOf } from "./service.ts";
import type { WireFile, WireMessage, WireSaid, WireSticker } from "./wire.ts";

/** Gives undefined for what this version cannot show; the caller knows its native name. */
export function contentOf(message: WireSaid): InboundContent | undefined {
  const attachment = attachmentOf(message);
  const service = serviceOf(message);
  const text = textOf(message);
  if (!attachment && !service && text.text === undefined) return undefined;
  return { ...text, ...(attachment && { attachments: [attachment] }), ...(service && { service }) };
}

/** The words of a message of any kind, for quotes and for kinds that cannot be shown. */
export function wordsOf(message: WireSaid): string | undefined {
  return (
    message.text ??
    message.caption ??
    message.poll?.question ??
    message.checklist?.title ??
    message.game?.title ??
    (message.dice && `${message.dice.emoji} ${message.dice.value}`)
  );
}

/** A contact card that names its sender tells the sender's own phone. */
export function ownPhone({ contact, from }: WireMessage): string | undefined {
  return contact?.user_id === from.id ? contact.phone_number.slice(0, 40) : undefined;
}

function textOf(message: WireSaid): Pick<InboundContent, "text" | "entities"> {
  const text = message.text ?? message.caption ?? (message.dice && wordsOf(message));
  if (text === undefined || text === "") return {};
  const shown = text.slice(0, 20_000);
  const entities = incomingEntities(shown, message.entities ?? message.caption_entities);
  return { text: shown, ...(entities.length > 0 && { entities }) };
}

/** Telegram names an animation a document as well and a venue a location: the telling one is asked first. */
function attachmentOf(message: WireSaid): InboundAttachment | undefined {
  const largest = (message.photo ?? message.live_photo?.photo)?.at(-1);
  if (largest) return spoilt(message, mediaOf("image", { mime_type: "image/jpeg", ...largest }));
  if (message.animation) return spoilt(message, mediaOf("animation", message.animation));
  if (message.video) return spoilt(message, mediaOf("video", message.video));
  if (message.video_note) return mediaOf("video_note", roundVideo(message.video_note));
  if (message.voice) return mediaOf("voice", message.voice);
  if (message.audio) return mediaOf("audio", message.audio);
  if (message.document) return mediaOf("document", message.document);
  if (message.sticker) return stickerOf(message.sticker);
  return placeOf(message) ?? contactOf(message);
}

function mediaOf(kind: MediaKind, file: Partial<WireFile> & { file_id: string }): InboundAttachment {
  const tooLarge = (file.file_size ?? 0) > downloadLimit;
  const media = {
    state: tooLarge ? ("too_large" as const) : ("pending" as const),
    ...(file.mime_type !== undefined && { mime: file.mime_type }),
    ...(file.file_size !== undefined && { size: file.file_size }),
    ...(file.file_name !== undefined && { fileName: file.file_name.slice(0, 255) }),
    ...(file.width !== undefined && { width: file.width }),
    ...(file.height !== undefined && { height: file.height }),
    ...(file.duration !== undefined &&
      file.duration >= 0 &&
      file.duration < 1e6 && { durationMs: file.duration * 1000 }),
    ...(file.title !== undefined && { title: file.title.slice(0, 255) }),
    ...(file.performer !== undefined && { performer: file.performer.slice(0, 255) }),
  };
  return { kind, media, ...(!tooLarge && { source: { type: "file_id", value: file.file_id } }) };
}

function spoilt(message: WireSaid, attachment: InboundAttachment): InboundAttachment {
  return message.has_media_spoiler && "media" in attachment ? { ...attachment, spoiler: true } : attachment;
}

function roundVideo({ length, ...file }: NonNullable<WireSaid["video_note"]>) {
  return { mime_type: "video/mp4", ...file, ...(length !== undefined && { width: length, height: length }) };
}

/** An animated sticker is a gzipped Lottie file (.tgs) that browsers cannot show: its still picture stands for it. */
function stickerOf(sticker: WireSticker): InboundAttachment {
  const mime = sticker.is_video ? "video/webm" : "image/webp";
  const shown = sticker.is_animated ? sticker.thumbnail : { mime_type: mime, ...sticker };
  const emoji = sticker.emoji === undefined ? {} : { emoji: sticker.emoji.slice(0, 40) };
  if (!shown) return { kind: "sticker", media: { state: "failed" }, ...emoji };
  return { ...mediaOf("sticker", shown), ...emoji };
}

function placeOf({ venue, location }: WireSaid): InboundAttachment | undefined {
  const place = venue?.location ?? location;
  if (!place) return undefined;
  return {
    kind: "location",
    latitude: place.latitude,
    longitude: place.longitude,
    ...(venue && { name: venue.title.slice(0, 255), address: venue.address.slice(0, 500) }),
    ...(place.live_period !== undefined && { live: true }),
  };
}

function contactOf({ contact }: WireSaid): InboundAttachment | undefined {
  if (!contact) return undefined;
  const name = [contact.first_name, contact.last_name].filter(Boolean).join(" ");
  return { kind: "contact", name: name.slice(0, 255), phones: [contact.phone_number.slice(0, 40)] };
}
