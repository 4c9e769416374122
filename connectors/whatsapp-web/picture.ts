/** Pictures of people: addresses that WhatsApp's program gives, which are not taken on trust. */
import { ConnectorError, type ConnectorHost, type MediaDownload } from "../contract.ts";

const hosts = /(^|\.)(whatsapp\.net|whatsapp\.com)$/;

export function isPicture(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" && hosts.test(hostname);
}

/** These addresses carry their own proof: nothing of the account's is sent along, and none leads elsewhere. */
export async function openPicture(
  host: Pick<ConnectorHost, "fetch">,
  url: string,
  signal: AbortSignal,
): Promise<MediaDownload> {
  if (!isPicture(url)) throw gone("an address that is not WhatsApp's");
  const response = await host.fetch(url, { signal, redirect: "error" }).catch((error: unknown) => {
    throw new ConnectorError("retry", "no_answer", "the picture could not be fetched", { cause: error });
  });
  if (response.ok && response.body) return { body: response.body };
  await response.body?.cancel();
  throw gone(`the picture was answered ${response.status}`);
}

function gone(message: string): ConnectorError {
  return new ConnectorError("permanent", "file_unavailable", message);
}
