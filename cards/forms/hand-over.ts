/** Forms on their way into the inbox: what was stored is handed over even when the process ends in between. */
import { acrossWorkspaces } from "../../core/db.ts";
import type { Hub, Running } from "../../core/hub.ts";
import { ChannelModel, storeUpdates, type Inbox } from "../../inbox/index.ts";
import { EntryModel, type EntryRecord } from "../models/index.ts";
import { formKind, formUpdate } from "./connector.ts";

const sweepMs = 10_000;
/** Until then the request that stored it is at it. */
const ownMs = 5000;
const mostAtOnce = 100;

/** Handing over twice adds nothing. */
export async function handOver(inbox: Inbox, entry: EntryRecord): Promise<void> {
  const { workspaceId, channelId, _id } = entry;
  const channel = await ChannelModel.findOne({ workspaceId, _id: channelId }).lean();
  const bytes = Buffer.from(JSON.stringify(formUpdate.parse(entry.update)));
  if (channel) await storeUpdates(inbox, { ...channel, kind: formKind }, [bytes]);
  await EntryModel.updateOne({ workspaceId, _id }, { $unset: { waiting: 1 } });
}

/** Looks for forms that nobody handed over. */
export function sweepForms(hub: Hub, inbox: Inbox): Running {
  let sweeping: Promise<void> | undefined;
  const timer = setInterval(() => {
    sweeping ??= sweep(hub, inbox)
      .catch((err: unknown) => hub.log.error({ err }, "forms could not be handed over"))
      .finally(() => (sweeping = undefined));
  }, sweepMs).unref();
  return {
    async stop() {
      clearInterval(timer);
      await sweeping;
    },
  };
}

async function sweep(hub: Hub, inbox: Inbox): Promise<void> {
  const createdAt = { $lt: new Date(Date.now() - ownMs) };
  const waiting = await acrossWorkspaces(EntryModel.find({ waiting: true, createdAt }))
    .sort({ createdAt: 1 })
    .limit(mostAtOnce)
    .lean();
  // One that cannot be handed over keeps no other from it.
  for (const entry of waiting)
    await handOver(inbox, entry).catch((err: unknown) =>
      hub.log.error({ err, entryId: entry._id.toHexString() }, "a form could not be handed over"),
    );
}
