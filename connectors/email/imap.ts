/** Connections to the mailbox. */
import type { ImapFlow } from "imapflow";
import type { ConnectorHost } from "../contract.ts";
import { imapServer, type EmailCredentials } from "./credentials.ts";
import { imapError } from "./errors.ts";
import { withLogin, type Login } from "./sign-in.ts";

/** How often a server without IDLE is asked, and how often IDLE is begun anew. */
const pollMs = 60_000;

export function connectImap(credentials: EmailCredentials, host: ConnectorHost): Promise<ImapFlow> {
  return withLogin(credentials, host, (login) => connect(credentials, host, login));
}

async function connect(
  credentials: EmailCredentials,
  host: ConnectorHost,
  { user, ...login }: Login,
): Promise<ImapFlow> {
  const { host: name, port, tls, mayBePlain } = imapServer(credentials);
  const { proxyUrl } = credentials;
  const imap = await import("imapflow");
  const client = new imap.ImapFlow({
    ...(await openable(host, name, proxyUrl)),
    port,
    secure: tls,
    ...(tls || mayBePlain ? {} : { doSTARTTLS: true }),
    auth: { user, ...login },
    ...(proxyUrl ? { proxy: proxyUrl } : {}),
    logger: false,
    autoIdleDelay: 50,
    maxIdleTime: pollMs,
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: 5 * pollMs,
  });
  // Without a listener a broken connection would end the process; who waits on it hears of `close`.
  client.on("error", (error: unknown) => host.log.debug({ code: imapError(error).code }, "imap connection"));
  try {
    await client.connect();
    return client;
  } catch (error) {
    client.close();
    throw imapError(error);
  }
}

/**
 * Where to connect, and the name that the certificate is for. Through a proxy it is the proxy that is opened, which looks
 * the name up.
 */
export async function openable(
  host: ConnectorHost,
  name: string,
  proxyUrl: string | undefined,
): Promise<{ host: string; servername?: string }> {
  const opened = await host.reach(proxyUrl ? new URL(proxyUrl).hostname : name);
  return proxyUrl || opened === name ? { host: name } : { host: opened, servername: name };
}

/** Does something over a connection of its own. */
export async function withImap<T>(
  credentials: EmailCredentials,
  host: ConnectorHost,
  act: (client: ImapFlow) => Promise<T>,
): Promise<T> {
  const client = await connectImap(credentials, host);
  try {
    return await act(client);
  } catch (error) {
    throw imapError(error);
  } finally {
    client.close();
  }
}

/** The folder in which the server keeps what was sent. */
export async function sentFolder(client: ImapFlow): Promise<string | undefined> {
  const folders = await client.list();
  return folders.find(({ specialUse }) => specialUse === "\\Sent")?.path;
}
