/** Where sockets are blocked: requests that wait for what the hub has to say. */
import type { HubFrame, PageFrame } from "../schema.ts";
import type { Bridge } from "./bridge.ts";

const pauseMs = 3000;

/** Carries the bridge's frames from now on, until the widget is taken away. */
export function startPolling(bridge: Bridge): void {
  let session: string | undefined;
  const ask = async (frames: PageFrame[]): Promise<void> => {
    const response = await fetch(`${bridge.hub}/widget/poll`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ key: bridge.key, frames, ...(session ? { session } : {}) }),
    });
    if (!response.ok) {
      session = undefined;
      throw new Error(String(response.status));
    }
    const answer = (await response.json()) as { session: string; frames: HubFrame[] };
    session = answer.session;
    for (const frame of answer.frames) bridge.take(frame);
  };
  const wait = async (): Promise<void> => {
    while (bridge.root.host.isConnected || !session) {
      try {
        await ask(session ? [] : [bridge.hello()]);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, pauseMs)); // the network is away: try again
      }
    }
  };
  bridge.carryBy((frame) => void ask([frame]).catch(() => undefined)); // what waits in the outbox is sent after the next hello
  void wait();
}
