// What the thread lists: days, the "New" line, events, and messages grouped into bubbles and albums.
import type { OutboxEntry } from "../store/outbox.ts";
import type { ShownMessage } from "../types.ts";

export type ThreadItem =
  | { kind: "day"; key: string; at: string }
  | { kind: "new"; key: string }
  | { kind: "event"; key: string; message: ShownMessage }
  | {
      kind: "bubble";
      key: string;
      messages: [ShownMessage, ...ShownMessage[]];
      first: boolean;
      last: boolean;
    }
  | { kind: "typing"; key: string };

export type BubbleItem = Extract<ThreadItem, { kind: "bubble" }>;

/** Messages in `seq` order, ours that are on the way after them. One that came days late begins no day of its own. */
export function itemsOf(messages: ShownMessage[], newFrom: number | undefined): ThreadItem[] {
  const items: ThreadItem[] = [];
  let day: string | undefined;
  let marked = false;
  for (const message of messages) {
    const next = dayOf(message);
    if (day === undefined || Date.parse(next) > Date.parse(day)) {
      day = next;
      items.push({ kind: "day", key: `day ${day}`, at: message.sentAt });
    }
    if (!marked && newFrom !== undefined && message.seq >= newFrom && message.type === "incoming") {
      marked = true;
      items.push({ kind: "new", key: "new" });
    }
    add(items, message);
  }
  return items;
}

/** A message of the outbox as it will look. */
export function localMessage(entry: OutboxEntry, seq: number): ShownMessage {
  const { request, shown, conversationId, clientId, createdAt, state, code } = entry;
  return {
    id: clientId,
    clientId,
    conversationId,
    type: request.type,
    seq,
    rev: 0,
    sender: shown.sender,
    content: shown.content,
    sentAt: createdAt,
    createdAt,
    ...(request.mentions ? { mentions: request.mentions } : {}),
    ...(shown.replyTo ? { replyTo: shown.replyTo } : {}),
    ...(shown.forwardedFrom ? { forwardedFrom: shown.forwardedFrom } : {}),
    local: { state, code },
  };
}

/** Sides of the thread: the customer's at the start, ours at the end. */
export function isOurs(message: ShownMessage): boolean {
  return message.type === "outgoing" || message.type === "note";
}

/** The value of every button that was pressed after a message. */
export function pressedAfter(messages: ShownMessage[], seq: number): Set<string> {
  const actions = messages
    .filter((message) => message.seq > seq)
    .flatMap((message) => message.content.action ?? []);
  return new Set(actions.flatMap(({ title, value }) => [title, value].filter((one) => one !== undefined)));
}

function add(items: ThreadItem[], message: ShownMessage): void {
  const key = message.clientId ?? message.id;
  if (message.type === "event" || message.content.service)
    return void items.push({ kind: "event", key, message });
  const last = items.at(-1);
  if (last?.kind === "bubble" && sameAlbum(last.messages[0], message))
    return void last.messages.push(message);
  const follows = last?.kind === "bubble" && continues(last.messages[0], message);
  if (follows) last.last = false;
  items.push({ kind: "bubble", key, messages: [message], first: !follows, last: true });
}

const groupMs = 10 * 60_000;

function continues(before: ShownMessage, message: ShownMessage): boolean {
  const near = Date.parse(message.sentAt) - Date.parse(before.sentAt) < groupMs;
  const troubled = before.delivery?.state === "failed" || before.delivery?.state === "unknown";
  return (
    near &&
    !troubled &&
    before.type === message.type &&
    before.sender.kind === message.sender.kind &&
    before.sender.id === message.sender.id
  );
}

function sameAlbum(before: ShownMessage, message: ShownMessage): boolean {
  return message.albumId !== undefined && before.albumId === message.albumId && before.type === message.type;
}

function dayOf(message: ShownMessage): string {
  return new Date(message.sentAt).toDateString();
}
