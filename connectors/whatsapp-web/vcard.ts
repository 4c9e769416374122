/** Contacts travel as vCards: https://www.rfc-editor.org/rfc/rfc6350 */
import type { Attachment } from "../contract.ts";

type Contact = Extract<Attachment, { kind: "contact" }>;

export function parseVCard(card: string): Contact {
  const lines = card.replace(/\r?\n[ \t]/g, "").split(/\r?\n/);
  const valuesOf = (name: string): string[] =>
    lines
      .filter((line) => new RegExp(`^(item\\d+\\.)?${name}[;:]`, "i").test(line))
      .map((line) => unescape(line.slice(line.indexOf(":") + 1).trim()));
  const phones = valuesOf("TEL").map((phone) => phone.slice(0, 40));
  const emails = valuesOf("EMAIL").map((email) => email.slice(0, 254));
  return {
    kind: "contact",
    name: (valuesOf("FN")[0] ?? phones[0] ?? "").slice(0, 255),
    phones: phones.slice(0, 10),
    ...(emails.length > 0 && { emails: emails.slice(0, 10) }),
  };
}

export function writeVCard({ name, phones, emails = [] }: Contact): string {
  return [
    "BEGIN:VCARD",
    "VERSION:3.0",
    `N:;${escape(name)};;;`,
    `FN:${escape(name)}`,
    ...phones.map((phone) => `TEL;type=CELL;waid=${phone.replace(/\D/g, "")}:${escape(phone)}`),
    ...emails.map((email) => `EMAIL:${escape(email)}`),
    "END:VCARD",
  ].join("\n");
}

function escape(value: string): string {
  return value.replace(/[\\;,]/g, "\\$&").replace(/\r?\n/g, "\\n");
}

function unescape(value: string): string {
  return value.replace(/\\n/gi, "\n").replace(/\\([\\;,])/g, "$1");
}
