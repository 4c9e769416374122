/** One message of the hub as one of Viber's: https://developers.viber.com/docs/api/rest-bot-api/#message-types */
import { ConnectorError } from "../contract.ts";
import type { OutboundAttachment, OutboundContent, OutboundFile } from "../contract.ts";
import { captionMax, fileLimit, pictureLimit, requestLimit, textMax, videoLimit } from "./capabilities.ts";
import { keyboardOf } from "./keyboard.ts";

/** Everything is checked here, before a request is made. */
export function messageOf(content: OutboundContent): object {
  const message = { ...bodyOf(content), ...keyboardOf(content.buttons) };
  if (Buffer.byteLength(JSON.stringify(message)) > requestLimit - 1024)
    throw new ConnectorError("too_large", "message_too_large", "a message of Viber has 30 KB at most");
  return message;
}

function bodyOf({ text = "", attachments = [] }: OutboundContent): object {
  const [attachment] = attachments;
  if (attachments.length > 1)
    throw new ConnectorError("unsupported", "one_file_only", "Viber takes one attachment per message");
  if (!attachment) return textOf(text);
  if (attachment.kind === "location") {
    refuseText(text);
    return { type: "location", location: { lat: attachment.latitude, lon: attachment.longitude } };
  }
  if (attachment.kind === "contact") return contactOf(attachment, text);
  return mediaOf(attachment, text);
}

function textOf(text: string): object {
  if (text.trim() === "") throw new ConnectorError("permanent", "empty", "there is nothing to send");
  if (text.length > textMax)
    throw new ConnectorError("too_large", "text_too_long", `a text of Viber has ${textMax} characters`);
  return { type: "text", text };
}

function contactOf({ name, phones }: Extract<OutboundAttachment, { kind: "contact" }>, text: string): object {
  refuseText(text);
  const [phone] = phones;
  if (phone === undefined)
    throw new ConnectorError("unsupported", "contact_without_phone", "Viber's contacts have a phone");
  return { type: "contact", contact: { name: name.slice(0, 28), phone_number: phone.slice(0, 18) } };
}

/** Viber fetches what it delivers: it gets a link to that file alone. */
function mediaOf(
  { kind, file, media }: Extract<OutboundAttachment, { media: unknown }>,
  text: string,
): object {
  if (!file) throw new ConnectorError("permanent", "file_missing", "the attachment has no file");
  if (file.size > fileLimit)
    throw new ConnectorError("too_large", "file_too_large", "Viber takes files of up to 50 MB");
  if (isPicture(file)) return { type: "picture", text: captionOf(text), media: linkOf(file) };
  refuseText(text);
  if (kind === "video" && file.mime === "video/mp4" && file.size <= videoLimit) {
    const seconds = Math.ceil((media.durationMs ?? 0) / 1000);
    const duration = seconds > 0 && seconds <= 180 ? { duration: seconds } : {};
    return { type: "video", media: linkOf(file), size: file.size, ...duration };
  }
  return { type: "file", media: linkOf(file), size: file.size, file_name: file.name.slice(-256) };
}

function isPicture({ mime, size }: OutboundFile): boolean {
  return /^image\/(jpeg|png)$/.test(mime) && size <= pictureLimit;
}

function captionOf(text: string): string {
  if (text.length <= captionMax) return text;
  throw new ConnectorError("too_large", "text_too_long", `a caption of Viber has ${captionMax} characters`);
}

function linkOf(file: OutboundFile): string {
  const link = file.publicUrl();
  if (link !== undefined) return link;
  throw new ConnectorError(
    "permanent",
    "no_public_address",
    "Viber fetches files from a public https address",
  );
}

/** Only pictures have a caption, and a text is never split off into a message of its own. */
function refuseText(text: string): void {
  if (text.trim() !== "")
    throw new ConnectorError("unsupported", "caption_impossible", "this kind takes no caption");
}
