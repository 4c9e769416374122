/** A letter as it is stored: what its source says, before anything is made of it. */
import type { AddressObject, ParsedMail } from "mailparser";
import { z } from "zod";
import { bounceOf } from "./bounce.ts";

const words = z.string().optional().catch(undefined);
const address = z.object({ name: z.string().catch(""), address: z.string().min(1) });

export const facts = z.object({
  kind: z.literal("letter"),
  uidValidity: z.string(),
  uid: z.number().int(),
  arrivedAt: z.coerce.date(),
  messageId: z.string().min(1),
  inReplyTo: words,
  references: z.array(z.string()).catch([]),
  from: address,
  replyTo: address.optional().catch(undefined),
  to: z.array(address).catch([]),
  cc: z.array(address).catch([]),
  subject: z.string().catch(""),
  text: z.string().catch(""),
  html: words,
  /** Written by a program: why. */
  automatic: words,
  bounce: z
    .object({ messageId: z.string(), failed: z.boolean(), reason: z.string().catch("") })
    .optional()
    .catch(undefined),
  files: z
    .array(
      z.object({
        index: z.number().int(),
        name: z.string(),
        mime: z.string(),
        size: z.number().int().min(0),
      }),
    )
    .catch([]),
});
export type Facts = z.infer<typeof facts>;

export interface Source {
  uidValidity: string;
  uid: number;
  arrivedAt: Date;
  source: Buffer;
}

/** A header line may have so many characters: https://www.rfc-editor.org/rfc/rfc5322#section-2.1.1 */
const idLimit = 998;
const referencesLimit = 100;
const nameLimit = 255;
const addressLimit = 320;

/**
 * Reads a letter's source. One that has no sender or no id gets what tells it apart, and so does one whose sender or id
 * is longer than any real one.
 */
export async function readFacts({ source, ...place }: Source): Promise<Facts> {
  const mail = await parsed(source);
  if (!mail)
    return { ...basicsOf(await parsed(headOf(source)), place), text: "", files: [], automatic: unreadable };
  const [replyTo] = addressesOf(mail.replyTo);
  const automatic = automaticOf(mail);
  const bounce = bounceOf(mail, source);
  return {
    ...basicsOf(mail, place),
    replyTo,
    text: (mail.text ?? "").slice(0, 200_000),
    html: typeof mail.html === "string" ? mail.html.slice(0, 1_000_000) : undefined,
    ...(automatic && { automatic }),
    ...(bounce && { bounce }),
    files: mail.attachments.map(({ filename, contentType, size }, index) => ({
      index,
      name: (filename ?? `attachment-${index + 1}`).slice(0, nameLimit),
      mime: contentType.slice(0, nameLimit),
      size,
    })),
  };
}

type Place = Omit<Source, "source">;

/** What every letter has; one that cannot be read too. */
function basicsOf(mail: ParsedMail | undefined, place: Place) {
  const [from] = addressesOf(mail?.from);
  return {
    kind: "letter" as const,
    ...place,
    messageId: idOf(mail?.messageId) ?? `<${place.uidValidity}.${place.uid}@no-id>`,
    inReplyTo: idOf(mail?.inReplyTo),
    references: referencesOf(mail?.references),
    from: from ?? { name: "", address: "unknown" },
    to: addressesOf(mail?.to).slice(0, 50),
    cc: addressesOf(mail?.cc).slice(0, 50),
    subject: (mail?.subject ?? "").slice(0, idLimit),
  };
}

/** Why a letter is not read: the parser refuses what no mail program writes, as letters of thousands of parts. */
export const unreadable = "unreadable";

async function parsed(source: Buffer): Promise<ParsedMail | undefined> {
  const { simpleParser } = await import("mailparser");
  try {
    return await simpleParser(source, { skipImageLinks: true, skipTextToHtml: true });
  } catch {
    return undefined;
  }
}

const headLimit = 64 * 1024;
const lineLimit = 4 * idLimit;

/** The lines at the beginning of a letter that tell whose it is. */
function headOf(source: Buffer): Buffer {
  const [head = ""] = source.toString("latin1", 0, headLimit).split(/\r?\n\r?\n/, 1);
  const lines = head.split(/\r?\n(?![ \t])/);
  const told = ["from", "subject", "message-id"].flatMap((name) => {
    const line = lines.find((one) => one.toLowerCase().startsWith(`${name}:`));
    return line === undefined ? [] : [line.slice(0, lineLimit)];
  });
  return Buffer.from([...told, "", ""].join("\r\n"), "latin1");
}

export interface LetterFile {
  content: Buffer;
  mime: string;
}

/** The files of a letter with their bytes, in the order in which the facts name them. */
export async function filesOf(source: Buffer): Promise<LetterFile[]> {
  const mail = await parsed(source);
  return (mail?.attachments ?? []).map(({ content, contentType }) => ({ content, mime: contentType }));
}

function idOf(given: string | undefined): string | undefined {
  return given && given.length <= idLimit ? given : undefined;
}

/** The first names the thread, the newest are what is answered. */
function referencesOf(references: ParsedMail["references"]): string[] {
  const ids = [references ?? []].flat().filter((id) => idOf(id) !== undefined);
  return ids.length > referencesLimit ? [...ids.slice(0, 1), ...ids.slice(1 - referencesLimit)] : ids;
}

function addressesOf(
  given: AddressObject | AddressObject[] | undefined,
): { name: string; address: string }[] {
  return [given ?? []]
    .flat()
    .flatMap(({ value }) => value.flatMap((one) => one.group ?? [one]))
    .flatMap(({ name, address: at }) =>
      at && at.length <= addressLimit ? [{ name: name.slice(0, nameLimit), address: at.toLowerCase() }] : [],
    );
}

/** Answers of programs must not be answered by programs: https://www.rfc-editor.org/rfc/rfc3834 */
function automaticOf({ headers }: ParsedMail): string | undefined {
  const header = (name: string): string => {
    const value = headers.get(name);
    return typeof value === "string" ? value.toLowerCase() : "";
  };
  const submitted = header("auto-submitted");
  if (submitted !== "" && !submitted.startsWith("no")) return "auto_submitted";
  if (/^(bulk|list|junk|auto_reply)/.test(header("precedence"))) return "bulk";
  if (headers.has("list-id") || headers.has("list")) return "list";
  return undefined;
}
