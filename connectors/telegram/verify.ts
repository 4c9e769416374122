import { createHash, timingSafeEqual } from "node:crypto";
import type { WebhookRequest } from "../contract.ts";

/** Telegram repeats the secret of setWebhook in a header: https://core.telegram.org/bots/api#setwebhook */
export function verifyWebhook({ headers, secret }: WebhookRequest): boolean {
  const given = headers["x-telegram-bot-api-secret-token"];
  if (!given || !secret) return false;
  return timingSafeEqual(digest(given), digest(secret));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
