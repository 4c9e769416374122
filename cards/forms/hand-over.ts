/** Forms on their way into the inbox: what was stored is handed over even when the process ends in between. */
import type { Hub, Running } from "../../core/hub.ts";
import { ChannelModel, storeUpdates, type Inbox } from "../../inbox/index.ts";
import { sweepLeftBehind } from "../../core/left-behind.ts";
import { EntryModel, type EntryRecord } from "../models/index.ts";
import { formKind, formUpdate } from "./connector.ts";

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
  return sweepLeftBehind<EntryRecord>(hub, {
    what: "form",
    find: (createdAt) => EntryModel.find({ waiting: true, createdAt }).lean(),
    finish: (entry) => handOver(inbox, entry),
  });
}
