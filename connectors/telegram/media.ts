/** Files of every kind: https://core.telegram.org/bots/api#sending-files */
import { InputFile } from "grammy";
import type { RawApi } from "grammy";
import type { Message } from "grammy/types";
import { ConnectorError } from "../contract.ts";
import type { Media, MediaKind, OutboundAttachment, OutboundFile } from "../contract.ts";
import { stickerLimit, uploadLimit } from "./capabilities.ts";
import { collect } from "./download.ts";
import { outgoingEntities } from "./entities.ts";
import { checkCaption, checkUpload, fitsAsPhoto } from "./limits.ts";
import { remuxToOgg } from "../remux.ts";
import { refuseText } from "./send.ts";
import type { SendCommand, Target } from "./send.ts";

export type OutboundMedia = Extract<OutboundAttachment, { media: Media }>;
type Sent = Pick<Message, "message_id" | "date">;

/** The kind as which Telegram takes a file, and the file it takes. */
interface Parcel {
  kind: MediaKind;
  file: InputFile;
}

export async function sendMedia(
  api: RawApi,
  target: Target,
  attachment: OutboundMedia,
  command: SendCommand,
): Promise<Sent> {
  if (captionless.has(attachment.kind)) refuseText(command.content);
  checkCaption(command.content.text ?? "");
  const parcel = await pack(attachment);
  try {
    return await dispatch(api, target, parcel, attachment, command);
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.code !== "not_a_photo") throw error;
    const asDocument = { kind: "document" as const, file: inputFile(fileOf(attachment)) };
    return dispatch(api, target, asDocument, attachment, command);
  }
}

const captionless = new Set<MediaKind>(["sticker", "video_note"]);

export function fileOf({ file }: OutboundMedia): OutboundFile {
  if (file) return file;
  throw new ConnectorError("permanent", "file_missing", "the attachment has no file");
}

export function inputFile(file: OutboundFile): InputFile {
  return new InputFile(() => file.open(), file.name);
}

/** Whether a file goes as the kind that was asked for, or as the nearest one that Telegram takes. */
export function kindFor(attachment: OutboundMedia): MediaKind {
  const file = fileOf(attachment);
  checkUpload(file, attachment.kind === "sticker" ? stickerLimit : uploadLimit);
  if (attachment.kind !== "image") return attachment.kind;
  if (file.mime === "image/gif") return "animation";
  return fitsAsPhoto(file, attachment.media) ? "image" : "document";
}

async function pack(attachment: OutboundMedia): Promise<Parcel> {
  const kind = kindFor(attachment);
  const file = fileOf(attachment);
  return kind === "voice" ? packVoice(file) : { kind, file: inputFile(file) };
}

/**
 * Telegram shows a voice message for Ogg/Opus, MP3 and M4A alone. Recordings of browsers are put into Ogg; one whose
 * sound is not Opus goes as an M4A voice when it is an MP4 (AAC), and otherwise as an ordinary file.
 */
async function packVoice(file: OutboundFile): Promise<Parcel> {
  const type = file.mime.split(";")[0] ?? "";
  if (voiceMimes.has(type)) return { kind: "voice", file: inputFile(file) };
  const bytes = await readAll(file);
  const ogg = await remuxToOgg(bytes);
  if (ogg) return { kind: "voice", file: new InputFile(ogg, renamed(file.name, "ogg")) };
  if (type.endsWith("/mp4")) return { kind: "voice", file: new InputFile(bytes, renamed(file.name, "m4a")) };
  return { kind: "document", file: new InputFile(bytes, file.name) };
}

async function readAll(file: OutboundFile): Promise<Uint8Array> {
  try {
    return await collect(file.open(), uploadLimit);
  } catch (error) {
    if (error instanceof ConnectorError) throw error;
    throw new ConnectorError("retry", "file_missing", "the attachment could not be read", { cause: error });
  }
}

const voiceMimes = new Set(["audio/ogg", "application/ogg", "audio/mpeg", "audio/x-m4a", "audio/m4a"]);

function renamed(name: string, extension: string): string {
  return `${name.replace(/\.[^.]*$/, "") || "voice"}.${extension}`;
}

function dispatch(
  api: RawApi,
  target: Target,
  { kind, file }: Parcel,
  { media, spoiler, emoji }: OutboundMedia,
  { content }: SendCommand,
): Promise<Sent> {
  const captioned = { ...target, ...captionOf(content.text, content.entities) };
  const hidden = spoiler ? { has_spoiler: true } : {};
  const timed = durationOf(media);
  const framed = { ...timed, ...sidesOf(media) };
  switch (kind) {
    case "image":
      return api.sendPhoto({ ...captioned, ...hidden, photo: file });
    case "video":
      return api.sendVideo({ ...captioned, ...hidden, ...framed, supports_streaming: true, video: file });
    case "animation":
      return api.sendAnimation({ ...captioned, ...hidden, ...framed, animation: file });
    case "audio":
      return api.sendAudio({ ...captioned, ...timed, ...trackOf(media), audio: file });
    case "voice":
      return api.sendVoice({ ...captioned, ...timed, voice: file });
    case "video_note":
      return api.sendVideoNote({ ...target, ...timed, video_note: file });
    case "sticker":
      return api.sendSticker({ ...target, ...(emoji !== undefined && { emoji }), sticker: file });
    case "document":
      return api.sendDocument({ ...captioned, document: file });
  }
}

export function captionOf(text: string | undefined, entities: Parameters<typeof outgoingEntities>[0]) {
  return text ? { caption: text, caption_entities: outgoingEntities(entities) } : {};
}

export function durationOf({ durationMs }: Media): { duration?: number } {
  return durationMs === undefined ? {} : { duration: Math.round(durationMs / 1000) };
}

export function sidesOf({ width, height }: Media): { width?: number; height?: number } {
  return width === undefined || height === undefined ? {} : { width, height };
}

export function trackOf({ title, performer }: Media): { title?: string; performer?: string } {
  return { ...(title !== undefined && { title }), ...(performer !== undefined && { performer }) };
}
