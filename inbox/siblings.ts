/**
 * Accounts whose deliveries may come to one address: numbers and pages of one application. An application knows nothing of
 * workspaces, so they are looked for in all of them; what belongs to whom, each one's own credentials decide.
 */
import type { Connector, WebhookRequest } from "../connectors/contract.ts";
import { acrossWorkspaces } from "../core/db.ts";
import type { Hub } from "../core/hub.ts";
import { openCredentials } from "./credentials.ts";
import { webhookSecret } from "./host.ts";
import { ChannelModel, type ChannelRecord } from "./models/index.ts";

type House = { hub: Hub; connectors: ReadonlyMap<string, Connector> };
const mostNamed = 100;
/** Each costs an unsealing and a signature, for a delivery that nobody has proven yet. */
const mostTried = 100;

type Ref = Pick<ChannelRecord, "_id" | "kind">;

/**
 * Those that live beside an account, in the kinds that share its address, the oldest first; with `named`, those of these
 * ids alone. `most` 0 is all of them.
 */
export function findSiblings(
  { connectors }: House,
  { _id, kind }: Ref,
  named?: Iterable<string>,
  most = named ? mostNamed : 0,
): Promise<ChannelRecord[]> {
  const found = acrossWorkspaces(
    ChannelModel.find({
      _id: { $ne: _id },
      kind: { $in: connectors.get(kind)?.sharesWebhookWith ?? [kind] },
      ...(named ? { externalId: { $in: [...named].slice(0, mostNamed) } } : {}),
      removedAt: null,
    }),
  );
  return found.sort({ _id: 1 }).limit(most).lean();
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
  const proven = (one: ChannelRecord): boolean => isProvenFor(house, one, request);
  const heir = (await findSiblings(house, removed, named)).find(proven);
  if (heir || !named.has(removed.externalId)) return heir;
  // It is for the removed one alone: whoever can prove it lets the platform know that it was taken.
  return (await findSiblings(house, removed, undefined, mostTried)).find(proven);
}

/** What the siblings of an account are entered with; one that cannot be read is left out. */
export async function siblingCredentials(
  house: House,
  channel: Ref,
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
