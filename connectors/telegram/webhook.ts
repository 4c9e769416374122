/** Receiving by webhook: https://core.telegram.org/bots/api#setwebhook */
import type { RawApi } from "grammy";
import { ConnectorError } from "../contract.ts";
import type { ConnectorHost } from "../contract.ts";
import { allowedUpdates, pause } from "./receive.ts";
import { HealthReporter, Recovery } from "./recovery.ts";

const watchEveryMs = 60_000;

/** Registers the webhook and watches over it until the host's signal ends. */
export async function keepWebhook(api: RawApi, host: ConnectorHost): Promise<void> {
  const health = new HealthReporter(host);
  const recovery = new Recovery(host, health);
  health.connecting();
  if (!(await recovery.retry(() => register(api, host)))) return;
  health.connected();
  while (!host.signal.aborted) {
    await pause(watchEveryMs, host.signal);
    if (host.signal.aborted) return;
    if ((await recovery.attempt(() => watch(api, host, health))) === "stop") return;
  }
}

/** The hub lets the bot go: nothing is left registered that would swallow its messages. */
export async function removeWebhook(api: RawApi, host: ConnectorHost): Promise<void> {
  const { url } = await api.getWebhookInfo();
  if (url && url === host.webhookUrl) await api.deleteWebhook({ drop_pending_updates: false });
}

async function register(api: RawApi, host: ConnectorHost): Promise<void> {
  if (host.webhookUrl === undefined)
    throw new ConnectorError("permanent", "no_public_address", "a webhook needs a public https address");
  await api.setWebhook({
    url: host.webhookUrl,
    secret_token: host.webhookSecret,
    allowed_updates: allowedUpdates,
  });
}

/** Telegram tells here alone that it cannot reach the hub, or that somebody else took the bot. */
async function watch(api: RawApi, host: ConnectorHost, health: HealthReporter): Promise<void> {
  const info = await api.getWebhookInfo();
  const failedAt = (info.last_error_date ?? 0) * 1000;
  if (info.url !== host.webhookUrl)
    health.problem("degraded", "other_webhook", "another program took the bot's webhook");
  else if (info.pending_update_count > 0 && Date.now() - failedAt < 2 * watchEveryMs)
    health.problem("degraded", "webhook_unreachable", info.last_error_message ?? "delivery failed");
  else health.connected();
}
