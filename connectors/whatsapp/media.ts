/** Files there and back: https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media */
import { z } from "zod";
import { ConnectorError } from "../contract.ts";
import type { Media, MediaDownload, MediaSource, OutboundAttachment, OutboundFile } from "../contract.ts";
import type { Graph } from "../graph.ts";
import { remuxToOgg } from "../remux.ts";
import { documentLimit, imageLimit, pictures, soundLimit, stickerLimit, videos } from "./capabilities.ts";
import type { Line } from "./send.ts";

export type OutboundMedia = Extract<OutboundAttachment, { media: Media }>;
type Kind = "image" | "video" | "audio" | "document" | "sticker";

/** A file as the platform has it now, and the kind as which it takes it. */
export interface Parcel {
  kind: Kind;
  id: string;
  name: string;
  voice: boolean;
}

export function isMedia(attachment: OutboundAttachment): attachment is OutboundMedia {
  return "media" in attachment;
}

const uploaded = z.object({ id: z.string() });

/** Uploads a file. One that WhatsApp does not show as its kind goes as a document, unless it has to be that kind. */
export async function packMedia(
  line: Line,
  attachment: OutboundMedia,
  signal: AbortSignal,
  { exactly = false } = {},
): Promise<Parcel> {
  const { file } = attachment;
  if (!file) throw new ConnectorError("permanent", "file_missing", "the attachment has no file");
  const { kind, voice, sent } =
    attachment.kind === "voice" ? await packVoice(file) : pack(attachment.kind, file);
  if (exactly && kind !== attachment.kind)
    throw new ConnectorError("unsupported", "header_refused", `the file does not go as ${attachment.kind}`);
  const given = await line.graph.call(`${line.phoneNumberId}/media`, {
    method: "POST",
    signal,
    upload: { fields: { messaging_product: "whatsapp", type: sent.mime }, name: "file", file: sent },
  });
  const id = uploaded.safeParse(given).data?.id;
  if (id === undefined) throw new ConnectorError("retry", "platform_error", "media: no id in the answer");
  return { kind, id, name: file.name, voice };
}

type Packed = { kind: Kind; voice: boolean; sent: Omit<OutboundFile, "publicUrl"> };

function pack(wanted: OutboundMedia["kind"], file: OutboundFile): Packed {
  const mime = file.mime.split(";")[0] ?? file.mime;
  const rule = shown[wanted];
  if (wanted === "sticker" && !(rule?.mimes.has(mime) && file.size <= rule.maxBytes))
    throw new ConnectorError(
      "unsupported",
      "sticker_refused",
      "stickers are WebP pictures of 500 KB at most",
    );
  if (file.size > documentLimit)
    throw new ConnectorError("too_large", "file_too_large", `${documentLimit} bytes may be sent at most`);
  const fits = rule && rule.mimes.has(mime) && file.size <= rule.maxBytes;
  return { kind: fits ? rule.kind : "document", voice: false, sent: { ...file, mime } };
}

const shown: Partial<Record<OutboundMedia["kind"], { kind: Kind; maxBytes: number; mimes: Set<string> }>> = {
  image: { kind: "image", maxBytes: imageLimit, mimes: new Set(pictures) },
  video: { kind: "video", maxBytes: soundLimit, mimes: new Set(videos) },
  audio: {
    kind: "audio",
    maxBytes: soundLimit,
    mimes: new Set(["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"]),
  },
  sticker: { kind: "sticker", maxBytes: stickerLimit, mimes: new Set(["image/webp"]) },
};

/** Only Ogg/Opus is shown as a voice message: what browsers record is put into that container. */
async function packVoice(file: OutboundFile): Promise<Packed> {
  if (file.size > soundLimit)
    throw new ConnectorError("too_large", "file_too_large", `${soundLimit} bytes may be sent at most`);
  if (/^(audio|application)\/ogg/.test(file.mime))
    return { kind: "audio", voice: true, sent: { ...file, mime: "audio/ogg" } };
  const bytes = await readAll(file);
  const ogg = await remuxToOgg(bytes);
  if (ogg) return { kind: "audio", voice: true, sent: inMemory(ogg, renamed(file.name, "ogg"), "audio/ogg") };
  return pack("audio", { ...file, mime: file.mime.replace("audio/x-m4a", "audio/mp4") });
}

async function readAll(file: OutboundFile): Promise<Uint8Array> {
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of file.open()) chunks.push(chunk);
    return Buffer.concat(chunks);
  } catch (error) {
    throw new ConnectorError("retry", "file_missing", "the attachment could not be read", { cause: error });
  }
}

function inMemory(bytes: Uint8Array, name: string, mime: string): Packed["sent"] {
  async function* open(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(bytes);
  }
  return { name, mime, size: bytes.byteLength, open };
}

function renamed(name: string, extension: string): string {
  return `${name.replace(/\.[^.]*$/, "") || "voice"}.${extension}`;
}

// ---- back ---------------------------------------------------------------------------------------------------------

const described = z.object({
  url: z.url(),
  mime_type: z.string().optional(),
  file_size: z.coerce.number().optional(),
});

/** The link to a file lives five minutes, so each download asks for a new one. */
export async function openMedia(
  graph: Graph,
  source: MediaSource,
  signal: AbortSignal,
): Promise<MediaDownload> {
  if (source.type !== "media_id")
    throw new ConnectorError(
      "permanent",
      "file_unavailable",
      `a source of type ${source.type} is not WhatsApp's`,
    );
  const facts = await describe(graph, source.value, signal);
  if ((facts.file_size ?? 0) > documentLimit)
    throw new ConnectorError("too_large", "file_too_large", "WhatsApp gives files up to 100 MB");
  const response = await graph.download(facts.url, signal);
  const mime = facts.mime_type ?? response.headers.get("content-type") ?? undefined;
  return {
    body: bodyOf(response),
    ...(mime !== undefined && { mime: mime.split(";")[0] ?? mime }),
    ...(facts.file_size !== undefined && { size: facts.file_size }),
  };
}

/** An id that is unknown, or older than seven days, is answered with a wrong parameter. */
async function describe(graph: Graph, id: string, signal: AbortSignal): Promise<z.infer<typeof described>> {
  try {
    return described.parse(await graph.call(id, { signal }));
  } catch (error) {
    if (error instanceof ConnectorError && error.class !== "permanent") throw error;
    throw new ConnectorError("permanent", "file_unavailable", "media: the file is no longer there");
  }
}

async function* bodyOf(response: Response): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of response.body ?? []) yield chunk;
  } catch (error) {
    throw new ConnectorError("retry", "network", "download: the connection broke", { cause: error });
  }
}
