/**
 * Deliveries to the webhooks of an app: proven by a handshake, signed, in order, offered again until they are taken.
 * https://developers.facebook.com/docs/graph-api/webhooks/getting-started
 */
import { createHmac, randomBytes } from "node:crypto";
import { GraphRefusal } from "./refusal.ts";

export interface Delivery {
  url: string;
  body: string;
  /** HTTP status of the last answer; undefined while it was never reached. */
  status: number | undefined;
  attempts: number;
}

export class Webhooks {
  /** Wait between two tries. */
  retryMs = 200;
  readonly deliveries: Delivery[] = [];
  private readonly waiting = new Map<string, { delivery: Delivery; secret: string }[]>();
  private closed = false;
  private readonly reach: (url: string) => string;
  private readonly changed: () => void;

  /** `reach` leads an address to where it can be reached from this machine. */
  constructor(reach: (url: string) => string, changed: () => void) {
    this.reach = reach;
    this.changed = changed;
  }

  /** Asks whether the address is the app's own; refuses as Meta does when it is not. */
  async shakeHands(url: string, verifyToken: string): Promise<void> {
    const challenge = randomBytes(5).readUIntBE(0, 5).toString();
    const asked = new URL(this.reach(url));
    asked.searchParams.set("hub.mode", "subscribe");
    asked.searchParams.set("hub.challenge", challenge);
    asked.searchParams.set("hub.verify_token", verifyToken);
    const said = await fetch(asked, { signal: AbortSignal.timeout(10_000) }).then(
      async (response) => (response.ok ? await response.text() : `HTTP ${response.status}`),
      () => "no answer",
    );
    if (said === challenge) return;
    throw new GraphRefusal({
      code: 2200,
      message: `Callback verification failed with the following errors: ${said}`,
    });
  }

  /** Signs and queues a body for an address. */
  push(url: string, payload: object, secret: string): void {
    const delivery = { url, body: JSON.stringify(payload), status: undefined, attempts: 0 };
    this.deliveries.push(delivery);
    const queue = this.waiting.get(url);
    if (queue) queue.push({ delivery, secret });
    else {
      this.waiting.set(url, [{ delivery, secret }]);
      void this.work(url);
    }
  }

  /** How many deliveries were not taken yet. */
  get size(): number {
    return [...this.waiting.values()].flat().length;
  }

  close(): void {
    this.closed = true;
    this.waiting.clear();
  }

  private async work(url: string): Promise<void> {
    const queue = this.waiting.get(url) ?? [];
    for (let next = queue[0]; next && !this.closed; next = queue[0]) {
      await this.offer(next.delivery, next.secret);
      if (next.delivery.status === 200) queue.shift();
      else await new Promise((resolve) => setTimeout(resolve, this.retryMs));
      this.changed();
    }
    this.waiting.delete(url);
  }

  private async offer(delivery: Delivery, secret: string): Promise<void> {
    delivery.attempts += 1;
    const headers = {
      "content-type": "application/json",
      "x-hub-signature-256": sign(delivery.body, secret),
    };
    const { url, body } = delivery;
    const init = { method: "POST", headers, body, signal: AbortSignal.timeout(10_000) };
    delivery.status = await fetch(this.reach(url), init).then(
      async (response) => (await response.arrayBuffer(), response.status),
      () => undefined,
    );
  }
}

/** The value of `X-Hub-Signature-256`. */
export function sign(body: string | Uint8Array, secret: string): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}
