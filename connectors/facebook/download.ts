/** Files of messages and pictures of people: addresses that Meta gives, which are not taken on trust. */
import { z } from "zod";
import { ConnectorError } from "../contract.ts";
import type { ConnectorHost, MediaDownload, MediaSource, PeerAlias, PeerProfile } from "../contract.ts";
import type { Graph } from "../graph.ts";

type DownloadHost = Pick<ConnectorHost, "fetch" | "apiRoot">;

const hosts = /(^|\.)(fbcdn\.net|fbsbx\.com|cdninstagram\.com|facebook\.com|instagram\.com)$/;
const redirects = 3;

/** Streams a file. The token is never sent along: these addresses carry their own proof. */
export async function openFile(
  host: DownloadHost,
  source: MediaSource,
  signal: AbortSignal,
  limit: number,
): Promise<MediaDownload> {
  const response = await follow(host, source.type === "url" ? source.value : "", signal);
  const size = Number(response.headers.get("content-length") ?? Number.NaN);
  if (size > limit) {
    await response.body?.cancel();
    throw tooLarge();
  }
  const mime = response.headers.get("content-type")?.split(";")[0];
  return {
    body: limited(response, limit),
    ...(Number.isFinite(size) ? { size } : {}),
    ...(mime && mime !== "application/octet-stream" ? { mime } : {}),
  };
}

/** https://developers.facebook.com/docs/messenger-platform/identity/user-profile */
export async function fetchProfile(graph: Graph, peer: PeerAlias, signal: AbortSignal): Promise<PeerProfile> {
  const fields = peer.scheme === "instagram_igsid" ? "name,username,profile_pic" : "name,profile_pic";
  const { data } = profile.safeParse(await graph.call(peer.value, { query: { fields }, signal }));
  const { name, username, profile_pic: picture } = data ?? {};
  return {
    ...(name ? { name: name.slice(0, 255) } : {}),
    ...(username ? { username } : {}),
    ...(picture ? { avatar: { type: "url", value: picture } } : {}),
  };
}

const profile = z.object({
  name: z.string().optional(),
  username: z.string().optional(),
  profile_pic: z.string().optional(),
});

/** Every step of a redirect is looked at like the first. */
async function follow(host: DownloadHost, address: string, signal: AbortSignal): Promise<Response> {
  let url = checked(host, address);
  for (let step = 0; step <= redirects; step += 1) {
    const response = await host.fetch(url, { signal, redirect: "manual" }).catch(() => {
      throw new ConnectorError("retry", "network", "download: no answer");
    });
    if (response.ok && response.body) return response;
    await response.body?.cancel();
    const next = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || !next) throw refusedFile(response.status);
    url = checked(host, next, url);
  }
  throw refusedFile(310);
}

function checked({ apiRoot }: DownloadHost, address: string, base?: URL): URL {
  if (!URL.canParse(address, base)) throw notOurs();
  const url = new URL(address, base);
  const ownServer = apiRoot !== undefined && url.origin === new URL(apiRoot).origin;
  if (!ownServer && (url.protocol !== "https:" || !hosts.test(url.hostname))) throw notOurs();
  return url;
}

function refusedFile(status: number): ConnectorError {
  const message = `download: HTTP ${status}`;
  if (status === 429 || status >= 500) return new ConnectorError("retry", "platform_error", message);
  return new ConnectorError("permanent", "file_unavailable", message);
}

function notOurs(): ConnectorError {
  return new ConnectorError("permanent", "file_unavailable", "not an address of Meta's");
}

async function* limited(response: Response, limit: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength;
      if (size > limit) throw tooLarge();
      yield chunk;
    }
  } catch (error) {
    if (error instanceof ConnectorError) throw error;
    throw new ConnectorError("retry", "network", "download: broken off");
  }
}

function tooLarge(): ConnectorError {
  return new ConnectorError(
    "too_large",
    "file_too_large",
    "the file is larger than the platform's own limit",
  );
}
