/** The door of the inbox: channels, contacts, conversations, messages and their delivery. */
import type { Connector } from "../connectors/contract.ts";
import { acrossWorkspaces } from "../core/db.ts";
import type { Hub, Running } from "../core/hub.ts";
import type { WakeQueue } from "../core/queue.ts";
import type { RedisServer } from "../core/redis.ts";
import { createAccounts } from "./accounts.ts";
import { drainConversation, sweepOutbound } from "./deliver.ts";
import type { Inbox } from "./inbox.ts";
import { giveBackAll } from "./leavers.ts";
import { goLive } from "./live.ts";
import { ProcessRates, RedisRates } from "./rates.ts";
import { fetchMedia, sweepMedia } from "./media.ts";
import { ChannelModel, ConversationModel, InboundModel, MessageModel } from "./models/index.ts";
import { addPublicFiles } from "./public-files.ts";
import { addVendorReturn } from "./vendor-sign-in.ts";
import { addWebhooks, drainThread, storeUpdates } from "./receive.ts";
import { addChannelRoutes } from "./routes/channels.ts";
import { addContactRoutes } from "./routes/contacts.ts";
import { addConversationRoutes } from "./routes/conversations.ts";
import { addOtherRoutes } from "./routes/others.ts";
import { addTeamRoutes } from "./routes/teams.ts";
import { startSweeping } from "./sweep.ts";

export { accessConversation } from "./access.ts";
export { isOpenAt, nextClosing, nextOpening, readHours } from "./hours.ts";
export { rateConversation } from "./rating.ts";
export { listTeams } from "./teams.ts";
export { connectChannel, removeChannel } from "./connect.ts";
export { describePreview } from "./describe.ts";
export { goBack, mintLinkToken } from "./continue.ts";
export type { Inbox } from "./inbox.ts";
export {
  ChannelModel,
  ContactModel,
  ConversationModel,
  MessageModel,
  ThreadModel,
  type ChannelRecord,
  type ConversationRecord,
  type MessageRecord,
} from "./models/index.ts";
export { storeUpdates } from "./receive.ts";
export { openConversation } from "./open.ts";
export { postMessage } from "./reply.ts";

export interface InboxParts {
  /** This process holds the store alone: what leases say of a former process is over. */
  ownsStore: boolean;
  /** This process receives and sends; false in one that only answers browsers. */
  works: boolean;
  connectors: ReadonlyMap<string, Connector>;
  icons: ReadonlyMap<string, string>;
  createQueue(name: "inbound" | "outbound" | "media"): WakeQueue;
  /** Shared with other processes through Redis, where there is one. */
  redis: RedisServer | undefined;
  /** Names this process among those that share the store. */
  workerId: string;
}

/** Adds the inbox to the hub; `start` begins to receive and to send. */
export function addInbox(hub: Hub, parts: InboxParts): { inbox: Inbox; start(): Promise<Running> } {
  const { workerId } = parts;
  const inbox: Inbox = {
    hub,
    connectors: parts.connectors,
    icons: parts.icons,
    workerId,
    accounts: createAccounts({
      hub,
      connectors: parts.connectors,
      workerId,
      receives: parts.works,
      receive: (channel, updates) => storeUpdates(inbox, channel, updates),
    }),
    rates: parts.redis ? new RedisRates(parts.redis) : new ProcessRates(),
    inbound: parts.createQueue("inbound"),
    outbound: parts.createQueue("outbound"),
    media: parts.createQueue("media"),
  };
  addWebhooks(inbox);
  addPublicFiles(hub);
  addVendorReturn(inbox);
  addChannelRoutes(inbox);
  addConversationRoutes(inbox);
  addContactRoutes(inbox);
  addOtherRoutes(inbox);
  addTeamRoutes(inbox);
  goLive(inbox);
  goOnWhenAccountsChange(inbox);
  hub.events.subscribe("staff.left", ({ staff }) => giveBackAll(inbox, staff));
  measure(inbox);
  return { inbox, start: () => start(inbox, parts) };
}

async function start(inbox: Inbox, { ownsStore, works }: InboxParts): Promise<Running> {
  if (ownsStore) await forgetLeases();
  if (!works) return startForBrowsers(inbox);
  inbox.inbound.consume(16, (key, signal) => drainThread(inbox, key, signal));
  inbox.outbound.consume(32, (key, signal) => drainConversation(inbox, key, signal));
  inbox.media.consume(6, (key, signal) => fetchMedia(inbox, key, signal));
  await inbox.accounts.startAll();
  const sweeper = startSweeping(inbox);
  return {
    async stop() {
      await sweeper.stop();
      // first what is being sent comes to its end, then the accounts: an aborted send would be of unknown outcome
      await Promise.all([inbox.inbound, inbox.outbound, inbox.media].map((queue) => queue.close(7000)));
      await inbox.accounts.stop();
    },
  };
}

/** A process that only answers browsers opens the accounts, so that typing and reading marks go out, and does no more. */
async function startForBrowsers(inbox: Inbox): Promise<Running> {
  await inbox.accounts.startAll();
  return {
    async stop() {
      await Promise.all([inbox.inbound, inbox.outbound, inbox.media].map((queue) => queue.close(1000)));
      await inbox.accounts.stop();
    },
  };
}

/** What was held while an account was away goes on at once when it is back. */
function goOnWhenAccountsChange(inbox: Inbox): void {
  inbox.hub.events.subscribe("channel.changed", () => sweepOutbound(inbox));
  inbox.hub.events.subscribe("channel.changed", () => sweepMedia(inbox));
}

/** Safe at any time: a message that was being sent is never sent again by itself, whoever holds the lease. */
async function forgetLeases(): Promise<void> {
  await acrossWorkspaces(ChannelModel.updateMany({}, { $unset: { lease: 1 } }));
  const sending = await acrossWorkspaces(MessageModel.distinct("conversationId", { outbox: true }));
  await acrossWorkspaces(
    ConversationModel.updateMany({ _id: { $in: sending } }, { $unset: { outboxLease: 1 } }),
  );
}

function measure(inbox: Inbox): void {
  const { metrics, events } = inbox.hub;
  const unknown = metrics.counter("switchboard_delivery_unknown_total", "Sends whose outcome nobody knows");
  const failed = metrics.counter("switchboard_delivery_failed_total", "Sends that the messenger refused");
  events.subscribe("delivery.ended", ({ state }) => (state === "unknown" ? unknown : failed).inc());
  metrics.gauge("switchboard_inbound_waiting", "Stored deliveries that are not recorded yet", () =>
    acrossWorkspaces(InboundModel.countDocuments({ pending: true })),
  );
  metrics.gauge("switchboard_outbox_waiting", "Messages that wait to be sent", () =>
    acrossWorkspaces(MessageModel.countDocuments({ outbox: true })),
  );
}
