/** Pictures of cards: taken in as they are safe, given out as large as they are shown. */
import type { ResizeOptions } from "sharp";
import type { StaffRecord } from "../core/auth/index.ts";
import { toObjectId, type ObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import type { Hub } from "../core/hub.ts";
import { FileModel, storeFile, type FileAccess, type FileRecord } from "../core/stored-files.ts";
import type { CardContent } from "./blocks/schema.ts";
import { takeRoom } from "./room.ts";

const largest = 1600;
const maxPixels = 60_000_000;
const maxBytes = 20 * 1024 * 1024;

/** Takes a JPEG, PNG, WebP, AVIF or GIF; what it says of place and camera is left behind. Throws `bad_image`, `too_large`. */
export const takePicture = (hub: Hub, staff: StaffRecord, bytes: AsyncIterable<Uint8Array>) =>
  storePicture(hub, staff, bytes, { access: "workspace" });

/** One that is only looked at so far: a day later it is gone, unless `keepPictures` has taken it. */
export const holdPicture = (hub: Hub, staff: StaffRecord, bytes: AsyncIterable<Uint8Array>) =>
  storePicture(hub, staff, bytes, { access: "uploader", uploaderId: staff._id });

/** What a person holds himself and a card shows from now on is the workspace's. */
export async function keepPictures(
  staff: StaffRecord,
  content: CardContent,
  former?: CardContent,
): Promise<void> {
  const { workspaceId, _id: uploaderId } = staff;
  const known = new Set(former && photosOf(former));
  const added = photosOf(content).filter((id) => !known.has(id));
  const _id = { $in: added.flatMap((id) => toObjectId(id) ?? []) };
  if (_id.$in.length === 0) return;
  await FileModel.updateMany(
    { workspaceId, _id, access: "uploader", uploaderId, mime: "image/webp" },
    { $set: { access: "workspace" }, $unset: { uploaderId: 1 } },
  );
}

const photosOf = ({ blocks }: CardContent): string[] =>
  blocks.flatMap((block) => (block.type === "person" && block.photo) || []);

async function storePicture(
  hub: Hub,
  staff: StaffRecord,
  bytes: AsyncIterable<Uint8Array>,
  access: FileAccess,
): Promise<FileRecord> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new AppError("too_large");
    chunks.push(chunk);
  }
  const picture = await toWebp(Buffer.concat(chunks), {
    width: largest,
    height: largest,
    fit: "inside",
    withoutEnlargement: true,
  });
  const file = await storeFile(hub.files, streamOf(picture), maxBytes, {
    workspaceId: staff.workspaceId,
    name: "picture.webp",
    mime: "image/webp",
    access: "uploader",
    uploaderId: staff._id,
  });
  return takeRoom(hub, file, access);
}

/** SVG and what can run is no picture here: only formats of pixels are read. */
async function toWebp(bytes: Buffer, size: ResizeOptions, quality = 82): Promise<Buffer> {
  const { default: sharp } = await import("sharp");
  try {
    const image = sharp(bytes, { limitInputPixels: maxPixels });
    const { format } = await image.metadata();
    if (!["jpeg", "png", "webp", "heif", "gif"].includes(format)) throw new AppError("bad_image");
    return await image.rotate().resize(size).webp({ quality }).toBuffer();
  } catch (error) {
    throw error instanceof AppError ? error : new AppError("bad_image", undefined, error);
  }
}

/** For what reads no WebP: address books, PDFs. What shines through stands on white. */
export async function toJpeg(picture: Buffer): Promise<Buffer> {
  const { default: sharp } = await import("sharp");
  return sharp(picture).flatten({ background: "#fff" }).jpeg({ quality: 78 }).toBuffer();
}

// eslint-disable-next-line @typescript-eslint/require-await -- an async iterable is what the file store takes
async function* streamOf(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** By the letter in its address: avatar, backdrop, link, gallery, wide. Twice as large as they are shown. */
const sizes: Record<string, ResizeOptions> = {
  a: { width: 336, height: 392, fit: "cover" },
  l: { width: 304, height: 152, fit: "cover" },
  g: { width: 640, height: 640, fit: "cover" },
  w: { width: 860, height: 430, fit: "cover" },
  b: { width: 900, height: 1600, fit: "inside", withoutEnlargement: true },
};

/** Of a photo behind everything, in bytes, before it is made coarser. */
const heaviest = 60_000;

/** The last pictures given out: they are asked for again and again. */
export class PictureShelf {
  readonly #hub: Hub;
  readonly #kept = new Map<string, Promise<Buffer>>();

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  /** `not_found` for a size that is none. Whether the file may be seen is decided before. */
  async get(workspaceId: ObjectId, fileId: string, size: string): Promise<Buffer> {
    const options = sizes[size];
    if (!options) throw new AppError("not_found");
    const key = `${workspaceId.toHexString()} ${fileId} ${size}`;
    const known = this.#kept.get(key);
    if (known) return known;
    const made = this.#make(workspaceId, fileId, options);
    this.#kept.set(key, made);
    made.catch(() => this.#kept.delete(key)); // whoever asked is told
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > 400 && oldest !== undefined) this.#kept.delete(oldest);
    return made;
  }

  async #make(workspaceId: ObjectId, fileId: string, options: ResizeOptions): Promise<Buffer> {
    const _id = toObjectId(fileId);
    const file = _id && (await FileModel.findOne({ workspaceId, _id, access: "workspace" }).lean());
    if (!file) throw new AppError("not_found");
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.#hub.files.open(file.key)) chunks.push(chunk);
    const whole = Buffer.concat(chunks);
    const made = await toWebp(whole, options, 76);
    // what lies behind everything is under a veil: it may be coarser, and nobody waits for it
    return options === sizes["b"] && made.byteLength > heaviest ? toWebp(whole, options, 45) : made;
  }
}
