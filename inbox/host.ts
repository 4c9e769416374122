/** What a connector is handed of the machine: a fetch through its account's proxy, a log, the door to the store. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { socksDispatcher } from "fetch-socks";
import { Agent, fetch as undiciFetch, ProxyAgent, type Dispatcher, type RequestInit } from "undici";
import {
  ConnectorError,
  type ConnectorHost,
  type HealthState,
  type LoginCode,
} from "../connectors/contract.ts";
import type { ObjectId } from "../core/db.ts";
import type { Hub } from "../core/hub.ts";
import { addressOfInternet } from "../core/reach.ts";
import { KeptModel, type ChannelProblem } from "./models/index.ts";

export interface HostParts {
  hub: Hub;
  kind: string;
  /** Undefined while credentials are only checked. */
  channel?: { _id: ObjectId; workspaceId: ObjectId };
  proxyUrl?: string | undefined;
  signal: AbortSignal;
  receive(updates: Uint8Array[]): Promise<void>;
  reportHealth(state: HealthState, problem?: ChannelProblem): void;
  reportLogin(login: LoginCode | undefined): void;
  reportAccount(account: { name: string; handle: string; link?: string }): Promise<void>;
  saveCredentials(credentials: unknown): Promise<void>;
  siblings: ConnectorHost["siblings"];
}

export interface OwnedHost extends ConnectorHost {
  /** Closes its connections. */
  close(): Promise<void>;
}

export function createHost(parts: HostParts): OwnedHost {
  const { hub, kind, channel, signal } = parts;
  const channelId = channel?._id.toHexString();
  const { proxyUrl } = parts;
  const dispatcher = createDispatcher(proxyUrl);
  const reach = reachOf(hub);
  return {
    signal,
    fetch: (async (input: string | URL | Request, init?: globalThis.RequestInit) => {
      if (proxyUrl) await reach(new URL(proxyUrl).hostname);
      return undiciFetch(input as string, { ...(init as RequestInit), dispatcher });
    }) as unknown as typeof fetch,
    reach,
    apiRoot: hub.config.apiRoots[kind],
    webhookUrl: webhookUrlOf(hub, kind, channelId ?? "check"),
    webhookSecret: webhookSecret(hub, channelId ?? "check"),
    kept: channel ? keptOf(hub, channel) : keptInMemory(),
    async folder() {
      const path = folderOf(hub, channelId ?? "check");
      await mkdir(path, { recursive: true, mode: 0o700 });
      return path;
    },
    log: hub.log.child({ channelId, kind }),
    receive: (updates) => parts.receive(updates),
    reportHealth: (state, problem) => parts.reportHealth(state, problem),
    reportLogin: (login) => parts.reportLogin(login),
    reportAccount: (account) => parts.reportAccount(account),
    saveCredentials: (credentials) => parts.saveCredentials(credentials),
    siblings: () => parts.siblings(),
    close: () => dispatcher.destroy(),
  };
}

/** For asking the platform something once: nothing is received or reported, and `written` goes with it unless it is kept. */
export function createPassingHost(
  hub: Hub,
  kind: string,
  more: Pick<HostParts, "proxyUrl" | "signal">,
): OwnedHost & { written: Map<string, string> } {
  const nothing = () => Promise.resolve();
  const written = new Map<string, string>();
  const host = createHost({
    hub,
    kind,
    ...more,
    receive: nothing,
    reportHealth: () => undefined,
    reportLogin: () => undefined,
    reportAccount: nothing,
    saveCredentials: nothing,
    siblings: () => Promise.resolve([]),
  });
  return { ...host, kept: keptInMemory(written), written };
}

/** What was written while an account was checked is its own from the beginning. */
export async function keepFrom(
  hub: Hub,
  channel: NonNullable<HostParts["channel"]>,
  written: ReadonlyMap<string, string>,
): Promise<void> {
  const kept = keptOf(hub, channel);
  for (const [name, value] of written) await kept.write(name, value);
}

/** The account's own folder; it may not exist. */
export function folderOf(hub: Hub, channelId: string): string {
  return join(hub.config.dataDir, "accounts", channelId);
}

const maxKept = 200_000;

function keptOf(
  hub: Hub,
  { workspaceId, _id: channelId }: NonNullable<HostParts["channel"]>,
): ConnectorHost["kept"] {
  const context = (name: string): string => `kept ${channelId.toHexString()} ${name}`;
  return {
    async read(name) {
      const found = await KeptModel.findOne({ workspaceId, channelId, name }).lean();
      return found ? hub.secrets.open(found.value, context(name)) : undefined;
    },
    async write(name, value) {
      const filter = { workspaceId, channelId, name };
      if (value === null) return void (await KeptModel.deleteOne(filter));
      if (value.length > maxKept) throw new Error(`"${name}" is larger than an account may keep`);
      const sealed = hub.secrets.seal(value, context(name));
      await KeptModel.updateOne(filter, { $set: { value: sealed } }, { upsert: true });
    },
  };
}

function keptInMemory(values = new Map<string, string>()): ConnectorHost["kept"] {
  return {
    read: (name) => Promise.resolve(values.get(name)),
    write: (name, value) =>
      Promise.resolve(void (value === null ? values.delete(name) : values.set(name, value))),
  };
}

/** Where a messenger reaches an account; undefined without a public https address. */
export function webhookUrlOf(hub: Hub, kind: string, channelId: string): string | undefined {
  const { webhookUrl } = hub.config;
  return webhookUrl?.startsWith("https:") ? `${webhookUrl}/webhooks/${kind}/${channelId}` : undefined;
}

export function webhookSecret(hub: Hub, channelId: string): string {
  return hub.secrets.derive(`webhook ${channelId}`);
}

/** What owners name is theirs to name, unless anybody may become an owner. */
function reachOf({ config }: Hub): ConnectorHost["reach"] {
  if (!config.openSignUp) return (hostname) => Promise.resolve(hostname);
  return async (hostname) => {
    const address = await addressOfInternet(hostname);
    if (!address) throw new ConnectorError("retry", "network", "the server has no address of the internet");
    return address;
  };
}

function createDispatcher(proxyUrl: string | undefined): Dispatcher {
  const options = { connect: { timeout: 10_000 }, headersTimeout: 90_000, bodyTimeout: 90_000 };
  if (!proxyUrl) return new Agent(options);
  const url = new URL(proxyUrl);
  if (/^socks5h?:$/.test(url.protocol)) {
    const { username, password } = url;
    const credentials = username
      ? { userId: decodeURIComponent(username), password: decodeURIComponent(password) }
      : {};
    return socksDispatcher({ type: 5, host: url.hostname, port: Number(url.port || 1080), ...credentials });
  }
  return new ProxyAgent({
    uri: proxyUrl,
    headersTimeout: options.headersTimeout,
    bodyTimeout: options.bodyTimeout,
  });
}
