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

/** `handed` tells that the whole letter had left before the connection ended: the server may have taken it. */
export function smtpError(error: unknown, handed: boolean): ConnectorError {
  const { code = "", responseCode, response = "", message: said } = smtpFailure.safeParse(error).data ?? {};
  const message = response.slice(0, 300) || code || "no answer";
  const unsafe = handed ? undefined : tlsError(code, said);
  if (unsafe) return unsafe;
  if (code === "EAUTH" || responseCode === 530 || responseCode === 535)
    return new ConnectorError("auth", "login_refused", "the server refused the login");
  if (responseCode === undefined)
    return handed
      ? new ConnectorError("unknown", "network", `the answer never came (${code})`)
      : new ConnectorError("retry", "network", `the server was not reached (${code})`);
  if (responseCode === 450 || responseCode === 451 || responseCode === 452 || responseCode < 500)
    return new ConnectorError("retry", "server_busy", message, { retryAfterMs: 60_000 });
  if (responseCode === 552) return new ConnectorError("too_large", "letter_too_large", message);
  if (responseCode === 550 || responseCode === 551 || responseCode === 553)
    return new ConnectorError("permanent", "recipient_refused", message);
  return new ConnectorError("permanent", "letter_refused", message);
}

const imapFailure = z.object({
  authenticationFailed: z.boolean().optional().catch(undefined),
  code: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
});

export function imapError(error: unknown): ConnectorError {
  if (error instanceof ConnectorError) return error;
  const { authenticationFailed, code = "", message } = imapFailure.safeParse(error).data ?? {};
  if (authenticationFailed)
    return new ConnectorError("auth", "login_refused", "the server refused the login");
  const unsafe = tlsError(code, message);
  if (unsafe) return unsafe;
  return new ConnectorError("retry", "network", `the mailbox was not reached (${code || "closed"})`);
}
