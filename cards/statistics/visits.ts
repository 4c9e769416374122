/**
 * Counts visits in memory and writes them every second, so that a busy card costs a few writes a second and never slows a
 * page. A process that is killed loses a second of them.
 */
import { createHash, randomBytes } from "node:crypto";
import { DateTime } from "luxon";
import type { ObjectId } from "../../core/db.ts";
import { isDuplicate } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import {
  CountModel,
  SaltModel,
  VisitorModel,
  type CountKind,
  type CountRecord,
} from "../models/statistics.ts";
import type { Visit } from "./visit.ts";

const everyMs = 1000;
/** Whoever makes up sources makes up so many of a card and a day at most, and is counted under "other" then. */
const mostKeys = 300;
/** Counts and visitors that wait while the store is away; more are given up. */
const mostWaiting = 20_000;
/** Visitors of one write, few enough that pages are served between two. */
const atOnce = 250;
/** Days are other ones around the world. */
const mostSalts = 4;
export const otherKey = "*";

export interface Place {
  workspaceId: ObjectId;
  cardId: ObjectId;
  language: string;
  /** IANA name of the zone in which days begin. */
  timeZone: string;
}

export interface Somebody {
  ip: string;
  agent: string;
  country: string | undefined;
}

type Count = Omit<CountRecord, "_id">;
type More = Partial<Pick<Count, "views" | "taps" | "visitors" | "pressed">>;
interface Seen extends Place {
  day: string;
  hash: string;
  device: string | undefined;
  country: string | undefined;
  pressed: boolean;
}

/** What is counted between two writings. */
class Tally {
  readonly counts = new Map<string, Count>();
  readonly seen = new Map<string, Seen>();

  get size(): number {
    return this.counts.size + this.seen.size;
  }

  add(place: Omit<Place, "timeZone">, day: string, kind: CountKind, key: string, more: More): void {
    const { workspaceId, cardId, language } = place;
    const id = `${cardId.toHexString()} ${day} ${language} ${kind} ${key}`;
    const of = { workspaceId, cardId, day, language, kind, key };
    const count = this.counts.get(id) ?? { ...of, views: 0, taps: 0, visitors: 0, pressed: 0 };
    count.views += more.views ?? 0;
    count.taps += more.taps ?? 0;
    count.visitors += more.visitors ?? 0;
    count.pressed += more.pressed ?? 0;
    this.counts.set(id, count);
  }

  /** Counts what another has, too. */
  take({ counts, seen }: Tally): void {
    for (const { day, kind, key, views, taps, visitors, pressed, ...place } of counts.values())
      this.add(place, day, kind, key, { views, taps, visitors, pressed });
    for (const one of seen.values()) this.see(one);
  }

  see(seen: Seen): void {
    const id = `${seen.cardId.toHexString()} ${seen.day} ${seen.hash}`;
    const known = this.seen.get(id);
    if (known) known.pressed ||= seen.pressed;
    else this.seen.set(id, seen);
  }
}

export class Visits {
  readonly #log: Log;
  #tally = new Tally();
  readonly #keys = new Map<string, Set<string>>();
  readonly #salts = new Map<string, Promise<string>>();
  readonly #timer: NodeJS.Timeout;
  #writing: Promise<void> = Promise.resolve();

  constructor(log: Log) {
    this.#log = log;
    this.#timer = setInterval(() => void this.flush(), everyMs);
    this.#timer.unref();
  }

  /** Resolves when it is counted; it is stored within a second. */
  async view(place: Place, { source, utm, device }: Visit, who: Somebody): Promise<void> {
    const day = dayOf(place);
    this.#count(place, day, "all", "", { views: 1 });
    this.#count(place, day, "source", source, { views: 1 });
    if (utm) this.#count(place, day, "utm", utm, { views: 1 });
    this.#count(place, day, "device", device, { views: 1 });
    this.#count(place, day, "country", who.country ?? "", { views: 1 });
    await this.#see(place, day, who, { device, pressed: false });
  }

  /** `key`: the block, with `/` and its item; `messenger` tells that the tap leads into a conversation. */
  async tap(place: Place, key: string, messenger: boolean, who: Somebody): Promise<void> {
    const day = dayOf(place);
    this.#count(place, day, "all", "", { taps: 1 });
    this.#count(place, day, "block", key, { taps: 1 });
    await this.#see(place, day, who, { device: undefined, pressed: messenger });
  }

  program(place: Place): void {
    this.#count(place, dayOf(place), "bot", "", { views: 1 });
  }

  /** Writes what has been counted since the last time; resolves when it is stored. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      const tally = this.#tally;
      if (tally.size === 0) return;
      this.#tally = new Tally();
      try {
        await write(tally);
      } catch (err) {
        const kept = tally.size + this.#tally.size <= mostWaiting;
        if (kept) this.#tally.take(tally); // what failed is tried again with the next second
        this.#log.error({ err, counts: tally.counts.size, kept }, "the cards' statistics were not stored");
      }
    });
    return this.#writing;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }

  #count(place: Place, day: string, kind: CountKind, key: string, more: More): void {
    this.#tally.add(
      place,
      day,
      kind,
      this.#bounded(`${place.cardId.toHexString()} ${day} ${kind}`, key),
      more,
    );
  }

  #bounded(of: string, key: string): string {
    if (this.#keys.size > 5000) this.#keys.clear();
    const known = this.#keys.get(of) ?? new Set<string>();
    this.#keys.set(of, known);
    if (!known.has(key) && known.size >= mostKeys) return otherKey;
    known.add(key);
    return key;
  }

  async #see(
    place: Place,
    day: string,
    { ip, agent, country }: Somebody,
    more: Pick<Seen, "device" | "pressed">,
  ): Promise<void> {
    const salt = await this.#salt(day).catch((err: unknown) =>
      this.#log.warn({ err }, "a visitor of a card was not counted; the view was"),
    );
    if (!salt) return;
    const hash = createHash("sha256")
      .update(`${salt} ${place.cardId.toHexString()} ${ip} ${agent}`)
      .digest("base64url")
      .slice(0, 16);
    this.#tally.see({ ...place, ...more, day, hash, country });
  }

  /** One for all processes and a day of the business; when it is forgotten nobody can tell any more whose a hash was. */
  #salt(day: string): Promise<string> {
    const known = this.#salts.get(day);
    if (known) return known;
    if (this.#salts.size >= mostSalts) this.#salts.clear();
    const made = readSalt(day);
    this.#salts.set(day, made);
    made.catch(() => this.#salts.delete(day)); // the next visit asks again
    return made;
  }
}

/** What is known of somebody on a day: that they were here, and that they pressed a messenger. */
interface Mark {
  of: Seen;
  hash: string;
  pressed: boolean;
}

function marksOf(of: Seen): Mark[] {
  const here = { of, hash: of.hash, pressed: false };
  return of.pressed ? [here, { of, hash: `${of.hash}+`, pressed: true }] : [here];
}

async function write(tally: Tally): Promise<void> {
  const seen = [...tally.seen];
  for (let at = 0; at < seen.length; at += atOnce) {
    const some = seen.slice(at, at + atOnce);
    const { fresh, fault } = await newOf(some.flatMap(([, of]) => marksOf(of)));
    for (const { of: one, pressed } of fresh) {
      tally.add(one, one.day, "all", "", pressed ? { pressed: 1 } : { visitors: 1 });
      if (pressed) continue;
      if (one.device) tally.add(one, one.day, "device", one.device, { visitors: 1 });
      tally.add(one, one.day, "country", one.country ?? "", { visitors: 1 });
    }
    if (fault) throw fault; // those that are counted are known when the others are tried again
    for (const [id] of some) tally.seen.delete(id);
  }
  const counts = [...tally.counts];
  try {
    await CountModel.bulkWrite(
      counts.map(([, { views, taps, visitors, pressed, ...filter }]) => ({
        updateOne: { filter, update: { $inc: { views, taps, visitors, pressed } }, upsert: true },
      })),
      { ordered: false },
    );
  } catch (error) {
    const failed = failedOf(error);
    // the others are written: they must not be added again
    if (failed)
      for (const [index, [key]] of counts.entries()) if (!failed.has(index)) tally.counts.delete(key);
    throw error;
  }
}

/** Which of the writes failed; undefined where the store has not told. */
function failedOf(error: unknown): Set<number> | undefined {
  const told = (error as { writeErrors?: { index: number }[] }).writeErrors;
  return told?.length ? new Set(told.map(({ index }) => index)) : undefined;
}

function dayOf({ timeZone }: Place): string {
  return DateTime.now().setZone(timeZone).toISODate() ?? new Date().toISOString().slice(0, 10);
}

async function readSalt(day: string): Promise<string> {
  const fresh = { salt: randomBytes(16).toString("base64url"), createdAt: new Date() };
  const options = { upsert: true, returnDocument: "after" } as const;
  try {
    return (await SaltModel.findOneAndUpdate({ _id: day }, { $setOnInsert: fresh }, options).orFail().lean())
      .salt;
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    return (await SaltModel.findOne({ _id: day }).orFail().lean()).salt;
  }
}

/** Those of the marks that were not there on that day yet, and why others are not known to be. */
async function newOf(marks: Mark[]): Promise<{ fresh: Mark[]; fault?: Error }> {
  const createdAt = new Date();
  const records = marks.map(({ of: { workspaceId, cardId, day }, hash }) => ({
    ...{ workspaceId, cardId, day, hash, createdAt },
  }));
  try {
    await VisitorModel.insertMany(records, { ordered: false, lean: true });
    return { fresh: marks };
  } catch (error) {
    const failed = failedOf(error);
    if (!failed) throw error;
    const fresh = marks.filter((_, index) => !failed.has(index));
    return isDuplicate(error) ? { fresh } : { fresh, fault: error as Error };
  }
}
