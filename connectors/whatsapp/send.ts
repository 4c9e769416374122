/** One message of the hub as one of WhatsApp: https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-messages */
import { z } from "zod";
import { ConnectorError } from "../contract.ts";
import type { Button, OutboundAttachment, OutboundCommand, SendResult } from "../contract.ts";
import type { Graph } from "../graph.ts";
import { buttonCount, buttonTitle, capabilities } from "./capabilities.ts";
import { isMedia, packMedia, type OutboundMedia, type Parcel } from "./media.ts";
import { isUserId } from "./people.ts";

export type SendCommand = Extract<OutboundCommand, { op: "send" }>;

export interface Line {
  graph: Graph;
  phoneNumberId: string;
}

/** The names of a template's places, where it has names instead of numbers. */
export type PlaceNames = (
  name: string,
  language: string,
  signal: AbortSignal,
) => Promise<string[] | undefined>;

const answer = z.object({ messages: z.array(z.object({ id: z.string() })).min(1) });

/** Everything is looked at, and the file uploaded, before the message goes. */
export async function send(line: Line, command: SendCommand, namesOf: PlaceNames): Promise<SendResult> {
  const body = await bodyOf(line, command, namesOf);
  return { externalIds: [await post(line, command, body)], at: new Date() };
}

async function bodyOf(line: Line, command: SendCommand, namesOf: PlaceNames): Promise<object> {
  const { text = "", attachments = [], buttons = [], template } = command.content;
  if (template) return templateBody(line, command, template, namesOf);
  if (attachments.length > 1)
    throw new ConnectorError("unsupported", "one_attachment", "a message holds one attachment");
  const [attachment] = attachments;
  const pressed = buttons.flat();
  if (attachment && !isMedia(attachment)) return plainBody(attachment, text, pressed);
  checkLength(text, attachment || pressed.length > 0 ? capabilities.text.caption : capabilities.text.max);
  const parcel = attachment && (await packMedia(line, attachment, command.signal));
  if (pressed.length > 0) return buttonsBody(text, pressed, parcel);
  if (parcel) return mediaBody(parcel, text);
  if (text.trim() === "") throw new ConnectorError("unsupported", "empty", "a message needs a text");
  return { type: "text", text: { body: text, preview_url: /https?:\/\//.test(text) } };
}

function checkLength(text: string, max: number): void {
  if (text.length > max)
    throw new ConnectorError("too_large", "text_too_long", `${max} characters may be sent at most`);
}

/** The own key comes back with every status: it tells what became of a send whose answer never came. */
async function post({ graph, phoneNumberId }: Line, command: SendCommand, body: object): Promise<string> {
  const given = await graph.call(`${phoneNumberId}/messages`, {
    method: "POST",
    sends: true,
    signal: command.signal,
    json: {
      messaging_product: "whatsapp",
      recipient_type: "individual",
      ...recipientOf(command.threadKey),
      ...(command.replyToExternalId !== undefined && { context: { message_id: command.replyToExternalId } }),
      biz_opaque_callback_data: command.idempotencyKey,
      ...body,
    },
  });
  const id = answer.safeParse(given).data?.messages[0]?.id;
  if (id === undefined)
    throw new ConnectorError("unknown", "platform_error", "messages: no id in the answer");
  return id;
}

/** A user id goes into `recipient`, a phone into `to`. */
export function recipientOf(threadKey: string): { recipient: string } | { to: string } {
  return isUserId(threadKey) ? { recipient: threadKey } : { to: threadKey };
}

async function templateBody(
  line: Line,
  { content, signal }: SendCommand,
  { name, language, params }: NonNullable<SendCommand["content"]["template"]>,
  namesOf: PlaceNames,
): Promise<object> {
  const names = await namesOf(name, language, signal);
  const parameters = params.map((text, index) => ({
    type: "text",
    text,
    ...(names?.[index] !== undefined && { parameter_name: names[index] }),
  }));
  const header = content.attachments?.[0];
  const components = [
    ...(header ? [await headerComponent(line, header, signal)] : []),
    ...(parameters.length > 0 ? [{ type: "body", parameters }] : []),
  ];
  return { type: "template", template: { name, language: { code: language }, components } };
}

async function headerComponent(
  line: Line,
  attachment: OutboundAttachment,
  signal: AbortSignal,
): Promise<object> {
  if (!isMedia(attachment))
    throw new ConnectorError("unsupported", "header_refused", "a template begins with a file");
  const { kind, id, name } = await packMedia(line, attachment, signal, { exactly: true });
  const file = { id, ...(kind === "document" && { filename: name }) };
  return { type: "header", parameters: [{ type: kind, [kind]: file }] };
}

function plainBody(
  attachment: Exclude<OutboundAttachment, OutboundMedia>,
  text: string,
  buttons: Button[],
): object {
  if (text || buttons.length > 0)
    throw new ConnectorError("unsupported", "caption_impossible", "this kind takes no caption");
  if (attachment.kind === "location") {
    const { latitude, longitude, name, address } = attachment;
    return { type: "location", location: { latitude, longitude, name, address } };
  }
  const { name, phones, emails = [] } = attachment;
  const contact = {
    name: { formatted_name: name, first_name: name },
    phones: phones.map((phone) => ({ phone, wa_id: phone.replace(/\D/g, "") })),
    ...(emails.length > 0 && { emails: emails.map((email) => ({ email })) }),
  };
  return { type: "contacts", contacts: [contact] };
}

function mediaBody({ kind, id, name, voice }: Parcel, caption: string): object {
  const captioned = kind === "image" || kind === "video" || kind === "document";
  if (caption && !captioned)
    throw new ConnectorError("unsupported", "caption_impossible", "this kind takes no caption");
  const details = {
    id,
    ...(caption && { caption }),
    ...(kind === "document" && { filename: name }),
    ...(voice && { voice }),
  };
  return { type: kind, [kind]: details };
}

/** Reply buttons: https://developers.facebook.com/docs/whatsapp/cloud-api/messages/interactive-reply-buttons-messages */
function buttonsBody(text: string, buttons: Button[], parcel: Parcel | undefined): object {
  if (buttons.length > buttonCount)
    throw new ConnectorError("unsupported", "too_many_buttons", `${buttonCount} buttons at most`);
  if (buttons.some(({ title }) => title.length > buttonTitle))
    throw new ConnectorError(
      "unsupported",
      "button_too_long",
      `a button has ${buttonTitle} characters at most`,
    );
  if (buttons.some(({ url }) => url !== undefined))
    throw new ConnectorError("unsupported", "button_link", "reply buttons cannot open pages");
  if (text.trim() === "") throw new ConnectorError("unsupported", "empty", "buttons need a text");
  const withFile = parcel?.kind === "image" || parcel?.kind === "video" || parcel?.kind === "document";
  if (parcel && !withFile)
    throw new ConnectorError("unsupported", "caption_impossible", "this kind takes no buttons");
  return {
    type: "interactive",
    interactive: {
      type: "button",
      ...(parcel && { header: { type: parcel.kind, [parcel.kind]: { id: parcel.id } } }),
      body: { text },
      action: {
        buttons: buttons.map(({ title, value }, index) => ({
          type: "reply",
          reply: { id: value ?? `${index}:${title}`, title },
        })),
      },
    },
  };
}
