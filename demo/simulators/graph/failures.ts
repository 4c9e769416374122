/** Failures on demand: what a network and a platform do to a client on bad days. */
import type { GraphRequest } from "./request.ts";
import { GraphRefusal, type GraphErrorFacts } from "./refusal.ts";

type FailureKind =
  /** An answer with this `error`; nothing was done. */
  | "error"
  /** A 503 with HTML, as gateways in between answer; nothing was done. */
  | "5xx"
  /** Never answers; nothing was done. */
  | "timeout_before"
  /** Does what was asked and never answers. */
  | "timeout_after_accept"
  /** Does what was asked and cuts the connection. */
  | "drop_after_accept";

export interface GraphFailure {
  /** What the path has to contain (`/messages`); every call without it. */
  path?: string;
  /** A parameter that the call has to carry. */
  having?: string;
  kind: FailureKind;
  error?: GraphErrorFacts;
  /** How many calls fail; 1 without it. */
  times?: number;
}

export class GraphFailures {
  private orders: { order: GraphFailure; left: number }[] = [];

  add(order: GraphFailure): void {
    this.orders.push({ order, left: order.times ?? 1 });
  }

  /** The failure that this call has to suffer, if any. */
  take({ path, params }: Pick<GraphRequest, "path" | "params">): GraphFailure | undefined {
    const found = this.orders.find(
      ({ order }) =>
        (!order.path || path.includes(order.path)) && (!order.having || params[order.having] !== undefined),
    );
    if (!found) return undefined;
    found.left -= 1;
    if (found.left <= 0) this.orders = this.orders.filter((one) => one !== found);
    return found.order;
  }

  clear(): void {
    this.orders = [];
  }
}

export function refusalOf({ error }: GraphFailure): GraphRefusal {
  return new GraphRefusal(error ?? { code: 1, message: "An unknown error occurred", status: 500 });
}
