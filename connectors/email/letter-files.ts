/**
 * Files of letters. A letter is fetched once for all of its files, and one letter at a time: it may be 40 MB, and is held
 * twice while it is read.
 */
import type { ConnectorHost } from "../contract.ts";
import { sourceLimit } from "./capabilities.ts";
import type { EmailCredentials } from "./credentials.ts";
import { filesOf, type LetterFile } from "./facts.ts";
import { withImap } from "./imap.ts";

/** Milliseconds in which its other files are asked for, or it is fetched again. */
const keptMs = 15_000;

export class LetterFiles {
  private readonly credentials: EmailCredentials;
  private readonly host: ConnectorHost;
  private kept: { key: string; files: LetterFile[]; timer: NodeJS.Timeout } | undefined;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(credentials: EmailCredentials, host: ConnectorHost) {
    this.credentials = credentials;
    this.host = host;
  }

  /** Undefined when the letter is gone, or has no such file. */
  open(validity: string, uid: string, index: number): Promise<LetterFile | undefined> {
    const found = this.turn.then(async () => (await this.filesOf(validity, uid))[index]);
    this.turn = found.catch(() => undefined);
    return found;
  }

  private async filesOf(validity: string, uid: string): Promise<LetterFile[]> {
    const key = `${validity}:${uid}`;
    const known = this.kept?.key === key ? this.kept.files : undefined;
    this.forget();
    const files = known ?? (await this.fetch(validity, uid));
    this.kept = { key, files, timer: setTimeout(() => this.forget(), keptMs).unref() };
    return files;
  }

  private forget(): void {
    clearTimeout(this.kept?.timer);
    this.kept = undefined;
  }

  private async fetch(validity: string, uid: string): Promise<LetterFile[]> {
    const source = await withImap(this.credentials, this.host, async (client) => {
      const { uidValidity } = await client.mailboxOpen("INBOX", { readOnly: true });
      if (String(uidValidity) !== validity) return undefined;
      const found = await client.fetchOne(uid, { source: { maxLength: sourceLimit } }, { uid: true });
      return found ? found.source : undefined;
    });
    return source ? filesOf(source) : [];
  }
}
