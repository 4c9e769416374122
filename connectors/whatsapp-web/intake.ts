/**
 * What the browser tells, on its way into the store: in order, tried until it is stored. The cursor says from when on
 * the phone has to be asked again after a stop; it passes what is stored alone.
 */
import { createHash } from "node:crypto";
import type { ConnectorHost } from "../contract.ts";
import type { WireUpdate } from "./wire.ts";

/** `at` in seconds since 1970. A mark: in this turn everything until then was told. */
type Heard = { update: WireUpdate; at: number } | { turn: number; at: number };

export interface IntakeParts {
  host: Pick<ConnectorHost, "receive" | "kept" | "log" | "signal">;
  /** Milliseconds. */
  firstWait: number;
  longestWait: number;
  /** The store is away, or back. */
  onTrouble(away: boolean): void;
}

/** Seconds: an event may come a while after it happened. */
const overlap = 300;
const mostWaiting = 20_000;

export class Intake {
  private readonly parts: IntakeParts;
  private readonly waiting: Heard[] = [];
  private working = false;
  /** What was missed before is not stored yet: the cursor stands. */
  private behind = true;
  /** What was stored while behind: told again, it takes no room, so that every asking comes further. */
  private readonly stored = new Set<string>();
  /** More was told than can wait: the rest is asked for once there is room. */
  private full = false;
  private ask: ((since: number) => Promise<unknown>) | undefined;
  /** Of the latest catching up: a newer one ends the former. */
  private turn = 0;

  constructor(parts: IntakeParts) {
    this.parts = parts;
  }

  add(update: WireUpdate): void {
    if (this.stored.size > 0 && this.stored.has(digest(update))) return;
    if (this.full || this.waiting.length >= mostWaiting) this.full = true;
    else this.put({ update, at: now() });
  }

  /** Has everything since the cursor told again, tried until it is; at the first sign-in there is nothing older. */
  async catchUp(ask: (since: number) => Promise<unknown>): Promise<void> {
    this.ask = ask;
    this.behind = true;
    const turn = ++this.turn;
    const at = now();
    const caughtUp = await this.until(
      async () => {
        const cursor = Number(await this.parts.host.kept.read("cursor"));
        if (cursor > 0) await ask(cursor - overlap);
      },
      () => turn !== this.turn,
    );
    if (caughtUp && !this.full) this.put({ turn, at });
  }

  /** The browser ended: nobody can be asked, and what happens from now on is missed. */
  rest(): void {
    this.ask = undefined;
    this.behind = true;
    this.turn += 1;
  }

  private put(heard: Heard): void {
    this.waiting.push(heard);
    void this.work();
  }

  private async work(): Promise<void> {
    if (this.working) return;
    this.working = true;
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      if (!(await this.store(next))) break;
      this.waiting.shift();
    }
    this.working = false;
    if (!this.full || this.waiting.length > 0) return;
    this.full = false;
    if (this.ask) void this.catchUp(this.ask);
  }

  /** False when the account ended before it was stored. */
  private async store(heard: Heard): Promise<boolean> {
    const { host } = this.parts;
    let failed = false;
    const stored = await this.until(
      async () => {
        if ("update" in heard) await this.receive(heard.update);
        else if (heard.turn === this.turn) this.arrive();
        if (!this.behind) await host.kept.write("cursor", String(heard.at));
      },
      () => false,
      () => {
        if (!failed) this.parts.onTrouble(true);
        failed = true;
      },
    );
    if (stored && failed) this.parts.onTrouble(false);
    return stored;
  }

  private async receive(update: WireUpdate): Promise<void> {
    await this.parts.host.receive([new TextEncoder().encode(JSON.stringify(update))]);
    if (this.behind) this.stored.add(digest(update));
  }

  /** All that was told before the mark is stored. */
  private arrive(): void {
    this.behind = false;
    this.stored.clear();
  }

  /** Tries until it is done; false when it is no longer wanted. */
  private async until(
    act: () => Promise<void>,
    isOver: () => boolean,
    onFailure: () => void = () => undefined,
  ): Promise<boolean> {
    const { host, firstWait, longestWait } = this.parts;
    for (let wait = firstWait; ; wait = Math.min(longestWait, wait * 2)) {
      if (host.signal.aborted || isOver()) return false;
      try {
        await act();
        return !isOver();
      } catch (err) {
        host.log.error({ err }, "news of the browser could not be taken; they are tried again");
        onFailure();
      }
      await pause(wait, host.signal);
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal.aborted) done();
    else signal.addEventListener("abort", done, { once: true });
  });
}

function digest(update: WireUpdate): string {
  return createHash("sha256").update(JSON.stringify(update)).digest("base64url");
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
