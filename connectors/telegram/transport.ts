/** grammY's typed API over the host's own fetch. What it throws is always a ConnectorError without the token. */
import { Readable } from "node:stream";
import { Api } from "grammy";
import type { RawApi, Transformer } from "grammy";
import { z } from "zod";
import { ConnectorError } from "../contract.ts";
import type { ConnectorHost } from "../contract.ts";
import { broken, refusal, refused } from "./errors.ts";
import { multipartOf } from "./multipart.ts";

const callTimeoutMs = 20_000;
const uploadTimeoutMs = 300_000;

export type TelegramHost = Pick<ConnectorHost, "fetch" | "apiRoot" | "signal">;

/**
 * The Bot API for one token. Every call ends with the given signal, else the account's own, or a time-out: what is being
 * sent outlives a pause of its account. (grammY's methods take a signal too, of a type that Node's does not fit.)
 */
export function telegramApi(token: string, host: TelegramHost, signal?: AbortSignal): RawApi {
  const api = new Api(token, { apiRoot: apiRoot(host) });
  api.config.use(carryBy(token, host, signal));
  return api.raw;
}

/** Where a file that getFile named can be fetched. The address holds the token: it must not leave this folder. */
export function fileUrl(token: string, host: TelegramHost, path: string): string {
  return `${apiRoot(host)}/file/bot${token}/${path.split("/").map(encodeURIComponent).join("/")}`;
}

function apiRoot(host: TelegramHost): string {
  return (host.apiRoot ?? "https://api.telegram.org").replace(/\/+$/, "");
}

function carryBy(token: string, host: TelegramHost, signal?: AbortSignal): Transformer {
  return async (_next, method, payload) => {
    const request = requestOf(payload);
    const deadline = deadlineOf(signal ?? host.signal, request.timeoutMs);
    let answer: unknown;
    try {
      const url = `${apiRoot(host)}/bot${token}/${method}`;
      const response = await host.fetch(url, { ...request.init, signal: deadline.signal, redirect: "error" });
      answer = await readAnswer(response);
    } catch (error) {
      throw broken(method, error, request.complete() && !deadline.wasOverBefore);
    } finally {
      deadline.clear();
    }
    return accepted(method, answer);
  };
}

interface ApiRequest {
  init: RequestInit;
  timeoutMs: number;
  complete: () => boolean;
}

function requestOf(payload: object): ApiRequest {
  const upload = multipartOf(payload);
  if (!upload) {
    const headers = { "content-type": "application/json" };
    const init = { method: "POST", headers, body: JSON.stringify(payload) };
    return { init, timeoutMs: callTimeoutMs + pollSeconds(payload) * 1000, complete: () => true };
  }
  const init = {
    method: "POST",
    headers: { "content-type": upload.contentType },
    body: toWebStream(upload.body),
    duplex: "half",
  };
  return { init, timeoutMs: uploadTimeoutMs, complete: upload.complete };
}

/** Node's own web streams and the browser's differ in their types alone. */
function toWebStream(body: AsyncIterable<Uint8Array>): ReadableStream {
  return z.instanceof(ReadableStream).parse(Readable.toWeb(Readable.from(body, { objectMode: false })));
}

function pollSeconds(payload: object): number {
  return "timeout" in payload && typeof payload.timeout === "number" ? payload.timeout : 0;
}

/** Gateways in between answer with HTML: their status is all there is to know. */
async function readAnswer(response: Response): Promise<unknown> {
  const text = await response.text();
  const status = response.ok ? 502 : response.status;
  try {
    const answer = z.looseObject({ ok: z.boolean() }).safeParse(JSON.parse(text));
    if (answer.success) return answer.data;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { ok: false, error_code: status, description: `HTTP ${response.status}` };
}

function accepted(method: string, answer: unknown): { ok: true; result: never } {
  const success = z.object({ ok: z.literal(true), result: z.custom<never>() }).safeParse(answer);
  if (success.success) return success.data;
  const failure = refusal.safeParse(answer);
  throw failure.success
    ? refused(method, failure.data)
    : new ConnectorError("unknown", "platform_error", `${method}: an answer of no known shape`);
}

interface Deadline {
  signal: AbortSignal;
  wasOverBefore: boolean;
  clear(): void;
}

/** Joins a signal and a time-out; `clear` lets go of a signal that lives as long as the account. */
function deadlineOf(source: AbortSignal, timeoutMs: number): Deadline {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const timer = setTimeout(abort, timeoutMs);
  const wasOverBefore = source.aborted;
  if (wasOverBefore) abort();
  source.addEventListener("abort", abort);
  const clear = (): void => {
    clearTimeout(timer);
    source.removeEventListener("abort", abort);
  };
  return { signal: controller.signal, wasOverBefore, clear };
}
