/** Fetches the files of inbound messages and the pictures of contacts, after the message is there. */
import {
  ConnectorError,
  type InboundAttachment,
  type Media,
  type MediaSource,
  type PeerProfile,
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
  type AliasRecord,
  type ChannelRecord,
  type ContactRecord,
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
  if (channel && !session) handToOwner(inbox, channel, key);
  if (!session) return; // waits until the account runs
  for (const [index, attachment] of (message.content.attachments ?? []).entries()) {
    if (signal.aborted) return;
    if (isPending(attachment)) await fetchOne(inbox, channel, message, index, attachment);
  }
  await finish(inbox, message);
}

/** Another process holds the account: the work is its. */
function handToOwner({ media, workerId }: Inbox, { lease }: ChannelRecord, key: string): void {
  if (lease && lease.owner !== workerId && lease.until.getTime() > Date.now())
    media.wake(key, { worker: lease.owner });
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
  const place = `content.attachments.${index}`;
  const path = `${place}.media`;
  // an edit may have put another file there meanwhile, or none: it is fetched by the wake-up of its own
  const guard = { [`${place}.source.value`]: attachment.source.value };
  try {
    const file = await download(inbox, channel, attachment.source, attachment.media);
    await changeMessage(inbox.hub, message, { $set: { [path]: describe(attachment.media, file) } }, guard);
  } catch (error) {
    const state = finalState(error, message.mediaAttempts ?? 0);
    inbox.hub.log.warn({ err: error, messageId: idOf(message), state }, "a file was not fetched");
    if (state) await changeMessage(inbox.hub, message, { $set: { [`${path}.state`]: state } }, guard);
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
  const now = await MessageModel.findOne({ workspaceId, _id }, { content: 1, rev: 1 }).lean();
  if (!now) return;
  if (!now.content.attachments?.some(isPending)) {
    const asRead = { workspaceId, _id, rev: now.rev }; // after an edit there may be something to fetch again
    await MessageModel.updateOne(asRead, { $set: { pendingMedia: false } });
    return;
  }
  const delayMs = retryDelayMs(mediaAttempts);
  await MessageModel.updateOne(
    { workspaceId, _id },
    { $inc: { mediaAttempts: 1 }, $set: { mediaNextAt: new Date(Date.now() + delayMs) } },
  );
  inbox.media.wake(`message ${_id.toHexString()}`, { delayMs });
}

const retryDelayMs = (attempts: number): number => Math.min(600_000, 5000 * 2 ** attempts);

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
  const isChecked = { avatarCheckedAt: new Date() };
  try {
    const found = await askForProfile(inbox, contact);
    if (!found) return;
    const { channelId, alias, profile } = found;
    const { avatar, name, username } = profile;
    if (name || username)
      await fillContact(inbox, contact, { aliases: [alias], name: name ?? username ?? "" });
    const file = avatar && (await storeAvatar(inbox, channelId, workspaceId, avatar));
    const set = { ...isChecked, ...(file ? { avatarFileId: file._id } : {}) };
    await ContactModel.updateOne({ workspaceId, _id: contactId }, { $set: set });
    if (file) await showAvatar(inbox, contactId, workspaceId, file);
  } catch (err) {
    inbox.hub.log.info({ err, contactId: id }, "no picture of a contact");
    const update = isPassing(err) ? { $inc: { avatarAttempts: 1 } } : { $set: isChecked };
    const changed = await ContactModel.findOneAndUpdate({ workspaceId, _id: contactId }, update, {
      returnDocument: "after",
      projection: { avatarAttempts: 1, avatarCheckedAt: 1 },
    }).lean();
    if (!changed || changed.avatarCheckedAt) return;
    const { avatarAttempts = 0 } = changed;
    // the next message asks again in any case
    if (avatarAttempts < maxAttempts)
      inbox.media.wake(`contact ${id}`, { delayMs: retryDelayMs(avatarAttempts - 1) });
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof ConnectorError && (error.class === "retry" || error.class === "throttled");
}

interface FoundProfile {
  channelId: ObjectId;
  alias: AliasRecord;
  profile: PeerProfile;
}

/**
 * What the messengers tell of a contact, the first that knows anything. A merged contact has ids on several: an account is
 * asked about those alone that can be its own. Undefined where no account that could tell is open here.
 */
async function askForProfile(
  inbox: Inbox,
  { workspaceId, _id: contactId }: ContactRecord,
): Promise<FoundProfile | undefined> {
  const channelIds = await ThreadModel.distinct("channelId", { workspaceId, contactId });
  const aliases = await AliasModel.find({ workspaceId, contactId }).limit(50).lean();
  let asked: FoundProfile | undefined;
  for (const channelId of channelIds) {
    const session = inbox.accounts.session(channelId);
    const channel = await ChannelModel.findOne({ workspaceId, _id: channelId }).lean();
    if (!session && channel) handToOwner(inbox, channel, `contact ${contactId.toHexString()}`);
    if (!session?.fetchProfile || !channel) continue;
    for (const alias of aliases) {
      if (alias.scope !== "" && alias.scope !== channel.externalId) continue;
      const profile = await session.fetchProfile(alias, AbortSignal.timeout(30_000));
      asked = { channelId, alias, profile };
      if (Object.keys(profile).length > 0) return asked;
    }
  }
  return asked;
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
