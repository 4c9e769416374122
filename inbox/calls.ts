/**
 * What an account's page tells of its traffic: when something came and went last, and how the platform's last few calls to
 * its webhook ended. Of what is alike within ten seconds one is noted, so that neither a busy account nor a stranger's
 * nonsense costs writes.
 */
import { idOf } from "../core/db.ts";
import type { Inbox } from "./inbox.ts";
import { ChannelModel, type ChannelCall, type ChannelRecord } from "./models/index.ts";

const quietMs = 10_000;
const kept = 10;
const most = 2000;
const noted = new WeakMap<Inbox, Map<string, number>>();

export async function noteCall(
  inbox: Inbox,
  channel: Pick<ChannelRecord, "_id" | "workspaceId">,
  call: Omit<ChannelCall, "at">,
): Promise<void> {
  const { workspaceId, _id } = channel;
  if (!isNews(inbox, `${idOf(channel)} ${call.method} ${call.status} ${call.what}`)) return;
  await ChannelModel.updateOne(
    { workspaceId, _id },
    { $push: { calls: { $each: [{ ...call, at: new Date() }], $slice: -kept } } },
  );
  inbox.hub.events.publish("channel.changed", { workspaceId, channelId: _id });
}

/** Something came in or went out, to ten seconds. */
export async function noteTraffic(
  inbox: Inbox,
  { workspaceId, _id }: Pick<ChannelRecord, "_id" | "workspaceId">,
  field: "lastInboundAt" | "lastOutboundAt",
  at: Date,
): Promise<void> {
  if (!isNews(inbox, `${idOf({ _id })} ${field}`)) return;
  await ChannelModel.updateOne({ workspaceId, _id }, { $max: { [field]: at } });
}

function isNews(inbox: Inbox, key: string): boolean {
  const times = noted.get(inbox) ?? new Map<string, number>();
  noted.set(inbox, times);
  const now = Date.now();
  if (now - (times.get(key) ?? 0) < quietMs) return false;
  if (times.size >= most) times.clear();
  times.set(key, now);
  return true;
}
