/** Finds again whatever a stop or a lost wake-up left lying: the store is the truth, these look into it. */
import { acrossWorkspaces, idOf } from "../core/db.ts";
import { FileModel, removeFile, type FileRecord } from "../core/stored-files.ts";
import type { Running } from "../core/hub.ts";
import { wakeSnoozed } from "./conversations.ts";
import { sweepOutbound } from "./deliver.ts";
import { sweepEffects } from "./effects.ts";
import type { Inbox } from "./inbox.ts";
import { sweepLeavers } from "./leavers.ts";
import { sweepMedia } from "./media.ts";
import { sweepMerges } from "./merge.ts";
import { DraftModel } from "./models/index.ts";
import { sweepInbound } from "./receive.ts";

const everyMs = 5000;
const dayMs = 24 * 3_600_000;
/** A reply that was written without a connection waits on a device meanwhile, with what it holds. */
const uploadsLiveMs = 7 * dayMs;

/** Sweeps at once and then every five seconds, one sweep at a time. */
export function startSweeping(inbox: Inbox): Running {
  let running: Promise<void> = Promise.resolve();
  let busy = false;
  let turn = 0;
  let stopped = false;
  let removing: Promise<void> = Promise.resolve();
  const sweep = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    try {
      await Promise.all([sweepInbound(inbox), sweepOutbound(inbox), sweepMedia(inbox), wakeSnoozed(inbox)]);
      if (turn % 12 === 0) {
        await sweepMerges(inbox);
        await sweepLeavers(inbox);
        await sweepEffects(inbox, new Date(Date.now() - (turn === 0 ? dayMs : 12 * 2 * everyMs)));
      }
      if (turn++ % 720 === 0) removing = removing.then(() => removeUnusedUploads(inbox, () => stopped));
    } catch (err) {
      inbox.hub.log.error({ err }, "sweep failed");
    } finally {
      busy = false;
    }
  };
  running = sweep();
  const timer = setInterval(() => void (running = sweep()), everyMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      stopped = true;
      await running;
      await removing;
    },
  };
}

/** Files uploaded for a message that was never sent, and that no draft holds. One that cannot be removed is in nobody's way. */
export async function removeUnusedUploads(
  { hub }: Pick<Inbox, "hub">,
  isStopped = () => false,
): Promise<void> {
  const createdAt = { $lt: new Date(Date.now() - uploadsLiveMs) };
  const old = acrossWorkspaces(FileModel.find({ access: "uploader", createdAt }).sort({ createdAt: 1 }));
  const remove = async (file: FileRecord): Promise<void> => {
    const holds = { workspaceId: file.workspaceId, "content.attachments.media.fileId": idOf(file) };
    if (!(await DraftModel.exists(holds))) await removeFile(hub.files, file);
  };
  try {
    for await (const file of old.lean().cursor()) {
      if (isStopped()) return;
      await remove(file).catch((err: unknown) =>
        hub.log.error({ err, file: idOf(file) }, "an unused upload was not removed"),
      );
    }
  } catch (err) {
    hub.log.error({ err }, "unused uploads were not found");
  }
}
