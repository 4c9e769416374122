import { ConnectorError } from "../contract.ts";
import type {
  ConnectorHost,
  ConnectorSession,
  MediaDownload,
  MediaSource,
  OutboundCommand,
  SendResult,
} from "../contract.ts";
import { compose } from "./compose.ts";
import { Copies } from "./copies.ts";
import type { EmailCredentials } from "./credentials.ts";
import { sentFolder, withImap } from "./imap.ts";
import { readThread } from "./kept-thread.ts";
import { LetterFiles } from "./letter-files.ts";
import { receiveLetters } from "./receive.ts";
import { hand } from "./smtp.ts";
import { ownMessageId } from "./thread.ts";

/** An account's end is waited for 5 s; what is left then is told before. */
const longestEndMs = 4500;

/** A connected mailbox. */
export function openSession(credentials: EmailCredentials, host: ConnectorHost): ConnectorSession {
  return new EmailSession({ ...credentials }, host);
}

class EmailSession implements ConnectorSession {
  readonly mode = "imap";
  private readonly credentials: EmailCredentials;
  private readonly host: ConnectorHost;
  private readonly files: LetterFiles;
  private readonly copies: Copies;
  /** The last letter was not taken for want of a login. */
  private refused = false;

  constructor(credentials: EmailCredentials, host: ConnectorHost) {
    this.credentials = credentials;
    this.host = host;
    this.files = new LetterFiles(credentials, host);
    this.copies = new Copies(credentials, host);
  }

  async run(): Promise<void> {
    await receiveLetters(this.credentials, this.host);
    if (this.host.signal.aborted) await this.copies.end(longestEndMs);
  }

  async perform(command: OutboundCommand): Promise<SendResult> {
    if (command.op !== "send" || command.forwardOf)
      throw new ConnectorError("unsupported", "unsupported", `letters have no ${command.op}`);
    const thread = await readThread(command.threadKey, this.host);
    const { messageId, ...letter } = await compose(command, this.credentials, thread);
    await hand(this.credentials, this.host, letter, command.signal).catch((error: unknown) =>
      this.tellRefusal(error),
    );
    if (this.refused) this.host.reportHealth("connected");
    this.refused = false;
    this.copies.add(letter.source);
    return { externalIds: [messageId], at: new Date() };
  }

  /** A server that files what it sends (Google's, Microsoft's) can tell; elsewhere nobody knows. */
  async reconcile(command: OutboundCommand): Promise<SendResult | undefined> {
    if (command.op !== "send") return undefined;
    const { idempotencyKey, threadKey } = command;
    const messageId = ownMessageId(idempotencyKey, threadKey, this.credentials.address);
    return withImap(this.credentials, this.host, async (client) => {
      const folder = await sentFolder(client);
      if (folder === undefined) return undefined;
      await client.mailboxOpen(folder, { readOnly: true });
      const found = await client.search({ header: { "message-id": messageId } }, { uid: true });
      const there = Array.isArray(found) && found.length > 0;
      return there ? { externalIds: [messageId], at: new Date() } : undefined;
    });
  }

  /** The letter is fetched again: what was attached to it is not kept twice in the store. */
  async downloadMedia({ type, value }: MediaSource): Promise<MediaDownload> {
    const [, validity, uid, index] = /^(\d+):(\d+):(\d+)$/.exec(value) ?? [];
    if (type !== "part" || !validity || !uid || !index)
      throw new ConnectorError("permanent", "file_unavailable", "not a part of a letter");
    const file = await this.files.open(validity, uid, Number(index));
    if (!file) throw new ConnectorError("permanent", "file_unavailable", "the letter is gone");
    return { body: chunksOf(file.content), size: file.content.byteLength, mime: file.mime };
  }

  /** Without a sign-in nothing goes out: the account says so at once, not when it next receives. */
  private tellRefusal(error: unknown): never {
    this.refused = error instanceof ConnectorError && error.class === "auth";
    if (error instanceof ConnectorError && this.refused)
      this.host.reportHealth("needs_login", { code: error.code, message: error.message });
    throw error;
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- an async iterable is what the file store takes
async function* chunksOf(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += 65_536) yield bytes.subarray(at, at + 65_536);
}
