/** Receiving: https://developers.viber.com/docs/api/rest-bot-api/#webhooks */
import { createHmac, timingSafeEqual } from "node:crypto";
import { ConnectorError, type ConnectorHost, type WebhookRequest } from "../contract.ts";
import { call } from "./api.ts";
import { readAccount } from "./check.ts";
import type { ViberCredentials } from "./credentials.ts";

const watchEveryMs = 300_000;
const firstWaitMs = 1000;
const longestWaitMs = 60_000;

const eventTypes = [
  "delivered",
  "seen",
  "failed",
  "subscribed",
  "unsubscribed",
  "conversation_started",
  "message",
];

/** `X-Viber-Content-Signature`: HMAC-SHA256 of the raw body under the bot's token. */
export function verifyWebhook({ headers, body }: WebhookRequest, { token }: ViberCredentials): boolean {
  const given = /^[0-9a-f]{64}$/i.exec(headers["x-viber-content-signature"] ?? "")?.[0];
  if (!given || !token) return false;
  const expected = createHmac("sha256", token).update(body).digest();
  return timingSafeEqual(Buffer.from(given, "hex"), expected);
}

/** Registers the webhook and watches over it until the host's signal ends. */
export async function keepWebhook({ token }: ViberCredentials, host: ConnectorHost): Promise<void> {
  const { webhookUrl } = host;
  if (webhookUrl === undefined) {
    const message = "Viber delivers to a public https address alone";
    host.reportHealth("degraded", { code: "no_public_address", message });
    return pause(2 ** 31 - 1, host.signal);
  }
  host.reportHealth("connecting");
  let failures = 0;
  let registered = false;
  while (!host.signal.aborted) {
    try {
      if (!registered) await register(token, host, webhookUrl);
      else await watch(token, host, webhookUrl);
      registered = true;
      failures = 0;
      await pause(watchEveryMs, host.signal);
    } catch (error) {
      if (host.signal.aborted) return;
      if (!(error instanceof ConnectorError)) throw error;
      failures += 1;
      const over = error.class === "auth";
      host.log.warn({ code: error.code, failures }, "the webhook of viber is in trouble");
      host.reportHealth(over ? "revoked" : "degraded", { code: error.code, message: error.message });
      if (over) return;
      await pause(
        Math.max(error.retryAfterMs ?? 0, Math.min(longestWaitMs, firstWaitMs * 2 ** failures)),
        host.signal,
      );
    }
  }
}

/** Viber calls the address before it answers. */
async function register(token: string, host: ConnectorHost, url: string): Promise<void> {
  const params = { url, event_types: eventTypes, send_name: true, send_photo: true };
  await call(token, host, "set_webhook", params);
  host.reportHealth("connected");
}

/** Nobody tells when another program takes the bot over. */
async function watch(token: string, host: ConnectorHost, url: string): Promise<void> {
  const { webhook } = await readAccount(token, host);
  if (webhook === undefined || webhook === url) return host.reportHealth("connected");
  const message = "another program took the bot's webhook";
  host.reportHealth("degraded", { code: "other_webhook", message });
}

/** The hub lets the bot go: nothing is left registered that would swallow its messages. */
export async function removeWebhook({ token }: ViberCredentials, host: ConnectorHost): Promise<void> {
  const { webhook } = await readAccount(token, host);
  if (webhook && webhook === host.webhookUrl) await call(token, host, "set_webhook", { url: "" });
}

/** Waits; ends early, without complaint, when the signal does. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}
