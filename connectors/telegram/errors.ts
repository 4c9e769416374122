/** What Telegram's refusals and broken connections mean for a send. Nothing here may carry the bot's token. */
import { z } from "zod";
import { ConnectorError } from "../contract.ts";
import type { FailureClass } from "../contract.ts";

/** An answer with `ok: false`: https://core.telegram.org/bots/api#making-requests */
export const refusal = z.object({
  error_code: z.number(),
  description: z.string(),
  parameters: z.object({ retry_after: z.number().optional() }).optional(),
});
export type Refusal = z.infer<typeof refusal>;

/** Turns a refusal into the house's error. Telegram's own words are kept in the message. */
export function refused(method: string, answer: Refusal): ConnectorError {
  const message = `${method}: ${answer.description}`;
  const { error_code: status, parameters } = answer;
  if (status === 429) return throttled(method, message, parameters?.retry_after);
  if (status >= 500) return new ConnectorError(outcome(method), "platform_error", message);
  if (status === 401 || answer.description === "Not Found")
    return new ConnectorError("auth", "token_invalid", message);
  if (status === 403) return new ConnectorError("blocked", blockedCode(answer.description), message);
  if (status === 409) return new ConnectorError("retry", conflictCode(answer.description), message);
  if (status === 413) return new ConnectorError("too_large", "file_too_large", message);
  return badRequest(answer.description, message);
}

/**
 * The connection failed. When the request certainly never reached Telegram it may be tried again; otherwise a send may
 * have been carried out. The cause is told by its code alone, since its text may hold the address with the token.
 */
export function broken(method: string, cause: unknown, complete: boolean): ConnectorError {
  const code = causeCode(cause);
  const executed = complete && !beforeRequest.test(code);
  return new ConnectorError(
    executed ? outcome(method) : "retry",
    "network",
    `${method}: no answer (${code})`,
  );
}

/** Doing these twice is the same as once, so an unknown outcome is simply tried again. */
function outcome(method: string): "retry" | "unknown" {
  return /^(send(?!ChatAction)|forward|copy)/.test(method) ? "unknown" : "retry";
}

/**
 * Telegram does not say what is being limited. Sends are nearly always slowed for one chat; calls that name none
 * (getUpdates, setWebhook) are slowed for the bot.
 */
function throttled(method: string, message: string, seconds = 1): ConnectorError {
  const scope = /^(get|set(?!MessageReaction)|deleteWebhook)/.test(method) ? "account" : "peer";
  return new ConnectorError("throttled", "throttled", message, { retryAfterMs: seconds * 1000, scope });
}

function blockedCode(description: string): string {
  if (/deactivated/.test(description)) return "user_deleted";
  if (/initiate conversation/.test(description)) return "not_started";
  return "blocked";
}

function conflictCode(description: string): string {
  return /webhook/.test(description) ? "other_webhook" : "other_poller";
}

function badRequest(description: string, message: string): ConnectorError {
  const known = badRequests.find(([pattern]) => pattern.test(description));
  return new ConnectorError(known?.[2] ?? "permanent", known?.[1] ?? "bad_request", message);
}

const badRequests: [pattern: RegExp, code: string, failure: FailureClass][] = [
  [/business connection not found|business_connection_(id_)?invalid/i, "business_lost", "permanent"],
  [/business_peer_usage_missing/i, "business_window_closed", "window_closed"],
  [/business_peer_invalid/i, "business_not_allowed", "permanent"],
  [/not enough rights|business_\w*(forbidden|not_allowed)/i, "business_not_allowed", "permanent"],
  [/chat not found/i, "chat_not_found", "permanent"],
  [/message to be replied not found|replied message not found/i, "reply_not_found", "permanent"],
  [/message is not modified/i, "not_modified", "permanent"],
  [/there is no text in the message to edit/i, "not_a_text", "permanent"],
  [/there is no caption in the message to edit/i, "not_a_caption", "permanent"],
  [/message can't be edited/i, "not_editable", "permanent"],
  [/message to delete not found/i, "already_deleted", "permanent"],
  [/message can't be deleted/i, "not_deletable", "permanent"],
  [/message to (edit|forward|copy|react) not found|message not found/i, "message_not_found", "permanent"],
  [/query is too old|query id is invalid/i, "action_too_old", "permanent"],
  [/(message|caption) is too long/i, "text_too_long", "too_large"],
  [/file is too big/i, "file_too_large", "too_large"],
  [/photo_invalid_dimensions|image_process_failed|photo_ext_invalid/i, "not_a_photo", "unsupported"],
  [/voice_messages_forbidden/i, "voice_forbidden", "permanent"],
  [/reaction_invalid|reaction is invalid/i, "reaction_unsupported", "unsupported"],
];

/** Failures that come before a byte of the request leaves: name lookup, connect, TLS, a proxy's own refusal. */
const beforeRequest =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|UND_ERR_PRX_\w+|ERR_TLS_\w+|CERT_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+)$/;

const coded = z.object({ code: z.string().regex(/^[A-Z0-9_]{2,60}$/) });
const caused = z.object({ cause: z.unknown() });
const aggregate = z.object({ errors: z.array(z.unknown()).min(1) });

/** The deepest code of an error: fetch wraps what happened in `cause`, a dual-stack connect in `errors`. */
function causeCode(error: unknown, depth = 0): string {
  const inner = caused.safeParse(error).data?.cause ?? aggregate.safeParse(error).data?.errors[0];
  const deeper = inner !== undefined && depth < 4 ? causeCode(inner, depth + 1) : undefined;
  if (deeper !== undefined && deeper !== "unknown") return deeper;
  return coded.safeParse(error).data?.code ?? (isTimeout(error) ? "TIMEOUT" : "unknown");
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError");
}
