/** Updates as canonical events: https://core.telegram.org/bots/api#update. Pure and total. */
import type { InboundEvent } from "../contract.ts";
import { readBusinessDeleted, readBusinessEdit, readBusinessMessage, readConnection } from "./business.ts";
import { baseOf, decodeUpdate, isGroup, nativeName, unreadable } from "./envelope.ts";
import type { EventBase, Update } from "./envelope.ts";
import { peerOf, readEdit, readMessage } from "./message.ts";
import { callbackQuery, chatMember, message, messageReaction } from "./wire.ts";
import type { WireCallbackQuery } from "./wire.ts";

/** Every update gives exactly one event; what cannot be read or shown becomes `unknown`, never nothing. */
export function parseUpdate(body: Uint8Array, receivedAt: Date): InboundEvent[] {
  const update = decodeUpdate(body);
  return [update ? readUpdate(update, receivedAt) : unreadable(body, receivedAt)];
}

function readUpdate(raw: Update, receivedAt: Date): InboundEvent {
  const [kind = "empty"] = Object.keys(raw).filter((key) => key !== "update_id");
  const payload = raw[kind];
  const base = baseOf(raw.update_id, payload, receivedAt);
  if (isGroup(payload)) return { ...base, type: "unknown", nativeType: `group:${kind}` };
  const event = readers.get(kind)?.(payload, base);
  return event ?? { ...base, type: "unknown", nativeType: nativeName(kind, payload) };
}

const readers = new Map(
  Object.entries<(payload: unknown, base: EventBase) => InboundEvent | undefined>({
    message: (payload, base) => {
      const { data } = message.safeParse(payload);
      return data && !data.from.is_bot ? readMessage(data, payload, base) : undefined;
    },
    edited_message: (payload, base) => {
      const { data } = message.safeParse(payload);
      return data && !data.from.is_bot ? readEdit(data, payload, base) : undefined;
    },
    callback_query: (payload, base) => {
      const { data } = callbackQuery.safeParse(payload);
      return data && readAction(data, base);
    },
    message_reaction: readReaction,
    my_chat_member: readMembership,
    business_connection: readConnection,
    business_message: readBusinessMessage,
    edited_business_message: readBusinessEdit,
    deleted_business_messages: readBusinessDeleted,
  }),
);

function readAction({ id, from, data, message: target }: WireCallbackQuery, base: EventBase): InboundEvent {
  const buttons = target.reply_markup?.inline_keyboard.flat() ?? [];
  const title = buttons.find((button) => button.callback_data === data)?.text;
  const action = {
    targetExternalId: String(target.message_id),
    ...(title !== undefined && { title }),
    ...(data !== undefined && { value: data }),
  };
  return { ...base, type: "message", peer: peerOf(from), content: { action }, ackToken: id };
}

/** Custom and paid reactions have no emoji of their own: a star stands for them, so that they do not look removed. */
function readReaction(payload: unknown, base: EventBase): InboundEvent | undefined {
  const { data } = messageReaction.safeParse(payload);
  if (!data || data.user.is_bot) return undefined;
  const emojis = data.new_reaction.map((reaction) => reaction.emoji ?? "⭐");
  return { ...base, type: "reaction", externalId: String(data.message_id), actor: "contact", emojis };
}

/** In a private chat the bot is `kicked` when the person blocks it and a `member` again when they come back. */
function readMembership(payload: unknown, base: EventBase): InboundEvent | undefined {
  const { data } = chatMember.safeParse(payload);
  if (!data) return undefined;
  const was = data.old_chat_member.status === "kicked";
  const is = data.new_chat_member.status === "kicked";
  if (was === is) return undefined;
  return { ...base, type: is ? "blocked" : "unblocked", peer: peerOf(data.from) };
}
