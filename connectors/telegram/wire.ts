/**
 * The fields of https://core.telegram.org/bots/api#update that the hub reads, and no others. A part of an unexpected
 * shape is left out instead of costing the whole message.
 */
import { z } from "zod";

const id = z.number().int();
const count = z.number().int().min(0).optional().catch(undefined);
const side = z.number().int().positive().optional().catch(undefined);
const words = z.string().optional().catch(undefined);

/** A part that may be missing or malformed. */
function part<T extends z.ZodType>(schema: T) {
  return schema.optional().catch(undefined);
}

const user = z.object({
  id,
  is_bot: z.boolean().catch(false),
  first_name: z.string().catch(""),
  last_name: words,
  username: words,
  language_code: words,
});
export type WireUser = z.infer<typeof user>;

export const chat = z.object({
  id,
  type: z.string(),
  title: words,
  first_name: words,
  last_name: words,
  username: words,
});

const entity = z.object({
  type: z.string(),
  offset: z.number().int(),
  length: z.number().int(),
  url: words,
  language: words,
  user: part(user),
});
export type WireEntity = z.infer<typeof entity>;

const file = z.object({ file_id: z.string(), file_size: count, file_name: words, mime_type: words });
const sized = file.extend({ width: side, height: side });
const timed = file.extend({ duration: count, title: words, performer: words });
const moving = sized.extend({ duration: count });
export type WireFile = z.infer<typeof moving> & {
  title?: string | undefined;
  performer?: string | undefined;
};

const sticker = sized.extend({
  is_animated: z.boolean().catch(false),
  is_video: z.boolean().catch(false),
  emoji: words,
  thumbnail: part(sized),
});
export type WireSticker = z.infer<typeof sticker>;

const location = z.object({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  live_period: count,
});
const venue = z.object({ location, title: z.string(), address: z.string() });
const contact = z.object({
  phone_number: z.string(),
  first_name: z.string(),
  last_name: words,
  user_id: part(id),
});

const origin = z.object({
  sender_user: part(user),
  sender_user_name: words,
  sender_chat: part(chat),
  chat: part(chat),
});
export type WireOrigin = z.infer<typeof origin>;

const button = z.object({ text: z.string(), callback_data: words });

/** What a message says, in every form that the hub can show. */
const said = z.object({
  text: words,
  entities: part(z.array(entity)),
  caption: words,
  caption_entities: part(z.array(entity)),
  has_media_spoiler: part(z.boolean()),
  photo: part(z.array(sized).min(1)),
  live_photo: part(z.object({ photo: z.array(sized).min(1) })),
  animation: part(moving),
  video: part(moving),
  video_note: part(file.extend({ length: side, duration: count })),
  audio: part(timed),
  voice: part(timed),
  document: part(file),
  sticker: part(sticker),
  location: part(location),
  venue: part(venue),
  contact: part(contact),
  dice: part(z.object({ emoji: z.string(), value: z.number().int() })),
  poll: part(z.object({ question: z.string() })),
  checklist: part(z.object({ title: z.string() })),
  game: part(z.object({ title: z.string() })),
  pinned_message: part(z.object({ message_id: id })),
  message_auto_delete_timer_changed: part(z.object({ message_auto_delete_time: z.number() })),
  write_access_allowed: part(z.object({})),
  web_app_data: part(z.object({ button_text: z.string(), data: z.string() })),
});
export type WireSaid = z.infer<typeof said>;

const quoted = said.extend({ message_id: id, from: part(user) });

export const message = said.extend({
  message_id: id,
  message_thread_id: part(id),
  is_topic_message: part(z.boolean()),
  from: user,
  chat,
  date: z.number(),
  edit_date: part(z.number()),
  media_group_id: words,
  reply_to_message: part(quoted),
  external_reply: part(z.object({ origin })),
  quote: part(z.object({ text: z.string() })),
  forward_origin: part(origin),
  sender_business_bot: part(user),
});
export type WireMessage = z.infer<typeof message>;

export const callbackQuery = z.object({
  id: z.string(),
  from: user,
  data: words,
  message: z.object({
    message_id: id,
    message_thread_id: part(id),
    is_topic_message: part(z.boolean()),
    chat,
    reply_markup: part(z.object({ inline_keyboard: z.array(z.array(button)) })),
  }),
});
export type WireCallbackQuery = z.infer<typeof callbackQuery>;

export const messageReaction = z.object({
  chat,
  message_id: id,
  date: z.number(),
  user,
  new_reaction: z.array(z.object({ type: z.string(), emoji: words })),
});

export const chatMember = z.object({
  chat,
  from: user,
  date: z.number(),
  old_chat_member: z.object({ status: z.string() }),
  new_chat_member: z.object({ status: z.string() }),
});

/** https://core.telegram.org/bots/api#businessconnection */
export const businessConnection = z.object({
  id: z.string(),
  user,
  date: z.number(),
  is_enabled: z.boolean(),
  rights: part(z.object({ can_reply: part(z.boolean()) })),
});

export const businessDeleted = z.object({
  business_connection_id: z.string(),
  chat,
  message_ids: z.array(id).min(1),
});
