/** The files a simulated Telegram keeps, and what it knows of them. */
import { randomBytes } from "node:crypto";
import sharp from "sharp";
import type { PhotoSize } from "grammy/types";

export interface SimFile {
  fileId: string;
  uniqueId: string;
  /** As getFile tells it: `photos/file_3.jpg`. */
  path: string;
  name: string;
  mime: string;
  bytes: Uint8Array;
  /** How long a download of it takes to begin. */
  delayMs: number;
}

export interface NewFile {
  bytes: Uint8Array;
  name?: string;
  mime?: string;
}

export class FileStore {
  private readonly files = new Map<string, SimFile>();

  add(folder: string, { bytes, name, mime }: NewFile): SimFile {
    const extension = name?.split(".").at(-1) ?? "bin";
    const file: SimFile = {
      fileId: randomBytes(32).toString("base64url"),
      uniqueId: randomBytes(9).toString("base64url"),
      path: `${folder}/file_${this.files.size}.${extension}`,
      name: name ?? `file.${extension}`,
      mime: mime ?? mimeOf(extension),
      bytes,
      delayMs: 0,
    };
    this.files.set(file.fileId, file);
    return file;
  }

  /** Telegram sends a photo in several sizes, each a file of its own. Undefined when it is no picture. */
  async addPhoto({ bytes }: NewFile): Promise<PhotoSize[] | undefined> {
    const { width, height } = await sizeOf(bytes);
    if (!width || !height) return undefined;
    const small = await sharp(bytes)
      .resize(90, 90, { fit: "inside" })
      .jpeg()
      .toBuffer({ resolveWithObject: true });
    return [
      photoSize(this.add("thumbnails", { bytes: small.data, name: "thumb.jpg" }), small.info),
      photoSize(this.add("photos", { bytes, name: "photo.jpg" }), { width, height }),
    ];
  }

  get(fileId: string): SimFile | undefined {
    return this.files.get(fileId);
  }

  byPath(path: string): SimFile | undefined {
    return [...this.files.values()].find((file) => file.path === path);
  }
}

/** Width and height of a picture; empty for anything else. */
export async function sizeOf(bytes: Uint8Array): Promise<{ width?: number; height?: number }> {
  try {
    const { width, height } = await sharp(bytes).metadata();
    return { width, height };
  } catch (error) {
    if (error instanceof Error && /unsupported image|corrupt|Input buffer|Input file/i.test(error.message))
      return {};
    throw error;
  }
}

function photoSize(file: SimFile, { width, height }: { width: number; height: number }): PhotoSize {
  return {
    file_id: file.fileId,
    file_unique_id: file.uniqueId,
    width,
    height,
    file_size: file.bytes.byteLength,
  };
}

function mimeOf(extension: string): string {
  return mimes[extension.toLowerCase()] ?? "application/octet-stream";
}

const mimes: Record<string, string> = {
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  gif: "image/gif",
  mp4: "video/mp4",
  webm: "video/webm",
  ogg: "audio/ogg",
  oga: "audio/ogg",
  mp3: "audio/mpeg",
  m4a: "audio/mp4",
  pdf: "application/pdf",
  txt: "text/plain",
  tgs: "application/x-tgsticker",
};
