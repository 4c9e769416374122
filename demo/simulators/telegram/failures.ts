/** Failures on demand: what a network and a platform do to a client on bad days. */

type FailureKind =
  /** Too many requests, with `retry_after`. */
  | "429"
  /** A 500 of Telegram itself; nothing was done. */
  | "5xx"
  /** A refusal for good; nothing was done. */
  | "400"
  /** Never answers; nothing was done. */
  | "timeout_before"
  /** Does what was asked and never answers. */
  | "timeout_after_accept"
  /** Cuts the connection; nothing was done. */
  | "drop"
  /** Does what was asked and cuts the connection. */
  | "drop_after_accept";

export interface FailureOrder {
  /** The method that fails, or how its name begins (`send`; chat actions are none of them); every method without one. */
  method?: string | undefined;
  kind: FailureKind;
  /** Seconds, for 429. */
  retryAfter?: number | undefined;
  /** How many calls fail; 1 without it. */
  times?: number | undefined;
}

export class Failures {
  private orders: { order: FailureOrder; left: number }[] = [];

  add(order: FailureOrder): void {
    this.orders.push({ order, left: order.times ?? 1 });
  }

  /** The failure this call has to suffer, if any. */
  take(method: string): FailureOrder | undefined {
    const found = this.orders.find(({ order }) => fits(order, method));
    if (!found) return undefined;
    found.left -= 1;
    if (found.left <= 0) this.orders = this.orders.filter((one) => one !== found);
    return found.order;
  }

  clear(): void {
    this.orders = [];
  }
}

function fits({ method: wanted }: FailureOrder, method: string): boolean {
  if (wanted === "send") return method.startsWith("send") && method !== "sendChatAction";
  return !wanted || wanted === method;
}
