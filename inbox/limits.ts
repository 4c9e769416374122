/** What a channel takes, checked before anything is stored: a text is refused and never split. */
import type { Capabilities, Content } from "../connectors/contract.ts";
import { AppError } from "../core/errors.ts";
import { accessFile, FileModel, shareFile, type FileRecord } from "../core/stored-files.ts";
import { idOf, toObjectId } from "../core/db.ts";
import type { StaffRecord } from "../core/auth/index.ts";

/** Throws `text_too_long`, `file_too_large` or `unsupported_by_channel` with what the channel allows. */
export function checkLimits(capabilities: Capabilities, content: Content): void {
  const attachments = content.attachments ?? [];
  const hasMedia = attachments.some((attachment) => "media" in attachment);
  const max = hasMedia ? capabilities.text.caption : capabilities.text.max;
  const length = measure(content.text ?? "", capabilities.text.unit);
  if (length > max) throw new AppError("text_too_long", { max, length });
  if (content.buttons?.length && !capabilities.outbound.buttons)
    throw new AppError("unsupported_by_channel", { what: "buttons" });
  if (attachments.length > (capabilities.attachments ?? 10))
    throw new AppError("unsupported_by_channel", { what: "album" });
  for (const attachment of attachments) checkAttachment(capabilities, attachment);
}

function checkAttachment(
  capabilities: Capabilities,
  attachment: NonNullable<Content["attachments"]>[number],
): void {
  const { kind } = attachment;
  if (kind === "location" || kind === "contact") {
    if (!capabilities.outbound[kind]) throw new AppError("unsupported_by_channel", { what: kind });
    return;
  }
  const limit = capabilities.media[kind];
  if (!limit) throw new AppError("unsupported_by_channel", { what: kind });
  if ((attachment.media.size ?? 0) > limit.maxBytes)
    throw new AppError("file_too_large", { maxBytes: limit.maxBytes, kind });
}

export function measure(text: string, unit: "utf16" | "bytes"): number {
  return unit === "bytes" ? Buffer.byteLength(text) : text.length;
}

/**
 * Replaces what the writer says of the files by what is stored of them, and gives the files to the channel. Only own
 * uploads, and files that the writer may read already, can be sent.
 */
export async function takeFiles(
  staff: StaffRecord,
  channelId: FileRecord["channelId"],
  content: Content,
): Promise<Content> {
  const attachments = await Promise.all(
    (content.attachments ?? []).map((attachment) => takeFile(staff, channelId, attachment)),
  );
  return attachments.length > 0 ? { ...content, attachments } : content;
}

async function takeFile(
  staff: StaffRecord,
  channelId: FileRecord["channelId"],
  attachment: NonNullable<Content["attachments"]>[number],
): Promise<NonNullable<Content["attachments"]>[number]> {
  if (!("media" in attachment)) return attachment;
  const _id = toObjectId(attachment.media.fileId ?? "");
  const file = _id && (await FileModel.findOne({ workspaceId: staff.workspaceId, _id }).lean());
  const own = file?.access === "uploader" && file.uploaderId?.equals(staff._id);
  const same = file?.access === "channel" && channelId && file.channelId?.equals(channelId);
  if (!file || (!own && !same)) throw new AppError("not_found", { fileId: attachment.media.fileId ?? "" });
  const { width, height, durationMs } = attachment.media;
  const measured =
    file.width && file.height
      ? { width: file.width, height: file.height }
      : { ...(width ? { width } : {}), ...(height ? { height } : {}) };
  return {
    ...attachment,
    media: {
      state: "stored",
      fileId: idOf(file),
      mime: file.mime,
      size: file.size,
      fileName: file.name,
      ...measured,
      ...(durationMs === undefined ? {} : { durationMs }),
    },
  };
}

/** Files of one channel for a message of another: records of their own, which begin as the writer's uploads. */
export async function takeCopies(
  staff: StaffRecord,
  channelId: FileRecord["channelId"],
  content: Content,
): Promise<Content> {
  const taken = await takeFiles(staff, channelId, content);
  if (!taken.attachments) return taken;
  const attachments = await Promise.all(
    taken.attachments.map(async (attachment) => {
      if (!("media" in attachment)) return attachment;
      const file = await accessFile(staff, attachment.media.fileId ?? "");
      const copy = await shareFile(file, { access: "uploader", uploaderId: staff._id });
      return { ...attachment, media: { ...attachment.media, fileId: idOf(copy) } };
    }),
  );
  return { ...taken, attachments };
}

/** The files of a stored message belong to its channel from now on: whoever may use the channel may read them. */
export async function giveFiles(
  staff: StaffRecord,
  channelId: FileRecord["channelId"],
  content: Content,
): Promise<void> {
  const ids = (content.attachments ?? []).flatMap((attachment) =>
    "media" in attachment && attachment.media.fileId ? [toObjectId(attachment.media.fileId)] : [],
  );
  const known = ids.filter((id) => id !== undefined);
  if (known.length === 0 || !channelId) return;
  await FileModel.updateMany(
    { workspaceId: staff.workspaceId, _id: { $in: known }, access: "uploader" },
    { $set: { access: "channel", channelId }, $unset: { uploaderId: 1 } },
  );
}
