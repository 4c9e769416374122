/** OAuth 2 of Google and Microsoft: mailboxes that take no passwords from programs. */
import { z } from "zod";
import { ConnectorError, type ConnectorHost, type VendorSignIn } from "../contract.ts";
import type { EmailCredentials } from "./credentials.ts";

const vendors = {
  google: {
    page: "https://accounts.google.com/o/oauth2/v2/auth",
    token: "https://oauth2.googleapis.com/token",
    scope: "https://mail.google.com/",
    more: { access_type: "offline", prompt: "consent" },
  },
  microsoft: {
    page: "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
    token: "https://login.microsoftonline.com/common/oauth2/v2.0/token",
    scope:
      "offline_access https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send",
    more: { prompt: "select_account" },
  },
};
type Vendor = keyof typeof vendors;

export const signIn: VendorSignIn<EmailCredentials> = {
  start(typed, { redirectUrl, state }) {
    const url = new URL(vendors[vendorOf(typed["provider"])].page);
    const { scope, more } = vendors[vendorOf(typed["provider"])];
    const given = { login_hint: typed["address"] ?? "", response_type: "code", redirect_uri: redirectUrl };
    const params = { client_id: clientOf(typed).client_id, scope, state, ...given, ...more };
    for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
    return url.href;
  },
  async finish(typed, { code, redirectUrl }, host) {
    const vendor = vendorOf(typed["provider"]);
    const grant = { grant_type: "authorization_code", code, redirect_uri: redirectUrl };
    const tokens = await ask(vendor, { ...clientOf(typed), ...grant }, host);
    if (!tokens.refreshToken) throw new ConnectorError("permanent", "sign_in_incomplete", "no refresh token");
    return tokens;
  },
};

/** A token that is good for a minute at least. A renewed one is stored; `given` is brought up to date with it. */
export async function accessToken(given: EmailCredentials, host: ConnectorHost): Promise<string | undefined> {
  if (given.provider === "other" || !given.refreshToken) return undefined;
  const valid = Date.parse(given.expiresAt ?? "") - 60_000 > Date.now();
  if (valid && given.accessToken) return given.accessToken;
  const grant = { grant_type: "refresh_token", refresh_token: given.refreshToken };
  const client = clientOf({ clientId: given.clientId ?? "", clientSecret: given.clientSecret ?? "" });
  Object.assign(given, await ask(given.provider, { ...client, ...grant }, host));
  await host.saveCredentials({ ...given });
  return given.accessToken;
}

function vendorOf(provider: string | undefined): Vendor {
  if (provider === "google" || provider === "microsoft") return provider;
  throw new ConnectorError("permanent", "no_sign_in", "only Google and Microsoft have a sign-in");
}

function clientOf({
  clientId,
  clientSecret,
}: Record<string, string>): Record<"client_id" | "client_secret", string> {
  if (clientId && clientSecret) return { client_id: clientId, client_secret: clientSecret };
  throw new ConnectorError("permanent", "client_missing", "a sign-in needs the application's id and secret");
}

const granted = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().catch(3600),
  refresh_token: z.string().optional(),
});

async function ask(
  vendor: Vendor,
  form: Record<string, string>,
  host: ConnectorHost,
): Promise<Pick<EmailCredentials, "accessToken" | "expiresAt" | "refreshToken">> {
  const url = host.apiRoot === undefined ? vendors[vendor].token : `${host.apiRoot}/${vendor}/token`;
  const body = new URLSearchParams(form);
  const signal = AbortSignal.any([host.signal, AbortSignal.timeout(20_000)]);
  const answer: unknown = await host
    .fetch(url, { method: "POST", body, signal, redirect: "error" })
    .then((response) => response.json())
    .catch(() => {
      throw new ConnectorError("retry", "network", "the sign-in server was not reached");
    });
  const { data } = granted.safeParse(answer);
  if (!data) throw refusal(answer);
  const expiresAt = new Date(Date.now() + data.expires_in * 1000).toISOString();
  const renewed = data.refresh_token ? { refreshToken: data.refresh_token } : {};
  return { accessToken: data.access_token, expiresAt, ...renewed };
}

function refusal(answer: unknown): ConnectorError {
  const { error = "unknown" } = z.object({ error: z.string() }).safeParse(answer).data ?? {};
  if (error === "invalid_grant")
    return new ConnectorError("auth", "sign_in_expired", "the sign-in is over: sign in again");
  return new ConnectorError("auth", "sign_in_refused", `the vendor refused: ${error.slice(0, 60)}`);
}
