/**
 * The outbox: the store is the truth and the queue only wakes. A drain holds its conversation by a lease of its own,
 * sends the oldest waiting message, and classifies every failure. Nothing is sent twice by itself.
 */
import { randomUUID } from "node:crypto";
import {
  ConnectorError,
  type ConnectorSession,
  type OutboundCommand,
  type OutboundContent,
  type SendResult,
} from "../connectors/contract.ts";
import { acrossWorkspaces, idOf, toObjectId, type ObjectId } from "../core/db.ts";
import { isStoreAway } from "../core/errors.ts";
import { noteTraffic } from "./calls.ts";
import { sendTimeoutMs, toSend } from "./commands.ts";
import { applyWaitingEffects, noteClosedWindow, noteOpenWindow } from "./effects.ts";
import type { Inbox } from "./inbox.ts";
import {
  ChannelModel,
  ConversationModel,
  MessageModel,
  ThreadModel,
  type ChannelRecord,
  type ConversationRecord,
  type Failure,
  type MessageRecord,
} from "./models/index.ts";
import { changeMessage } from "./record.ts";
import { contentTokens } from "./tokens.ts";

const leaseMs = 60_000;
const maxAttempts = 12;
const storeAwayMs = 500;

interface Turn {
  inbox: Inbox;
  conversation: ConversationRecord;
  channel: ChannelRecord;
  session: ConnectorSession;
  lease: Lease;
}

/** Nobody else sends in the conversation until then. */
interface Lease {
  owner: string;
  /** Milliseconds since 1970. */
  until: number;
}

/** Sends what waits in a conversation, in order, until it is empty or has to wait. */
export async function drainConversation(
  inbox: Inbox,
  conversationId: string,
  signal: AbortSignal,
): Promise<void> {
  const _id = toObjectId(conversationId);
  const lease = { owner: randomUUID(), until: Date.now() + leaseMs };
  const conversation = _id && (await takeLease(_id, lease));
  if (!conversation) return;
  try {
    await sendWaiting(inbox, conversation, lease, signal);
  } finally {
    await ConversationModel.updateOne(
      { workspaceId: conversation.workspaceId, _id, "outboxLease.owner": lease.owner },
      { $unset: { outboxLease: 1 } },
    );
  }
}

async function takeLease(_id: ObjectId, { owner, until }: Lease): Promise<ConversationRecord | null> {
  const free = [
    { outboxLease: { $exists: false } },
    { outboxLease: null },
    { "outboxLease.until": { $lt: new Date() } },
  ];
  return acrossWorkspaces(
    ConversationModel.findOneAndUpdate(
      { _id, $or: free },
      { $set: { outboxLease: { owner, until: new Date(until) } } },
      { returnDocument: "after" },
    ),
  ).lean();
}

/** A lease of which more than half is left is held; another is made as long as it was, unless somebody took it. */
async function holdLease(turn: Turn): Promise<boolean> {
  return turn.lease.until - Date.now() > leaseMs / 2 || renewLease(turn);
}

async function renewLease({ conversation, lease }: Turn): Promise<boolean> {
  const { workspaceId, _id } = conversation;
  const until = Date.now() + leaseMs;
  const { matchedCount } = await ConversationModel.updateOne(
    { workspaceId, _id, "outboxLease.owner": lease.owner },
    { $set: { "outboxLease.until": new Date(until) } },
  );
  if (matchedCount === 1) lease.until = until;
  return matchedCount === 1;
}

async function sendWaiting(
  inbox: Inbox,
  conversation: ConversationRecord,
  lease: Lease,
  signal: AbortSignal,
): Promise<void> {
  const { workspaceId, _id: conversationId } = conversation;
  while (!signal.aborted) {
    const message = await MessageModel.findOne({ workspaceId, conversationId, outbox: true })
      .sort({ seq: 1 })
      .lean();
    if (!message) return;
    const channel = await ChannelModel.findOne({ workspaceId, _id: message.channelId }).lean();
    if (!channel || channel.removedAt) {
      await fail(inbox, message, { class: "permanent", code: "channel_removed", message: "" });
      continue;
    }
    const session = inbox.accounts.session(channel._id);
    if (!session && !channel.paused) handToOwner(inbox, channel, idOf(conversation));
    if (!session || channel.paused) return; // held until the account runs: then it wakes everything that waits
    const goOn = await takeTurn({ inbox, conversation, channel, session, lease }, message);
    if (!goOn) return;
  }
}

/** Another process holds the account: the work is its. */
function handToOwner({ outbound, workerId }: Inbox, { lease }: ChannelRecord, conversationId: string): void {
  if (lease && lease.owner !== workerId && lease.until.getTime() > Date.now())
    outbound.wake(conversationId, { worker: lease.owner });
}

/** Deals with the oldest message; false when the drain has to stop here. */
async function takeTurn(turn: Turn, message: MessageRecord): Promise<boolean> {
  const { inbox, conversation } = turn;
  const wait = await waitFor(turn, message);
  if (wait > 0) {
    inbox.outbound.wake(idOf(conversation), { delayMs: wait });
    return false;
  }
  if (!(await holdLease(turn))) return false;
  if (message.change?.state === "queued" && message.delivery?.state !== "queued")
    return sendChange(turn, message);
  if (message.delivery?.state === "sending") return endUncertain(turn, message);
  const command = await prepare(turn, message);
  if (!command) return true;
  const sending = await changeMessage(
    inbox.hub,
    message,
    { $set: { "delivery.state": "sending", "delivery.at": new Date() }, $inc: { "delivery.attempts": 1 } },
    { "delivery.state": "queued", rev: message.rev }, // what was changed meanwhile is prepared anew
  );
  if (!sending) return true;
  return perform(turn, sending, command);
}

/** Before it is said to be on its way: what fails here has certainly not gone out. */
async function prepare(
  { inbox, channel }: Turn,
  message: MessageRecord,
): Promise<OutboundCommand | undefined> {
  try {
    return await toSend(inbox, channel, message);
  } catch (error) {
    if (isStoreAway(error)) throw error;
    inbox.hub.log.error({ err: error, messageId: idOf(message) }, "a send could not be prepared");
    await fail(inbox, message, { class: "permanent", code: "unexpected", message: "" });
    return undefined;
  }
}

async function waitFor({ channel, inbox }: Turn, message: MessageRecord): Promise<number> {
  const later = (message.delivery?.nextAttemptAt?.getTime() ?? 0) - Date.now();
  if (later > 0) return later;
  if (message.delivery?.state === "sending") return 0;
  const limits = inbox.accounts.connectorOf(channel.kind).capabilities.rate;
  return inbox.rates.take(idOf(channel), `${idOf(channel)} ${message.threadKey}`, limits);
}

async function perform(turn: Turn, message: MessageRecord, command: OutboundCommand): Promise<boolean> {
  const lost = (err: unknown): void => turn.inbox.hub.log.warn({ err }, "a lease was not renewed");
  const keepLease = setInterval(() => void renewLease(turn).catch(lost), leaseMs / 3);
  try {
    const outcome = await turn.inbox.accounts
      .perform(turn.session, command)
      .catch((error: unknown) => toConnectorError(error, command.signal));
    return await writeDown(async () => {
      if (outcome instanceof ConnectorError) return handleFailure(turn, message, outcome, command);
      await succeed(turn, message, outcome);
      return true;
    });
  } finally {
    clearInterval(keepLease);
  }
}

/** What the messenger answered is not forgotten because the store is away for a moment: until the lease ends it is waited for. */
async function writeDown<T>(step: () => Promise<T>): Promise<T> {
  const end = Date.now() + leaseMs;
  for (;;)
    try {
      return await step();
    } catch (error) {
      if (!isStoreAway(error) || Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, storeAwayMs));
    }
}

/** An error that is none of the connector's own may have come after the platform had the message. */
function toConnectorError(error: unknown, signal: AbortSignal): ConnectorError {
  if (error instanceof ConnectorError) return error;
  return new ConnectorError("unknown", signal.aborted ? "timeout" : "unexpected", "", { cause: error });
}

async function succeed(
  { inbox, channel, conversation }: Turn,
  message: MessageRecord,
  result: SendResult,
): Promise<void> {
  const delivery = {
    state: "sent",
    at: result.at,
    attempts: message.delivery?.attempts ?? 1,
    failure: null,
    nextAttemptAt: null,
  };
  const sent = await changeMessage(
    inbox.hub,
    message,
    { $set: { delivery, externalIds: result.externalIds }, $unset: { outbox: 1 } },
    { "delivery.state": { $in: ["sending", "unknown"] } },
  );
  if (!sent) return;
  await applyWaitingEffects(inbox, channel, sent);
  await noteOpenWindow(inbox, conversation, sent);
  await noteTraffic(inbox, channel, "lastOutboundAt", result.at);
}

async function handleFailure(
  turn: Turn,
  message: MessageRecord,
  error: ConnectorError,
  command: OutboundCommand,
): Promise<boolean> {
  const { inbox, channel } = turn;
  inbox.hub.log.warn({ channelId: idOf(channel), class: error.class, code: error.code }, "delivery refused");
  const attempts = message.delivery?.attempts ?? 1;
  if (error.class === "throttled") {
    const wait = error.retryAfterMs ?? backOff(attempts);
    await inbox.rates.pause(
      error.scope === "account" ? idOf(channel) : `${idOf(channel)} ${message.threadKey}`,
      wait,
    );
    return postpone(turn, message, wait);
  }
  if (error.class === "retry" && attempts < maxAttempts)
    return postpone(turn, message, error.retryAfterMs ?? backOff(attempts));
  if (error.class === "unknown") return reconcile(turn, message, command, error);
  if (error.class === "blocked") await markBlocked(message);
  await fail(inbox, message, { class: error.class, code: error.code, message: error.message });
  return true;
}

/** 1, 2, 4 … 60 seconds, each spread by a quarter. */
function backOff(attempts: number): number {
  const base = Math.min(60_000, 1000 * 2 ** (attempts - 1));
  return base * (0.75 + Math.random() / 2);
}

/** Goes back to the queue and keeps its place: what is behind it waits too. */
async function postpone(
  { inbox, conversation }: Turn,
  message: MessageRecord,
  wait: number,
): Promise<boolean> {
  await changeMessage(
    inbox.hub,
    message,
    {
      $set: {
        "delivery.state": "queued",
        "delivery.at": new Date(),
        "delivery.nextAttemptAt": new Date(Date.now() + wait),
      },
    },
    { "delivery.state": "sending" },
  );
  inbox.outbound.wake(idOf(conversation), { delayMs: wait });
  return false;
}

/** Asks the platform once whether it has the message; without an answer it stays unknown, and the queue goes on. */
async function reconcile(
  turn: Turn,
  message: MessageRecord,
  command: OutboundCommand,
  error: ConnectorError,
): Promise<boolean> {
  const found = await turn.session
    .reconcile?.({ ...command, signal: AbortSignal.timeout(30_000) })
    .catch(() => undefined);
  if (found) await succeed(turn, message, found);
  else
    await end(turn.inbox, message, "unknown", { class: "unknown", code: error.code, message: error.message });
  return true;
}

/** A process died while sending: whether the platform has it nobody knows. */
async function endUncertain(turn: Turn, message: MessageRecord): Promise<boolean> {
  const command = await toSend(turn.inbox, turn.channel, message);
  return reconcile(turn, message, command, new ConnectorError("unknown", "interrupted", ""));
}

async function fail(inbox: Inbox, message: MessageRecord, failure: Failure): Promise<void> {
  if (message.change?.state === "queued" && message.delivery?.state !== "queued")
    return failChange(inbox, message, failure);
  await end(inbox, message, "failed", failure);
}

async function end(
  inbox: Inbox,
  message: MessageRecord,
  state: "failed" | "unknown",
  failure: Failure,
): Promise<void> {
  const delivery = {
    state,
    at: new Date(),
    attempts: message.delivery?.attempts ?? 1,
    failure,
    nextAttemptAt: null,
  };
  const ended = await changeMessage(
    inbox.hub,
    message,
    { $set: { delivery }, $unset: { outbox: 1 } },
    { "delivery.state": { $in: ["queued", "sending"] } },
  );
  if (!ended) return; // the messenger itself told meanwhile what became of it
  await noteClosedWindow(inbox, ended);
  inbox.hub.events.publish("delivery.ended", { message: ended, state });
}

async function markBlocked({
  workspaceId,
  conversationId,
  channelId,
  threadKey,
}: MessageRecord): Promise<void> {
  await ThreadModel.updateOne({ workspaceId, channelId, threadKey }, { $set: { blockedAt: new Date() } });
  await ConversationModel.updateOne(
    { workspaceId, _id: conversationId, channelId, threadKey },
    { $set: { blocked: true } },
  );
}

/** Edits, deletes or reacts to a message that the platform has. Repeating these does no harm, so they may be retried. */
async function sendChange(turn: Turn, message: MessageRecord): Promise<boolean> {
  const { inbox } = turn;
  const { change, externalIds, threadKey } = message;
  const [externalId] = externalIds;
  if (!change || !externalId) return true;
  const common = { threadKey, signal: AbortSignal.timeout(sendTimeoutMs) };
  const content = {
    ...message.content,
    text: change.text ?? "",
    ...(change.entities ? { entities: change.entities } : { entities: [] }),
  } as OutboundContent;
  const commands = {
    edit: { op: "edit", externalId, content, ...common },
    delete: { op: "delete", externalIds, ...common },
    react: { op: "react", externalId, emojis: change.emoji ? [change.emoji] : [], ...common },
  } as const;
  try {
    await inbox.accounts.perform(turn.session, commands[change.op]);
    await applyChange(inbox, message, content);
    return true;
  } catch (error) {
    return handleChangeFailure(turn, message, toConnectorError(error, common.signal));
  }
}

async function applyChange(inbox: Inbox, message: MessageRecord, content: OutboundContent): Promise<void> {
  const now = new Date();
  const { change } = message;
  const effects = {
    edit: { content, editedAt: now, tokens: contentTokens(content) },
    delete: { deletedAt: now, tokens: [] },
    react: {
      reactions: [
        ...(message.reactions ?? []).filter((reaction) => reaction.by !== "staff"),
        ...(change?.emoji ? [{ by: "staff", emoji: change.emoji }] : []),
      ],
    },
  };
  await changeMessage(
    inbox.hub,
    message,
    {
      $set: change ? effects[change.op] : {},
      $unset: { change: 1, outbox: 1 },
    },
    sameChange(message),
  );
}

async function handleChangeFailure(
  { inbox, channel, conversation }: Turn,
  message: MessageRecord,
  error: ConnectorError,
): Promise<boolean> {
  const waits = error.class === "throttled" || error.class === "retry" || error.class === "unknown";
  const age = Date.now() - (message.change?.at.getTime() ?? 0);
  if (waits && age < 3_600_000) {
    const wait = error.retryAfterMs ?? 5000;
    await inbox.rates.pause(
      error.scope === "account" ? idOf(channel) : `${idOf(channel)} ${message.threadKey}`,
      wait,
    );
    inbox.outbound.wake(idOf(conversation), { delayMs: wait });
    return false;
  }
  await failChange(inbox, message, { class: error.class, code: error.code, message: error.message });
  return true;
}

/** A newer change that came meanwhile stays, and goes out next. */
function sameChange({ change }: MessageRecord): object {
  return { "change.at": change?.at };
}

async function failChange(inbox: Inbox, message: MessageRecord, failure: Failure): Promise<void> {
  await changeMessage(
    inbox.hub,
    message,
    {
      $set: { change: { ...message.change, state: "failed", failure } },
      $unset: { outbox: 1 },
    },
    sameChange(message),
  );
}

declare module "../core/events.ts" {
  interface EventMap {
    "delivery.ended": { message: MessageRecord; state: "failed" | "unknown" };
  }
}

/** Wakes every conversation in which something waits to be sent, in all workspaces. */
export async function sweepOutbound(inbox: Inbox): Promise<void> {
  inbox.rates.tidy();
  const waiting = await acrossWorkspaces(MessageModel.distinct("conversationId", { outbox: true }));
  for (const id of waiting) inbox.outbound.wake(id.toHexString());
}
