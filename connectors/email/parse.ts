/** Stored letters as canonical events. Pure and total. */
import { createHash } from "node:crypto";
import {
  attachmentsMax,
  type InboundAttachment,
  type InboundContent,
  type InboundEvent,
} from "../contract.ts";
import { sourceLimit } from "./capabilities.ts";
import { facts, type Facts } from "./facts.ts";
import { safeHtml, textOfHtml } from "./html.ts";
import { splitQuoted } from "./quoted.ts";
import { threadKeyOf, threadOfOwn } from "./thread.ts";

export function parseUpdate(body: Uint8Array, receivedAt: Date, account = ""): InboundEvent[] {
  const { data } = facts.safeParse(decode(body));
  return [data ? readLetter(data, account) : unreadable(body, receivedAt)];
}

function decode(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function readLetter(letter: Facts, account: string): InboundEvent {
  const { messageId, from, bounce, arrivedAt: at } = letter;
  const base = {
    dedupKey: `letter:${createHash("sha256").update(messageId).digest("hex")}`,
    orderKey: `${String(at.getTime()).padStart(16, "0")}:${String(letter.uid).padStart(12, "0")}`,
    threadKey: threadKeyOf(letter),
    at,
  };
  if (bounce) return readBounce(bounce, base);
  const nativeType = from.address === account ? "own" : letter.automatic;
  if (nativeType || from.address === "unknown")
    return { ...base, type: "unknown", nativeType: (nativeType ?? "no_sender").slice(0, 60) };
  return {
    ...base,
    type: "message",
    externalId: messageId,
    peer: {
      aliases: [{ scheme: "email", scope: "", value: from.address }],
      name: (from.name.trim() || from.address).slice(0, 255),
      email: from.address.slice(0, 254),
    },
    content: contentOf(letter),
  };
}

/** Only ids that this hub gave count: anybody may claim that a letter came back. */
function readBounce(
  { messageId, failed, reason }: NonNullable<Facts["bounce"]>,
  base: Pick<InboundEvent, "dedupKey" | "orderKey" | "threadKey" | "at">,
): InboundEvent {
  const threadKey = threadOfOwn(messageId);
  if (!threadKey || !failed) return { ...base, type: "unknown", nativeType: failed ? "bounce" : "delayed" };
  const failure = { class: "permanent" as const, code: "bounced", message: reason };
  return { ...base, threadKey, type: "delivery", state: "failed", externalIds: [messageId], failure };
}

function contentOf(letter: Facts): InboundContent {
  const { own: words, quoted } = splitQuoted(letter.text);
  const html = safeHtml(letter.html);
  const own = words || (html ? textOfHtml(html) : "");
  const listed = (people: Facts["to"]) => people.slice(0, 50).map(({ address }) => address.slice(0, 320));
  const attachments = letter.files.slice(0, attachmentsMax).map((file) => attachmentOf(letter, file));
  return {
    ...(own && { text: own.slice(0, 20_000) }),
    ...(attachments.length > 0 && { attachments }),
    letter: {
      subject: letter.subject.slice(0, 998),
      ...(html && { html }),
      ...(quoted && { quoted: quoted.slice(0, 100_000) }),
      to: listed(letter.to),
      cc: listed(letter.cc),
    },
  };
}

function attachmentOf(
  { uidValidity, uid }: Facts,
  { index, name, mime, size }: Facts["files"][number],
): InboundAttachment {
  const [family] = mime.split("/");
  const kind = family === "image" || family === "video" || family === "audio" ? family : "document";
  const state = size > sourceLimit ? "too_large" : "pending";
  const media = { state, size, mime: mime.slice(0, 100), fileName: name.slice(0, 255) } as const;
  return { kind, media, source: { type: "part", value: `${uidValidity}:${uid}:${index}` } };
}

function unreadable(body: Uint8Array, receivedAt: Date): InboundEvent {
  const hash = createHash("sha256").update(body).digest("hex");
  return {
    type: "unknown",
    nativeType: "unreadable",
    dedupKey: `hash:${hash}`,
    orderKey: String(receivedAt.getTime()).padStart(16, "0"),
    threadKey: "",
    at: receivedAt,
  };
}
