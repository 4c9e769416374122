/** Keeps the connected accounts running: one session each, received for by one process, with its health on record. */
import { randomUUID } from "node:crypto";
import type {
  Connector,
  ConnectorSession,
  HealthState,
  OutboundCommand,
  SendResult,
} from "../connectors/contract.ts";
import { acrossWorkspaces, idOf, type ObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import type { Hub } from "../core/hub.ts";
import { createHost, type OwnedHost } from "./host.ts";
import {
  ChannelModel,
  type ChannelLogEntry,
  type ChannelProblem,
  type ChannelRecord,
} from "./models/index.ts";

declare module "../core/events.ts" {
  interface EventMap {
    "channel.changed": { workspaceId: ObjectId; channelId: ObjectId };
  }
}

const leaseMs = 30_000;

export interface Accounts {
  /** Starts every account that is connected and not paused, and keeps looking for those without a receiver. */
  startAll(): Promise<void>;
  /** Starts an account anew with what is stored of it now; ends it when it is paused or removed. */
  restart(channel: ChannelRecord): Promise<void>;
  /** The running session of an account; throws ConnectorError-free `undefined` for one that does not run. */
  session(channelId: ObjectId): ConnectorSession | undefined;
  /** Lets a session act; the account's connections stay open until it is done, even when the account ends meanwhile. */
  perform(session: ConnectorSession, command: OutboundCommand): Promise<SendResult>;
  connectorOf(kind: string): Connector;
  note(
    channel: Pick<ChannelRecord, "_id" | "workspaceId">,
    entry: Omit<ChannelLogEntry, "at">,
  ): Promise<void>;
  /** Removes what the platform knows of the account. */
  disconnect(channel: ChannelRecord): Promise<void>;
  stop(): Promise<void>;
}

interface Open {
  session: ConnectorSession;
  host: OwnedHost;
  stop: AbortController;
  done: Promise<void>;
  /** What is being sent. */
  sending: Set<Promise<SendResult>>;
}

type Receive = (
  channel: Pick<ChannelRecord, "_id" | "workspaceId" | "kind">,
  updates: Uint8Array[],
) => Promise<void>;

export function createAccounts(
  hub: Hub,
  connectors: ReadonlyMap<string, Connector>,
  receive: Receive,
): Accounts {
  const owner = randomUUID();
  const open = new Map<string, Open>();
  const turns = new Map<string, Promise<void>>();

  /** One thing at a time per account: a second restart waits for the first. */
  const inTurn = (id: string, step: () => Promise<void>): Promise<void> => {
    const turn = (turns.get(id) ?? Promise.resolve()).then(step);
    const settled = turn.catch(() => undefined).finally(() => turns.get(id) === settled && turns.delete(id));
    turns.set(id, settled);
    return turn;
  };
  let watch: NodeJS.Timeout | undefined;

  const connectorOf = (kind: string): Connector => {
    const connector = connectors.get(kind);
    if (!connector) throw new AppError("not_found");
    return connector;
  };

  const note: Accounts["note"] = async ({ workspaceId, _id }, entry) => {
    await ChannelModel.updateOne(
      { workspaceId, _id },
      { $push: { log: { $each: [{ ...entry, at: new Date() }], $slice: -50 } } },
    );
  };

  const reportHealth = async (
    channel: ChannelRecord,
    state: HealthState,
    problem?: ChannelProblem,
  ): Promise<void> => {
    const { workspaceId, _id } = channel;
    const now = new Date();
    const health = { state, since: now, problem: problem ?? null };
    const changed = await ChannelModel.findOneAndUpdate(
      {
        workspaceId,
        _id,
        $or: [{ "health.state": { $ne: state } }, { "health.problem.code": { $ne: problem?.code ?? null } }],
      },
      { $set: { health, ...(problem ? { lastError: { ...problem, at: now } } : {}) } },
    ).lean();
    if (!changed) return;
    const level =
      state === "connected" || state === "connecting" ? "info" : state === "degraded" ? "warn" : "bad";
    await note(channel, { level, code: problem?.code ?? state, message: problem?.message ?? "" });
    hub.events.publish("channel.changed", { workspaceId, channelId: _id });
  };

  /** Credentials that do not open (another key, another version) stop their account alone, and say so. */
  const readSealed = async (connector: Connector, channel: ChannelRecord): Promise<unknown> => {
    try {
      return openCredentials(hub, connector, channel);
    } catch (err) {
      hub.log.error({ err, channelId: idOf(channel) }, "credentials cannot be opened");
      await reportHealth(channel, "disconnected", { code: "credentials_unreadable", message: "" });
      return undefined;
    }
  };

  const begin = async (channel: ChannelRecord): Promise<void> => {
    const connector = connectors.get(channel.kind);
    if (!connector || open.has(idOf(channel))) return;
    const credentials = await readSealed(connector, channel);
    if (credentials === undefined) return;
    const stop = new AbortController();
    const failed = (err: unknown): void =>
      hub.log.error({ err, channelId: idOf(channel) }, "health could not be stored");
    const host = createHost({
      hub,
      kind: channel.kind,
      channelId: idOf(channel),
      proxyUrl: proxyOf(credentials),
      signal: stop.signal,
      receive: (updates) => receive(channel, updates),
      reportHealth: (state, problem) => void reportHealth(channel, state, problem).catch(failed),
    });
    const session = connector.open(credentials, host);
    const done = session.run().catch((err: unknown) => {
      hub.log.error({ err, channelId: idOf(channel) }, "account stopped receiving");
      host.reportHealth("disconnected", { code: "stopped", message: "" });
    });
    open.set(idOf(channel), { session, host, stop, done, sending: new Set() });
  };

  const leave = async (id: string): Promise<Open | undefined> => {
    const running = open.get(id);
    if (!running) return undefined;
    open.delete(id);
    running.stop.abort();
    await Promise.race([running.done, new Promise((resolve) => setTimeout(resolve, 5000).unref())]);
    return running;
  };

  /** What is being sent comes to its end by itself: an aborted send would be of unknown outcome. */
  const end = async (id: string): Promise<void> => {
    const running = await leave(id);
    if (!running) return;
    void Promise.allSettled(running.sending)
      .then(() => running.host.close())
      .catch((err: unknown) => hub.log.error({ err, channelId: id }, "connections could not be closed"));
  };

  /** Takes or renews the receiver's lease; false while another process holds it. */
  const takeLease = async ({ workspaceId, _id }: ChannelRecord): Promise<boolean> => {
    const now = new Date();
    const lease = { owner, until: new Date(now.getTime() + leaseMs) };
    const free = [
      { lease: { $exists: false } },
      { lease: null },
      { "lease.until": { $lt: now } },
      { "lease.owner": owner },
    ];
    const { matchedCount } = await ChannelModel.updateOne(
      { workspaceId, _id, paused: false, removedAt: null, $or: free },
      { $set: { lease } },
    );
    return matchedCount === 1;
  };

  const look = async (): Promise<void> => {
    const channels = await acrossWorkspaces(ChannelModel.find({ paused: false, removedAt: null })).lean();
    for (const channel of channels) {
      await inTurn(idOf(channel), async () => {
        if (await takeLease(channel)) await begin(channel);
        else await end(idOf(channel));
      });
    }
  };

  return {
    connectorOf,
    note,
    async startAll() {
      await look();
      watch = setInterval(
        () =>
          void look().catch((err: unknown) => hub.log.error({ err }, "accounts could not be looked after")),
        leaseMs / 3,
      );
      watch.unref();
    },
    restart: (channel) =>
      inTurn(idOf(channel), async () => {
        await end(idOf(channel));
        if (await takeLease(channel)) await begin(channel);
      }),
    session: (channelId) => open.get(channelId.toHexString())?.session,
    perform(session, command) {
      const sending = [...open.values()].find((one) => one.session === session)?.sending;
      const result = session.perform(command);
      sending?.add(result);
      const forget = (): void => void sending?.delete(result);
      result.then(forget, forget);
      return result;
    },
    async disconnect(channel) {
      const session = open.get(idOf(channel))?.session;
      await session?.disconnect?.();
      await end(idOf(channel));
    },
    async stop() {
      clearInterval(watch);
      const left = await Promise.all([...open.keys()].map(leave));
      await Promise.all(left.flatMap((running) => running?.host.close() ?? []));
      await acrossWorkspaces(ChannelModel.updateMany({ "lease.owner": owner }, { $unset: { lease: 1 } }));
    },
  };
}

const context = (channel: Pick<ChannelRecord, "kind" | "externalId">): string =>
  `channel ${channel.kind} ${channel.externalId}`;

export function sealCredentials(
  hub: Hub,
  channel: Pick<ChannelRecord, "kind" | "externalId">,
  credentials: unknown,
): string {
  return hub.secrets.seal(JSON.stringify(credentials), context(channel));
}

export function openCredentials(hub: Hub, connector: Connector, channel: ChannelRecord): unknown {
  return connector.credentials.parse(JSON.parse(hub.secrets.open(channel.credentials, context(channel))));
}

/** Every connector may name its account's outgoing proxy `proxyUrl`. */
export function proxyOf(credentials: unknown): string | undefined {
  const proxy =
    typeof credentials === "object" && credentials !== null && "proxyUrl" in credentials
      ? credentials.proxyUrl
      : undefined;
  return typeof proxy === "string" && proxy !== "" ? proxy : undefined;
}
