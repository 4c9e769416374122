/**
 * Pages of other people's sites, read because somebody named their addresses. Nothing of this machine or of its network is
 * ever opened: each address, and each that a site sends on to, is looked up once and connected to as it was found.
 */
import { BADNAME, NODATA, NOTFOUND, Resolver } from "node:dns/promises";
import { request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP } from "node:net";
import { pipeline, type Readable } from "node:stream";
import { createBrotliDecompress, createGunzip } from "node:zlib";
import { AppError } from "./errors.ts";
import { isOfInternet } from "./reach.ts";

export interface Place {
  address: string;
  port: number;
}

/** Where a host may be opened; empty where it may not, or is nowhere. */
export type Reach = (hostname: string, port: number) => Promise<Place[]>;

export interface Asked {
  /** For `accept`. */
  accept: string;
  /** Types of bodies that are read. */
  types: RegExp;
  /** Of the body, packed and unpacked. */
  maxBytes: number;
  /** For all of it: looking up, redirects, the body. */
  timeoutMs: number;
}

export interface OutsidePage {
  /** Where it was in the end. */
  url: string;
  bytes: Buffer;
}

export interface Outside {
  /**
   * Throws `page_unreachable`, whose `reason` is `nowhere` (no server of the internet on a usual port),
   * `unknown` (the DNS does not answer), `silent`, `slow`,
   * `around` (too many redirects), `status` (with the `status`), `kind` or `large`.
   */
  read(address: string, asked: Asked): Promise<OutsidePage>;
  /** What the site answers, without its body. Throws `page_unreachable` where it does not. */
  knock(address: string, timeoutMs: number): Promise<{ url: string; status: number }>;
}

/** Others than those of the web are nobody's page. */
export const usualPorts: ReadonlySet<number> = new Set([80, 443, 8080, 8443]);
const mostRedirects = 5;
/** Of the addresses of a host. */
const mostTries = 2;
const agent = "Mozilla/5.0 (compatible; Switchboard)";

export type UnreachableReason =
  "nowhere" | "unknown" | "silent" | "slow" | "around" | "status" | "kind" | "large";

const unreachable = (reason: UnreachableReason, more?: object, cause?: unknown): AppError =>
  new AppError("page_unreachable", { reason, ...more }, cause);

/**
 * By DNS alone, of the machine (as it is set up now) or of `dnsServer`: names that only this machine knows are none of the
 * internet. Throws `page_unreachable` with `unknown` where the DNS itself does not answer.
 */
export function reachInternet(dnsServer?: string): Reach {
  return async (hostname, port) => {
    if (!usualPorts.has(port)) return [];
    const found = isIP(hostname) ? [hostname] : await addressesOf(hostname, dnsServer);
    return found.every(isOfInternet) ? found.map((address) => ({ address, port })) : [];
  };
}

/** Both families in turn, so that a machine which has one of them alone comes to it at the second try. */
async function addressesOf(hostname: string, dnsServer: string | undefined): Promise<string[]> {
  const resolver = new Resolver({ timeout: 2500, tries: 2 });
  if (dnsServer) resolver.setServers([dnsServer]);
  const [four, six] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  const found = [four, six].map((one) => (one.status === "fulfilled" ? one.value : []));
  const [older = [], newer = []] = found;
  const addresses = Array.from({ length: Math.max(older.length, newer.length) }).flatMap((_, at) =>
    [older[at], newer[at]].filter((address) => address !== undefined),
  );
  const fault = [four, six].find((one) => one.status === "rejected" && !isNowhere(one.reason));
  if (addresses.length === 0 && fault?.status === "rejected")
    throw unreachable("unknown", undefined, fault.reason);
  return addresses;
}

const nowhereCodes = new Set<unknown>([NOTFOUND, NODATA, BADNAME]);
/** The DNS has answered that there is no such name, or none of that family. */
const isNowhere = (reason: unknown): boolean =>
  reason instanceof Error && "code" in reason && nowhereCodes.has(reason.code);

/** `ca`: whose certificates are trusted instead of the usual ones. */
export function createOutside(reach: Reach, ca?: string): Outside {
  async function open(address: string, accept: string, signal: AbortSignal): Promise<[URL, IncomingMessage]> {
    let url = siteOf(address);
    for (let hops = 0; hops <= mostRedirects; hops++) {
      const response = await firstAnswer(url, accept, signal);
      const { location } = response.headers;
      if (location === undefined || ![301, 302, 303, 307, 308].includes(response.statusCode ?? 0))
        return [url, response];
      response.destroy();
      url = siteOf(location, url);
    }
    throw unreachable("around");
  }

  async function firstAnswer(url: URL, accept: string, signal: AbortSignal): Promise<IncomingMessage> {
    const secure = url.protocol === "https:";
    const hostname = url.hostname.replace(/^\[|\]$/g, "");
    const port = Number(url.port || (secure ? 443 : 80));
    const places = await unlessAborted(reach(hostname, port), signal);
    let fault: unknown;
    for (const place of places.slice(0, mostTries)) {
      try {
        return await answerOf(url, hostname, place, accept, signal);
      } catch (error) {
        fault = error;
        if (signal.aborted) break;
      }
    }
    throw places.length === 0 ? unreachable("nowhere") : fault;
  }

  function answerOf(
    url: URL,
    hostname: string,
    { address, port }: Place,
    accept: string,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const options = {
        host: address,
        port,
        path: url.pathname + url.search,
        agent: false,
        signal,
        headers: { host: url.host, "user-agent": agent, accept, "accept-encoding": "gzip, br" },
      } as const;
      const sent =
        url.protocol === "https:"
          ? requestHttps({ ...options, servername: isIP(hostname) ? "" : hostname, ...(ca ? { ca } : {}) })
          : requestHttp(options);
      // what breaks in the body is told to whoever reads it
      sent.once("response", (response) => resolve(response.on("error", () => undefined)));
      sent.on("error", reject).end();
    });
  }

  return {
    read: (address, { accept, types, maxBytes, timeoutMs }) =>
      within(timeoutMs, async (signal) => {
        const [url, response] = await open(address, accept, signal);
        const status = response.statusCode ?? 0;
        try {
          if (status < 200 || status > 299) throw unreachable("status", { status });
          if (!types.test(response.headers["content-type"] ?? "")) throw unreachable("kind");
          return { url: url.href, bytes: await bodyOf(response, maxBytes) };
        } finally {
          response.destroy();
        }
      }),
    knock: (address, timeoutMs) =>
      within(timeoutMs, async (signal) => {
        const [url, response] = await open(address, "*/*", signal);
        response.destroy();
        return { url: url.href, status: response.statusCode ?? 0 };
      }),
  };
}

function siteOf(address: string, from?: URL): URL {
  if (address.length > 2000 || !URL.canParse(address, from)) throw unreachable("nowhere");
  const url = new URL(address, from);
  const isSite = /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
  if (!isSite) throw unreachable("nowhere");
  return url;
}

async function within<T>(timeoutMs: number, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    return await act(signal);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw unreachable(signal.aborted ? "slow" : "silent", undefined, error);
  }
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** Counts what comes and what comes out: neither what a server says of its size nor how it was packed is believed. */
async function bodyOf(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(response.headers["content-length"] ?? 0) > maxBytes) throw unreachable("large");
  const unpacked = unpackedOf(response, maxBytes);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of unpacked as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes) throw unreachable("large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function unpackedOf(response: IncomingMessage, maxBytes: number): Readable {
  const encoding = (response.headers["content-encoding"] ?? "identity").trim().toLowerCase();
  if (encoding === "identity") return response;
  if (!["gzip", "x-gzip", "br"].includes(encoding)) throw unreachable("kind");
  const decoder = encoding === "br" ? createBrotliDecompress() : createGunzip();
  // whatever goes wrong comes out of the decoder, which is what is read
  pipeline(
    response,
    (chunks: AsyncIterable<Uint8Array>) => counted(chunks, maxBytes),
    decoder,
    () => undefined,
  );
  return decoder;
}

async function* counted(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.byteLength;
    if (size > maxBytes) throw unreachable("large");
    yield chunk;
  }
}
