/** What refusals and broken connections mean: https://developers.viber.com/docs/api/rest-bot-api/#error-codes */
import { ConnectorError, type FailureClass } from "../contract.ts";

/** A refusal of Viber's. It did nothing then, except behind a failing gateway, where nobody knows. */
export function refused(
  method: string,
  http: number,
  answer: { status: number; status_message: string } | undefined,
): ConnectorError {
  if (http === 429) return throttled(method, `${method}: HTTP 429`);
  if (!answer || http >= 500)
    return new ConnectorError(outcome(method), "platform_error", `${method}: HTTP ${http}`);
  const message = `${method}: ${answer.status} ${answer.status_message.slice(0, 200)}`;
  if (answer.status === 12) return throttled(method, message);
  const [failure, code] = statuses[answer.status] ?? ["permanent", "bad_request"];
  return new ConnectorError(failure, code, message);
}

const statuses: Record<number, [FailureClass, string]> = {
  1: ["permanent", "webhook_refused"],
  2: ["auth", "token_invalid"],
  5: ["permanent", "not_registered"],
  6: ["blocked", "not_subscribed"],
  7: ["auth", "account_blocked"],
  8: ["auth", "account_not_found"],
  9: ["auth", "account_suspended"],
  10: ["permanent", "webhook_missing"],
  11: ["permanent", "no_device"],
  13: ["unsupported", "version_too_old"],
  14: ["unsupported", "version_too_old"],
  15: ["auth", "not_allowed"],
  21: ["permanent", "country_unsupported"],
  23: ["window_closed", "free_messages_used_up"],
  24: ["permanent", "no_balance"],
};

/**
 * The connection failed. When the request certainly never reached Viber it may be tried again; otherwise a send may have
 * been carried out.
 */
export function broken(method: string, cause: unknown): ConnectorError {
  const code = causeCode(cause);
  const failure = beforeRequest.test(code) ? "retry" : outcome(method);
  return new ConnectorError(failure, "network", `${method}: no answer (${code})`);
}

/** Everything but a send may be done twice. */
function outcome(method: string): "retry" | "unknown" {
  return method === "send_message" ? "unknown" : "retry";
}

/** Sends are counted for the person who gets them; other calls for the bot. Viber does not tell how long to wait. */
function throttled(method: string, message: string): ConnectorError {
  const scope = method === "send_message" ? "peer" : "account";
  return new ConnectorError("throttled", "throttled", message, { retryAfterMs: 60_000, scope });
}

const beforeRequest =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|UND_ERR_PRX_\w+|ERR_TLS_\w+|CERT_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+)$/;

/** The deepest code of an error: fetch wraps what happened in `cause`. */
function causeCode(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  if ("code" in error && typeof error.code === "string") return error.code;
  return error.cause === undefined ? error.name : causeCode(error.cause);
}
