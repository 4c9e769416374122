/** One-file links for messengers that fetch what they deliver (Viber): signed, and over after an hour. */
import { createHmac } from "node:crypto";
import { acrossWorkspaces, idOf, toObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import type { Hub } from "../core/hub.ts";
import { sameText } from "../core/secrets.ts";
import { FileModel, sendFile, type FileRecord } from "../core/stored-files.ts";

const lifeMs = 3_600_000;

/** An https link to a file; undefined where the hub has no public https address. The name's ending is kept: some ask for it. */
export function publicFileUrl(hub: Hub, file: Pick<FileRecord, "_id" | "name">): string | undefined {
  const { webhookUrl } = hub.config;
  if (!webhookUrl?.startsWith("https:")) return undefined;
  const expires = Math.floor((Date.now() + lifeMs) / 1000);
  const id = idOf(file);
  const ending = /\.[a-z0-9]{1,8}$/i.exec(file.name)?.[0] ?? "";
  return `${webhookUrl}/public/files/${id}.${expires}.${sign(hub, id, expires)}${ending}`;
}

function sign(hub: Hub, id: string, expires: number): string {
  return createHmac("sha256", hub.secrets.derive("public files"))
    .update(`${id}.${expires}`)
    .digest("base64url");
}

/** `GET /public/files/{id}.{expires}.{signature}`; 404 for one that is forged or over: nothing is told of what exists. */
export function addPublicFiles(hub: Hub): void {
  hub.http.app.get("/public/files/:name", async (request, response) => {
    const [, id = "", expires = "", signature = ""] =
      /^([0-9a-f]{24})\.(\d{10})\.([\w-]{43})(?:\.[a-zA-Z0-9]{1,8})?$/.exec(request.params["name"]) ?? [];
    const _id = toObjectId(id);
    const valid =
      _id && Number(expires) * 1000 > Date.now() && sameText(signature, sign(hub, id, Number(expires)));
    const file = valid ? await acrossWorkspaces(FileModel.findOne({ _id })).lean() : null;
    if (!file) throw new AppError("not_found");
    await sendFile(hub.files, file, request, response);
  });
}
