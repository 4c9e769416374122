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

/** Opens a file: Viber's links carry their own right to it. */
export async function download(url: string, host: ViberHost, signal: AbortSignal): Promise<Response> {
  const { protocol } = URL.canParse(url) ? new URL(url) : { protocol: "" };
  if (protocol !== "https:" && !(protocol === "http:" && host.apiRoot !== undefined))
    throw new ConnectorError("permanent", "file_unavailable", "download: not an https address");
  const response = await host.fetch(url, { signal, redirect: "follow" }).catch((error: unknown) => {
    throw broken("download", error);
  });
  if (response.ok && response.body) return response;
  await response.body?.cancel();
  throw [403, 404, 410].includes(response.status)
    ? new ConnectorError("permanent", "file_unavailable", `download: HTTP ${response.status}`)
    : new ConnectorError("retry", "platform_error", `download: HTTP ${response.status}`);
}

function rootOf(host: ViberHost): string {
  return (host.apiRoot ?? "https://chatapi.viber.com").replace(/\/+$/, "");
}
