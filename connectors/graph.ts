/**
 * Meta's Graph API, as WhatsApp Cloud and the Messenger Platform share it: calls, their failures, the signature of
 * webhooks and the handshake before them. Not a connector.
 * https://developers.facebook.com/docs/graph-api/overview, …/webhooks/getting-started
 */
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { Readable } from "node:stream";
import { z } from "zod";
import { ConnectorError } from "./contract.ts";
import type { ConnectorHost, OutboundFile, WebhookReply, WebhookRequest } from "./contract.ts";

const version = "v24.0";
const callTimeoutMs = 20_000;
const uploadTimeoutMs = 180_000;

export type GraphHost = Pick<ConnectorHost, "fetch" | "apiRoot" | "signal">;

/** An answer with `error`: https://developers.facebook.com/docs/graph-api/guides/error-handling */
const graphError = z.object({
  error: z.object({
    message: z.string().default(""),
    type: z.string().optional(),
    code: z.number().default(0),
    error_subcode: z.number().optional(),
    is_transient: z.boolean().optional(),
    error_data: z.object({ details: z.string().optional() }).optional().catch(undefined),
  }),
});
export type GraphRefusal = z.infer<typeof graphError>["error"];

export interface GraphCall {
  method?: "GET" | "POST" | "DELETE";
  query?: Record<string, string>;
  json?: object;
  /** A form with one file, streamed. */
  upload?: { fields: Record<string, string>; name: string; file: Omit<OutboundFile, "publicUrl"> };
  signal?: AbortSignal;
  /** Doing it twice is not the same as once: an answer that never came is `unknown`. */
  sends?: boolean;
}

/** What a platform's own codes mean; undefined where it has no opinion and the general rules decide. */
export type Classify = (refusal: GraphRefusal, status: number) => ConnectorError | undefined;

export interface Graph {
  /** Calls `/{path}`; throws ConnectorError alone. The answer is not checked. */
  call(path: string, call?: GraphCall): Promise<unknown>;
  /** Opens a file behind the token. */
  download(url: string, signal: AbortSignal): Promise<Response>;
}

/** The API for one token. The token travels in a header and stands in no message. */
export function createGraph(token: string, host: GraphHost, classify: Classify = () => undefined): Graph {
  const root = (host.apiRoot ?? "https://graph.facebook.com").replace(/\/+$/, "");
  const headers = { authorization: `Bearer ${token}` };
  return {
    async call(path, { method = "GET", query = {}, json, upload, signal, sends = false } = {}) {
      const url = new URL(`${root}/${version}/${path}`);
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
      const init: RequestInit = {
        method,
        redirect: "error",
        signal: AbortSignal.any([
          signal ?? host.signal,
          AbortSignal.timeout(upload ? uploadTimeoutMs : callTimeoutMs),
        ]),
        headers: json ? { ...headers, "content-type": "application/json" } : headers,
        ...(json && { body: JSON.stringify(json) }),
        ...(upload && formOf(upload, headers)),
      };
      const what = path.split("/").at(-1) ?? path;
      const response = await host.fetch(url, init).catch((error: unknown) => {
        throw broken(what, error, sends);
      });
      const answer = await readJson(response).catch((error: unknown) => {
        throw broken(what, error, sends);
      });
      if (response.ok && answer !== undefined && !graphError.safeParse(answer).success) return answer;
      throw refused(what, response, answer, sends, classify);
    },
    async download(url, signal) {
      const response = await host
        .fetch(url, { headers, signal, redirect: "follow" })
        .catch((error: unknown) => {
          throw broken("download", error, false);
        });
      if (response.ok && response.body) return response;
      await response.body?.cancel();
      throw response.status === 404 || response.status === 410
        ? new ConnectorError("permanent", "file_unavailable", `download: HTTP ${response.status}`)
        : new ConnectorError("retry", "platform_error", `download: HTTP ${response.status}`);
    },
  };
}

/** A form whose length is known beforehand: Meta's servers take no chunked uploads. */
function formOf({ fields, name, file }: NonNullable<GraphCall["upload"]>, headers: Record<string, string>) {
  const boundary = randomUUID();
  const part = (disposition: string): string =>
    `--${boundary}\r\nContent-Disposition: form-data; ${disposition}`;
  const plain = Object.entries(fields).map(([key, value]) => `${part(`name="${key}"`)}\r\n\r\n${value}\r\n`);
  const fileName = file.name.replaceAll('"', "%22").replace(/[\r\n]/g, " ");
  const fileHead = `${part(`name="${name}"; filename="${fileName}"`)}\r\nContent-Type: ${file.mime}\r\n\r\n`;
  const head = Buffer.from(plain.join("") + fileHead);
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  async function* body(): AsyncGenerator<Uint8Array> {
    yield head;
    yield* file.open();
    yield tail;
  }
  return {
    body: z.instanceof(ReadableStream).parse(Readable.toWeb(Readable.from(body(), { objectMode: false }))),
    duplex: "half",
    headers: {
      ...headers,
      "content-type": `multipart/form-data; boundary=${boundary}`,
      "content-length": String(head.byteLength + file.size + tail.byteLength),
    },
  };
}

/** Gateways in between answer with HTML: their status is all there is to know. */
async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const beforeRequest =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_TLS|CERT_|DEPTH_ZERO)/;

/** When the request certainly never arrived it may be tried again; otherwise a send may have been carried out. */
function broken(what: string, cause: unknown, sends: boolean): ConnectorError {
  const code = causeCode(cause);
  const arrived = !beforeRequest.test(code);
  return new ConnectorError(
    sends && arrived ? "unknown" : "retry",
    "network",
    `${what}: no answer (${code})`,
  );
}

function causeCode(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const inner = error.cause;
  if ("code" in error && typeof error.code === "string") return error.code;
  return inner instanceof Error ? causeCode(inner) : error.name;
}

/** Codes that mean the same on every product of Meta's. */
function refused(
  what: string,
  response: Response,
  answer: unknown,
  sends: boolean,
  classify: Classify,
): ConnectorError {
  const parsed = graphError.safeParse(answer);
  const { status } = response;
  if (!parsed.success)
    return new ConnectorError(sends ? "unknown" : "retry", "platform_error", `${what}: HTTP ${status}`);
  const { error } = parsed.data;
  const known = classify(error, status);
  if (known) return known;
  const message = `${what}: ${error.code}${error.error_subcode ? `/${error.error_subcode}` : ""} ${error.message}`;
  const { code } = error;
  if (code === 190 || code === 102) return new ConnectorError("auth", "token_invalid", message);
  if (code === 10 || (code >= 200 && code < 300))
    return new ConnectorError("auth", "permission_missing", message);
  if (code === 4 || code === 17 || code === 32 || code === 613 || code === 80007 || status === 429)
    return new ConnectorError("throttled", "throttled", message, {
      scope: "account",
      retryAfterMs: retryAfter(response),
    });
  if (code === 1 || code === 2 || error.is_transient || status >= 500)
    return new ConnectorError(sends && status >= 500 ? "unknown" : "retry", "platform_error", message);
  return new ConnectorError("permanent", "bad_request", message);
}

function retryAfter(response: Response): number {
  const seconds = Number(response.headers.get("retry-after"));
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 30_000;
}

/** `X-Hub-Signature-256`: HMAC-SHA256 of the raw body under the app secret. Without a secret nothing is proven. */
export function verifySignature({ headers, body }: WebhookRequest, appSecret: string | undefined): boolean {
  const given = /^sha256=([0-9a-f]{64})$/i.exec(headers["x-hub-signature-256"] ?? "")?.[1];
  if (!given || !appSecret) return false;
  const expected = createHmac("sha256", appSecret).update(body).digest();
  return timingSafeEqual(Buffer.from(given, "hex"), expected);
}

/** Meta asks whether the address is ours before it delivers: the word must be the one that was pasted there. */
export function answerHandshake({ query, secret }: WebhookRequest): WebhookReply | undefined {
  const challenge = query["hub.challenge"];
  const given = Buffer.from(query["hub.verify_token"] ?? "");
  const expected = Buffer.from(secret);
  const same = given.length === expected.length && expected.length > 0 && timingSafeEqual(given, expected);
  if (query["hub.mode"] !== "subscribe" || !same || !challenge || !/^[\w.-]{1,200}$/.test(challenge))
    return undefined;
  return { status: 200, contentType: "text/plain", body: challenge };
}

/** The app that a token was made for, and whether the app secret is its own: proven by a token of the app. */
export async function checkApp(
  graph: Graph,
  host: GraphHost,
  token: string,
  appSecret: string,
): Promise<{ appId: string; scopes: string[]; expiresAt?: Date }> {
  const app = z.object({ id: z.string() }).safeParse(await graph.call("app"));
  if (!app.success) throw new ConnectorError("permanent", "bad_request", "app: an answer of no known shape");
  const appId = app.data.id;
  const asApp = createGraph(`${appId}|${appSecret}`, host, ({ code, message }) =>
    code === 190 || code === 101 || code === 1
      ? new ConnectorError("auth", "app_secret_wrong", `debug_token: ${message}`)
      : undefined,
  );
  const debug = debugged.safeParse(await asApp.call("debug_token", { query: { input_token: token } }));
  const { scopes = [], expires_at = 0 } = debug.data?.data ?? {};
  return { appId, scopes, ...(expires_at > 0 ? { expiresAt: new Date(expires_at * 1000) } : {}) };
}

const debugged = z.object({
  data: z.object({ scopes: z.array(z.string()).optional(), expires_at: z.number().optional() }),
});
