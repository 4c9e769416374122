/** What accounts are entered with: sealed in the store, bound to their account. */
import type { Connector } from "../connectors/contract.ts";
import type { Hub } from "../core/hub.ts";
import type { ChannelRecord } from "./models/index.ts";

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
