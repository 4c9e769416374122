import { EventEmitter } from "node:events";
import type { ParsedMail } from "mailparser";
import type { Correspondent } from "./correspondent.ts";

export interface StoredLetter {
  uid: number;
  source: Buffer;
  flags: Set<string>;
  arrivedAt: Date;
}

/** A folder of a mailbox. Emits `letter` when one comes. */
export class Folder extends EventEmitter {
  readonly path: string;
  readonly specialUse: string;
  uidValidity = 1_700_000_000;
  uidNext = 1;
  letters: StoredLetter[] = [];

  constructor(path: string, specialUse = "") {
    super();
    this.path = path;
    this.specialUse = specialUse;
    this.setMaxListeners(100);
  }

  add(source: Buffer, flags: string[] = []): StoredLetter {
    const letter = { uid: this.uidNext++, source, flags: new Set(flags), arrivedAt: new Date() };
    this.letters.push(letter);
    this.emit("letter");
    return letter;
  }

  /** As after a restore from a backup: the same letters under new numbers. */
  renumber(): void {
    this.uidValidity += 1;
    this.letters = this.letters.map((letter, index) => ({ ...letter, uid: index + 1 }));
    this.uidNext = this.letters.length + 1;
  }
}

export class Mailbox {
  readonly address: string;
  password: string;
  /** Whether the server tells of new letters by itself. */
  idle = true;
  readonly inbox = new Folder("INBOX");
  readonly sent = new Folder("Sent", "\\Sent");

  constructor(address: string, password: string) {
    this.address = address;
    this.password = password;
  }

  get folders(): Folder[] {
    return [this.inbox, this.sent];
  }
}

export type SmtpFailure =
  | { kind: "refuse"; code: number; message: string; text?: string }
  | { kind: "drop_after_data"; text?: string }
  | { kind: "drop_before_data" };

/** How both servers encrypt: from the first byte, or by STARTTLS when they are asked to. */
export interface MailTls {
  key: string;
  cert: string;
  begins: "at_once" | "by_starttls";
}

export interface MailLogin {
  server: "imap" | "smtp";
  method: "password" | "token";
  encrypted: boolean;
}

/** What the servers share. */
export class MailWorld {
  readonly mailboxes = new Map<string, Mailbox>();
  readonly correspondents = new Map<string, Correspondent>();
  /** Emits `change` after everything that a correspondent may see. */
  readonly events = new EventEmitter<{ change: [] }>().setMaxListeners(0);
  readonly taken: ParsedMail[] = [];
  /** Letters whose sender never heard whether they were taken. */
  readonly unanswered: ParsedMail[] = [];
  readonly late: ParsedMail[] = [];
  /** Letters that wait for their answer. */
  readonly waiting = new Set<ParsedMail>();
  /** Answers come when it ends. */
  held: Promise<void> | undefined;
  readonly failures: SmtpFailure[] = [];
  /** How often a whole letter was fetched. */
  fetches = 0;
  /** Letters that are put into a folder stay without an answer until then. */
  heldAppends: Promise<void> | undefined;
  /** Access tokens and whose they are. */
  readonly tokens = new Map<string, string>();
  readonly grants: string[] = [];
  readonly logins: MailLogin[] = [];
  onLogin: (login: MailLogin) => void = () => undefined;

  tried(login: MailLogin): void {
    this.logins.push(login);
    this.onLogin(login);
  }

  /** A letter was handed over for these addresses. */
  take(mail: ParsedMail, source: Buffer, from: string, addresses: string[]): void {
    this.taken.push(mail);
    for (const address of addresses) {
      this.mailboxes.get(address)?.inbox.add(source);
      this.correspondents.get(address)?.receive(mail, from);
    }
    this.events.emit("change");
  }

  byPassword(address: string, password: string): Mailbox | undefined {
    const mailbox = this.mailboxes.get(address);
    return mailbox?.password === password ? mailbox : undefined;
  }

  /** The failure of a letter that was handed over whole: the first one, or the first that is meant for its text. */
  takeFailure({ text = "" }: ParsedMail): SmtpFailure | undefined {
    const index = this.failures.findIndex(
      (one) => one.kind !== "drop_before_data" && (one.text === undefined || one.text === text.trim()),
    );
    return index < 0 ? undefined : this.failures.splice(index, 1)[0];
  }

  byToken(address: string, token: string): Mailbox | undefined {
    return this.tokens.get(token) === address ? this.mailboxes.get(address) : undefined;
  }
}
