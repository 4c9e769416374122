/** Fetches the files of inbound messages and the pictures of contacts, after the message is there. */
import {
  ConnectorError,
  type InboundAttachment,
  type Media,
  type MediaSource,
} from "../connectors/contract.ts";
import { acrossWorkspaces, idOf, ObjectId, toObjectId } from "../core/db.ts";
import { AppError, isStorageFull } from "../core/errors.ts";
import { storeFile, toAvatar, type FileRecord } from "../core/stored-files.ts";
import { fillContact } from "./contacts.ts";
import type { Inbox } from "./inbox.ts";
import {
  AliasModel,
  ChannelModel,
  ContactModel,
  ConversationModel,
  MessageModel,
  ThreadModel,
  type ChannelRecord,
  type MessageRecord,
} from "./models/index.ts";
import { changeMessage } from "./record.ts";

const maxAttempts = 8;
const fetchTimeoutMs = 120_000;
/** Of a contact's picture as the messenger has it; it is read as a whole. */
const maxAvatarBytes = 20 * 1024 * 1024;

/** Works on `message <id>` or `contact <id>`. */
export async function fetchMedia(inbox: Inbox, key: string, signal: AbortSignal): Promise<void> {
  const [what, id = ""] = key.split(" ");
  const _id = toObjectId(id);
  if (!_id) return;
  if (what === "contact") return fetchAvatar(inbox, id);
  const message = await acrossWorkspaces(MessageModel.findOne({ _id, pendingMedia: true })).lean();
  if (!message) return;
  const channel = await ChannelModel.findOne({
    workspaceId: message.workspaceId,
    _id: message.channelId,
  }).lean();
  const session = channel && inbox.accounts.session(channel._id);
  if (channel && !session) {
    const { lease } = channel;
    if (lease && lease.owner !== inbox.workerId && lease.until.getTime() > Date.now())
      inbox.media.wake(key, { worker: lease.owner });
  }
  if (!session) return; // waits until the account runs
  for (const [index, attachment] of (message.content.attachments ?? []).entries()) {
    if (signal.aborted) return;
    if (isPending(attachment)) await fetchOne(inbox, channel, message, index, attachment);
  }
  await finish(inbox, message);
}

type PendingAttachment = Extract<InboundAttachment, { media: Media }> & { source: MediaSource };
function isPending(attachment: InboundAttachment): attachment is PendingAttachment {
  return "media" in attachment && attachment.media.state === "pending" && attachment.source !== undefined;
}

async function fetchOne(
  inbox: Inbox,
  channel: ChannelRecord,
  message: MessageRecord,
  index: number,
  attachment: PendingAttachment,
): Promise<void> {
  const path = `content.attachments.${index}.media`;
  try {
    const file = await download(inbox, channel, attachment.source, attachment.media);
    await changeMessage(inbox.hub, message, { $set: { [path]: describe(attachment.media, file) } });
  } catch (error) {
    const state = finalState(error, message.mediaAttempts ?? 0);
    inbox.hub.log.warn({ err: error, messageId: idOf(message), state }, "a file was not fetched");
    if (state) await changeMessage(inbox.hub, message, { $set: { [`${path}.state`]: state } });
  }
}

async function download(
  inbox: Inbox,
  channel: ChannelRecord,
  source: MediaSource,
  media: Media,
): Promise<FileRecord> {
  const session = inbox.accounts.session(channel._id);
  if (!session) throw new ConnectorError("retry", "not_running", "");
  const found = await session.downloadMedia(source, AbortSignal.timeout(fetchTimeoutMs));
  return storeFile(inbox.hub.files, found.body, inbox.hub.config.maxUploadBytes, {
    workspaceId: channel.workspaceId,
    name: media.fileName ?? found.fileName ?? "file",
    mime: media.mime ?? found.mime,
    access: "channel",
    channelId: channel._id,
  });
}

function describe(media: Media, file: FileRecord): Media {
  const { width, height } = file.width && file.height ? file : media;
  return {
    ...media,
    state: "stored",
    fileId: idOf(file),
    mime: file.mime,
    size: file.size,
    ...(width && height ? { width, height } : {}),
  };
}

/** What a file stays at, or undefined while it is worth another try. A full disk is waited out. */
function finalState(error: unknown, attempts: number): Media["state"] | undefined {
  if (error instanceof AppError && error.code === "too_large") return "too_large";
  if (error instanceof ConnectorError && error.class === "too_large") return "too_large";
  if (error instanceof ConnectorError && error.class === "permanent") return "expired";
  if (isStorageFull(error)) return undefined;
  return attempts + 1 >= maxAttempts ? "failed" : undefined;
}

async function finish(inbox: Inbox, { workspaceId, _id, mediaAttempts = 0 }: MessageRecord): Promise<void> {
  const now = await MessageModel.findOne({ workspaceId, _id }, { content: 1 }).lean();
  const left = now?.content.attachments?.some(isPending) ?? false;
  if (!left)
    return void (await MessageModel.updateOne({ workspaceId, _id }, { $set: { pendingMedia: false } }));
  const delayMs = Math.min(600_000, 5000 * 2 ** mediaAttempts);
  await MessageModel.updateOne(
    { workspaceId, _id },
    { $inc: { mediaAttempts: 1 }, $set: { mediaNextAt: new Date(Date.now() + delayMs) } },
  );
  inbox.media.wake(`message ${_id.toHexString()}`, { delayMs });
}

/** An agent asks for a file again that could not be fetched. */
export async function retryMedia(
  inbox: Inbox,
  message: MessageRecord,
  index: number,
): Promise<MessageRecord> {
  const attachment = message.content.attachments?.[index];
  const retryable =
    attachment &&
    "media" in attachment &&
    attachment.source &&
    ["failed", "expired"].includes(attachment.media.state);
  if (!retryable) throw new AppError("not_retryable");
  const changed = await changeMessage(inbox.hub, message, {
    $set: { [`content.attachments.${index}.media.state`]: "pending", pendingMedia: true, mediaAttempts: 0 },
  });
  if (!changed) throw new AppError("not_found");
  inbox.media.wake(`message ${idOf(message)}`);
  return changed;
}

async function fetchAvatar(inbox: Inbox, id: string): Promise<void> {
  const contact = await acrossWorkspaces(ContactModel.findOne({ _id: new ObjectId(id) })).lean();
  if (!contact || contact.avatarCheckedAt) return;
  const { workspaceId, _id: contactId } = contact;
  const thread = await ThreadModel.findOne({ workspaceId, contactId }).lean();
  const session = thread ? inbox.accounts.session(thread.channelId) : undefined;
  const alias = await AliasModel.findOne({ workspaceId, contactId }).lean();
  if (!thread || !session?.fetchProfile || !alias) return;
  try {
    const { avatar, name, username } = await session.fetchProfile(alias, AbortSignal.timeout(30_000));
    if (name || username)
      await fillContact(inbox, contact, { aliases: [alias], name: name ?? username ?? "" });
    const file = avatar && (await storeAvatar(inbox, thread.channelId, workspaceId, avatar));
    await ContactModel.updateOne(
      { workspaceId, _id: contactId },
      { $set: { avatarCheckedAt: new Date(), ...(file ? { avatarFileId: file._id } : {}) } },
    );
    if (file) await showAvatar(inbox, contactId, workspaceId, file);
  } catch (err) {
    inbox.hub.log.info({ err, contactId: id }, "no picture of a contact");
    await ContactModel.updateOne({ workspaceId, _id: contactId }, { $set: { avatarCheckedAt: new Date() } });
  }
}

async function storeAvatar(
  inbox: Inbox,
  channelId: ChannelRecord["_id"],
  workspaceId: ChannelRecord["_id"],
  source: MediaSource,
): Promise<FileRecord | undefined> {
  const session = inbox.accounts.session(channelId);
  if (!session) return undefined;
  const { body } = await session.downloadMedia(source, AbortSignal.timeout(30_000));
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > maxAvatarBytes) throw new AppError("too_large");
    chunks.push(chunk);
  }
  const picture = await toAvatar(Buffer.concat(chunks));
  // eslint-disable-next-line @typescript-eslint/require-await -- an async iterable is what the file store takes
  const bytes = (async function* () {
    yield picture;
  })();
  return storeFile(inbox.hub.files, bytes, 2 * 1024 * 1024, {
    workspaceId,
    name: "avatar.webp",
    mime: "image/webp",
    access: "workspace",
  });
}

async function showAvatar(
  inbox: Inbox,
  contactId: ChannelRecord["_id"],
  workspaceId: ChannelRecord["_id"],
  file: FileRecord,
): Promise<void> {
  await ConversationModel.updateMany({ workspaceId, contactId }, { $set: { contactAvatarFileId: file._id } });
  const conversation = await ConversationModel.findOne({ workspaceId, contactId })
    .sort({ lastActivityAt: -1 })
    .lean();
  if (conversation) inbox.hub.events.publish("conversation.changed", { conversation });
}

/** Wakes messages whose files are still to be fetched. */
export async function sweepMedia(inbox: Inbox): Promise<void> {
  const due = { $or: [{ mediaNextAt: { $exists: false } }, { mediaNextAt: { $lte: new Date() } }] };
  const waiting = await acrossWorkspaces(MessageModel.find({ pendingMedia: true, ...due }, { _id: 1 }))
    .limit(500)
    .lean();
  for (const message of waiting) inbox.media.wake(`message ${idOf(message)}`);
}
