/** Channels as screens see them: accounts with their health, the last day in bars, what was held back. */
import { channelFilter, StaffModel, type StaffRecord } from "../core/auth/index.ts";
import { idOf, toObjectId, type ObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import { openCredentials } from "./credentials.ts";
import { capabilitiesIn } from "./capabilities-in.ts";
import { fieldsOf } from "./connect.ts";
import { describeMessage } from "./describe.ts";
import { webhookSecret, webhookUrlOf } from "./host.ts";
import type { Inbox } from "./inbox.ts";
import {
  ChannelModel,
  ConversationModel,
  InboundModel,
  MessageModel,
  type ChannelRecord,
  type ConversationRecord,
} from "./models/index.ts";
import type { Channel, ChannelDetails, HeldReply } from "./schema.ts";

const hourMs = 3_600_000;

/** A channel that the person may use, or `not_found`. */
export async function accessChannel(staff: StaffRecord, id: string): Promise<ChannelRecord> {
  const _id = toObjectId(id);
  const filter = { workspaceId: staff.workspaceId, removedAt: null, ...toIdFilter(staff) };
  const channel = _id && (await ChannelModel.findOne({ $and: [{ _id }], ...filter }).lean());
  if (!channel) throw new AppError("not_found");
  return channel;
}

function toIdFilter(staff: StaffRecord): { _id?: { $in: ObjectId[] } } {
  const { channelId } = channelFilter(staff);
  return channelId ? { _id: channelId } : {};
}

/** Ids of the channels that a person may use. */
export async function listChannelIds(staff: StaffRecord): Promise<string[]> {
  const channels = await ChannelModel.find(
    { workspaceId: staff.workspaceId, removedAt: null, ...toIdFilter(staff) },
    { _id: 1 },
  )
    .limit(500)
    .lean();
  return channels.map(idOf);
}

export async function listChannels(staff: StaffRecord): Promise<Channel[]> {
  const channels = await ChannelModel.find({
    workspaceId: staff.workspaceId,
    removedAt: null,
    ...toIdFilter(staff),
  })
    .sort({ createdAt: 1 })
    .limit(500)
    .lean();
  const people = await StaffModel.find({ workspaceId: staff.workspaceId, active: true }, { channelIds: 1 })
    .limit(2000)
    .lean();
  return Promise.all(channels.map((channel) => describeChannel(channel, people)));
}

export async function readChannel(channel: ChannelRecord): Promise<Channel> {
  const people = await StaffModel.find({ workspaceId: channel.workspaceId, active: true }, { channelIds: 1 })
    .limit(2000)
    .lean();
  return describeChannel(channel, people);
}

async function describeChannel(
  channel: ChannelRecord,
  people: Pick<StaffRecord, "_id" | "channelIds">[],
): Promise<Channel> {
  const hourly = await countHours(channel);
  const { health } = channel;
  return {
    id: idOf(channel),
    kind: channel.kind,
    name: channel.name,
    handle: channel.handle,
    ...(channel.link ? { link: channel.link } : {}),
    ...(channel.avatarFileId ? { avatarFileId: channel.avatarFileId.toHexString() } : {}),
    health: {
      state: health.state,
      since: health.since.toISOString(),
      ...(health.problem ? { problem: health.problem } : {}),
      ...(channel.lastInboundAt ? { lastInboundAt: channel.lastInboundAt.toISOString() } : {}),
      ...(channel.lastOutboundAt ? { lastOutboundAt: channel.lastOutboundAt.toISOString() } : {}),
      ...(channel.lastError
        ? { lastError: { ...channel.lastError, at: channel.lastError.at.toISOString() } }
        : {}),
    },
    paused: channel.paused,
    createdAt: channel.createdAt.toISOString(),
    createdBy: channel.createdBy,
    hourly,
    incoming24h: hourly.reduce((sum, hour) => sum + hour.incoming, 0),
    staffIds: people
      .filter(
        (person) => person.channelIds === null || person.channelIds.some((id) => id.equals(channel._id)),
      )
      .map(idOf),
  };
}

/** Messages of the last 24 hours, hour by hour, oldest first. */
async function countHours(channel: ChannelRecord): Promise<Channel["hourly"]> {
  const from = Math.floor(Date.now() / hourMs) * hourMs - 23 * hourMs;
  const rows = await MessageModel.find(
    { workspaceId: channel.workspaceId, channelId: channel._id, createdAt: { $gte: new Date(from) } },
    { _id: 0, type: 1, createdAt: 1, delivery: 1 },
  )
    .limit(50_000)
    .lean();
  const hours = Array.from({ length: 24 }, (_, index) => ({
    at: new Date(from + index * hourMs).toISOString(),
    incoming: 0,
    failed: 0,
  }));
  for (const row of rows) {
    const hour = hours[Math.floor((row.createdAt.getTime() - from) / hourMs)];
    if (!hour) continue;
    if (row.type === "incoming") hour.incoming += 1;
    if (row.delivery?.state === "failed" || row.delivery?.state === "unknown") hour.failed += 1;
  }
  return hours;
}

export async function describeDetails(inbox: Inbox, channel: ChannelRecord): Promise<ChannelDetails> {
  const { workspaceId, _id: channelId } = channel;
  const [view, unknownCount, heldCount] = await Promise.all([
    readChannel(channel),
    InboundModel.countDocuments({ workspaceId, channelId, unknownType: { $exists: true } }, { limit: 1000 }),
    MessageModel.countDocuments(
      { workspaceId, channelId, "delivery.state": { $in: ["failed", "unknown"] } },
      { limit: 1000 },
    ),
  ]);
  const mode = inbox.accounts.session(channelId)?.mode;
  const url = webhookUrlOf(inbox.hub, channel.kind, view.id);
  const pasted = inbox.connectors.get(channel.kind)?.steps.some((step) => step.webhook) ?? false;
  const login = inbox.accounts.login(channelId);
  return {
    ...view,
    ...(mode ? { mode } : {}),
    credentials:
      channel.health.problem?.code === "credentials_unreadable" ? {} : maskCredentials(inbox, channel),
    ...(url || pasted
      ? {
          webhook: {
            ...(url ? { url } : {}),
            ...(pasted ? { verifyToken: webhookSecret(inbox.hub, view.id) } : {}),
            ...(channel.webhookSeenAt ? { seenAt: channel.webhookSeenAt.toISOString() } : {}),
          },
        }
      : {}),
    ...(login ? { login } : {}),
    calls: (channel.calls ?? []).map((call) => ({ ...call, at: call.at.toISOString() })).reverse(),
    unknownCount,
    heldCount,
    log: channel.log.map((entry) => ({ ...entry, at: entry.at.toISOString() })).reverse(),
  };
}

/** Secrets show their first and last characters only; what a sign-in brought is not shown at all. */
function maskCredentials(inbox: Inbox, channel: ChannelRecord): Record<string, string> {
  const connector = inbox.connectors.get(channel.kind);
  if (!connector) return {};
  const credentials = openCredentials(inbox.hub, connector, channel) as Record<string, unknown>;
  return Object.fromEntries(
    fieldsOf(connector).flatMap(({ name, secret }) => {
      const value = credentials[name];
      if (typeof value !== "string") return [];
      return [[name, secret ? mask(value) : value.replace(/(\w+:\/\/[^:@/]*:)[^@/]*@/, "$1•••@")]];
    }),
  );
}

function mask(value: string): string {
  return value.length < 16 ? "••••••••" : `${value.slice(0, 4)}••••••••••••${value.slice(-3)}`;
}

/** Replies of the channel that did not go out, newest first. */
export async function listHeld(inbox: Inbox, channel: ChannelRecord): Promise<HeldReply[]> {
  const { workspaceId, _id: channelId } = channel;
  const messages = await MessageModel.find({
    workspaceId,
    channelId,
    "delivery.state": { $in: ["failed", "unknown"] },
  })
    .sort({ createdAt: -1 })
    .limit(200)
    .lean();
  const conversations = await ConversationModel.find(
    { workspaceId, _id: { $in: messages.map((message) => message.conversationId) } },
    { contactName: 1, lastInboundAt: 1, threadKey: 1 },
  ).lean();
  const known = new Map(conversations.map((conversation) => [idOf(conversation), conversation]));
  return messages.map((message) => {
    const conversation = known.get(message.conversationId.toHexString());
    const until = conversation && windowEnd(inbox, channel, conversation);
    return {
      message: describeMessage(message),
      contactName: conversation?.contactName ?? "",
      ...(until ? { until: until.toISOString() } : {}),
    };
  });
}

/** Undefined where nothing ends it: a messenger without a window or with a price, a customer who has not written. */
function windowEnd(
  inbox: Inbox,
  { kind }: ChannelRecord,
  { threadKey, lastInboundAt }: Pick<ConversationRecord, "threadKey" | "lastInboundAt">,
): Date | undefined {
  const connector = inbox.connectors.get(kind);
  const window = connector && capabilitiesIn(connector, threadKey).window;
  if (!window || window.outside === "paid" || !lastInboundAt) return undefined;
  const hours = window.outside === "tag" ? (window.tagHours ?? window.hours) : window.hours;
  return new Date(lastInboundAt.getTime() + hours * hourMs);
}
