/** Deliveries of the messengers: proven, stored, acknowledged; then worked off thread by thread, in order. */
import { createHash } from "node:crypto";
import express, { type Request, type Response } from "express";
import type { Connector, InboundEvent, WebhookReply, WebhookRequest } from "../connectors/contract.ts";
import { acrossWorkspaces, toObjectId, type ObjectId } from "../core/db.ts";
import { AppError, isDuplicate, isStoreAway } from "../core/errors.ts";
import { openCredentials } from "./credentials.ts";
import { noteCall } from "./calls.ts";
import { webhookSecret } from "./host.ts";
import type { Inbox } from "./inbox.ts";
import { ChannelModel, InboundModel, type ChannelRecord, type InboundRecord } from "./models/index.ts";
import { recordInbound } from "./record-inbound.ts";
import { findHeir, findSiblings, isProvenFor } from "./siblings.ts";

type ChannelRef = Pick<ChannelRecord, "_id" | "workspaceId" | "kind" | "externalId">;
const maxAttempts = 8;
const page = 50;

/**
 * `POST /webhooks/{kind}/{channelId}`: 200 once it is stored, 401 unless it is proven to come from the platform.
 * `GET` answers a platform that asks whether the address is ours.
 */
export function addWebhooks(inbox: Inbox): void {
  const raw = express.raw({ type: () => true, limit: "4mb", inflate: false });
  const { app } = inbox.hub.http;
  app.post("/webhooks/:kind/:channelId", raw, (request, response) =>
    receiveWebhook(inbox, request, response),
  );
  app.get("/webhooks/:kind/:channelId", (request, response) => answerHandshake(inbox, request, response));
}

interface Asked {
  channel: ChannelRecord;
  connector: Connector;
  request: WebhookRequest;
}

async function findAsked(inbox: Inbox, request: Request): Promise<Asked> {
  const { kind = "", channelId = "" } = request.params as Record<string, string>;
  const _id = toObjectId(channelId);
  const connector = inbox.connectors.get(kind);
  const addressed =
    _id && connector ? await acrossWorkspaces(ChannelModel.findOne({ _id, kind })).lean() : null;
  if (!addressed) throw new AppError("not_found");
  const body: unknown = request.body;
  const given = {
    method: request.method,
    query: firstOfEach(request.query),
    headers: firstOfEach(request.headers),
    body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
    secret: webhookSecret(inbox.hub, channelId),
  };
  const channel = addressed.removedAt ? await findHeir(inbox, addressed, given) : addressed;
  if (!channel) throw new AppError("not_found");
  return { channel, connector: inbox.accounts.connectorOf(channel.kind), request: given };
}

function firstOfEach(values: Record<string, unknown>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const first: unknown = Array.isArray(value) ? value[0] : value;
      return [name, typeof first === "string" ? first : undefined];
    }),
  );
}

async function answerHandshake(inbox: Inbox, request: Request, response: Response): Promise<void> {
  const asked = await findAsked(inbox, request);
  const credentials = openCredentials(inbox.hub, asked.connector, asked.channel);
  const reply = asked.connector.answerHandshake?.(asked.request, credentials);
  const call = { method: "GET", what: "challenge" } as const;
  if (!reply) {
    await noteCall(inbox, asked.channel, { ...call, status: 401 });
    throw new AppError("unauthenticated");
  }
  await noteFirstCall(inbox, asked.channel);
  await noteCall(inbox, asked.channel, { ...call, status: reply.status });
  send(response, reply);
}

/** Who pastes the address at the vendor sees here that it was right. */
async function noteFirstCall(
  inbox: Inbox,
  { workspaceId, _id, webhookSeenAt }: ChannelRecord,
): Promise<void> {
  if (webhookSeenAt) return;
  await ChannelModel.updateOne({ workspaceId, _id }, { $set: { webhookSeenAt: new Date() } });
  inbox.hub.events.publish("channel.changed", { workspaceId, channelId: _id });
}

async function receiveWebhook(inbox: Inbox, request: Request, response: Response): Promise<void> {
  const { channel, connector, request: given } = await findAsked(inbox, request);
  const credentials = openCredentials(inbox.hub, connector, channel);
  if (!connector.verifyWebhook(given, credentials)) {
    await noteCall(inbox, channel, { method: "POST", status: 401, what: "unproven" });
    throw new AppError("unauthenticated");
  }
  const events = connector.parseUpdate(given.body, new Date(), channel.externalId);
  await noteFirstCall(inbox, channel);
  await storeUpdates(inbox, channel, [given.body]);
  await storeForOthers(inbox, channel, given, events);
  await noteCall(inbox, channel, { method: "POST", status: 200, what: events[0]?.type ?? "unknown" });
  const reply = connector.webhookReply?.(events, credentials);
  if (reply) send(response, reply);
  else response.status(200).json({ ok: true });
}

function send(response: Response, { status, contentType, body }: WebhookReply): void {
  response.status(status).set({ "content-type": contentType, "cache-control": "no-store" }).send(body);
}

/**
 * One address may serve several accounts of an application: each of them that the delivery names, and whose own
 * credentials prove it, gets it too.
 */
async function storeForOthers(
  inbox: Inbox,
  channel: ChannelRecord,
  request: WebhookRequest,
  events: InboundEvent[],
): Promise<void> {
  const named = new Set(events.flatMap((event) => event.accountExternalId ?? []));
  named.delete(channel.externalId);
  if (named.size === 0) return;
  for (const other of await findSiblings(inbox, channel, named)) {
    if (isProvenFor(inbox, other, request)) await storeUpdates(inbox, other, [request.body]);
  }
}

/** Durable when it resolves. What was stored before is not stored again. */
export async function storeUpdates(inbox: Inbox, channel: ChannelRef, updates: Uint8Array[]): Promise<void> {
  const receivedAt = new Date();
  const records = updates.map((body) =>
    toRecord(channel, Buffer.from(body), eventsOf(inbox, channel, body, receivedAt), receivedAt),
  );
  if (records.length === 0) return;
  try {
    await InboundModel.insertMany(records, { ordered: false });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
  for (const threadKey of new Set(records.flatMap((record) => record.pendingThreads)))
    inbox.inbound.wake(inboundKey(channel, threadKey));
}

/** What a delivery says of this account; a delivery that speaks of others alone is kept and not shown. */
function eventsOf(inbox: Inbox, channel: ChannelRef, body: Uint8Array, receivedAt: Date): InboundEvent[] {
  const connector = inbox.accounts.connectorOf(channel.kind);
  const events = connector.parseUpdate(body, receivedAt, channel.externalId);
  const own = events.filter(
    ({ accountExternalId }) => accountExternalId === undefined || accountExternalId === channel.externalId,
  );
  const [first] = events;
  if (own.length > 0 || !first) return own;
  const { dedupKey, orderKey, threadKey, at } = first;
  return [{ type: "unknown", nativeType: "other_account", dedupKey, orderKey, threadKey, at }];
}

function toRecord(
  channel: ChannelRef,
  body: Buffer,
  events: InboundEvent[],
  receivedAt: Date,
): Omit<InboundRecord, "_id"> {
  const known = events.filter((event) => event.type !== "unknown");
  const unknown = events.find((event) => event.type === "unknown");
  const pendingThreads = [...new Set(known.map((event) => event.threadKey))];
  return {
    workspaceId: channel.workspaceId,
    channelId: channel._id,
    key: createHash("sha256").update(body).digest("base64url"),
    body,
    receivedAt,
    orderKey: events[0]?.orderKey ?? "",
    pending: pendingThreads.length > 0,
    pendingThreads,
    attempts: 0,
    ...(unknown ? { unknownType: unknown.nativeType.slice(0, 60) } : {}),
  };
}

function inboundKey(channel: Pick<ChannelRecord, "_id">, threadKey: string): string {
  return `${channel._id.toHexString()} ${threadKey}`;
}

/** Records everything that waits in one thread, by the platform's order. One call at a time per thread. */
export async function drainThread(inbox: Inbox, key: string, signal: AbortSignal): Promise<void> {
  const space = key.indexOf(" ");
  const threadKey = key.slice(space + 1);
  const channelId = toObjectId(key.slice(0, space));
  const channel =
    channelId &&
    (await acrossWorkspaces(
      ChannelModel.findOne({ _id: channelId }, { workspaceId: 1, kind: 1, externalId: 1 }),
    ).lean());
  if (!channel) return;
  for (;;) {
    const waiting = await InboundModel.find({
      workspaceId: channel.workspaceId,
      channelId,
      pendingThreads: threadKey,
      pending: true,
    })
      .sort({ orderKey: 1 })
      .limit(page)
      .lean();
    for (const delivery of waiting) {
      if (signal.aborted) return;
      await recordDelivery(inbox, channel, delivery, threadKey);
    }
    if (waiting.length < page) return; // what is stored meanwhile wakes the thread once more
  }
}

async function recordDelivery(
  inbox: Inbox,
  channel: ChannelRef,
  delivery: InboundRecord,
  threadKey: string,
): Promise<void> {
  const body = toBytes(delivery.body);
  const events = eventsOf(inbox, channel, body, delivery.receivedAt);
  try {
    for (const event of events) if (event.threadKey === threadKey) await recordInbound(inbox, channel, event);
  } catch (error) {
    return countFailure(inbox, delivery, error);
  }
  await finish(delivery, threadKey);
}

function toBytes(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return (body as { buffer: Uint8Array }).buffer;
}

async function finish(delivery: InboundRecord, threadKey: string): Promise<void> {
  const { workspaceId, _id } = delivery;
  if (delivery.pendingThreads.length === 1)
    return void (await InboundModel.updateOne(
      { workspaceId, _id },
      { $set: { pending: false, pendingThreads: [] } },
    ));
  await InboundModel.updateOne({ workspaceId, _id }, { $pull: { pendingThreads: threadKey } });
  await InboundModel.updateOne(
    { workspaceId, _id, pendingThreads: { $size: 0 } },
    { $set: { pending: false } },
  );
}

/** A delivery that fails again and again steps aside, kept with its reason, so that it does not hold up its thread. */
async function countFailure(inbox: Inbox, delivery: InboundRecord, error: unknown): Promise<void> {
  const { workspaceId, _id } = delivery;
  if (!isStoreAway(error) && delivery.attempts + 1 >= maxAttempts) {
    const failure = error instanceof Error ? error.name : "error";
    await InboundModel.updateOne(
      { workspaceId, _id },
      { $set: { pending: false, pendingThreads: [], failure } },
    );
    inbox.hub.log.error(
      { err: error, delivery: _id.toHexString() },
      "a delivery could not be recorded; it is kept",
    );
    return;
  }
  await InboundModel.updateOne({ workspaceId, _id }, { $inc: { attempts: 1 } });
  throw error;
}

/** Wakes every thread in which a stored delivery waits. */
export async function sweepInbound(inbox: Inbox): Promise<void> {
  const waiting = await acrossWorkspaces(
    InboundModel.find({ pending: true }, { channelId: 1, pendingThreads: 1 }),
  )
    .limit(5000)
    .lean<{ channelId: ObjectId; pendingThreads: string[] }[]>();
  for (const { channelId, pendingThreads } of waiting)
    for (const threadKey of pendingThreads) inbox.inbound.wake(`${channelId.toHexString()} ${threadKey}`);
}
