/** What mail servers' refusals mean. Nothing here may carry a password or a token. */
import { z } from "zod";
import { ConnectorError } from "../contract.ts";

const smtpFailure = z.object({
  code: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  responseCode: z.number().optional().catch(undefined),
  response: z.string().optional().catch(undefined),
});

/** Nothing was sent over the connection, since nobody could tell who reads along. */
function tlsError(code: string, message = ""): ConnectorError | undefined {
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code) || /certificate/i.test(message))
    return new ConnectorError("retry", "certificate_refused", `the certificate is not trusted (${code})`);
  if (/STARTTLS/.test(message))
    return new ConnectorError("retry", "encryption_missing", "the server offers no encryption");
  return undefined;
}

/** Who asked too much, or too early, asks again in a minute. */
export function busy(message: string): ConnectorError {
  return new ConnectorError("retry", "server_busy", message, { retryAfterMs: 60_000 });
}

/** `handed` tells that the whole letter had left before the connection ended: the server may have taken it. */
export function smtpError(error: unknown, handed: boolean): ConnectorError {
  const { code = "", responseCode, response = "", message: said } = smtpFailure.safeParse(error).data ?? {};
  const message = response.slice(0, 300) || code || "no answer";
  const unsafe = handed ? undefined : tlsError(code, said);
  if (unsafe) return unsafe;
  const later = responseCode !== undefined && responseCode < 500;
  if ((code === "EAUTH" && !later) || responseCode === 530 || responseCode === 535)
    return new ConnectorError("auth", "login_refused", "the server refused the login");
  if (responseCode === undefined)
    return handed
      ? new ConnectorError("unknown", "network", `the answer never came (${code})`)
      : new ConnectorError("retry", "network", `the server was not reached (${code})`);
  if (later) return busy(message);
  if (responseCode === 552) return new ConnectorError("too_large", "letter_too_large", message);
  if (responseCode === 550 || responseCode === 551 || responseCode === 553)
    return new ConnectorError("permanent", "recipient_refused", message);
  return new ConnectorError("permanent", "letter_refused", message);
}

const imapFailure = z.object({
  authenticationFailed: z.boolean().optional().catch(undefined),
  code: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  serverResponseCode: z.string().optional().catch(undefined),
  responseText: z.string().optional().catch(undefined),
});

/** Refusals of a login that say nothing about it: https://www.rfc-editor.org/rfc/rfc5530#section-3 */
const passing = new Set(["UNAVAILABLE", "LIMIT", "INUSE", "SERVERBUG", "OVERQUOTA", "THROTTLED"]);
const passingWords =
  /too many (?:simultaneous |concurrent )?(?:connections|logins|sessions)|temporar(?:y|ily)|try again later|(?:connection|bandwidth) limit/i;

function isPassing(code: string, text: string): boolean {
  if (passing.has(code)) return true;
  return !/^(?:AUTHENTICATIONFAILED|AUTHORIZATIONFAILED|EXPIRED)$/.test(code) && passingWords.test(text);
}

export function imapError(error: unknown): ConnectorError {
  if (error instanceof ConnectorError) return error;
  const {
    authenticationFailed,
    code = "",
    message,
    serverResponseCode = "",
    responseText = "",
  } = imapFailure.safeParse(error).data ?? {};
  if (authenticationFailed && isPassing(serverResponseCode.toUpperCase(), responseText))
    return busy("the server takes no login for now");
  if (authenticationFailed)
    return new ConnectorError("auth", "login_refused", "the server refused the login");
  const unsafe = tlsError(code, message);
  if (unsafe) return unsafe;
  return new ConnectorError("retry", "network", `the mailbox was not reached (${code || "closed"})`);
}
