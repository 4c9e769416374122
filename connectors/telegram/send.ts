/** One message of the hub as one message of Telegram. */
import type { RawApi } from "grammy";
import type { Message } from "grammy/types";
import { ConnectorError } from "../contract.ts";
import type { OutboundAttachment, OutboundCommand, OutboundContent, SendResult } from "../contract.ts";
import { sendAlbum } from "./album.ts";
import { keyboardOf } from "./buttons.ts";
import { outgoingEntities } from "./entities.ts";
import { checkText } from "./limits.ts";
import { sendMedia } from "./media.ts";
import { parseThread } from "./thread.ts";

export type SendCommand = Extract<OutboundCommand, { op: "send" }>;
type Sent = Pick<Message, "message_id" | "date">;

/** Where a message goes and what it answers: what every send method has in common. */
export type Target = ReturnType<typeof targetOf>;

export async function send(api: RawApi, command: SendCommand): Promise<SendResult> {
  if (command.forwardOf) return result([await forward(api, command, command.forwardOf)]);
  const { attachments = [] } = command.content;
  if (attachments.length > 1) return result(await sendAlbum(api, targetOf(command), command));
  const [attachment] = attachments;
  return result([await (attachment ? sendAttachment(api, command, attachment) : sendText(api, command))]);
}

function result(sent: Sent[]): SendResult {
  const seconds = sent[0]?.date;
  const at = seconds === undefined ? new Date() : new Date(seconds * 1000);
  return { externalIds: sent.map(({ message_id }) => String(message_id)), at };
}

/** A quoted message that is gone costs the quote, not the answer. */
function targetOf({ threadKey, replyToExternalId, content }: SendCommand) {
  return {
    ...parseThread(threadKey),
    ...keyboardOf(content.buttons),
    ...(replyToExternalId !== undefined && {
      reply_parameters: { message_id: Number(replyToExternalId), allow_sending_without_reply: true },
    }),
  };
}

function sendText(api: RawApi, command: SendCommand): Promise<Sent> {
  const { text = "", entities } = command.content;
  checkText(text);
  return api.sendMessage({ ...targetOf(command), text, entities: outgoingEntities(entities) });
}

function sendAttachment(api: RawApi, command: SendCommand, attachment: OutboundAttachment): Promise<Sent> {
  if (attachment.kind === "location") return sendPlace(api, command, attachment);
  if (attachment.kind === "contact") return sendContact(api, command, attachment);
  return sendMedia(api, targetOf(command), attachment, command);
}

function sendPlace(
  api: RawApi,
  command: SendCommand,
  { latitude, longitude, name, address }: Extract<OutboundAttachment, { kind: "location" }>,
): Promise<Sent> {
  refuseText(command.content);
  const place = { ...targetOf(command), latitude, longitude };
  if (name === undefined && address === undefined) return api.sendLocation(place);
  return api.sendVenue({ ...place, title: name ?? address ?? "", address: address ?? name ?? "" });
}

function sendContact(
  api: RawApi,
  command: SendCommand,
  { name, phones }: Extract<OutboundAttachment, { kind: "contact" }>,
): Promise<Sent> {
  refuseText(command.content);
  const [phone] = phones;
  if (phone === undefined)
    throw new ConnectorError("unsupported", "contact_without_phone", "Telegram's contacts have a phone");
  return api.sendContact({ ...targetOf(command), phone_number: phone, first_name: name });
}

/** Some kinds have no caption, and a text is never split off into a message of its own. */
export function refuseText({ text }: OutboundContent): void {
  if (text) throw new ConnectorError("unsupported", "caption_impossible", "this kind takes no caption");
}

function forward(
  api: RawApi,
  { threadKey }: SendCommand,
  source: NonNullable<SendCommand["forwardOf"]>,
): Promise<Sent> {
  const { business_connection_id, ...target } = parseThread(threadKey);
  const from = parseThread(source.threadKey);
  if (business_connection_id !== undefined || from.business_connection_id !== undefined)
    throw new ConnectorError(
      "unsupported",
      "business_impossible",
      "business accounts' chats are not forwarded",
    );
  return api.forwardMessage({
    ...target,
    from_chat_id: from.chat_id,
    message_id: Number(source.externalId),
  });
}
