/** Who has which block of a card open in the builder, told to whoever has that card open. */
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { isAdministrator } from "../core/auth/index.ts";
import { toObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import type { Hub, Running } from "../core/hub.ts";
import { createLimit } from "../core/limits.ts";
import type { StaffSocket } from "../core/realtime.ts";
import { CardModel } from "./models/index.ts";
import type { CardClientEvents, CardEditors } from "./schema.ts";

type Said = Parameters<CardClientEvents["card_edit"]>[0];
const editMessage: z.ZodType<Said> = z.object({
  cardId: z.string().nullable(),
  blockId: z
    .string()
    .regex(/^[\w-]{1,24}$/)
    .nullable(),
});

interface Editing {
  cardId: string;
  blockId: string | null;
  staffId: string;
  name: string;
  photoFileId?: string;
  /** When the block was opened: whoever came first has it. */
  since: number;
}

/** A process that died is missed after two and a half of them. */
const turnMs = 10_000;
/** Who is back by then has his block as before. */
const graceMs = 20_000;
/** What happens in so short a time is told at once. */
const gatherMs = 40;

const roomOf = (cardId: string): string => `card:${cardId}`;

export function followEditors({ realtime, log }: Hub): Running {
  const editors = realtime.share<Editing>("card-editors", turnMs);
  const lost = new LostPlaces();
  const soon = new Map<string, NodeJS.Timeout>();
  const pace = createLimit(60, 10);

  const tell = (cardId: string): void => {
    soon.delete(cardId);
    const here = [...editors.values()]
      .filter((one) => one.cardId === cardId)
      .sort((a, b) => a.since - b.since || (a.staffId < b.staffId ? -1 : 1))
      .map(({ staffId, name, photoFileId, blockId }) => ({
        ...{ staffId, name, blockId },
        ...(photoFileId ? { photoFileId } : {}),
      }));
    realtime.emitHere([roomOf(cardId)], "card_editors", { cardId, editors: here } satisfies CardEditors);
  };
  const tellSoon = (cardId: string): void => {
    if (!soon.has(cardId)) soon.set(cardId, setTimeout(tell, gatherMs, cardId).unref());
  };
  editors.onChange(({ former, value }) => {
    if (value) lost.forget(value);
    else if (former) lost.keep(former);
    for (const one of [former, value]) if (one) tellSoon(one.cardId);
  });

  /** The same person with the same block, in whatever tab, has had it since the first. */
  const sinceOf = (editing: Editing): number => {
    const there = [...editors.values()].filter((one) => placeOf(one) === placeOf(editing));
    return Math.min(editing.since, lost.since(editing), ...there.map(({ since }) => since));
  };
  /** Who leaves by himself leaves the block first: nothing is held for him. */
  const leave = (socket: StaffSocket): void => {
    const former = editors.get(socket.id);
    if (former?.blockId) editors.set(socket.id, { ...former, blockId: null });
    if (former) editors.set(socket.id, null);
  };

  /** Only who may change the card edits it; others look on. */
  const place = (socket: StaffSocket, cardId: string, blockId: string | null): void => {
    const { staff } = socket.data;
    if (!isAdministrator(staff)) leave(socket);
    else {
      const editing: Editing = {
        ...{ cardId, blockId, staffId: staff._id.toHexString(), name: staff.displayName },
        ...(staff.photoFileId ? { photoFileId: staff.photoFileId.toHexString() } : {}),
        since: Date.now(),
      };
      editors.set(socket.id, { ...editing, since: sinceOf(editing) });
    }
    tellSoon(cardId);
  };

  const heard = new WeakMap<StaffSocket, () => void>();
  realtime.onRights((socket) => heard.get(socket)?.());
  realtime.onConnect((socket) => {
    let said: Said | undefined;
    let open: string | undefined;
    const follow = async (): Promise<void> => {
      await takeTurn(pace.take(socket.data.staff._id.toHexString()));
      const { cardId = null, blockId = null } = said ?? {};
      const next = cardId === open ? open : cardId ? await accessOpened(socket, cardId) : undefined;
      if (!socket.connected) return;
      if (open && open !== next) {
        leave(socket);
        await socket.leave(roomOf(open));
      }
      if (next && open !== next) await socket.join(roomOf(next));
      open = next;
      if (next) place(socket, next, blockId);
    };
    const again = latestOnly(follow, (err) => log.warn({ err }, "who edits a card was not told"));
    heard.set(socket, () => said && again());
    socket.on("card_edit", (data: unknown) => {
      said = editMessage.safeParse(data).data ?? { cardId: null, blockId: null };
      again();
    });
    socket.on("disconnect", () => editors.set(socket.id, null));
  });

  return {
    stop() {
      for (const timer of soon.values()) clearTimeout(timer);
      return Promise.resolve();
    },
  };
}

const placeOf = ({ staffId, cardId, blockId }: Editing): string => `${staffId} ${cardId} ${blockId ?? ""}`;

/** Blocks of people whose line was cut, or whose process ended: theirs still when they are soon back. */
class LostPlaces {
  readonly #lost = new Map<string, { since: number; until: number }>();

  keep(editing: Editing): void {
    const now = Date.now();
    for (const [place, { until }] of this.#lost) if (until < now) this.#lost.delete(place);
    if (editing.blockId !== null)
      this.#lost.set(placeOf(editing), { since: editing.since, until: now + graceMs });
  }

  forget(editing: Editing): void {
    this.#lost.delete(placeOf(editing));
  }

  since(editing: Editing): number {
    const kept = this.#lost.get(placeOf(editing));
    return kept && kept.until >= Date.now() ? kept.since : Infinity;
  }
}

/** Waits where there was too much: what was said last is still done. */
async function takeTurn(taken: Promise<void>): Promise<void> {
  try {
    await taken;
  } catch (error) {
    if (!(error instanceof AppError && error.code === "rate_limited")) throw error;
    await wait(1000 * Number(error.details?.["retryAfterSeconds"] ?? 1), undefined, { ref: false });
  }
}

/** One after the other, and of what is asked for meanwhile only one more. */
function latestOnly(work: () => Promise<void>, onError: (error: unknown) => void): () => void {
  let running = false;
  let again = false;
  const run = async (): Promise<void> => {
    running = true;
    do {
      again = false;
      await work().catch(onError);
    } while (again);
    running = false;
  };
  return () => {
    if (running) again = true;
    else void run();
  };
}

/** A card of the person's workspace. */
async function accessOpened(socket: StaffSocket, id: string): Promise<string | undefined> {
  const { workspaceId } = socket.data.staff;
  const _id = toObjectId(id);
  const found = _id && (await CardModel.findOne({ workspaceId, _id, removedAt: null }, { _id: 1 }).lean());
  return found ? found._id.toHexString() : undefined;
}
