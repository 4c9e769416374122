/**
 * Files that come piece by piece: a cut costs the piece that was on its way, and whoever comes back goes on from what is
 * there. Pieces are uploads that no message takes, so what nobody finished goes with those after a day.
 */
import { z } from "zod";
import type { ObjectId } from "./db.ts";
import { AppError, isDuplicate } from "./errors.ts";
import type { FileStore } from "./files.ts";
import { FileModel, removeFile, storeFile, type FileRecord, type NewFile } from "./stored-files.ts";

/** Bytes. Smaller ones may only be a file's last. */
const smallest = 65_536;
/** As the panel cuts files. */
const largest = 524_288;

/** `x-upload: <32 hex digits> <offset>/<size of the file>` */
export interface Piece {
  /** The sender's own name of the upload, the same for each of its pieces. */
  upload: string;
  at: number;
  size: number;
}

/** What all that belongs to one upload has in common. */
interface Own {
  workspaceId: ObjectId;
  uploaderId: ObjectId;
  upload: string;
}

const header = /^([\da-f]{32}) (\d{1,15})\/(\d{1,15})$/;
const piece = z
  .string()
  .regex(header)
  .transform((text): Piece => {
    const [, upload = "", at, size] = header.exec(text) ?? [];
    return { upload, at: Number(at), size: Number(size) };
  });

/** Undefined for a file that comes whole. Throws `bad_request` for what is neither. */
export function readPiece(value: string | undefined): Piece | undefined {
  if (value === undefined) return undefined;
  const { data } = piece.safeParse(value);
  if (!data) throw new AppError("bad_request");
  return data;
}

/**
 * Stores a piece that begins where the stored ones end, and ignores any other. Gives the file when it is whole, else how
 * many bytes are there: the sender goes on from them. Any piece may come twice, at the same time too; where all are there
 * and the file was not made of them yet, whatever comes makes it.
 */
export async function storePiece(
  files: FileStore,
  bytes: AsyncIterable<Uint8Array>,
  maxBytes: number,
  { uploaderId, workspaceId, ...file }: NewFile & { uploaderId: ObjectId },
  { upload, at, size }: Piece,
): Promise<FileRecord | number> {
  if (size === 0) throw new AppError("file_empty");
  if (size > maxBytes) throw new AppError("too_large", { maxBytes });
  const own = { workspaceId, uploaderId, upload };
  const before = await findStored(own);
  if (before.whole) return before.whole;
  if (at < size && at === before.received) await add(files, bytes, { ...file, ...own }, { at, size });
  const { whole, pieces, received } = await findStored(own);
  if (whole ?? received < size) return whole ?? received;
  return makeWhole(files, pieces, maxBytes, { ...file, ...own });
}

/** One upload: its file, or the pieces of it, each beginning where the one before it ends. */
async function findStored(own: Own): Promise<{ whole?: FileRecord; pieces: FileRecord[]; received: number }> {
  const known = await FileModel.find(own).lean();
  const whole = known.find((one) => one.at === undefined);
  const pieces: FileRecord[] = [];
  let received = 0;
  for (;;) {
    const next = known.find((one) => one.at === received);
    if (!next) return { ...(whole ? { whole } : {}), pieces, received };
    pieces.push(next);
    received += next.size;
  }
}

async function add(
  files: FileStore,
  bytes: AsyncIterable<Uint8Array>,
  file: NewFile & Own,
  { at, size }: { at: number; size: number },
): Promise<void> {
  const stored = await files.put(bytes, Math.min(size - at, largest));
  try {
    if (stored.size === 0 || (at + stored.size < size && stored.size < smallest))
      throw new AppError("bad_request");
    await FileModel.create({
      ...file,
      ...stored,
      at,
      mime: "application/octet-stream",
      createdAt: new Date(),
    });
  } catch (error) {
    await files.remove(stored.key);
    if (!isDuplicate(error)) throw error; // the same piece came in another request as well
  }
}

/** May be done again, and twice at the same time: the first is the file, and its pieces go when it is there. */
async function makeWhole(
  files: FileStore,
  pieces: FileRecord[],
  maxBytes: number,
  file: NewFile & Own,
): Promise<FileRecord> {
  const { workspaceId, uploaderId, upload } = file;
  try {
    const made = await storeFile(files, join(files, pieces), maxBytes, file);
    for (const one of pieces) await removeFile(files, one);
    return made;
  } catch (error) {
    const { whole } = await findStored({ workspaceId, uploaderId, upload });
    if (!whole) throw error;
    return whole;
  }
}

async function* join(files: FileStore, pieces: FileRecord[]): AsyncIterable<Uint8Array> {
  for (const one of pieces) yield* files.open(one.key);
}
