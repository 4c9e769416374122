/** Files: https://developers.facebook.com/docs/messenger-platform/reference/attachment-upload-api */
import { z } from "zod";
import { ConnectorError } from "../contract.ts";
import type { Media, MediaKind, OutboundAttachment, OutboundFile } from "../contract.ts";
import type { Graph } from "../graph.ts";
import type { Platform } from "./platform.ts";

type FileType = "image" | "video" | "audio" | "file";

/** Recorded sounds that phones play; any other is a file on Messenger and nothing at all on Instagram. */
const playable = /^audio\/(mpeg|mp3|mp4|aac|x-m4a|m4a|ogg|wav|x-wav)$/;

/**
 * Gives the attachment of a message. Messenger is handed the bytes; Instagram takes an address wherever the hub has one,
 * since it once knew nothing else for pictures. Uploading twice does no harm.
 */
export async function uploadFor(
  graph: Graph,
  platform: Platform,
  attachment: OutboundAttachment,
  signal: AbortSignal,
): Promise<object> {
  if (!("media" in attachment)) throw unsupported();
  const file = checkFile(platform, attachment);
  const type = typeFor(platform, attachment.kind, file);
  const url = platform.kind === "instagram" ? file.publicUrl() : undefined;
  if (url) return { type, payload: { url } };
  const id = await upload(graph, platform, type, file, signal);
  return platform.kind === "instagram"
    ? { type: "MEDIA_SHARE", payload: { id } }
    : { type, payload: { attachment_id: id } };
}

function checkFile(
  { capabilities: { media } }: Platform,
  { kind, file }: Extract<OutboundAttachment, { media: Media }>,
): OutboundFile {
  const limit = media[kind];
  if (!limit) throw unsupported();
  if (!file) throw new ConnectorError("permanent", "file_missing", "the attachment has no file");
  if (file.size > limit.maxBytes)
    throw new ConnectorError("too_large", "file_too_large", `${limit.maxBytes} bytes may be sent at most`);
  if (limit.mimes && !limit.mimes.includes(bare(file.mime)))
    throw new ConnectorError("unsupported", "format_unsupported", `${bare(file.mime)} is not taken`);
  return file;
}

const types: Partial<Record<MediaKind, FileType>> = {
  image: "image",
  animation: "image",
  video: "video",
  audio: "audio",
  voice: "audio",
};

function typeFor({ kind: platform }: Platform, kind: MediaKind, { mime }: OutboundFile): FileType {
  const type = types[kind] ?? "file";
  if (type !== "audio" || playable.test(bare(mime))) return type;
  if (platform === "facebook") return "file";
  throw new ConnectorError("unsupported", "format_unsupported", `${bare(mime)} is not played`);
}

function bare(mime: string): string {
  return mime.split(";")[0]?.trim() ?? "";
}

async function upload(
  graph: Graph,
  { kind }: Platform,
  type: FileType,
  file: OutboundFile,
  signal: AbortSignal,
): Promise<string> {
  const message = JSON.stringify({ attachment: { type, payload: { is_reusable: true } } });
  const answer = await graph.call("me/message_attachments", {
    method: "POST",
    upload: {
      fields: { message, ...(kind === "instagram" ? { platform: "instagram" } : {}) },
      name: "filedata",
      file,
    },
    signal,
  });
  const { data } = uploaded.safeParse(answer);
  if (data) return data.attachment_id;
  throw new ConnectorError("retry", "platform_error", "message_attachments: no id given");
}

const uploaded = z.object({ attachment_id: z.union([z.string(), z.number().transform(String)]) });

function unsupported(): ConnectorError {
  return new ConnectorError("unsupported", "kind_unsupported", "this kind cannot be sent here");
}
