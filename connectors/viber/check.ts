/** The live proof that a token works, line by line as the person who connects it sees it. */
import { z } from "zod";
import { ConnectorError, type AccountCheck, type AccountProfile, type ConnectorHost } from "../contract.ts";
import { call, download } from "./api.ts";
import type { ViberCredentials } from "./credentials.ts";

const avatarLimit = 2 * 1024 * 1024;

const words = z.string().optional().catch(undefined);
const accountInfo = z.object({
  id: z.string().min(1),
  name: z.string(),
  uri: words,
  icon: words,
  webhook: words,
});
export type AccountInfo = z.infer<typeof accountInfo>;

export async function readAccount(token: string, host: ConnectorHost): Promise<AccountInfo> {
  const { data } = accountInfo.safeParse(await call(token, host, "get_account_info", {}));
  if (data) return data;
  throw new ConnectorError("permanent", "bad_request", "get_account_info: an answer of no known shape");
}

export async function checkBot({ token }: ViberCredentials, host: ConnectorHost): Promise<AccountProfile> {
  const account = await readAccount(token, host);
  const avatar = await fetchIcon(account, host);
  return {
    externalId: account.id,
    name: account.name,
    handle: account.uri ?? account.name,
    ...(account.uri && { link: `viber://pa?chatURI=${encodeURIComponent(account.uri)}` }),
    ...(avatar && { avatar }),
    checks: checksOf(account, host),
  };
}

function checksOf(account: AccountInfo, host: ConnectorHost): AccountCheck[] {
  const checks: AccountCheck[] = [
    { code: "token", state: "ok", params: { handle: account.uri ?? account.name } },
    { code: host.webhookUrl ? "webhook" : "no_public_address", state: host.webhookUrl ? "ok" : "bad" },
    { code: "receipts", state: "ok" },
  ];
  const other = account.webhook && !ours(account.webhook, host);
  if (other) checks.push({ code: "other_webhook", state: "warn", params: { host: hostOf(account.webhook) } });
  return checks;
}

/** The address that is asked for while checking names no account yet: what is before its name is ours. */
function ours(webhook: string, { webhookUrl }: ConnectorHost): boolean {
  return webhookUrl !== undefined && webhook.startsWith(webhookUrl.slice(0, webhookUrl.lastIndexOf("/") + 1));
}

function hostOf(address = ""): string {
  return URL.canParse(address) ? new URL(address).host : address.slice(0, 100);
}

/** A picture that cannot be had costs nothing but itself. */
async function fetchIcon({ icon }: AccountInfo, host: ConnectorHost): Promise<AccountProfile["avatar"]> {
  if (!icon) return undefined;
  try {
    const response = await download(icon, host, host.signal);
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (bytes.byteLength > avatarLimit) return undefined;
    return { bytes, mime: response.headers.get("content-type") ?? "image/jpeg" };
  } catch (error) {
    host.log.info(
      { code: error instanceof ConnectorError ? error.code : "unreadable" },
      "no icon of the bot",
    );
    return undefined;
  }
}
