/** Somebody with a mail program of their own, who writes to the mailboxes here and gets what these send. */
import type { ParsedMail } from "mailparser";

export interface SeenFile {
  id: string;
  name: string;
  mime: string;
  bytes: Uint8Array;
}

/** A letter as the correspondent's program shows it. */
export interface SeenLetter {
  /** Message-ID. */
  id: string;
  by: "correspondent" | "mailbox";
  /** Address of the mailbox at the other end. */
  mailbox: string;
  at: Date;
  subject: string;
  /** Own words, without what is quoted below. */
  text: string;
  html?: string | undefined;
  files: SeenFile[];
  inReplyTo?: string | undefined;
  references: string[];
}

export class Correspondent {
  readonly name: string;
  readonly address: string;
  /** Oldest first. */
  readonly letters: SeenLetter[] = [];

  constructor(name: string, address: string) {
    this.name = name;
    this.address = address;
  }

  /** Keeps a letter that came. */
  receive(mail: ParsedMail, mailbox: string): void {
    const { messageId = "", subject = "", text = "", inReplyTo, references = [] } = mail;
    this.letters.push({
      id: messageId,
      by: "mailbox",
      mailbox,
      at: new Date(),
      subject,
      text,
      inReplyTo,
      references: [references].flat(),
      files: mail.attachments.map(({ filename, contentType, content }, index) =>
        fileOf(messageId, index, filename ?? `file-${index + 1}`, contentType, content),
      ),
    });
  }
}

export function fileOf(
  letter: string,
  index: number,
  name: string,
  mime: string,
  bytes: Uint8Array,
): SeenFile {
  return { id: `${letter}/${index}`, name, mime, bytes };
}

/** As mail programs put it below an answer. */
export function quotedOf({ at, by, mailbox, text }: SeenLetter, { name }: Correspondent): string {
  const who = by === "mailbox" ? mailbox : name;
  const lines = text
    .trim()
    .split("\n")
    .map((line) => `> ${line}`);
  return [`On ${at.toUTCString().slice(0, 16)}, ${who} wrote:`, ...lines].join("\n");
}
