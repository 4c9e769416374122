/** What the parts of the inbox share: the floor, the connectors, and the queues of its three kinds of work. */
import type { Connector } from "../connectors/contract.ts";
import type { Hub } from "../core/hub.ts";
import type { WakeQueue } from "../core/queue.ts";
import type { Accounts } from "./accounts.ts";
import type { Rates } from "./rates.ts";

export interface Inbox {
  hub: Hub;
  connectors: ReadonlyMap<string, Connector>;
  icons: ReadonlyMap<string, string>;
  accounts: Accounts;
  /** Names this process among those that share the store. */
  workerId: string;
  rates: Rates;
  /** Keys: `<channelId> <threadKey>`. */
  inbound: WakeQueue;
  /** Keys: conversation ids. */
  outbound: WakeQueue;
  /** Keys: `message <id>` and `contact <id>`; separate, so that a slow file delays no message. */
  media: WakeQueue;
}
