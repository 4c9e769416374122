/** The card as a contact: vCard 3.0, which every phone reads (RFC 2426). */
import { emailOf, phoneOf, safeAddress } from "./blocks/address.ts";
import { blocksOf, headOf } from "./blocks/page.ts";
import type { CardContent } from "./blocks/schema.ts";
import { say } from "./blocks/words.ts";

/** `photo`: a JPEG. Lines end with CRLF and are folded at 75 octets, never inside a character. */
export function toVcard(
  content: CardContent,
  { language, url, photo }: { language: string; url: string; photo?: Buffer | undefined },
): string {
  const { name, about } = headOf(content, language);
  const text = (words: Record<string, string>): string => say(words, language, content.languages);
  const phones = blocksOf(content, "phone").flatMap(({ number }) => phoneOf(number) ?? []);
  const written = blocksOf(content, "messengers")
    .flatMap(({ items }) => items)
    .flatMap(({ service, to }) => (service === "whatsapp" ? (phoneOf(to) ?? []) : []));
  const emails = blocksOf(content, "email").flatMap(({ address }) => emailOf(address) ?? []);
  const sites = blocksOf(content, "link").flatMap(({ url: link }) => safeAddress(link) ?? []);
  const address = blocksOf(content, "address")
    .map((one) => text(one.address))
    .find(Boolean);
  const lines = [
    "BEGIN:VCARD",
    "VERSION:3.0",
    `N:;${escaped(name)};;;`,
    `FN:${escaped(name)}`,
    `ORG:${escaped(name)}`,
    ...(about && about !== name ? [`NOTE:${escaped(about)}`] : []),
    ...[...new Set([...phones, ...written])].map((phone) => `TEL;TYPE=WORK,VOICE:${phone}`),
    ...[...new Set(emails)].map((email) => `EMAIL;TYPE=INTERNET,WORK:${escaped(email)}`),
    ...(address ? [`ADR;TYPE=WORK:;;${escaped(address)};;;;`] : []),
    `URL:${url}`,
    ...[...new Set(sites)].slice(0, 5).map((site) => `URL:${site}`),
    ...(photo ? [`PHOTO;ENCODING=b;TYPE=JPEG:${photo.toString("base64")}`] : []),
    "END:VCARD",
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join("");
}

function escaped(text: string): string {
  return text.replace(/[\\;,]/g, (sign) => `\\${sign}`).replace(/\r\n?|\n/g, "\\n");
}

function folded(line: string): string {
  const parts: string[] = [];
  let part = "";
  let size = 0;
  for (const letter of line) {
    const octets = Buffer.byteLength(letter);
    if (size + octets > (parts.length === 0 ? 75 : 74)) {
      parts.push(part);
      [part, size] = ["", 0];
    }
    part += letter;
    size += octets;
  }
  return [...parts, part].join("\r\n ");
}
