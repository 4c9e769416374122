/** What a connector is handed of the machine: a fetch through its account's proxy, a log, the door to the store. */
import { socksDispatcher } from "fetch-socks";
import { Agent, fetch as undiciFetch, ProxyAgent, type Dispatcher, type RequestInit } from "undici";
import type { ConnectorHost, HealthState } from "../connectors/contract.ts";
import type { Hub } from "../core/hub.ts";
import type { ChannelProblem } from "./models/index.ts";

export interface HostParts {
  hub: Hub;
  kind: string;
  /** Undefined while credentials are only checked. */
  channelId?: string;
  proxyUrl?: string | undefined;
  signal: AbortSignal;
  receive(updates: Uint8Array[]): Promise<void>;
  reportHealth(state: HealthState, problem?: ChannelProblem): void;
}

export interface OwnedHost extends ConnectorHost {
  /** Closes its connections. */
  close(): Promise<void>;
}

export function createHost(parts: HostParts): OwnedHost {
  const { hub, kind, channelId, signal } = parts;
  const dispatcher = createDispatcher(parts.proxyUrl);
  return {
    signal,
    fetch: ((input: string | URL | Request, init?: globalThis.RequestInit) =>
      undiciFetch(input as string, { ...(init as RequestInit), dispatcher })) as unknown as typeof fetch,
    apiRoot: apiRootOf(hub, kind),
    webhookUrl: webhookUrlOf(hub, kind, channelId ?? "check"),
    webhookSecret: webhookSecret(hub, channelId ?? "check"),
    log: hub.log.child({ channelId, kind }),
    receive: (updates) => parts.receive(updates),
    reportHealth: (state, problem) => parts.reportHealth(state, problem),
    close: () => dispatcher.destroy(),
  };
}

/** Where a messenger reaches an account; undefined without a public https address. */
export function webhookUrlOf(hub: Hub, kind: string, channelId: string): string | undefined {
  const { publicUrl } = hub.config;
  return publicUrl?.startsWith("https:") ? `${publicUrl}/webhooks/${kind}/${channelId}` : undefined;
}

/** The operator's own API server for a kind of channel. */
function apiRootOf(hub: Hub, kind: string): string | undefined {
  const roots: Record<string, string | undefined> = { telegram: hub.config.telegramApiRoot };
  return roots[kind];
}

export function webhookSecret(hub: Hub, channelId: string): string {
  return hub.secrets.derive(`webhook ${channelId}`);
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
