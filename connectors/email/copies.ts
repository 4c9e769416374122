/**
 * Copies of what was sent, in the folder of the server's that is for them. They are put there one after the other, after
 * the send is told as done: a letter that is on its way stays so, whether its copy is kept or not.
 */
import { ConnectorError, type ConnectorHost } from "../contract.ts";
import type { EmailCredentials } from "./credentials.ts";
import { sentFolder, withImap } from "./imap.ts";

/** Letters may be large, and a folder slow. */
const mostWaitingBytes = 50 * 1024 * 1024;

export class Copies {
  private readonly credentials: EmailCredentials;
  private readonly host: ConnectorHost;
  private turn: Promise<void> = Promise.resolve();
  private waiting = 0;
  private waitingBytes = 0;

  constructor(credentials: EmailCredentials, host: ConnectorHost) {
    this.credentials = credentials;
    this.host = host;
  }

  add(source: Buffer): void {
    const { provider, sentCopy } = this.credentials;
    if (sentCopy === "never" || (sentCopy === "auto" && provider !== "other")) return;
    if (this.waitingBytes > mostWaitingBytes) return this.tellLost("too_many_waiting");
    this.waiting += 1;
    this.waitingBytes += source.byteLength;
    this.turn = this.turn.then(async () => {
      await this.put(source).catch((error: unknown) =>
        this.tellLost(error instanceof ConnectorError ? error.code : "unexpected"),
      );
      this.waiting -= 1;
      this.waitingBytes -= source.byteLength;
    });
  }

  /** At the account's end: waits for the copies that are on their way, so long and no longer. */
  async end(longestMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<void>((resolve) => (timer = setTimeout(resolve, longestMs)));
    await Promise.race([this.turn, tooLong]);
    clearTimeout(timer);
    if (this.waiting > 0)
      this.host.log.warn({ letters: this.waiting }, "stopped before all copies of letters were kept");
  }

  private put(source: Buffer): Promise<void> {
    return withImap(this.credentials, this.host, async (client) => {
      const folder = await sentFolder(client);
      if (folder !== undefined) await client.append(folder, source, ["\\Seen"]);
    });
  }

  private tellLost(code: string): void {
    this.host.log.warn({ code }, "no copy of a letter was kept among those sent");
  }
}
