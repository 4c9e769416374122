/** Work that a process had stored and ended before: the next sweep does it, within seconds. */
import type { Query } from "mongoose";
import { acrossWorkspaces, type ObjectId } from "../core/db.ts";
import type { Hub, Running } from "../core/hub.ts";

const sweepMs = 10_000;
/** Until then the request that stored it is at it. */
const ownMs = 5000;
const mostAtOnce = 100;

interface Left {
  _id: ObjectId;
}
export interface LeftBehind<T extends Left> {
  /** In the log: `form`. */
  what: string;
  /** What is waiting still, of those made in the span that is given. */
  find: (createdAt: { $lt: Date }) => Query<T[], T>;
  /** Doing it twice adds nothing. */
  finish: (one: T) => Promise<void>;
}

export function sweepLeftBehind<T extends Left>(hub: Hub, work: LeftBehind<T>): Running {
  let sweeping: Promise<void> | undefined;
  const timer = setInterval(() => {
    sweeping ??= sweep(hub, work)
      .catch((err: unknown) => hub.log.error({ err, what: work.what }, "what was left behind was not found"))
      .finally(() => (sweeping = undefined));
  }, sweepMs).unref();
  return {
    async stop() {
      clearInterval(timer);
      await sweeping;
    },
  };
}

async function sweep<T extends Left>(hub: Hub, { what, find, finish }: LeftBehind<T>): Promise<void> {
  const left = await acrossWorkspaces(find({ $lt: new Date(Date.now() - ownMs) }))
    .sort({ createdAt: 1 })
    .limit(mostAtOnce);
  // One that cannot be finished keeps no other from it.
  for (const one of left)
    await finish(one).catch((err: unknown) =>
      hub.log.error({ err, what, id: one._id.toHexString() }, "what was left behind could not be finished"),
    );
}
