/**
 * Files that come piece by piece: a cut costs the piece that was on its way, and whoever comes back goes on from what is
 * there. Pieces are uploads that no message takes, so what nobody finished goes with those after a day.
 */
import { z } from "zod";
import type { ObjectId } from "./db.ts";
import { AppError } from "./errors.ts";
import type { FileStore } from "./files.ts";
import { FileModel, removeFile, storeFile, type FileRecord, type NewFile } from "./stored-files.ts";

/** Bytes. Smaller ones may only be a file's last. */
const smallest = 65_536;

/** `x-upload: <32 hex digits> <offset>/<size of the file>` */
export interface Piece {
  /** The sender's own name of the upload, the same for each of its pieces. */
  upload: string;
  at: number;
  size: number;
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
 * many bytes are there: the sender goes on from them. The last piece may come twice.
 */
export async function storePiece(
  files: FileStore,
  bytes: AsyncIterable<Uint8Array>,
  maxBytes: number,
  { uploaderId, workspaceId, ...file }: NewFile & { uploaderId: ObjectId },
  { upload, at, size }: Piece,
): Promise<FileRecord | number> {
  if (size > maxBytes) throw new AppError("too_large", { maxBytes });
  const own = { workspaceId, uploaderId, upload };
  const known = await FileModel.find(own).lean();
  const whole = known.find((one) => one.at === undefined);
  if (whole) return whole;
  const there = inOrder(known);
  const received = endOf(there);
  if (at !== received) return received;
  const stored = await files.put(bytes, size - at);
  const end = at + stored.size;
  if (stored.size === 0 || (end < size && stored.size < smallest)) {
    await files.remove(stored.key);
    throw new AppError("bad_request");
  }
  const added = { ...file, ...own, ...stored, at, mime: "application/octet-stream", createdAt: new Date() };
  const last = (await FileModel.create(added)).toObject();
  if (end < size) return end;
  const made = await storeFile(files, join(files, [...there, last]), maxBytes, { ...file, ...own });
  for (const one of [...known, last]) await removeFile(files, one);
  return made;
}

/** Each begins where the one before it ends; what a repeated request left beside them is passed over. */
function inOrder(known: FileRecord[]): FileRecord[] {
  const there: FileRecord[] = [];
  for (;;) {
    const next = known.find((one) => one.at === endOf(there));
    if (!next) return there;
    there.push(next);
  }
}

function endOf(pieces: FileRecord[]): number {
  return pieces.reduce((sum, one) => sum + one.size, 0);
}

async function* join(files: FileStore, pieces: FileRecord[]): AsyncIterable<Uint8Array> {
  for (const one of pieces) yield* files.open(one.key);
}
