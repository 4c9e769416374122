/** Handing letters to the outgoing server. */
import { createTransport } from "nodemailer";
import * as socks from "socks";
import type { ConnectorHost } from "../contract.ts";
import { smtpServer, type EmailCredentials } from "./credentials.ts";
import { smtpError } from "./errors.ts";
import { accessToken } from "./sign-in.ts";

const timeoutMs = 15_000;

async function open(credentials: EmailCredentials, host: ConnectorHost, onHanded = (): void => undefined) {
  const token = await accessToken(credentials, host);
  const { host: name, port, tls, local } = smtpServer(credentials);
  const { address: user, password, proxyUrl } = credentials;
  const transport = createTransport({
    host: name,
    port,
    secure: tls,
    requireTLS: !tls && !local,
    auth: token ? { type: "OAuth2", user, accessToken: token } : { user, pass: password ?? "" },
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
export async function verifySmtp(credentials: EmailCredentials, host: ConnectorHost): Promise<void> {
  const transport = await open(credentials, host);
  try {
    await transport.verify();
  } catch (error) {
    throw smtpError(error, false);
  } finally {
    transport.close();
  }
}

/** Sends a whole letter as it is. */
export async function hand(
  credentials: EmailCredentials,
  host: ConnectorHost,
  letter: Buffer,
  envelope: { from: string; to: string[] },
  signal: AbortSignal,
): Promise<void> {
  let handed = false;
  const transport = await open(credentials, host, () => (handed = true));
  const stop = (): void => transport.close();
  signal.addEventListener("abort", stop);
  try {
    await transport.sendMail({ envelope, raw: letter });
  } catch (error) {
    throw smtpError(error, handed);
  } finally {
    signal.removeEventListener("abort", stop);
    transport.close();
  }
}
