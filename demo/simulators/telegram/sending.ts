/** The send methods: https://core.telegram.org/bots/api#sendmessage and the ones after it. */
import type { TelegramBusiness } from "./business.ts";
import { detectEntities, quoted } from "./chat.ts";
import type { NewMessage, ShownMessage, SimBot, SimChat } from "./chat.ts";
import type { NewFile, SimFile } from "./files.ts";
import { sizeOf } from "./files.ts";
import { need, parseChatParams } from "./params.ts";
import type { ChatParams } from "./params.ts";
import { badRequest, Refusal } from "./refusal.ts";
import type { ApiRequest } from "./request.ts";
import type { World } from "./world.ts";

const megabyte = 1024 * 1024;

/** Finds the chat, or refuses in the words of the real server. */
export function reachChat(world: World, bot: SimBot, chatId: number, connectionId?: string): SimChat {
  const person = world.people.get(chatId);
  if (!person) throw badRequest("chat not found");
  if (connectionId !== undefined) return reachBusiness(world, bot, connectionId).reach(person.user);
  const chat = world.chat(bot, person.user);
  if (chat.blocked) throw new Refusal(403, "Forbidden: bot was blocked by the user");
  if (!chat.started) throw new Refusal(403, "Forbidden: bot can't initiate conversation with a user");
  return chat;
}

export function reachBusiness(world: World, bot: SimBot, connectionId: string): TelegramBusiness {
  const business = world.businesses.get(connectionId);
  if (business?.bot !== bot || !business.isEnabled) throw badRequest("business connection not found");
  return business;
}

type Sender = (world: World, params: ChatParams, request: ApiRequest) => NewMessage | Promise<NewMessage>;

/** Sends by one of the methods; gives the message as the Bot API shows it. */
export async function sendBy(
  method: string,
  world: World,
  bot: SimBot,
  request: ApiRequest,
): Promise<ShownMessage | undefined> {
  const sender = senders[method];
  if (!sender) return undefined;
  const params = parseChatParams(request.params);
  const chat = reachChat(world, bot, params.chat_id, params.business_connection_id);
  const content = await sender(world, params, request);
  return post(world, chat, { ...content, ...common(chat, params) });
}

export async function sendMediaGroup(
  world: World,
  bot: SimBot,
  request: ApiRequest,
): Promise<ShownMessage[]> {
  const params = parseChatParams(request.params);
  const chat = reachChat(world, bot, params.chat_id, params.business_connection_id);
  const items = need(params.media, "media must be specified");
  if (items.length < 2 || items.length > 10) throw badRequest("wrong number of messages in the album");
  const family = new Set(items.map(({ type }) => (type === "video" ? "photo" : type)));
  if (family.size > 1) throw badRequest("media of such types can't be mixed in an album");
  const album = String(world.nextAlbum++);
  const contents = await Promise.all(
    items.map(async ({ media, ...item }) => {
      const file = uploaded(world, request, media);
      const sender = need(mediaSenders[item.type], "wrong type of media");
      return sender(world, { ...item, chat_id: params.chat_id }, file);
    }),
  );
  return contents.map((content) =>
    post(world, chat, { ...content, ...common(chat, params), media_group_id: album }),
  );
}

/** Puts a message of the bot into the chat. What it writes for a business account comes back to it as an update. */
export function post(world: World, chat: SimChat, content: NewMessage): ShownMessage {
  const added = chat.add("bot", content);
  if (chat.business) chat.bot.queue.push("business_message", added.message);
  chat.typingAt = undefined;
  world.changed(chat, added);
  return added.message;
}

function common(chat: SimChat, params: ChatParams): Partial<NewMessage> {
  const reply = params.reply_parameters;
  const target = reply && chat.find(reply.message_id);
  if (reply && !target && !reply.allow_sending_without_reply)
    throw badRequest("message to be replied not found");
  return {
    ...(params.reply_markup && { reply_markup: params.reply_markup }),
    ...(target && { reply_to_message: quoted(target.message) }),
    ...(params.message_thread_id !== undefined && { message_thread_id: params.message_thread_id }),
  };
}

const senders: Record<string, Sender> = {
  sendMessage: (_world, params) => textOf(params),
  sendLocation: (_world, params) => ({ location: locationOf(params) }),
  sendVenue: (_world, params) => ({
    location: locationOf(params),
    venue: {
      location: locationOf(params),
      title: need(params.title, "title must be non-empty"),
      address: need(params.address, "address must be non-empty"),
    },
  }),
  sendContact: (_world, params) => ({
    contact: {
      phone_number: need(params.phone_number, "phone number must be specified"),
      first_name: need(params.first_name, "first name must be specified"),
      ...(params.last_name !== undefined && { last_name: params.last_name }),
    },
  }),
  sendDice: (_world, params) => ({ dice: { emoji: params.emoji ?? "🎲", value: 4 } }),
  sendPhoto: byField("photo"),
  sendVideo: byField("video"),
  sendAnimation: byField("animation"),
  sendAudio: byField("audio"),
  sendVoice: byField("voice"),
  sendVideoNote: byField("video_note"),
  sendDocument: byField("document"),
  sendSticker: byField("sticker"),
};

export function textOf({ text, entities }: ChatParams): NewMessage {
  if (!text?.trim()) throw badRequest("message text is empty");
  if (text.length > 4096) throw badRequest("message is too long");
  if (entities?.some(({ offset, length }) => offset + length > text.length))
    throw badRequest("entity is out of the text");
  const all = [...(entities ?? []), ...detectEntities(text)];
  return { text, ...(all.length > 0 && { entities: all }) };
}

export function captionOf({ caption, caption_entities: entities }: ChatParams): NewMessage {
  if (!caption) return {};
  if (caption.length > 1024) throw badRequest("message caption is too long");
  return { caption, ...(entities?.length && { caption_entities: entities }) };
}

function locationOf({ latitude, longitude, live_period }: ChatParams) {
  if (latitude === undefined || longitude === undefined) throw badRequest("wrong location");
  return { latitude, longitude, ...(live_period !== undefined && { live_period }) };
}

// ---- files --------------------------------------------------------------------------------------------------------

type MediaSender = (world: World, params: ChatParams, file: NewFile) => NewMessage | Promise<NewMessage>;

function byField(field: string): Sender {
  return async (world, params, request) => {
    const sender = need(mediaSenders[field], "unknown kind of media");
    const source = request.files.get(field) ?? request.params[field];
    const file = typeof source === "string" ? uploaded(world, request, source) : asFile(source);
    if (file.bytes.byteLength === 0) throw badRequest("file must be non-empty");
    if (file.bytes.byteLength > 50 * megabyte) throw new Refusal(413, "Request Entity Too Large");
    return { ...captionOf(params), ...(await sender(world, params, file)) };
  };
}

function asFile(source: unknown): NewFile {
  if (
    typeof source === "object" &&
    source !== null &&
    "bytes" in source &&
    source.bytes instanceof Uint8Array
  )
    return { ...source, bytes: source.bytes };
  throw badRequest("there is no file in the request");
}

/** A file by `attach://<part>` or by the id of one that Telegram already has. */
function uploaded(world: World, request: ApiRequest, source: string): NewFile {
  const file = source.startsWith("attach://")
    ? request.files.get(source.slice("attach://".length))
    : world.files.get(source);
  if (!file) throw badRequest("wrong file identifier/HTTP URL specified");
  return file;
}

const mediaSenders: Record<string, MediaSender> = {
  photo: async (world, params, file) => {
    if (file.bytes.byteLength > 10 * megabyte) throw new Refusal(413, "Request Entity Too Large");
    const { width, height } = await sizeOf(file.bytes);
    if (!width || !height) throw badRequest("IMAGE_PROCESS_FAILED");
    if (width + height > 10_000 || Math.max(width, height) / Math.min(width, height) > 20)
      throw badRequest("PHOTO_INVALID_DIMENSIONS");
    const photo = need(await world.files.addPhoto(file), "IMAGE_PROCESS_FAILED");
    return {
      ...captionOf(params),
      photo,
      file: fileById(world, photo.at(-1)?.file_id),
      ...spoilerOf(params),
    };
  },
  video: (world, params, file) => {
    const stored = world.files.add("videos", file);
    const video = { ...described(stored), ...framed(params) };
    return { ...captionOf(params), video, file: stored, ...spoilerOf(params) };
  },
  animation: (world, params, file) => {
    const stored = world.files.add("animations", file);
    const animation = { ...described(stored), ...framed(params) };
    return { animation, document: described(stored), file: stored, ...spoilerOf(params) };
  },
  audio: (world, params, file) => {
    const stored = world.files.add("music", file);
    const { title, performer, duration = 1 } = params;
    const audio = {
      ...described(stored),
      duration,
      ...(title !== undefined && { title }),
      ...(performer !== undefined && { performer }),
    };
    return { ...captionOf(params), audio, file: stored };
  },
  voice: (world, params, file) => {
    if (!isVoice(file)) return need(mediaSenders.document, "no documents")(world, params, file);
    const stored = world.files.add("voice", file);
    return { voice: { ...described(stored), duration: params.duration ?? 1 }, file: stored };
  },
  video_note: (world, params, file) => {
    const stored = world.files.add("video_notes", file);
    const { file_id, file_unique_id, file_size } = described(stored);
    const note = { file_id, file_unique_id, file_size, length: 384, duration: params.duration ?? 1 };
    return { video_note: note, file: stored };
  },
  document: (world, params, file) => {
    const stored = world.files.add("documents", file);
    return { ...captionOf(params), document: described(stored), file: stored };
  },
  sticker: (world, params, file) => {
    const stored = world.files.add("stickers", file);
    const { file_id, file_unique_id, file_size } = described(stored);
    const sticker = {
      ...{ file_id, file_unique_id, file_size, type: "regular" as const, width: 512, height: 512 },
      is_animated: stored.name.endsWith(".tgs"),
      is_video: stored.name.endsWith(".webm"),
      ...(params.emoji !== undefined && { emoji: params.emoji }),
    };
    return { sticker, file: stored };
  },
};

export function described(file: SimFile) {
  return {
    file_id: file.fileId,
    file_unique_id: file.uniqueId,
    file_name: file.name,
    mime_type: file.mime,
    file_size: file.bytes.byteLength,
  };
}

function fileById(world: World, fileId: string | undefined): SimFile | undefined {
  return fileId === undefined ? undefined : world.files.get(fileId);
}

function framed({ width = 640, height = 480, duration = 1 }: ChatParams) {
  return { width, height, duration };
}

function spoilerOf({ has_spoiler }: ChatParams): { has_media_spoiler?: true } {
  return has_spoiler ? { has_media_spoiler: true } : {};
}

/** Ogg, MP3 and MPEG-4 are shown as voice messages; the rest arrives as a file. */
function isVoice({ bytes }: NewFile): boolean {
  const head = Buffer.from(bytes.subarray(0, 12)).toString("latin1");
  return head.startsWith("OggS") || head.startsWith("ID3") || head.slice(4, 8) === "ftyp";
}
