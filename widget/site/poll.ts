/** Where sockets are blocked: requests that wait for what the hub has to say. */
import type { HubFrame, PageFrame } from "../schema.ts";
import type { Bridge, Polling } from "./bridge.ts";

const pauseMs = 3000;
/** As many as the hub takes in one request. */
const atOnce = 50;

/** This page may not talk to the hub at all: asking again does not help. */
class Forbidden extends Error {}

/** Carries the bridge's frames from now on. */
export function startPolling(bridge: Bridge): Polling {
  const ending = new AbortController();
  let turn = new AbortController();
  let session: string | undefined;
  let frames: PageFrame[] = [];
  let pushing = false;

  async function ask(said: PageFrame[]): Promise<void> {
    const response = await fetch(`${bridge.hub}/widget/poll`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ key: bridge.key, frames: said, ...(session ? { session } : {}) }),
      signal: turn.signal,
    });
    if (response.status === 403) throw new Forbidden();
    if (!response.ok) throw new Error(String(response.status));
    const answer = (await response.json()) as { session: string; frames: HubFrame[] };
    if (!session) bridge.carryBy(push);
    session = answer.session;
    for (const frame of answer.frames) bridge.take(frame);
  }

  /** One request after another, so that frames arrive in the order in which they were said. */
  function push(frame: PageFrame): void {
    frames.push(frame);
    if (!pushing) void pushAll();
  }
  async function pushAll(): Promise<void> {
    pushing = true;
    try {
      while (frames.length > 0) await ask(frames.splice(0, atOnce));
    } catch {
      again(); // what has not come over is said again after the next hello
    }
    pushing = false;
  }

  function again(): void {
    turn.abort();
  }
  async function wait(): Promise<void> {
    while (!ending.signal.aborted) {
      turn = new AbortController();
      session = undefined;
      frames = [];
      try {
        await ask([bridge.hello()]);
        for (;;) await ask([]);
      } catch (error) {
        bridge.carryBy(undefined);
        if (error instanceof Forbidden) return;
        if (!turn.signal.aborted) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  }
  void wait();
  return {
    again,
    stop() {
      ending.abort();
      again();
    },
  };
}
