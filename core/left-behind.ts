/** Work that a process had stored and ended before: the next sweep does it, within seconds. */
import type { Query } from "mongoose";
import { acrossWorkspaces, type ObjectId } from "./db.ts";
import type { Hub, Running } from "./hub.ts";

const sweepMs = 10_000;
/** Until then the request that stored it is at it. */
const ownMs = 5000;
const mostAtOnce = 100;

interface Left {
  _id: ObjectId;
  createdAt: Date;
}
export interface LeftBehind<T extends Left> {
  /** In the log: `form`. */
  what: string;
  /** What is waiting still, of those made in the span that is given. */
  find: (createdAt: { $lt: Date; $gte?: Date }) => Query<T[], T>;
  /** Doing it twice adds nothing. */
  finish: (one: T) => Promise<void>;
}

export function sweepLeftBehind<T extends Left>(hub: Hub, work: LeftBehind<T>): Running {
  let sweeping: Promise<void> | undefined;
  let done: T[] = [];
  const stopping = new AbortController();
  const timer = setInterval(() => {
    sweeping ??= sweep(hub, work, done, stopping.signal)
      .then((now) => void (done = now))
      .catch((err: unknown) => hub.log.error({ err, what: work.what }, "what was left behind was not found"))
      .finally(() => (sweeping = undefined));
  }, sweepMs).unref();
  return {
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await sweeping;
    },
  };
}

/** The oldest that come after those of the sweep before, then from the beginning again: what always fails is in nobody's way. */
async function sweep<T extends Left>(
  hub: Hub,
  { what, find, finish }: LeftBehind<T>,
  done: readonly Left[],
  stopping: AbortSignal,
): Promise<T[]> {
  const $lt = new Date(Date.now() - ownMs);
  const last = done.at(-1)?.createdAt;
  const asked = acrossWorkspaces(find(last ? { $gte: last, $lt } : { $lt }));
  const left = await asked
    .where("_id")
    .nin(done.filter(({ createdAt }) => createdAt.getTime() === last?.getTime()).map(({ _id }) => _id))
    .sort({ createdAt: 1 })
    .limit(mostAtOnce);
  for (const one of left) {
    if (stopping.aborted) break;
    await finish(one).catch((err: unknown) =>
      hub.log.error({ err, what, id: one._id.toHexString() }, "what was left behind could not be finished"),
    );
  }
  return left.length < mostAtOnce ? [] : left;
}
