/**
 * Keeps the connected accounts running. Every process may send through an account; one alone, by lease, receives for it.
 * An account that only one process may hold (`exclusive`) is open at its receiver alone.
 */
import { rm } from "node:fs/promises";
import type {
  Connector,
  ConnectorSession,
  HealthState,
  LoginCode,
  OutboundCommand,
  SendResult,
} from "../connectors/contract.ts";
import { acrossWorkspaces, idOf, type ObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import type { Hub } from "../core/hub.ts";
import { openCredentials, proxyOf, sealCredentials } from "./credentials.ts";
import { createHost, folderOf, type OwnedHost } from "./host.ts";
import {
  ChannelModel,
  KeptModel,
  type ChannelLogEntry,
  type ChannelProblem,
  type ChannelRecord,
} from "./models/index.ts";
import { siblingCredentials } from "./siblings.ts";

declare module "../core/events.ts" {
  interface EventMap {
    "channel.changed": { workspaceId: ObjectId; channelId: ObjectId };
    /** The account begins anew in every process. */
    "channel.restart": { channelId: ObjectId };
    /** An administrator asks for the code, wherever the account is held. */
    "channel.login_wanted": { channelId: ObjectId };
    /** A code to scan has come, changed or gone: for administrators alone, and nowhere kept. */
    "channel.login": { workspaceId: ObjectId; channelId: ObjectId; login: LoginCode | undefined };
  }
}

const leaseMs = 30_000;

export interface Accounts {
  /** Opens every account that is connected and not paused, and keeps looking for those without a receiver. */
  startAll(): Promise<void>;
  /** Begins an account anew with what is stored of it now; ends it when it is paused or removed. */
  restart(channel: ChannelRecord): Promise<void>;
  /** The open session of an account; undefined for one that is not open in this process. */
  session(channelId: ObjectId): ConnectorSession | undefined;
  /** Lets a session act; the account's connections stay open until it is done, even when the account ends meanwhile. */
  perform(session: ConnectorSession, command: OutboundCommand): Promise<SendResult>;
  /** What has to be scanned now, where the account waits for it in this process. */
  login(channelId: ObjectId): LoginCode | undefined;
  connectorOf(kind: string): Connector;
  note(
    channel: Pick<ChannelRecord, "_id" | "workspaceId">,
    entry: Omit<ChannelLogEntry, "at">,
  ): Promise<void>;
  /** Removes what the platform knows of the account, and what the hub kept of its session. */
  disconnect(channel: ChannelRecord): Promise<void>;
  stop(): Promise<void>;
}

interface Open {
  session: ConnectorSession;
  host: OwnedHost;
  stop: AbortController;
  /** Undefined while another process receives. */
  receiving: Promise<void> | undefined;
  /** Of the channel as it was opened. */
  generation: number;
  login?: LoginCode | undefined;
  /** What is being sent. */
  sending: Set<Promise<SendResult>>;
}

type Receive = (
  channel: Pick<ChannelRecord, "_id" | "workspaceId" | "kind" | "externalId">,
  updates: Uint8Array[],
) => Promise<void>;

export interface AccountsParts {
  hub: Hub;
  connectors: ReadonlyMap<string, Connector>;
  receive: Receive;
  /** Names this process among those that share the store. */
  workerId: string;
  /** False in a process that only answers browsers: it sends nothing but what cannot wait, and receives for nobody. */
  receives: boolean;
}

export function createAccounts({ hub, connectors, receive, workerId, receives }: AccountsParts): Accounts {
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

  /** In the order in which it was told: of two on their way at once, the older one must not stand in the end. */
  const reportHealth = (
    channel: ChannelRecord,
    state: HealthState,
    problem?: ChannelProblem,
  ): Promise<void> => inTurn(`health ${idOf(channel)}`, () => storeHealth(channel, state, problem));

  const storeHealth = async (
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
    const level = ["connected", "connecting", "needs_login"].includes(state)
      ? "info"
      : state === "degraded"
        ? "warn"
        : "bad";
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

  const hostOf = (channel: ChannelRecord, credentials: unknown, stop: AbortController): OwnedHost => {
    const { workspaceId, _id: channelId } = channel;
    const failed = (err: unknown): void =>
      hub.log.error({ err, channelId: idOf(channel) }, "health could not be stored");
    return createHost({
      hub,
      kind: channel.kind,
      channel,
      proxyUrl: proxyOf(credentials),
      signal: stop.signal,
      receive: (updates) => receive(channel, updates),
      reportHealth: (state, problem) => void reportHealth(channel, state, problem).catch(failed),
      reportLogin(login) {
        const here = open.get(idOf(channel));
        if (here) here.login = login;
        hub.events.publish("channel.login", { workspaceId, channelId, login });
      },
      async reportAccount(account) {
        await ChannelModel.updateOne({ workspaceId, _id: channelId }, { $set: account });
        hub.events.publish("channel.changed", { workspaceId, channelId });
      },
      async saveCredentials(next) {
        await ChannelModel.updateOne(
          { workspaceId, _id: channelId, generation: channel.generation }, // others may have been given since
          { $set: { credentials: sealCredentials(hub, channel, next) } },
        );
      },
      siblings: () => siblingCredentials({ hub, connectors }, channel),
    });
  };

  const begin = async (channel: ChannelRecord): Promise<Open | undefined> => {
    const connector = connectors.get(channel.kind);
    if (!connector) return undefined;
    const credentials = await readSealed(connector, channel);
    if (credentials === undefined) return undefined;
    const stop = new AbortController();
    const host = hostOf(channel, credentials, stop);
    const session = connector.open(credentials, host);
    const { generation = 0 } = channel;
    const opened: Open = { session, host, stop, receiving: undefined, generation, sending: new Set() };
    open.set(idOf(channel), opened);
    return opened;
  };

  const receiveWith = (channel: ChannelRecord, opened: Open): void => {
    opened.receiving ??= opened.session.run().catch((err: unknown) => {
      hub.log.error({ err, channelId: idOf(channel) }, "account stopped receiving");
      opened.host.reportHealth("disconnected", { code: "stopped", message: "" });
    });
  };

  const leave = async (id: string): Promise<Open | undefined> => {
    const running = open.get(id);
    if (!running) return undefined;
    open.delete(id);
    running.stop.abort();
    await Promise.race([running.receiving, new Promise((resolve) => setTimeout(resolve, 5000).unref())]);
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
    if (!receives) return false;
    const now = new Date();
    const lease = { owner: workerId, until: new Date(now.getTime() + leaseMs) };
    const free = [
      { lease: { $exists: false } },
      { lease: null },
      { "lease.until": { $lt: now } },
      { "lease.owner": workerId },
    ];
    const { matchedCount } = await ChannelModel.updateOne(
      { workspaceId, _id, paused: false, removedAt: null, $or: free },
      { $set: { lease } },
    );
    return matchedCount === 1;
  };

  /** Another process removed the account: the one that holds it lets the platform know. */
  const signOut = async (channel: ChannelRecord, { session }: Open): Promise<void> => {
    try {
      await session.disconnect?.();
    } catch (err) {
      hub.log.warn({ err, channelId: idOf(channel) }, "the platform was not told of the removal");
    }
  };

  /** Brings what is open here in line with what is stored of the account. */
  const align = async (channel: ChannelRecord | null, id: string): Promise<void> => {
    const former = open.get(id);
    if (channel?.removedAt && former?.receiving) await signOut(channel, former);
    if (!channel || channel.paused || channel.removedAt) return end(id);
    if (former && former.generation !== (channel.generation ?? 0)) await end(id);
    const mine = await takeLease(channel);
    const here = open.get(id);
    const lost = here && !mine && here.receiving !== undefined;
    if (lost) await end(id);
    if (!mine && connectorOf(channel.kind).exclusive) return end(id);
    const opened = open.get(id) ?? (await begin(channel));
    if (opened && mine) receiveWith(channel, opened);
  };

  const alignOne = (channelId: ObjectId): Promise<void> =>
    inTurn(channelId.toHexString(), async () =>
      align(await acrossWorkspaces(ChannelModel.findOne({ _id: channelId })).lean(), channelId.toHexString()),
    );

  const look = async (): Promise<void> => {
    const channels = await acrossWorkspaces(ChannelModel.find({ paused: false, removedAt: null })).lean();
    const known = new Set(channels.map(idOf));
    for (const id of open.keys()) if (!known.has(id)) await lookAt(id, () => end(id));
    for (const channel of channels)
      if (connectors.has(channel.kind)) await lookAt(idOf(channel), () => align(channel, idOf(channel)));
  };

  /** One account in trouble keeps nobody from looking after the others. */
  const lookAt = (id: string, step: () => Promise<void>): Promise<void> =>
    inTurn(id, step).catch((err: unknown) =>
      hub.log.error({ err, channelId: id }, "an account could not be looked after"),
    );

  hub.events.subscribeEverywhere("channel.restart", ({ channelId }) => alignOne(channelId));
  hub.events.subscribeEverywhere("channel.login_wanted", async ({ channelId }) => {
    const here = open.get(channelId.toHexString());
    if (!here?.receiving) return;
    if (here.login && here.login.phase !== "expired") here.host.reportLogin(here.login);
    else await here.session.requestLogin?.();
  });

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
    async restart({ workspaceId, _id: channelId }) {
      await ChannelModel.updateOne({ workspaceId, _id: channelId }, { $inc: { generation: 1 } });
      await alignOne(channelId);
      hub.events.publish("channel.restart", { channelId });
    },
    session: (channelId) => open.get(channelId.toHexString())?.session,
    login: (channelId) => open.get(channelId.toHexString())?.login,
    perform(session, command) {
      const sending = [...open.values()].find((one) => one.session === session)?.sending;
      const result = session.perform(command);
      sending?.add(result);
      const forget = (): void => void sending?.delete(result);
      result.then(forget, forget);
      return result;
    },
    async disconnect(channel) {
      const id = idOf(channel);
      const { workspaceId, _id: channelId } = channel;
      try {
        await open.get(id)?.session.disconnect?.();
      } finally {
        await end(id);
        hub.events.publish("channel.restart", { channelId });
        await KeptModel.deleteMany({ workspaceId, channelId });
        await rm(folderOf(hub, id), { recursive: true, force: true });
      }
    },
    async stop() {
      clearInterval(watch);
      const left = await Promise.all([...open.keys()].map(leave));
      await Promise.all(left.flatMap((running) => running?.host.close() ?? []));
      await acrossWorkspaces(ChannelModel.updateMany({ "lease.owner": workerId }, { $unset: { lease: 1 } }));
    },
  };
}
