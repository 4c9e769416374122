/** The live proof of the credentials, line by line as the person who connects them sees it. */
import { ConnectorError } from "../contract.ts";
import type { AccountCheck, AccountProfile, ConnectorHost } from "../contract.ts";
import { checkApp, createGraph } from "../graph.ts";
import type { Graph } from "../graph.ts";
import type { WhatsappCredentials } from "./credentials.ts";
import { classify } from "./errors.ts";
import { belongs, fetchNumber, fetchSubscription, isOurs, type PhoneNumber } from "./number.ts";

/** The number has to answer and the app secret has to be right: without it no message could ever be believed. */
export async function checkNumber(
  credentials: WhatsappCredentials,
  host: ConnectorHost,
): Promise<AccountProfile> {
  const graph = createGraph(credentials.accessToken, host, classify);
  const number = await fetchNumber(graph, credentials);
  const app = await checkApp(graph, host, credentials.accessToken, credentials.appSecret);
  if (!(await belongs(graph, credentials)))
    throw new ConnectorError("permanent", "other_account", "the number is not one of this account");
  const digits = number.display_phone_number.replace(/\D/g, "");
  return {
    externalId: number.id,
    name: number.verified_name || number.display_phone_number,
    handle: number.display_phone_number,
    link: `https://wa.me/${digits}`,
    checks: [
      {
        code: "number",
        state: "ok",
        params: { number: number.display_phone_number, name: number.verified_name },
      },
      { code: "secret", state: "ok" },
      qualityOf(number),
      expiryOf(app.expiresAt),
      rightsOf(app.scopes),
      await webhookOf(graph, credentials, host, app.appId),
    ],
  };
}

function qualityOf({ quality_rating: rating }: PhoneNumber): AccountCheck {
  if (rating === "GREEN") return { code: "quality_green", state: "ok" };
  if (rating === "YELLOW") return { code: "quality_yellow", state: "warn" };
  return rating === "RED" ? { code: "quality_red", state: "warn" } : { code: "quality_unknown", state: "ok" };
}

/** The token that Meta's first page shows ends after a day; one of a system user never does. */
function expiryOf(expiresAt: Date | undefined): AccountCheck {
  if (!expiresAt) return { code: "token_lasts", state: "ok" };
  return { code: "token_ends", state: "warn", params: { date: expiresAt.toISOString().slice(0, 10) } };
}

function rightsOf(scopes: string[]): AccountCheck {
  const missing = ["whatsapp_business_messaging", "whatsapp_business_management"].filter(
    (scope) => !scopes.includes(scope),
  );
  if (missing.length === 0) return { code: "rights", state: "ok" };
  return { code: "rights_missing", state: "warn", params: { rights: missing.join(", ") } };
}

async function webhookOf(
  graph: Graph,
  credentials: WhatsappCredentials,
  { webhookUrl, log }: ConnectorHost,
  appId: string,
): Promise<AccountCheck> {
  if (webhookUrl === undefined) return { code: "no_public_address", state: "warn" };
  try {
    const subscription = await fetchSubscription(graph, credentials, appId);
    const { url } = subscription ?? {};
    if (url === undefined || isOurs(url, webhookUrl)) return { code: "webhook", state: "ok" };
    const { host } = URL.canParse(url) ? new URL(url) : { host: url };
    return { code: "other_webhook", state: "warn", params: { host } };
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    log.warn({ code: error.code }, "the webhook could not be asked for while connecting");
    return { code: "webhook_unknown", state: "warn" };
  }
}
