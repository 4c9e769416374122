/** One message of the hub as a letter of its thread. */
import { Readable } from "node:stream";
import { ConnectorError } from "../contract.ts";
import type { OutboundCommand, OutboundFile } from "../contract.ts";
import { lettersLimit } from "./capabilities.ts";
import type { EmailCredentials } from "./credentials.ts";
import type { KeptThread } from "./kept-thread.ts";
import { ownMessageId } from "./thread.ts";

export type SendCommand = Extract<OutboundCommand, { op: "send" }>;

export interface Composed {
  messageId: string;
  source: Buffer;
  envelope: { from: string; to: string[] };
}

/** Everything is checked here, before a server is asked. */
export async function compose(
  command: SendCommand,
  { address, senderName }: EmailCredentials,
  thread: KeptThread | undefined,
): Promise<Composed> {
  const { content, latest, threadKey } = command;
  const { text = "" } = content;
  const files = filesOf(command);
  if (text.trim() === "" && files.length === 0)
    throw new ConnectorError("permanent", "empty", "there is nothing to send");
  const asked = content.letter?.to.length ? content.letter.to : undefined;
  const to = asked ?? (thread ? [thread.to.address] : []);
  const cc = content.letter?.cc ?? thread?.cc.map((one) => one.address) ?? [];
  if (to.length === 0) throw new ConnectorError("permanent", "no_recipient", "nobody to write to is known");
  const subject = content.letter?.subject || thread?.subject || latest?.letter?.subject || "";
  const messageId = ownMessageId(command.idempotencyKey, threadKey, address);
  const before = [...new Set([...(thread?.references ?? []), ...(latest ? [latest.externalId] : [])])];
  const inReplyTo = latest?.externalId ?? before.at(-1);
  const { createTransport } = await import("nodemailer");
  const { message } = await createTransport({
    streamTransport: true,
    buffer: true,
    newline: "windows",
  }).sendMail({
    messageId,
    from: senderName ? { name: senderName, address } : address,
    to,
    cc,
    subject: before.length > 0 ? answering(subject) : subject,
    ...(inReplyTo ? { inReplyTo, references: before } : {}),
    text,
    html: toHtml(text),
    attachments: files.map((file) => ({
      filename: file.name,
      contentType: file.mime,
      content: Readable.from(file.open()),
    })),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return { messageId, source: message as Buffer, envelope: { from: address, to: [...to, ...cc] } };
}

function filesOf({ content }: SendCommand): OutboundFile[] {
  const files = (content.attachments ?? []).map((attachment) => {
    if (!("media" in attachment))
      throw new ConnectorError("unsupported", "files_only", "a letter carries files, no places and contacts");
    if (!attachment.file) throw new ConnectorError("permanent", "file_missing", "the attachment has no file");
    return attachment.file;
  });
  if (files.reduce((sum, { size }) => sum + size, 0) > lettersLimit)
    throw new ConnectorError("too_large", "letter_too_large", "the files of a letter have 18 MB at most");
  return files;
}

function answering(subject: string): string {
  return /^(re|aw|sv|antw|отв)\s*:/i.test(subject) ? subject : `Re: ${subject}`;
}

function toHtml(text: string): string {
  const safe = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return `<div>${safe.replace(/\r?\n/g, "<br>\n")}</div>`;
}
