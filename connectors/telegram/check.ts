/** The live proof that a token works, line by line as the person who connects it sees it. */
import type { RawApi } from "grammy";
import type { User, WebhookInfo } from "grammy/types";
import { ConnectorError } from "../contract.ts";
import type { AccountCheck, AccountProfile, ConnectorHost } from "../contract.ts";
import { receivingMode } from "./credentials.ts";
import type { TelegramCredentials } from "./credentials.ts";
import { collect, openFile } from "./download.ts";
import { telegramApi } from "./transport.ts";

const avatarLimit = 2 * 1024 * 1024;

/** Only getMe may fail the check: everything else is a line that warns. */
export async function checkBot(
  credentials: TelegramCredentials,
  host: ConnectorHost,
): Promise<AccountProfile> {
  requireAddress(credentials, host);
  const api = telegramApi(credentials.token, host);
  const bot = await api.getMe();
  const webhook = await optional(host, "getWebhookInfo", () => api.getWebhookInfo());
  const avatar = await optional(host, "avatar", () => fetchAvatar(api, credentials.token, bot, host));
  return {
    externalId: String(bot.id),
    name: bot.first_name,
    handle: `@${bot.username}`,
    link: `https://t.me/${bot.username}`,
    ...(avatar && { avatar }),
    checks: checksOf(bot, webhook, credentials, host),
  };
}

function requireAddress(credentials: TelegramCredentials, host: ConnectorHost): void {
  if (receivingMode(credentials, host) === "webhook" && host.webhookUrl === undefined)
    throw new ConnectorError("permanent", "no_public_address", "a webhook needs a public https address");
}

function checksOf(
  bot: User & { can_join_groups?: boolean },
  webhook: WebhookInfo | undefined,
  credentials: TelegramCredentials,
  host: ConnectorHost,
): AccountCheck[] {
  const checks: AccountCheck[] = [
    { code: "token", state: "ok", params: { handle: `@${bot.username}` } },
    { code: receivingMode(credentials, host), state: "ok" },
    { code: "updates", state: "ok" },
    exclusivity(webhook, host),
  ];
  if (bot.can_join_groups) checks.push({ code: "groups", state: "warn" });
  return checks;
}

/** A webhook that is not ours belongs to a program that loses its messages once this hub takes the bot over. */
function exclusivity(webhook: WebhookInfo | undefined, host: ConnectorHost): AccountCheck {
  if (!webhook) return { code: "webhook_unknown", state: "warn" };
  if (!webhook.url || webhook.url === host.webhookUrl) return { code: "exclusive", state: "ok" };
  const address = URL.canParse(webhook.url) ? new URL(webhook.url).host : webhook.url;
  return { code: "other_webhook", state: "warn", params: { host: address } };
}

async function fetchAvatar(
  api: RawApi,
  token: string,
  bot: User,
  host: ConnectorHost,
): Promise<AccountProfile["avatar"]> {
  const { photos } = await api.getUserProfilePhotos({ user_id: bot.id, limit: 1 });
  const photo = photos[0]?.at(-1);
  if (!photo) return undefined;
  const file = await openFile(api, token, host, photo.file_id, host.signal);
  return { bytes: await collect(file.body, avatarLimit), mime: file.mime ?? "image/jpeg" };
}

/** A server that lacks a call (an emulator, an older Bot API server) can still carry messages. */
async function optional<T>(host: ConnectorHost, what: string, ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    host.log.warn({ what, code: error.code }, "optional call refused while connecting");
    return undefined;
  }
}
