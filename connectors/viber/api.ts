/** Calls of the REST Bot API. What they throw is always a ConnectorError without the token. */
import { z } from "zod";
import { ConnectorError, type ConnectorHost } from "../contract.ts";
import { broken, refused } from "./errors.ts";
import { decode } from "./json.ts";

const callTimeoutMs = 20_000;

export type ViberHost = Pick<ConnectorHost, "fetch" | "apiRoot" | "signal">;
export type Method = "send_message" | "set_webhook" | "get_account_info" | "get_user_details";

const answer = z.looseObject({ status: z.number(), status_message: z.string().catch("") });
export type ViberAnswer = z.infer<typeof answer>;

/** HTTP 200 says nothing yet: the call was done where `status` is 0. */
export async function call(
  token: string,
  host: ViberHost,
  method: Method,
  params: object,
  signal: AbortSignal = host.signal,
): Promise<ViberAnswer> {
  const response = await host
    .fetch(`${rootOf(host)}/pa/${method}`, {
      method: "POST",
      headers: { "x-viber-auth-token": token, "content-type": "application/json" },
      body: JSON.stringify(params),
      redirect: "error",
      signal: AbortSignal.any([signal, AbortSignal.timeout(callTimeoutMs)]),
    })
    .catch((error: unknown) => {
      throw broken(method, error);
    });
  const text = await response.text().catch((error: unknown) => {
    throw broken(method, error);
  });
  const { data } = answer.safeParse(decode(text));
  if (response.ok && data?.status === 0) return data;
  throw refused(method, response.status, data);
}

const fileHosts = /(^|\.)viber\.com$/;
const redirects = 3;

/** Opens a file: Viber's links carry their own right to it. Every step of a redirect is looked at like the first. */
export async function download(url: string, host: ViberHost, signal: AbortSignal): Promise<Response> {
  let next: string | undefined = url;
  for (let step = 0; next !== undefined && step <= redirects; step += 1) {
    const at = checked(next, host);
    const response: Response = await host
      .fetch(at, { signal, redirect: "manual" })
      .catch((error: unknown) => {
        throw broken("download", error);
      });
    if (response.ok && response.body) return response;
    await response.body?.cancel();
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || !location) throw notOpened(response.status);
    next = URL.canParse(location, at) ? new URL(location, at).href : undefined;
  }
  throw new ConnectorError("permanent", "file_unavailable", "download: led on and on");
}

function notOpened(status: number): ConnectorError {
  return [403, 404, 410].includes(status)
    ? new ConnectorError("permanent", "file_unavailable", `download: HTTP ${status}`)
    : new ConnectorError("retry", "platform_error", `download: HTTP ${status}`);
}

/** Addresses of Viber's own alone; with another API root, those of its host as well. */
function checked(address: string, { apiRoot }: ViberHost): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const ofRoot = url && apiRoot !== undefined && url.host === new URL(apiRoot).host;
  if (url && (ofRoot || (url.protocol === "https:" && fileHosts.test(url.hostname)))) return url;
  throw new ConnectorError("permanent", "file_unavailable", "download: not an address of Viber's");
}

function rootOf(host: ViberHost): string {
  return (host.apiRoot ?? "https://chatapi.viber.com").replace(/\/+$/, "");
}
