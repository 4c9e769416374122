// Files on their way into a message: each with its progress, a way to cancel and to try again.
import { reactive, type Reactive } from "vue";
import { ApiError } from "../../../ui/api.ts";
import { formatBytes } from "../../../ui/format.ts";
import { translate } from "../../../ui/i18n.ts";
import { problemOfCode } from "../../../ui/problem.ts";
import { inboxApi } from "../store/inbox-api.ts";
import type { Attachment, Capabilities, MediaAttachment, MediaKind, StoredFile } from "../types.ts";

export interface Upload {
  id: number;
  name: string;
  size: number;
  sent: number;
  kind: MediaKind;
  state: "sending" | "done" | "failed";
  error?: string | undefined;
  /** The same file would be refused again. */
  final: boolean;
  previewUrl?: string | undefined;
  attachment?: MediaAttachment | undefined;
  cancel: () => void;
  retry: () => void;
}

let lastId = 0;

/** Begins to upload a file; one that the channel would refuse fails before a byte is sent. */
export function startUpload(
  file: File,
  limits: Capabilities["media"] | undefined,
  durationMs?: number,
  as?: MediaKind,
): Reactive<Upload> {
  const kind = as ?? kindFor(file, limits);
  const upload = reactive<Upload>({
    id: ++lastId,
    name: file.name,
    size: file.size,
    sent: 0,
    kind,
    state: "sending",
    final: false,
    cancel: () => undefined,
    retry: begin,
    ...(file.type.startsWith("image/") ? { previewUrl: URL.createObjectURL(file) } : {}),
  });
  begin();
  return upload;

  function begin(): void {
    const problem = problemOf(file, limits, kind);
    if (problem) Object.assign(upload, { state: "failed", final: true, error: problem });
    else void run(upload, file, durationMs);
  }
}

/** A file uploaded before, as a draft holds it. */
export function storedUpload(attachment: MediaAttachment): Reactive<Upload> {
  const { fileName = "", size = 0 } = attachment.media;
  const nothing = () => undefined;
  return reactive<Upload>({
    id: ++lastId,
    name: fileName,
    size,
    sent: size,
    kind: attachment.kind,
    state: "done",
    final: false,
    attachment,
    cancel: nothing,
    retry: nothing,
  });
}

/** Its preview is shown no more: until this the browser keeps the whole picture in memory. */
export function letGo(upload: Upload): void {
  if (upload.previewUrl) URL.revokeObjectURL(upload.previewUrl);
  upload.previewUrl = undefined;
}

/** Messages that the files make: pictures go together where the channel has albums, all of them into one letter, everything else one by one. */
export function groupUploads(uploads: Upload[], most = 10, letter = false): Attachment[][] {
  const groups: Attachment[][] = [];
  let album: Attachment[] | undefined;
  for (const { attachment } of uploads) {
    if (!attachment) continue;
    const pictured = letter || attachment.kind === "image" || attachment.kind === "video";
    if (pictured && album && album.length < most) album.push(attachment);
    else groups.push([attachment]);
    album = pictured ? groups.at(-1) : undefined;
  }
  return groups;
}

/** The kind a file is sent as: the nearest one that the channel takes. */
export function kindFor(file: Pick<File, "type">, limits: Capabilities["media"] | undefined): MediaKind {
  const wanted = kindByType(file.type);
  const limit = limits?.[wanted];
  const taken = !limits || (limit !== undefined && (!limit.mimes || limit.mimes.includes(file.type)));
  return taken ? wanted : "document";
}

function kindByType(type: string): MediaKind {
  if (type === "image/gif") return "animation";
  if (/^image\/(jpeg|png|webp)$/.test(type)) return "image";
  if (type.startsWith("video/")) return "video";
  return type.startsWith("audio/") ? "audio" : "document";
}

async function run(upload: Upload, file: File, durationMs: number | undefined): Promise<void> {
  const control = new AbortController();
  Object.assign(upload, { state: "sending", error: undefined, sent: 0, cancel: () => control.abort() });
  try {
    const stored = await inboxApi.upload(file, file.name, {
      signal: control.signal,
      onProgress: (sent) => (upload.sent = sent),
    });
    upload.attachment = { kind: upload.kind, media: mediaOf(stored, durationMs) };
    upload.state = "done";
  } catch (error) {
    if (control.signal.aborted) return;
    Object.assign(upload, { state: "failed", ...refusalOf(error) });
  }
}

function refusalOf(error: unknown): Pick<Upload, "error" | "final"> {
  const { code = "", details } = error instanceof ApiError ? error : {};
  if (code === "file_empty") return { error: problemOfCode(code), final: true };
  if (code === "too_large") return { error: tooLarge(details), final: true };
  return { error: code === "network" ? problemOfCode(code) : translate("ui.upload.failed"), final: false };
}

/** The hub names its bound; a proxy before it does not. */
function tooLarge(details: unknown): string {
  const named =
    details && typeof details === "object" && "maxBytes" in details ? details.maxBytes : undefined;
  return typeof named === "number" ? tooLargeFor(named) : problemOfCode("too_large");
}

const tooLargeFor = (maxBytes: number) =>
  translate("reply.composer.tooLarge", { limit: formatBytes(maxBytes) });

/** Why neither the hub nor the channel takes the file as this kind. */
function problemOf(
  file: File,
  limits: Capabilities["media"] | undefined,
  kind: MediaKind,
): string | undefined {
  if (file.size === 0) return problemOfCode("file_empty");
  const limit = limits?.[kind];
  if (!limits) return undefined;
  if (!limit || (limit.mimes && !limit.mimes.includes(file.type.split(";")[0] ?? "")))
    return translate("reply.notTaken");
  return file.size > limit.maxBytes ? tooLargeFor(limit.maxBytes) : undefined;
}

function mediaOf(stored: StoredFile, durationMs: number | undefined): MediaAttachment["media"] {
  return {
    state: "stored",
    fileId: stored.id,
    fileName: stored.name,
    mime: stored.mime,
    size: stored.size,
    ...(stored.width && stored.height ? { width: stored.width, height: stored.height } : {}),
    ...(durationMs === undefined ? {} : { durationMs }),
  };
}
