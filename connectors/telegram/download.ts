/** Files and avatars from Telegram: https://core.telegram.org/bots/api#getfile */
import type { RawApi } from "grammy";
import { ConnectorError } from "../contract.ts";
import type { MediaDownload, MediaSource, PeerAlias, PeerProfile } from "../contract.ts";
import { downloadLimit } from "./capabilities.ts";
import { broken, refused } from "./errors.ts";
import { fileUrl } from "./transport.ts";
import type { TelegramHost } from "./transport.ts";

/** Streams a file. Links live an hour, so each download asks for a new one. */
export async function openFile(
  api: RawApi,
  token: string,
  host: TelegramHost,
  fileId: string,
  signal: AbortSignal,
): Promise<MediaDownload> {
  const file = await api.getFile({ file_id: fileId });
  if ((file.file_size ?? 0) > downloadLimit) throw tooLarge();
  if (file.file_path === undefined)
    throw new ConnectorError("permanent", "file_unavailable", "getFile: no path given");
  const response = await request(fileUrl(token, host, file.file_path), host, signal);
  const mime = response.headers.get("content-type");
  const size = file.file_size ?? Number(response.headers.get("content-length") ?? Number.NaN);
  return {
    body: limited(response),
    fileName: file.file_path.split("/").at(-1) ?? file.file_path,
    ...(Number.isFinite(size) && { size }),
    ...(mime && mime !== "application/octet-stream" && { mime }),
  };
}

/** The person's newest picture; Telegram shows it only when their privacy settings let bots see it. */
export async function fetchProfile(api: RawApi, peer: PeerAlias): Promise<PeerProfile> {
  const { photos } = await api.getUserProfilePhotos({ user_id: Number(peer.value), limit: 1 });
  const photo = photos[0]?.at(-1);
  return photo ? { avatar: { type: "file_id", value: photo.file_id } } : {};
}

export function fileIdOf(source: MediaSource): string {
  if (source.type === "file_id") return source.value;
  throw new ConnectorError(
    "permanent",
    "file_unavailable",
    `a source of type ${source.type} is not Telegram's`,
  );
}

/** All bytes of a body that is expected to be small. */
export async function collect(body: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function request(url: string, host: TelegramHost, signal: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await host.fetch(url, { signal, redirect: "error" });
  } catch (error) {
    throw broken("download", error, true);
  }
  if (response.ok) return response;
  await response.body?.cancel();
  if (response.status === 404)
    throw new ConnectorError("permanent", "file_unavailable", "download: HTTP 404");
  throw refused("download", { error_code: response.status, description: `HTTP ${response.status}` });
}

async function* limited(response: Response): AsyncGenerator<Uint8Array> {
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength;
      if (size > downloadLimit) throw tooLarge();
      yield chunk;
    }
  } catch (error) {
    throw error instanceof ConnectorError ? error : broken("download", error, true);
  }
}

function tooLarge(): ConnectorError {
  return new ConnectorError("too_large", "file_too_large", "Telegram gives bots files up to 20 MB");
}
