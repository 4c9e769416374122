/** Files between visitors and agents: uploads of visitors, and the links under which they read what is theirs. */
import type { Request, Response } from "express";
import { acrossWorkspaces, toObjectId, type ObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import type { Hub } from "../core/hub.ts";
import { sameText } from "../core/secrets.ts";
import { storePiece, type Piece } from "../core/file-pieces.ts";
import { FileModel, sendFile, storeUploaded, type FileRecord } from "../core/stored-files.ts";
import { maxFileBytes } from "./connector.ts";
import type { WidgetRecord } from "./models/index.ts";

const linkSeconds = 600;

/** A link of ten minutes at least, relative to the hub; the same within each ten, so that browsers may keep the file. */
export function fileLink(hub: Hub, fileId: string): string {
  const expires = (Math.floor(Date.now() / 1000 / linkSeconds) + 2) * linkSeconds;
  return `/widget/files/${fileId}?e=${expires}&s=${signFile(hub, fileId, expires)}`;
}

function signFile(hub: Hub, fileId: string, expires: number): string {
  return hub.secrets.derive(`widget file ${fileId} ${expires}`).slice(0, 22);
}

/** `GET /widget/files/:id`: 404 unless the link was made by this hub and is still good. */
export async function serveFile(hub: Hub, request: Request, response: Response): Promise<void> {
  const id = String(request.params["id"]);
  const { e = "", s = "" } = request.query as Record<string, string>;
  const expires = Number(e);
  const good = /^\d{1,12}$/.test(e) && sameText(s, signFile(hub, id, expires)) && expires > Date.now() / 1000;
  const _id = good ? toObjectId(id) : undefined;
  const file = _id && (await acrossWorkspaces(FileModel.findOne({ _id })).lean());
  if (!file) throw new AppError("not_found");
  response.set("cross-origin-resource-policy", "cross-origin");
  response.set("access-control-allow-origin", "*");
  await sendFile(hub.files, file, request, response);
}

const programs =
  /\.(exe|msi|msix|bat|cmd|com|scr|pif|cpl|dll|sys|lnk|hta|js|jse|vbs|vbe|wsf|wsh|ps1|psm1|jar|apk|app|dmg|pkg|deb|rpm|sh|bash|command|reg|chm|iso|img|vhd)$/i;
const programTypes =
  /x-msdownload|x-msi|x-elf|x-mach-binary|x-dosexec|java-archive|vnd\.android\.package|x-sh\b|x-bat/;

/** A visitor's upload, or how much of it there is. It is nobody's until a message takes it, and goes after a day. */
export async function storeUpload(
  hub: Hub,
  widget: WidgetRecord,
  visitorId: ObjectId,
  bytes: AsyncIterable<Uint8Array>,
  { name, mime, piece }: { name: string; mime: string | undefined; piece: Piece | undefined },
): Promise<FileRecord | number> {
  if (programs.test(name.trim())) throw new AppError("file_type_refused");
  const { workspaceId } = widget;
  const most = Math.min(maxFileBytes, hub.config.maxUploadBytes);
  const about = { workspaceId, name, mime, access: "uploader" as const, uploaderId: visitorId };
  const file = piece
    ? await storePiece(hub.files, bytes, most, about, piece)
    : await storeUploaded(hub.files, bytes, most, about);
  if (typeof file === "number" || !programTypes.test(file.mime)) return file;
  await hub.files.remove(file.key);
  await FileModel.deleteOne({ workspaceId: file.workspaceId, _id: file._id });
  throw new AppError("file_type_refused");
}

/** The files become the channel's: whoever may answer it may read them. Only the visitor's own can be sent. */
export async function takeUploads(
  widget: WidgetRecord,
  visitorId: ObjectId,
  ids: string[],
): Promise<FileRecord[]> {
  const { workspaceId, _id: channelId } = widget;
  const known = ids.flatMap((id) => toObjectId(id) ?? []);
  const own = { workspaceId, _id: { $in: known }, uploaderId: visitorId, at: { $exists: false } };
  const files = await FileModel.find(own).lean();
  if (files.length !== ids.length) throw new AppError("not_found");
  await FileModel.updateMany(own, { $set: { access: "channel", channelId } });
  return ids.flatMap((id) => files.find((file) => file._id.toHexString() === id) ?? []);
}
