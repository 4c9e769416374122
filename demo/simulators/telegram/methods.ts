/** The Bot API methods that are simulated beside the send methods. */
import { z } from "zod";

import type { SimBot, SimChat, SimMessage } from "./chat.ts";
import { need, parseChatParams } from "./params.ts";
import type { ChatParams } from "./params.ts";
import { badRequest, Refusal } from "./refusal.ts";
import type { ApiRequest } from "./request.ts";
import { captionOf, post, reachBusiness, reachChat, sendBy, sendMediaGroup, textOf } from "./sending.ts";
import type { World } from "./world.ts";

export interface Call {
  world: World;
  bot: SimBot;
  request: ApiRequest;
  /** Ends when the client has gone. */
  closed: AbortSignal;
}

/** Carries out a method and gives its `result`. */
export async function callMethod(method: string, call: Call): Promise<unknown> {
  const sent = await sendBy(method, call.world, call.bot, call.request);
  if (sent) return sent;
  const handler = methods[method.toLowerCase()];
  if (!handler) throw new Refusal(404, "Not Found: method not found");
  return handler(call);
}

const largestDownload = 20 * 1024 * 1024;

const webhookParams = z.object({
  url: z.string().default(""),
  secret_token: z
    .string()
    .regex(/^[\w-]{1,256}$/)
    .optional(),
  allowed_updates: z.array(z.string()).optional(),
  drop_pending_updates: z.coerce.boolean().optional(),
});
const pollParams = z.object({
  offset: z.coerce.number().int().default(0),
  limit: z.coerce.number().int().min(1).max(100).default(100),
  timeout: z.coerce.number().int().min(0).default(0),
  allowed_updates: z.array(z.string()).optional(),
});
const userParams = z.object({ user_id: z.coerce.number() });
const fileParams = z.object({ file_id: z.string() });
const answerParams = z.object({ callback_query_id: z.coerce.string(), text: z.string().optional() });
const commandParams = z.object({
  commands: z.array(z.object({ command: z.string(), description: z.string() })),
});

const readParams = z.object({
  business_connection_id: z.string(),
  chat_id: z.coerce.number(),
  message_id: z.coerce.number(),
});
const businessParams = z.object({
  business_connection_id: z.string(),
  message_ids: z.array(z.coerce.number()),
});

const methods: Record<string, (call: Call) => unknown> = {
  getme: ({ bot }) => bot.user,
  getupdates: ({ bot, request, closed }) => {
    const { offset, limit, timeout, allowed_updates } = pollParams.parse(request.params);
    bot.queue.allow(allowed_updates);
    return bot.queue.poll(offset, limit, timeout, closed);
  },
  setwebhook: ({ bot, request }) => {
    const { url, secret_token, allowed_updates, drop_pending_updates } = webhookParams.parse(request.params);
    bot.queue.allow(allowed_updates);
    if (drop_pending_updates) bot.queue.dropPending();
    if (url === "") bot.queue.deleteWebhook();
    else bot.queue.setWebhook({ url, secret: secret_token });
    return true;
  },
  deletewebhook: ({ bot, request }) => {
    bot.queue.deleteWebhook();
    if (webhookParams.parse(request.params).drop_pending_updates) bot.queue.dropPending();
    return true;
  },
  getwebhookinfo: ({ bot }) => bot.queue.info(),
  sendmediagroup: ({ world, bot, request }) => sendMediaGroup(world, bot, request),
  sendchataction: (call) => {
    const { chat } = inChat(call);
    chat.typingAt = new Date();
    call.world.changed(chat);
    return true;
  },
  forwardmessage: (call) => {
    const { chat, params } = inChat(call);
    const source = origin(call, params);
    const forward_origin = {
      type: "user" as const,
      sender_user: need(source.message.from, "message has no sender"),
      date: source.message.date,
    };
    return post(call.world, chat, { ...copyOf(source), forward_origin });
  },
  copymessage: (call) => {
    const { chat, params } = inChat(call);
    const { message_id } = post(call.world, chat, copyOf(origin(call, params)));
    return { message_id };
  },
  editmessagetext: (call) =>
    change(call, (message, params) => {
      if (message.message.text === undefined) throw badRequest("there is no text in the message to edit");
      return textOf(params);
    }),
  editmessagecaption: (call) =>
    change(call, (message, params) => {
      if (!message.file) throw badRequest("there is no caption in the message to edit");
      return { caption: undefined, caption_entities: undefined, ...captionOf(params) };
    }),
  editmessagereplymarkup: (call) => change(call, () => ({})),
  deletemessage: (call) => {
    const { chat, params } = inChat(call);
    remove(call, chat, need(chat.find(params.message_id ?? 0), "message to delete not found"));
    return true;
  },
  deletemessages: (call) => {
    const { chat, params } = inChat(call);
    for (const id of need(params.message_ids, "message identifiers are not specified")) {
      const message = chat.find(id);
      if (message) remove(call, chat, message);
    }
    return true;
  },
  deletebusinessmessages: ({ world, bot, request }) => {
    const { business_connection_id, message_ids } = businessParams.parse(request.params);
    const business = reachBusiness(world, bot, business_connection_id);
    for (const chat of business.allChats)
      for (const id of message_ids) {
        const message = chat.find(id);
        if (message) message.deleted = true;
        world.changed(chat, message);
      }
    return true;
  },
  readbusinessmessage: ({ world, bot, request }) => {
    const { business_connection_id, chat_id, message_id } = readParams.parse(request.params);
    const business = reachBusiness(world, bot, business_connection_id);
    const chat = business.allChats.find(({ customer }) => customer.id === chat_id);
    if (!chat?.find(message_id)) throw badRequest("message not found");
    business.read.set(chat_id, message_id);
    world.changed(chat);
    return true;
  },
  getbusinessconnection: ({ world, bot, request }) =>
    reachBusiness(
      world,
      bot,
      readParams.shape.business_connection_id.parse(request.params["business_connection_id"]),
    ).description,
  setmessagereaction: (call) => {
    const { chat, params } = inChat(call);
    const message = need(chat.find(params.message_id ?? 0), "message to react not found");
    message.reactions.bot = (params.reaction ?? []).map(({ emoji }) => need(emoji, "REACTION_INVALID"));
    call.world.changed(chat, message);
    return true;
  },
  answercallbackquery: ({ world, bot, request }) => {
    const { callback_query_id: id, text } = answerParams.parse(request.params);
    const ofBusinesses = [...world.businesses.values()].flatMap(({ allChats }) => allChats);
    const chats = [...[...world.people.values()].map(({ user }) => world.chat(bot, user)), ...ofBusinesses];
    const chat = chats.find(({ presses }) => presses.some((press) => press.id === id));
    const press = chat?.presses.find((one) => one.id === id);
    if (!chat || !press)
      throw badRequest("query is too old and response timeout expired or query ID is invalid");
    Object.assign(press, { answered: true, text });
    world.changed(chat);
    return true;
  },
  getfile: ({ world, request }) => {
    const file = need(world.files.get(fileParams.parse(request.params).file_id), "invalid file_id");
    if (file.bytes.byteLength > largestDownload) throw badRequest("file is too big");
    const { fileId, uniqueId, bytes, path } = file;
    return { file_id: fileId, file_unique_id: uniqueId, file_size: bytes.byteLength, file_path: path };
  },
  getuserprofilephotos: ({ world, bot, request }) => {
    const { user_id } = userParams.parse(request.params);
    const photos = user_id === bot.user.id ? bot.avatar : world.people.get(user_id)?.photos;
    return { total_count: photos ? 1 : 0, photos: photos ? [photos] : [] };
  },
  getchat: (call) => {
    const { chat } = inChat(call);
    const accepted = {
      unlimited_gifts: true,
      limited_gifts: true,
      unique_gifts: true,
      premium_subscription: true,
    };
    return {
      ...chat.description(),
      accent_color_id: 0,
      max_reaction_count: 11,
      accepted_gift_types: accepted,
    };
  },
  setmycommands: ({ bot, request }) => {
    bot.commands = commandParams.parse(request.params).commands;
    return true;
  },
  getmycommands: ({ bot }) => bot.commands,
  deletemycommands: ({ bot }) => {
    bot.commands = [];
    return true;
  },
};

function inChat({ world, bot, request }: Call): { chat: SimChat; params: ChatParams } {
  const params = parseChatParams(request.params);
  return { chat: reachChat(world, bot, params.chat_id, params.business_connection_id), params };
}

function change(call: Call, apply: (message: SimMessage, params: ChatParams) => object): unknown {
  const { chat, params } = inChat(call);
  const message = need(chat.find(params.message_id ?? 0), "message to edit not found");
  if (message.by !== "bot") throw badRequest("message can't be edited");
  const { reply_markup: _before, edit_date: _date, ...kept } = message.message;
  const changed = {
    ...kept,
    ...apply(message, params),
    ...(params.reply_markup && { reply_markup: params.reply_markup }),
  };
  const { edit_date: _old, ...before } = message.message;
  if (JSON.stringify(before) === JSON.stringify(changed))
    throw badRequest(
      "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
    );
  message.message = { ...changed, edit_date: Math.floor(Date.now() / 1000) };
  call.world.changed(chat, message);
  return message.message;
}

function remove({ world }: Call, chat: SimChat, message: SimMessage): void {
  const twoDays = 48 * 3600;
  if (Date.now() / 1000 - message.message.date > twoDays) throw badRequest("message can't be deleted");
  message.deleted = true;
  world.changed(chat, message);
}

function origin({ world, bot }: Call, params: ChatParams): SimMessage {
  const from = reachChat(world, bot, params.from_chat_id ?? 0);
  return need(from.find(params.message_id ?? 0), "message to forward not found");
}

/** What a forwarded or copied message takes along. */
function copyOf({ message, file }: SimMessage) {
  const { message_id: _id, chat: _chat, from: _from, date: _date, ...content } = message;
  const { reply_to_message: _reply, reply_markup: _markup, edit_date: _edit, ...said } = content;
  return { ...said, file };
}
