/** What the outbox asks of a connector: a stored message as the command that sends it. */
import type { OutboundCommand, OutboundContent } from "../connectors/contract.ts";
import { idOf, toObjectId } from "../core/db.ts";
import { FileModel } from "../core/stored-files.ts";
import { capabilitiesIn } from "./capabilities-in.ts";
import type { Inbox } from "./inbox.ts";
import { MessageModel, ThreadModel, type ChannelRecord, type MessageRecord } from "./models/index.ts";
import { publicFileUrl } from "./public-files.ts";

/** Of every send and change; a file is given time on top. */
export const sendTimeoutMs = 20_000;
/** The slowest uplink that a file is given time for is 1 Mbit/s; five minutes are the longest. */
const bytesPerMs = 125;
const longestUploadMs = 280_000;

type SendCommand = Extract<OutboundCommand, { op: "send" }>;

/** The send of a message as its connector is asked for it. */
export async function toSend(
  inbox: Inbox,
  channel: ChannelRecord,
  message: MessageRecord,
): Promise<OutboundCommand> {
  const replyTo = message.replyTo?.externalId;
  const { window, outbound } = capabilitiesIn(inbox.accounts.connectorOf(channel.kind), message.threadKey);
  return {
    op: "send",
    threadKey: message.threadKey,
    signal: AbortSignal.timeout(sendTimeoutMs + uploadTime(message)),
    idempotencyKey: idOf(message),
    content: await withFiles(inbox, channel, message.content),
    ...(replyTo ? { replyToExternalId: replyTo } : {}),
    ...(message.forwardOf ? { forwardOf: message.forwardOf } : {}),
    ...(window?.outside === "tag" && (await isOutside(message, window.hours)) ? { outsideWindow: true } : {}),
    ...(outbound.letters ? await latestOf(message) : {}),
  };
}

async function isOutside(message: MessageRecord, hours: number): Promise<boolean> {
  const { workspaceId, channelId, threadKey } = message;
  const thread = await ThreadModel.findOne(
    { workspaceId, channelId, threadKey },
    { lastInboundAt: 1 },
  ).lean();
  return Date.now() - (thread?.lastInboundAt?.getTime() ?? 0) > hours * 3_600_000;
}

/** The newest message of the thread that the platform knows: a letter answers it. */
async function latestOf(message: MessageRecord): Promise<Pick<SendCommand, "latest">> {
  const { workspaceId, conversationId, threadKey } = message;
  const latest = await MessageModel.findOne({
    workspaceId,
    conversationId,
    type: { $in: ["incoming", "outgoing"] },
    threadKey,
    "externalIds.0": { $exists: true },
  })
    .sort({ seq: -1 })
    .lean();
  const [externalId] = latest?.externalIds ?? [];
  if (!externalId) return {};
  return {
    latest: { externalId, ...(latest?.content.letter ? { letter: latest.content.letter } : {}) },
  };
}

function uploadTime({ content }: MessageRecord): number {
  const bytes = (content.attachments ?? []).reduce(
    (sum, one) => sum + ("media" in one ? (one.media.size ?? 0) : 0),
    0,
  );
  return Math.min(longestUploadMs, Math.ceil(bytes / bytesPerMs));
}

/** Attachments carry the way to their bytes. */
async function withFiles(
  inbox: Inbox,
  channel: ChannelRecord,
  content: OutboundContent,
): Promise<OutboundContent> {
  if (!content.attachments) return content;
  const attachments = await Promise.all(
    content.attachments.map(async (attachment) => {
      const fileId = "media" in attachment ? toObjectId(attachment.media.fileId ?? "") : undefined;
      const file =
        fileId && (await FileModel.findOne({ workspaceId: channel.workspaceId, _id: fileId }).lean());
      if (!file) return attachment;
      const { name, mime, size, key } = file;
      const publicUrl = () => publicFileUrl(inbox.hub, file);
      return { ...attachment, file: { name, mime, size, open: () => inbox.hub.files.open(key), publicUrl } };
    }),
  );
  return { ...content, attachments };
}
