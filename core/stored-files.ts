/** Records of stored files: whose they are, who may read them, how they are served. */
import { fileTypeFromBuffer } from "file-type";
import { model, Schema } from "mongoose";
import type { Request, Response } from "express";
import { pipeline } from "node:stream/promises";
import { mayUseChannel, type StaffRecord } from "./auth/index.ts";
import { anyText, idOf, toObjectId, type ObjectId } from "./db.ts";
import { AppError } from "./errors.ts";
import type { FileStore } from "./files.ts";

/** `workspace`: everybody in it (photos); `channel`: who may use the channel; `uploader`: until a message takes it. */
export interface FileRecord {
  _id: ObjectId;
  workspaceId: ObjectId;
  key: string;
  name: string;
  mime: string;
  size: number;
  sha256: string;
  width?: number;
  height?: number;
  access: "workspace" | "channel" | "uploader";
  channelId?: ObjectId;
  uploaderId?: ObjectId;
  /** What its sender calls the upload, where it came in pieces (core/file-pieces.ts). */
  upload?: string;
  /** A piece: its place in the file. */
  at?: number;
  createdAt: Date;
}
const schema = new Schema<FileRecord>(
  {
    workspaceId: { type: Schema.Types.ObjectId, required: true },
    key: { type: String, required: true },
    name: { type: String, required: true },
    mime: { type: String, required: true },
    size: { type: Number, required: true },
    sha256: { type: String, required: true },
    width: Number,
    height: Number,
    access: { type: String, required: true },
    channelId: Schema.Types.ObjectId,
    uploaderId: Schema.Types.ObjectId,
    upload: String,
    at: Number,
    createdAt: { type: Date, required: true },
  },
  { versionKey: false },
);
schema.index({ access: 1, createdAt: 1 }, { partialFilterExpression: { access: "uploader" } });
schema.index({ workspaceId: 1, key: 1 });
schema.index(
  { workspaceId: 1, uploaderId: 1, upload: 1, at: 1 },
  { unique: true, partialFilterExpression: { upload: anyText } },
);
export const FileModel = model<FileRecord>("file", schema);

export type FileAccess = Pick<FileRecord, "access" | "channelId" | "uploaderId">;
export interface NewFile extends FileAccess {
  workspaceId: ObjectId;
  name: string;
  /** What the sender says it is; the bytes decide where they can tell. */
  mime?: string | undefined;
  upload?: string;
}

/** Stores bytes and their record, or neither. Throws `too_large` above `maxBytes`. */
export async function storeFile(
  files: FileStore,
  bytes: AsyncIterable<Uint8Array>,
  maxBytes: number,
  file: NewFile,
): Promise<FileRecord> {
  const head = new HeadOf(bytes, 4100);
  const stored = await files.put(head, maxBytes);
  try {
    const mime = await detectMime(head.bytes(), file.mime);
    const size = mime.startsWith("image/") ? await measureImage(files, stored.key, stored.size) : undefined;
    const name = safeName(file.name);
    const record = await FileModel.create({ ...file, ...stored, ...size, mime, name, createdAt: new Date() });
    return record.toObject();
  } catch (error) {
    await files.remove(stored.key);
    throw error;
  }
}

/** What a person sends: as {@link storeFile}, but `file_empty` for a file without a byte, which no messenger takes. */
export async function storeUploaded(...given: Parameters<typeof storeFile>): Promise<FileRecord> {
  const stored = await storeFile(...given);
  if (stored.size > 0) return stored;
  await removeFile(given[0], stored);
  throw new AppError("file_empty");
}

/** A second record of the same bytes, with rights of its own. */
export async function shareFile(file: FileRecord, access: FileAccess): Promise<FileRecord> {
  const { _id, access: _former, channelId: _channel, uploaderId: _uploader, upload: _upload, ...same } = file;
  const record = await FileModel.create({ ...same, ...access, createdAt: new Date() });
  return record.toObject();
}

/** Removes a record, and the bytes with the last record of them. One that somebody has taken since it was read stays. */
export async function removeFile(files: FileStore, file: FileRecord): Promise<void> {
  const { workspaceId, _id, key, access } = file;
  await FileModel.deleteOne({ workspaceId, _id, access });
  if (!(await FileModel.exists({ workspaceId, key }))) await files.remove(key);
}

/** A file that the person may read, or `not_found`. */
export async function accessFile(staff: StaffRecord, id: string): Promise<FileRecord> {
  const _id = toObjectId(id);
  const file = _id && (await FileModel.findOne({ workspaceId: staff.workspaceId, _id }).lean());
  if (!file || !mayRead(staff, file)) throw new AppError("not_found");
  return file;
}

function mayRead(staff: StaffRecord, file: FileRecord): boolean {
  if (file.access === "workspace") return true;
  if (file.access === "channel") return file.channelId !== undefined && mayUseChannel(staff, file.channelId);
  return file.uploaderId?.equals(staff._id) ?? false;
}

const inlineTypes =
  /^(image\/(jpeg|png|gif|webp|avif|bmp)|audio\/[\w.+-]+|video\/(mp4|webm|quicktime|ogg|3gpp))$/;

/** Shown in the page only where the type cannot run anything; everything else downloads. */
export function isInline(mime: string): boolean {
  return inlineTypes.test(mime);
}

/** Sends a file, or the range asked for, in headers that let no content run. */
export async function sendFile(
  files: FileStore,
  file: FileRecord,
  request: Request,
  response: Response,
): Promise<void> {
  const inline = isInline(file.mime) && request.query["download"] === undefined;
  const range = parseRange(request.headers.range, file.size);
  response.set({
    "content-type": isInline(file.mime) ? file.mime : "application/octet-stream",
    "content-disposition": `${inline ? "inline" : "attachment"}; filename*=UTF-8''${encodeURIComponent(file.name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)}`,
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
    "accept-ranges": "bytes",
    "cache-control": "private, max-age=3600",
    etag: `"${file.sha256}"`,
  });
  if (request.headers["if-none-match"] === `"${file.sha256}"`) return void response.status(304).end();
  if (range === "unsatisfiable")
    return void response.status(416).set("content-range", `bytes */${file.size}`).end();
  if (range) response.status(206).set("content-range", `bytes ${range.start}-${range.end}/${file.size}`);
  response.set("content-length", String(range ? range.end - range.start + 1 : file.size));
  if (request.method === "HEAD") return void response.end();
  await pipeline(files.open(file.key, range), response).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  });
}

function parseRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | "unsatisfiable" | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (!match || (match[1] === "" && match[2] === "")) return undefined;
  const start = match[1] === "" ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const end = match[1] === "" || match[2] === "" ? size - 1 : Math.min(Number(match[2]), size - 1);
  return start > end || start >= size ? "unsatisfiable" : { start, end };
}

/** The last part of whatever path was sent, without control characters, at most 200 characters. */
export function safeName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? "";

  const clean = last.replace(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, "").trim();
  return [...clean].slice(0, 200).join("").replace(/^\.+$/, "") || "file";
}

const textual = /^(text\/|application\/(json|xml|xhtml|javascript)|image\/svg)/;

async function detectMime(head: Uint8Array, declared: string | undefined): Promise<string> {
  const found = await fileTypeFromBuffer(head);
  const claim = declared?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (found) return sameContainer(found.mime, claim) ? claim : found.mime;
  return textual.test(claim) || claim === ""
    ? claim || "application/octet-stream"
    : claim.replace(/^(image|audio|video)\/.*/, "application/octet-stream");
}

/** WebM and MP4 hold sound as well as pictures: there the sender's word says which. */
function sameContainer(found: string, claim: string): boolean {
  const [, kind] = found.split("/");
  return ["webm", "mp4", "ogg", "x-m4a"].includes(kind ?? "") && claim === `audio/${kind}`;
}

async function measureImage(
  files: FileStore,
  key: string,
  size: number,
): Promise<{ width?: number; height?: number }> {
  if (size > 30 * 1024 * 1024) return {};
  const { default: sharp } = await import("sharp");
  const chunks: Uint8Array[] = [];
  for await (const chunk of files.open(key)) chunks.push(chunk);
  try {
    const { width, height, orientation } = await sharp(Buffer.concat(chunks), {
      limitInputPixels: 100_000_000,
    }).metadata();
    const turned = (orientation ?? 1) >= 5;
    return width && height ? { width: turned ? height : width, height: turned ? width : height } : {};
  } catch {
    return {}; // a picture that cannot be read is a file like any other
  }
}

/** A square WebP of a photo, or `bad_image`. Metadata (place, camera) is left behind. */
export async function toAvatar(bytes: Buffer): Promise<Buffer> {
  const { default: sharp } = await import("sharp");
  try {
    return await sharp(bytes, { limitInputPixels: 100_000_000 })
      .rotate()
      .resize(256, 256, { fit: "cover" })
      .webp({ quality: 84 })
      .toBuffer();
  } catch (error) {
    throw new AppError("bad_image", undefined, error);
  }
}

export interface FileView {
  id: string;
  name: string;
  mime: string;
  size: number;
  width?: number;
  height?: number;
  inline: boolean;
}
export function describeFile(file: FileRecord): FileView {
  const { name, mime, size, width, height } = file;
  return {
    id: idOf(file),
    name,
    mime,
    size,
    ...(width && height ? { width, height } : {}),
    inline: isInline(mime),
  };
}

/** Passes bytes on and remembers how they begin. */
class HeadOf implements AsyncIterable<Uint8Array> {
  readonly #source: AsyncIterable<Uint8Array>;
  readonly #length: number;
  readonly #parts: Uint8Array[] = [];

  constructor(source: AsyncIterable<Uint8Array>, length: number) {
    this.#source = source;
    this.#length = length;
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    let kept = 0;
    for await (const chunk of this.#source) {
      if (kept < this.#length) this.#parts.push(chunk.subarray(0, this.#length - kept));
      kept += chunk.byteLength;
      yield chunk;
    }
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#parts);
  }
}
