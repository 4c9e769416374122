/** Accounts of one workspace whose deliveries may come to one address: numbers and pages of one application. */
import type { Connector, WebhookRequest } from "../connectors/contract.ts";
import type { Hub } from "../core/hub.ts";
import { openCredentials } from "./credentials.ts";
import { webhookSecret } from "./host.ts";
import { ChannelModel, type ChannelRecord } from "./models/index.ts";

type House = { hub: Hub; connectors: ReadonlyMap<string, Connector> };
const mostSiblings = 100;

/** Those that live beside an account, in the kinds that share its address; with `named`, those of these ids alone. */
export function findSiblings(
  { connectors }: House,
  { _id, workspaceId, kind }: Pick<ChannelRecord, "_id" | "workspaceId" | "kind">,
  named?: Iterable<string>,
): Promise<ChannelRecord[]> {
  return ChannelModel.find({
    workspaceId,
    _id: { $ne: _id },
    kind: { $in: connectors.get(kind)?.sharesWebhookWith ?? [kind] },
    ...(named ? { externalId: { $in: [...named].slice(0, mostSiblings) } } : {}),
    removedAt: null,
  })
    .limit(mostSiblings)
    .lean();
}

/** An account whose own credentials cannot be read takes nothing, and keeps nothing from the others. */
export function isProvenFor(
  { hub, connectors }: House,
  channel: ChannelRecord,
  request: WebhookRequest,
): boolean {
  const connector = connectors.get(channel.kind);
  const credentials = connector && readableCredentials(hub, connector, channel);
  if (!connector || credentials === undefined) return false;
  const secret = webhookSecret(hub, channel._id.toHexString());
  return connector.verifyWebhook({ ...request, secret }, credentials);
}

/**
 * Who takes a delivery that comes to the address of an account that was removed: the platform goes on using it for the
 * others of the application. One that the delivery names comes first; undefined unless its own credentials prove it.
 */
export async function findHeir(
  house: House,
  removed: ChannelRecord,
  request: WebhookRequest,
): Promise<ChannelRecord | undefined> {
  const events = house.connectors
    .get(removed.kind)
    ?.parseUpdate(request.body, new Date(), removed.externalId);
  const named = new Set((events ?? []).flatMap(({ accountExternalId }) => accountExternalId ?? []));
  if (named.size === 0) return undefined;
  const heirs = (await findSiblings(house, removed)).filter((one) => isProvenFor(house, one, request));
  return heirs.find(({ externalId }) => named.has(externalId)) ?? heirs[0];
}

/** What the siblings of an account are entered with; one that cannot be read is left out. */
export async function siblingCredentials(
  house: House,
  channel: Pick<ChannelRecord, "_id" | "workspaceId" | "kind">,
): Promise<{ kind: string; credentials: unknown }[]> {
  const siblings = await findSiblings(house, channel);
  return siblings.flatMap((one) => {
    const connector = house.connectors.get(one.kind);
    const credentials = connector && readableCredentials(house.hub, connector, one);
    return credentials === undefined ? [] : { kind: one.kind, credentials };
  });
}

function readableCredentials(hub: Hub, connector: Connector, channel: ChannelRecord): unknown {
  try {
    return openCredentials(hub, connector, channel);
  } catch (err) {
    hub.log.error({ err, channelId: channel._id.toHexString() }, "an account's credentials cannot be read");
    return undefined;
  }
}
