/** What the page shows of a chat. */
import type { SimChat, SimMessage, ShownMessage } from "./chat.ts";

export function viewChat(chat: SimChat) {
  return {
    bot: chat.bot.user.username,
    customer: chat.customer.id,
    started: chat.started,
    blocked: chat.blocked,
    typing: chat.typingAt !== undefined && Date.now() - chat.typingAt.getTime() < 5000,
    pressed: chat.presses.filter(({ answered }) => !answered).map(({ messageId }) => messageId),
    messages: chat.messages.filter(({ deleted }) => !deleted).map(viewMessage),
  };
}

function viewMessage({ id, by, message, file, reactions }: SimMessage) {
  return {
    id,
    by,
    date: message.date,
    edited: message.edit_date !== undefined,
    text: message.text ?? message.caption ?? "",
    entities: message.entities ?? message.caption_entities ?? [],
    media: file && { kind: kindOf(message), id: file.fileId, name: file.name, size: file.bytes.byteLength },
    spoiler: message.has_media_spoiler ?? false,
    emoji: message.sticker?.emoji,
    place: message.location && {
      ...message.location,
      title: message.venue?.title,
      address: message.venue?.address,
    },
    contact: message.contact && { name: message.contact.first_name, phone: message.contact.phone_number },
    quote: message.reply_to_message && viewQuote(message.reply_to_message, message.quote?.text),
    forwardedFrom: forwardedFrom(message),
    buttons: message.reply_markup?.inline_keyboard.map((row) =>
      row.map((button) => ({ title: button.text, url: "url" in button ? button.url : undefined })),
    ),
    reactions,
  };
}

function kindOf(message: ShownMessage): string {
  return kinds.find((kind) => message[kind] !== undefined) ?? "document";
}

const kinds = ["photo", "animation", "video", "video_note", "voice", "audio", "sticker", "document"] as const;

function viewQuote(target: ShownMessage, part: string | undefined) {
  const text = part ?? target.text ?? target.caption ?? "…";
  return { id: target.message_id, name: target.from?.first_name ?? "", text };
}

function forwardedFrom({ forward_origin: origin }: ShownMessage): string | undefined {
  if (!origin) return undefined;
  if (origin.type === "hidden_user") return origin.sender_user_name;
  return origin.type === "user" ? origin.sender_user.first_name : undefined;
}
