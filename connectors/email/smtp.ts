/** Handing letters to the outgoing server. */
import type { ConnectorHost } from "../contract.ts";
import { smtpServer, type EmailCredentials } from "./credentials.ts";
import { smtpError } from "./errors.ts";
import { openable } from "./imap.ts";
import { withLogin, type Login } from "./sign-in.ts";

const timeoutMs = 15_000;

async function open(
  credentials: EmailCredentials,
  host: ConnectorHost,
  login: Login,
  onHanded = (): void => undefined,
) {
  const { host: name, port, tls, mayBePlain } = smtpServer(credentials);
  const { proxyUrl } = credentials;
  const { host: opened, servername } = await openable(host, name, proxyUrl);
  const [{ createTransport }, socks] = await Promise.all([import("nodemailer"), import("socks")]);
  const transport = createTransport({
    host: opened,
    ...(servername ? { tls: { servername } } : {}),
    port,
    secure: tls,
    requireTLS: !tls && !mayBePlain,
    auth: "accessToken" in login ? { type: "OAuth2", ...login } : login,
    ...(proxyUrl ? { proxy: proxyUrl } : {}),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: 60_000,
    logger: listener(onHanded),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  transport.set("proxy_socks_module", socks);
  return transport;
}

/** Nothing is logged. That the last byte of a letter went out is told in the protocol's log alone. */
function listener(onHanded: () => void) {
  const nothing = (): void => undefined;
  const info = ({ tnx }: { tnx?: string }): void => (tnx === "message" ? onHanded() : undefined);
  return {
    level: nothing,
    trace: nothing,
    debug: nothing,
    info,
    warn: nothing,
    error: nothing,
    fatal: nothing,
  };
}

/** Throws ConnectorError unless the server takes the login. */
export function verifySmtp(credentials: EmailCredentials, host: ConnectorHost): Promise<void> {
  return withLogin(credentials, host, async (login) => {
    const transport = await open(credentials, host, login);
    try {
      await transport.verify();
    } catch (error) {
      throw smtpError(error, false);
    } finally {
      transport.close();
    }
  });
}

/** Sends a whole letter as it is. */
export function hand(
  credentials: EmailCredentials,
  host: ConnectorHost,
  letter: { source: Buffer; envelope: { from: string; to: string[] } },
  signal: AbortSignal,
): Promise<void> {
  return withLogin(credentials, host, async (login) => {
    let handed = false;
    const transport = await open(credentials, host, login, () => (handed = true));
    const stop = (): void => transport.close();
    signal.addEventListener("abort", stop);
    try {
      await transport.sendMail({ envelope: letter.envelope, raw: letter.source });
    } catch (error) {
      throw smtpError(error, handed);
    } finally {
      signal.removeEventListener("abort", stop);
      transport.close();
    }
  });
}
