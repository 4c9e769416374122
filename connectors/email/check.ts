/** The live proof that the mailbox can be read and written, line by line as the person who connects it sees it. */
import { ConnectorError, type AccountCheck, type AccountProfile, type ConnectorHost } from "../contract.ts";
import type { EmailCredentials } from "./credentials.ts";
import { sentFolder, withImap } from "./imap.ts";
import { keepPlace, placeAfter } from "./place.ts";
import { verifySmtp } from "./smtp.ts";

export async function checkMailbox(
  credentials: EmailCredentials,
  host: ConnectorHost,
): Promise<AccountProfile> {
  const found = await withImap(credentials, host, async (client) => {
    const mailbox = await client.mailboxOpen("INBOX", { readOnly: true });
    await keepPlace(placeAfter(mailbox), host);
    return { live: client.capabilities.has("IDLE"), sent: await sentFolder(client) };
  });
  await verifySmtp(credentials, host).catch((error: unknown) => {
    const refused = error instanceof ConnectorError && error.code === "login_refused";
    throw refused
      ? new ConnectorError("auth", "smtp_refused", "the outgoing server refused the login")
      : error;
  });
  const { address, senderName } = credentials;
  const checks: AccountCheck[] = [
    { code: found.live ? "idle" : "polling", state: "ok" },
    { code: "smtp", state: "ok" },
    found.sent
      ? { code: "sent", state: "ok", params: { folder: found.sent } }
      : { code: "no_sent", state: "warn" },
  ];
  return {
    externalId: address,
    name: senderName ?? address,
    handle: address,
    link: `mailto:${address}`,
    checks,
  };
}
