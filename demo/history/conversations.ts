/** The conversation that a story's messages add up to, with everything that a row of the list shows. */
import type { ObjectId } from "mongodb";
import type { HistoryMessage, Place } from "./messages.ts";
import type { Played } from "./play.ts";

export function conversationOf(
  place: Place,
  contact: { _id: ObjectId; name: string; avatarFileId?: ObjectId | undefined },
  { story }: Played,
  messages: HistoryMessage[],
): Record<string, unknown> {
  const { workspaceId, channelId, conversationId, threadKey } = place;
  const [first] = messages;
  const shown = messages.filter(({ type }) => type !== "event");
  const last = shown.at(-1);
  if (!first || !last) throw new Error("a conversation has at least one message");
  const referral = story.lines.find(({ kind }) => kind === "start")?.text;
  return {
    _id: conversationId,
    workspaceId,
    channelId,
    threadKey,
    contactId: contact._id,
    contactName: contact.name,
    ...(contact.avatarFileId ? { contactAvatarFileId: contact.avatarFileId } : {}),
    ...stateOf(messages),
    ...waitingOf(messages, story.seen ?? false),
    ...answerOf(messages),
    assigneeId: lastEvent(messages, "assigned")?.event?.staffId ?? null,
    tags: messages.flatMap(({ event }) => (event?.what === "tagged" && event.tag ? [event.tag] : [])),
    mentionedIds: [...new Set(messages.flatMap(({ mentions }) => mentions ?? []))],
    blocked: lastEvent(messages, "blocked") !== undefined,
    ...(referral ? { referral } : {}),
    lastSeq: messages.length,
    lastRev: Math.max(...messages.map(({ rev }) => rev)),
    lastActivityAt: last.createdAt,
    preview: previewOf(last),
    createdAt: first.createdAt,
  };
}

function lastEvent(messages: HistoryMessage[], ...what: string[]): HistoryMessage | undefined {
  return messages.findLast(({ event }) => event !== undefined && what.includes(event.what));
}

function stateOf(messages: HistoryMessage[]): object {
  const line = lastEvent(messages, "resolved", "snoozed");
  if (line?.event?.what === "resolved")
    return { state: "resolved", resolvedAt: line.createdAt, resolvedById: line.sender.id };
  if (line) return { state: "snoozed", snoozedUntil: line.event?.until ?? null };
  return { state: "open" };
}

/** Whether the customer wrote last, since when they wait, and how much of it nobody has read. */
function waitingOf(messages: HistoryMessage[], seen: boolean): object {
  const answered = messages.findLast(({ type }) => type === "outgoing")?.seq ?? 0;
  const after = messages.filter(({ type, seq }) => type === "incoming" && seq > answered);
  const resolved = lastEvent(messages, "resolved");
  const [oldest] = after;
  if (resolved || !oldest)
    return { needsReply: false, unread: 0, readSeq: resolved ? resolved.seq - 1 : answered };
  const readSeq = seen ? messages.length : answered;
  return { needsReply: true, waitingSince: oldest.createdAt, unread: seen ? 0 : after.length, readSeq };
}

function answerOf(messages: HistoryMessage[]): object {
  const asked = messages.find(({ type }) => type === "incoming");
  const answered = messages.find(({ type }) => type === "outgoing");
  if (!asked || !answered) return {};
  return {
    firstAnsweredAt: answered.createdAt,
    firstAnswerMs: answered.createdAt.getTime() - asked.createdAt.getTime(),
    firstAnsweredById: answered.sender.id,
  };
}

function previewOf({ seq, type, content, sender, delivery, sentAt }: HistoryMessage): object {
  const [attachment] = content.attachments ?? [];
  const { fileName, durationMs } = attachment?.media ?? {};
  return {
    seq,
    type,
    text: (content.text ?? content.action?.title ?? "").slice(0, 140),
    kind: attachment?.kind ?? (content.action ? "action" : "text"),
    senderName: sender.name,
    ...(sender.kind === "staff" ? { staffId: sender.id } : {}),
    ...(delivery ? { deliveryState: delivery.state } : {}),
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(fileName === undefined ? {} : { fileName }),
    at: sentAt,
  };
}
