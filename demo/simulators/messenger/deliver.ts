/** Events for the callback of an app, in the vendor's envelope, for what the page is subscribed to. */
import type { GraphSimulator } from "../graph.ts";
import type { SimThread, World } from "./world.ts";

export class Deliveries {
  private readonly graph: GraphSimulator;
  private readonly world: World;

  constructor(graph: GraphSimulator, world: World) {
    this.graph = graph;
    this.world = world;
  }

  /** Something of the customer's, or with `echo` of the page's; nothing when nobody asked for the field. */
  push(thread: SimThread, field: string, what: object, { echo = false } = {}): void {
    const { page, object } = thread;
    const callback = this.world.callbacks.get(`${page.app.id} ${object}`);
    const wanted = object === "instagram" || page.subscribed?.includes(field);
    if (!callback || !page.subscribed || !wanted) return;
    const account = { id: this.world.accountId(thread) };
    const customer = { id: this.world.scopedId(thread) };
    const now = this.world.now();
    const item = {
      sender: echo ? account : customer,
      recipient: echo ? customer : account,
      timestamp: now,
      ...what,
    };
    const payload = { object, entry: [{ id: account.id, time: now, messaging: [item] }] };
    this.graph.webhooks.push(callback.url, payload, page.app.secret);
  }
}
