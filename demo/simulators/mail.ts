/**
 * Mailboxes for tests and for the demo: an SMTP server that takes letters, an IMAP server that shows them, and the
 * sign-in of the two services that have one. Correspondents are played by code.
 */
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import type { AddressInfo, Server } from "node:net";
import { simpleParser, type ParsedMail } from "mailparser";
import { createTransport } from "nodemailer";
import { startImapServer } from "./mail/imap.ts";
import { Mailbox, MailWorld, type MailLogin, type MailTls, type SmtpFailure } from "./mail/mailbox.ts";
import { Correspondent, type SeenLetter } from "./mail/correspondent.ts";
import { createSmtpServer } from "./mail/smtp.ts";
import { SignIns } from "./mail/sign-in.ts";

export { Mailbox } from "./mail/mailbox.ts";
export { Correspondent, quotedOf, type SeenLetter } from "./mail/correspondent.ts";
export { client as mailClient } from "./mail/sign-in.ts";

export interface NewLetter {
  from: { name: string; address: string } | string;
  to: string | string[];
  cc?: string | string[];
  subject?: string;
  text?: string;
  html?: string;
  messageId?: string;
  date?: Date;
  inReplyTo?: string;
  references?: string[];
  headers?: Record<string, string>;
  attachments?: { filename: string; contentType: string; content: Buffer; cid?: string }[];
}

export interface MailServers {
  imap: string;
  smtp: string;
  /** Base address of the sign-in: the API root of the connector. */
  url: string;
  close(): Promise<void>;
}

export class MailSimulator {
  private readonly world = new MailWorld();
  private readonly signIns = new SignIns(this.world);
  /** Letters that the hub handed over, oldest first. */
  readonly taken: ParsedMail[] = this.world.taken;

  addMailbox(address: string, password: string): Mailbox {
    const mailbox = new Mailbox(address, password);
    this.world.mailboxes.set(address, mailbox);
    return mailbox;
  }

  get mailboxes(): Mailbox[] {
    return [...this.world.mailboxes.values()];
  }

  get correspondents(): Correspondent[] {
    return [...this.world.correspondents.values()];
  }

  /** Emits `change` after everything that a correspondent may see. */
  get events(): MailWorld["events"] {
    return this.world.events;
  }

  addCorrespondent(name: string, address: string): Correspondent {
    const correspondent = new Correspondent(name, address);
    this.world.correspondents.set(address, correspondent);
    this.world.events.emit("change");
    return correspondent;
  }

  /** Writes a letter and keeps it among the correspondent's own; `quoted` stands below the words. */
  async write(correspondent: Correspondent, letter: SeenLetter, quoted = ""): Promise<void> {
    correspondent.letters.push(letter);
    this.world.events.emit("change");
    await this.deliver(letterOf(correspondent, letter, quoted));
  }

  /** The next letter that is handed over fails. */
  failNext(failure: SmtpFailure): void {
    this.world.failures.push(failure);
  }

  /** Letters that were handed over, and of which their sender heard nothing. */
  get unanswered(): readonly ParsedMail[] {
    return this.world.unanswered;
  }

  /** Letters that were answered after ten seconds: their sender may have given up. */
  get late(): readonly ParsedMail[] {
    return this.world.late;
  }

  /** Letters that wait for their answer. */
  get waiting(): ParsedMail[] {
    return [...this.world.waiting];
  }

  /** Lets letters wait for their answer until the returned function is called. */
  hold(): () => void {
    let release = (): void => undefined;
    this.world.held = new Promise<void>((resolve) => (release = resolve));
    return () => {
      this.world.held = undefined;
      release();
    };
  }

  /** How often a whole letter was fetched from a mailbox. */
  get fetches(): number {
    return this.world.fetches;
  }

  /** Lets letters that are put into a folder wait for their answer until the returned function is called. */
  holdAppends(): () => void {
    let release = (): void => undefined;
    this.world.heldAppends = new Promise<void>((resolve) => (release = resolve));
    return () => {
      this.world.heldAppends = undefined;
      release();
    };
  }

  /** Makes the access tokens given so far worthless. */
  expireTokens(): void {
    this.world.tokens.clear();
  }

  /** From now on access tokens end after so many seconds. */
  setTokenLife(seconds: number): void {
    this.signIns.lifeSeconds = seconds;
  }

  /** As when the owner takes the program's access back: no token counts, and none can be renewed. */
  withdrawSignIns(): void {
    this.world.tokens.clear();
    this.signIns.refreshTokens.clear();
  }

  /** How often the token endpoint was asked, and for what. */
  get grants(): readonly string[] {
    return this.world.grants;
  }

  /** Logins as they were tried: the method, and whether the connection was encrypted. */
  get logins(): readonly MailLogin[] {
    return this.world.logins;
  }

  /** Calls at every login, before it is answered. */
  onLogin(listener: (login: MailLogin) => void): void {
    this.world.onLogin = listener;
  }

  /** Puts a letter into the mailboxes it is for; gives its Message-ID. */
  async deliver(letter: NewLetter): Promise<string> {
    const transport = createTransport({ streamTransport: true, buffer: true, newline: "windows" });
    const { message, messageId } = await transport.sendMail(letter);
    const source = message as Buffer;
    for (const to of [letter.to, letter.cc ?? []].flat()) this.world.mailboxes.get(to)?.inbox.add(source);
    return messageId;
  }

  /** The same, as bytes: what a mail server would hand on. */
  deliverSource(address: string, source: string): void {
    this.world.mailboxes.get(address)?.inbox.add(Buffer.from(source.replace(/\r?\n/g, "\r\n")));
  }

  /** Without `tls` nothing is encrypted. */
  async listen(tls?: MailTls): Promise<MailServers> {
    const imap = startImapServer(this.world, tls);
    const smtp = createSmtpServer(this.world, (source) => simpleParser(source), tls);
    const http = createHttpServer((request, response) => void this.signIns.answer(request, response));
    await Promise.all([imap.server, smtp.server, http].map(listenOn));
    return {
      imap: placeOf(imap.server),
      smtp: placeOf(smtp.server),
      url: `http://${placeOf(http)}`,
      async close() {
        imap.disconnect();
        http.closeAllConnections();
        await Promise.all([
          closing(imap.server),
          closing(http),
          new Promise<void>((done) => smtp.close(done)),
        ]);
      },
    };
  }
}

/** A letter of a correspondent as it travels. */
export function letterOf(
  { name, address }: Correspondent,
  { id, mailbox, at, subject, text, html, files, inReplyTo, references }: SeenLetter,
  quoted = "",
): NewLetter {
  return {
    from: { name, address },
    to: mailbox,
    subject,
    text: quoted ? `${text}\n\n${quoted}` : text,
    ...(html && { html }),
    messageId: id,
    date: at,
    ...(inReplyTo && { inReplyTo, references }),
    attachments: files.map((file) => ({
      filename: file.name,
      contentType: file.mime,
      content: Buffer.from(file.bytes),
    })),
  };
}

async function listenOn(server: Server): Promise<void> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
}

function placeOf(server: Server): string {
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function closing(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
