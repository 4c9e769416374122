/** How much the pictures and documents of all cards of a workspace may take, so that nobody fills the disk. */
import type { ObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import type { Hub } from "../core/hub.ts";
import { FileModel, removeFile, type FileAccess, type FileRecord } from "../core/stored-files.ts";
import { CardFileModel, CardModel } from "./models/index.ts";
import { ThemeModel } from "./models/themes.ts";

/** More than a hundred cards show; each costs a file on the disk and a record beside its bytes. */
export const mostFiles = 2000;
/** An editor that is open may still take back what it removed. */
const keptUnusedMs = 7 * 86_400_000;

/**
 * Counts a file that was stored as its uploader's, and gives it its `access`; or removes it and throws `too_large`. Until it
 * is counted it is an upload that nobody used: after a stop in between it is swept, and takes no room for good.
 */
export async function takeRoom(hub: Hub, file: FileRecord, access: FileAccess): Promise<FileRecord> {
  const { workspaceId, _id } = file;
  try {
    await count(hub, file);
    const { uploaderId, ...wider } = access;
    const change = uploaderId ? { $set: access } : { $set: wider, $unset: { uploaderId: 1 } };
    return await FileModel.findOneAndUpdate({ workspaceId, _id }, change, { returnDocument: "after" })
      .orFail()
      .lean();
  } catch (error) {
    await removeFile(hub.files, file);
    if (!(await FileModel.exists({ workspaceId, _id })))
      await CardFileModel.deleteOne({ workspaceId, fileId: _id });
    throw error;
  }
}

/**
 * Where there is no room, what no card shows any more is removed first. It is counted before it is looked: of files that
 * come at once none passes unseen.
 */
async function count(hub: Hub, { workspaceId, _id: fileId, size }: FileRecord): Promise<void> {
  await CardFileModel.create({ workspaceId, fileId, size, createdAt: new Date() });
  if (await hasRoom(hub, workspaceId)) return;
  await removeUnused(hub, workspaceId);
  if (await hasRoom(hub, workspaceId)) return;
  throw new AppError("too_large", { cardFilesBytes: hub.config.cardFilesBytes, cardFiles: mostFiles });
}

async function hasRoom({ config }: Hub, workspaceId: ObjectId): Promise<boolean> {
  const [taken] = await CardFileModel.aggregate<{ bytes: number; files: number }>([
    { $match: { workspaceId } },
    { $group: { _id: null, bytes: { $sum: "$size" }, files: { $sum: 1 } } },
  ]);
  return !taken || (taken.bytes <= config.cardFilesBytes && taken.files <= mostFiles);
}

async function removeUnused(hub: Hub, workspaceId: ObjectId): Promise<void> {
  const createdAt = { $lt: new Date(Date.now() - keptUnusedMs) };
  const old = await CardFileModel.find({ workspaceId, createdAt }).lean();
  if (old.length === 0) return;
  const [cards, themes] = await Promise.all([
    CardModel.find({ workspaceId, removedAt: null }, { draft: 1, published: 1 }).lean(),
    ThemeModel.find({ workspaceId }, { design: 1 }).lean(),
  ]);
  const used = new Set(JSON.stringify([cards, themes]).match(/[0-9a-f]{24}/g));
  for (const { _id, fileId } of old.filter((one) => !used.has(one.fileId.toHexString()))) {
    const file = await FileModel.findOne({ workspaceId, _id: fileId }).lean();
    if (file) await removeFile(hub.files, file);
    await CardFileModel.deleteOne({ workspaceId, _id });
  }
}
