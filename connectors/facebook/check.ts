/** The live proof that a page's credentials work, line by line as the person who connects it sees it. */
import { ConnectorError } from "../contract.ts";
import type { AccountCheck, AccountProfile, ConnectorHost } from "../contract.ts";
import { checkApp, createGraph } from "../graph.ts";
import { findAccount } from "./account.ts";
import type { PageCredentials } from "./credentials.ts";
import { openFile } from "./download.ts";
import { classify } from "./errors.ts";
import type { Platform } from "./platform.ts";
import { callbackOf, graphOfApp, isOfHub, missingFields } from "./subscribe.ts";

const avatarLimit = 2 * 1024 * 1024;

/** The token and the app secret may fail it; everything else is a line that warns. */
export function checkFor(platform: Platform) {
  return async (credentials: PageCredentials, host: ConnectorHost): Promise<AccountProfile> => {
    const { pageToken, appSecret } = credentials;
    const graph = createGraph(pageToken, host, classify);
    const { id, name, handle, link, picture } = await findAccount(graph, platform);
    const app = await checkApp(graph, host, pageToken, appSecret);
    const avatar = picture && (await optional(host, "picture", () => fetchPicture(host, picture)));
    const missing = await optional(host, "fields", () => missingFields(graph, platform, app.appId));
    const callback = await optional(host, "callback", async () => ({
      url: await callbackOf(graphOfApp(app.appId, appSecret, host), app.appId, platform),
    }));
    return {
      externalId: id,
      name,
      handle,
      link,
      ...(avatar ? { avatar } : {}),
      checks: [
        { code: "token", state: "ok", params: { handle } },
        endOf(app.expiresAt),
        { code: "secret", state: "ok" },
        ...scopesOf(platform, app.scopes),
        ...fieldsOf(platform, missing),
        addressOf(platform, callback?.url, host),
      ],
    };
  };
}

function endOf(expiresAt: Date | undefined): AccountCheck {
  if (!expiresAt) return { code: "endless", state: "ok" };
  return { code: "ends", state: "warn", params: { date: expiresAt.toISOString().slice(0, 10) } };
}

const needed = {
  facebook: ["pages_messaging", "pages_manage_metadata"],
  instagram: ["instagram_manage_messages", "pages_manage_metadata"],
};

function scopesOf({ kind }: Platform, scopes: string[]): AccountCheck[] {
  const absent = needed[kind].filter((scope) => !scopes.includes(scope));
  if (absent.length === 0 || scopes.length === 0) return [];
  return [{ code: "scopes", state: "bad", params: { missing: absent.join(", ") } }];
}

/** The fields by their names at Meta, each on or off. */
function fieldsOf({ fields }: Platform, missing: string[] | undefined): AccountCheck[] {
  if (!missing) return [{ code: "fields_unknown", state: "warn" }];
  const parts = fields.map((name) => ({ name, on: !missing.includes(name) }));
  return [
    missing.length === 0
      ? { code: "fields", state: "ok", parts }
      : { code: "fields_off", state: "warn", parts },
  ];
}

/** An address that is not ours belongs to a program that loses its messages once this hub takes the app over. */
function addressOf(
  platform: Platform,
  callback: string | undefined,
  { webhookUrl }: ConnectorHost,
): AccountCheck {
  if (webhookUrl === undefined) return { code: "no_address", state: "warn" };
  if (!platform.setsCallback) return { code: "address_by_hand", state: "ok" };
  if (!callback || isOfHub(callback, webhookUrl)) return { code: "address", state: "ok" };
  const host = URL.canParse(callback) ? new URL(callback).host : callback;
  return { code: "other_webhook", state: "warn", params: { host } };
}

async function fetchPicture(
  host: ConnectorHost,
  url: string,
): Promise<NonNullable<AccountProfile["avatar"]>> {
  const { body, mime } = await openFile(host, { type: "url", value: url }, host.signal, avatarLimit);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return { bytes: Buffer.concat(chunks), mime: mime ?? "image/jpeg" };
}

async function optional<T>(host: ConnectorHost, what: string, ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    host.log.warn({ what, code: error.code }, "optional call refused while connecting");
    return undefined;
  }
}
