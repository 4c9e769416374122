/** Documents of cards: a price list, a menu. Nothing that runs, and nothing that is something else than its name says. */
import type { Request } from "express";
import type { StaffRecord } from "../core/auth/index.ts";
import { AppError } from "../core/errors.ts";
import type { Hub } from "../core/hub.ts";
import { removeFile, storeFile, type FileRecord } from "../core/stored-files.ts";
import { takeRoom } from "./room.ts";

const maxBytes = 25 * 1024 * 1024;

const zipped = /^application\/(zip|epub\+zip|vnd\.(openxmlformats-officedocument|oasis\.opendocument)\..+)$/;
const older = /^application\/x-cfb$/;
const plain = /^(text\/.+|application\/octet-stream)$/;
/** By the end of the name: what the bytes may say they are. */
const kinds: Record<string, RegExp> = {
  pdf: /^application\/pdf$/,
  ...{ docx: zipped, xlsx: zipped, pptx: zipped, odt: zipped, ods: zipped, odp: zipped, epub: zipped },
  ...{ doc: older, xls: older, ppt: older },
  rtf: /^(application|text)\/rtf$/,
  ...{ txt: plain, csv: plain },
};
export const documentKinds = Object.keys(kinds);

/** The body is the file, its name percent-encoded in `x-file-name`. Throws `file_type_refused`, `too_large`. */
export async function takeFile(hub: Hub, staff: StaffRecord, request: Request): Promise<FileRecord> {
  const name = decodeName(request.get("x-file-name"));
  const kind = kinds[/\.([a-z]{3,4})$/i.exec(name)?.[1]?.toLowerCase() ?? ""];
  if (!kind) throw new AppError("file_type_refused", { kinds: documentKinds });
  const most = Math.min(maxBytes, hub.config.maxUploadBytes);
  const { workspaceId, _id: uploaderId } = staff;
  const file = await storeFile(hub.files, request, most, {
    workspaceId,
    name,
    mime: "application/octet-stream",
    access: "uploader",
    uploaderId,
  });
  if (kind.test(file.mime) && file.size > 0) return takeRoom(hub, file, { access: "workspace" });
  await removeFile(hub.files, file);
  throw new AppError("file_type_refused", { kinds: documentKinds });
}

function decodeName(header: string | undefined): string {
  try {
    return decodeURIComponent(header ?? "");
  } catch {
    throw new AppError("bad_request");
  }
}
