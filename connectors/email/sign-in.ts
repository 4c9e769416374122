/** OAuth 2 of Google and Microsoft: mailboxes that take no passwords from programs. */
import { z } from "zod";
import { ConnectorError, type ConnectorHost, type VendorSignIn } from "../contract.ts";
import type { EmailCredentials } from "./credentials.ts";
import { busy } from "./errors.ts";

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
  start(typed, { redirectUrl, state, apiRoot }) {
    const vendor = vendorOf(typed["provider"]);
    const { page, scope, more } = vendors[vendor];
    const url = new URL(apiRoot === undefined ? page : `${apiRoot}/${vendor}/authorize`);
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

export type Login = { user: string; pass: string } | { user: string; accessToken: string };

/**
 * Logs in with the password, or with the access token of a sign-in. One that is refused before its time is renewed once;
 * `given` is brought up to date with what is renewed.
 */
export async function withLogin<T>(
  given: EmailCredentials,
  host: ConnectorHost,
  act: (login: Login) => Promise<T>,
): Promise<T> {
  const user = given.address;
  if (given.provider === "other" || !given.refreshToken) return act({ user, pass: given.password ?? "" });
  const accessToken = isFresh(given) ? given.accessToken : await renewed(given, host);
  try {
    return await act({ user, accessToken });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return await act({ user, accessToken: await renewed(given, host, accessToken) }).catch(asSignInOver);
  }
}

/** Good for a minute at least. */
function isFresh(given: EmailCredentials): given is EmailCredentials & { accessToken: string } {
  return given.accessToken !== undefined && Date.parse(given.expiresAt ?? "") - 60_000 > Date.now();
}

function isRefusal(error: unknown): error is ConnectorError {
  return error instanceof ConnectorError && error.code === "login_refused";
}

function asSignInOver(error: unknown): never {
  if (!isRefusal(error)) throw error;
  throw new ConnectorError("auth", "sign_in_expired", "a new token is refused too: sign in again", {
    cause: error,
  });
}

const renewals = new WeakMap<EmailCredentials, Promise<string>>();

/** A new access token, stored; those who ask at the same time get the same. `refused` is one that did not count. */
async function renewed(given: EmailCredentials, host: ConnectorHost, refused?: string): Promise<string> {
  if (refused !== undefined && given.accessToken !== refused && isFresh(given)) return given.accessToken;
  const under = renewals.get(given) ?? renew(given, host).finally(() => renewals.delete(given));
  renewals.set(given, under);
  return under;
}

async function renew(given: EmailCredentials, host: ConnectorHost): Promise<string> {
  const grant = { grant_type: "refresh_token", refresh_token: given.refreshToken ?? "" };
  const client = clientOf({ clientId: given.clientId ?? "", clientSecret: given.clientSecret ?? "" });
  const tokens = await ask(vendorOf(given.provider), { ...client, ...grant }, host);
  Object.assign(given, tokens);
  await host.saveCredentials({ ...given });
  return tokens.accessToken;
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
): Promise<{ accessToken: string; expiresAt: string; refreshToken?: string }> {
  const url = host.apiRoot === undefined ? vendors[vendor].token : `${host.apiRoot}/${vendor}/token`;
  const body = new URLSearchParams(form);
  const signal = AbortSignal.any([host.signal, AbortSignal.timeout(20_000)]);
  const { status, answer } = await host
    .fetch(url, { method: "POST", body, signal, redirect: "error" })
    .then(async (response): Promise<{ status: number; answer: unknown }> => {
      return { status: response.status, answer: await response.json() };
    })
    .catch(() => {
      throw new ConnectorError("retry", "network", "the sign-in server was not reached");
    });
  const { data } = granted.safeParse(answer);
  if (!data) throw refusal(status, answer);
  const expiresAt = new Date(Date.now() + data.expires_in * 1000).toISOString();
  const renewed = data.refresh_token ? { refreshToken: data.refresh_token } : {};
  return { accessToken: data.access_token, expiresAt, ...renewed };
}

/** https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
function refusal(status: number, answer: unknown): ConnectorError {
  const { error = "unknown" } = z.object({ error: z.string() }).safeParse(answer).data ?? {};
  if (status >= 500 || status === 429 || error === "temporarily_unavailable" || error === "server_error")
    return busy("the sign-in server asks to try later");
  if (error === "invalid_grant")
    return new ConnectorError("auth", "sign_in_expired", "the sign-in is over: sign in again");
  return new ConnectorError("auth", "sign_in_refused", `the vendor refused: ${error.slice(0, 60)}`);
}
