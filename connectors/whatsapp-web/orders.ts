/** Commands of the hub as orders to the browser. Limits are checked, and files read, before anything is asked. */
import { ConnectorError } from "../contract.ts";
import type { OutboundCommand, OutboundFile } from "../contract.ts";
import { remuxToOgg } from "../remux.ts";
import { capabilities, fileLimit } from "./capabilities.ts";
import { writeVCard } from "./vcard.ts";
import type { Order, WireFile } from "./wire.ts";

type SendCommand = Extract<OutboundCommand, { op: "send" }>;

/** Undefined when there is nothing to do. */
export async function orderOf(command: OutboundCommand): Promise<Order | undefined> {
  const { threadKey: chat } = command;
  switch (command.op) {
    case "send":
      return sendOrder(command);
    case "edit":
      return {
        do: "edit",
        id: command.externalId,
        text: textOf(command.content.text, capabilities.text.max),
      };
    case "delete":
      return { do: "delete", ids: command.externalIds };
    case "react":
      return { do: "react", id: command.externalId, emoji: command.emojis.at(-1) ?? "" };
    case "typing":
      return { do: "typing", chat };
    case "markRead":
      return { do: "read", chat };
    case "acknowledgeAction":
      return undefined;
  }
}

async function sendOrder(command: SendCommand): Promise<Order> {
  const { threadKey: chat, idempotencyKey: key, replyToExternalId: quotedId, forwardOf } = command;
  if (forwardOf) return { do: "forward", chat, key, id: forwardOf.externalId };
  const { text = "", attachments = [], buttons = [] } = command.content;
  if (buttons.length > 0)
    throw new ConnectorError("unsupported", "buttons_impossible", "only businesses have buttons");
  if (attachments.length > 1)
    throw new ConnectorError("unsupported", "one_attachment", "one attachment a message");
  const order = { do: "send" as const, chat, key, text, ...(quotedId !== undefined && { quotedId }) };
  const [attachment] = attachments;
  if (!attachment) return { ...order, text: textOf(text, capabilities.text.max) };
  if (!("media" in attachment) && text)
    throw new ConnectorError("unsupported", "caption_impossible", "this kind takes no caption");
  if (attachment.kind === "contact") return { ...order, vCard: writeVCard(attachment) };
  if (attachment.kind === "location") {
    const { latitude, longitude, name, address } = attachment;
    const place = { latitude, longitude, ...(name && { name }), ...(address && { address }) };
    return { ...order, place };
  }
  if (text.length > capabilities.text.caption)
    throw new ConnectorError("too_large", "text_too_long", "a caption may have 1024 characters");
  const { kind, file } = attachment;
  if (!file) throw new ConnectorError("permanent", "file_missing", "the attachment has no file");
  return { ...order, file: { ...(await packed(kind, file)), kind } };
}

function textOf(text: string | undefined, max: number): string {
  if (!text?.trim()) throw new ConnectorError("unsupported", "empty", "a message needs a text");
  if (text.length > max) throw new ConnectorError("too_large", "text_too_long", `${max} characters at most`);
  return text;
}

async function packed(kind: string, file: OutboundFile): Promise<WireFile> {
  if (file.size > fileLimit)
    throw new ConnectorError("too_large", "file_too_large", `${fileLimit} bytes at most`);
  const data = await readAll(file);
  const { name, mime } = file;
  if (kind !== "voice" || /^(audio|application)\/ogg/.test(mime)) return { name, mime, data };
  const ogg = await remuxToOgg(data);
  return ogg ? { name: "voice.ogg", mime: "audio/ogg; codecs=opus", data: ogg } : { name, mime, data };
}

async function readAll(file: OutboundFile): Promise<Uint8Array> {
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of file.open()) chunks.push(chunk);
    return Buffer.concat(chunks);
  } catch (error) {
    throw new ConnectorError("retry", "file_missing", "the attachment could not be read", { cause: error });
  }
}
