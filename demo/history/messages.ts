/** From played beats to the messages that the hub would have stored, had it been there. */
import { ObjectId } from "mongodb";
import { readMarkup } from "../markup.ts";
import { roster, type People } from "../people.ts";
import type { Colleague, Line } from "../story.ts";
import { tokenize } from "../tokens.ts";
import { valueOf, type Beat, type Played } from "./play.ts";
import type { Shelf } from "./shelf.ts";

export interface Place {
  workspaceId: ObjectId;
  channelId: ObjectId;
  conversationId: ObjectId;
  threadKey: string;
}

export interface HistoryMessage extends Place {
  _id: ObjectId;
  type: "incoming" | "outgoing" | "note" | "event";
  seq: number;
  rev: number;
  externalIds: string[];
  sender: { kind: "contact" | "staff" | "system"; id?: ObjectId; name: string };
  content: HistoryContent;
  event?: { what: string; staffId?: ObjectId; staffName?: string; until?: Date; tag?: string };
  mentions?: ObjectId[];
  delivery?: { state: string; at: Date; attempts: number; failure: object | null; nextAttemptAt: null };
  sentAt: Date;
  createdAt: Date;
  tokens: string[];
  [more: string]: unknown;
}

export interface HistoryContent {
  text?: string;
  entities?: object[];
  attachments?: HistoryAttachment[];
  buttons?: { title: string; value: string }[][];
  action?: { title?: string; value?: string; targetExternalId?: string };
  service?: { what: string; data: Record<string, string> };
  card?: { what: string; title?: string; text?: string; url?: string };
  letter?: { subject: string; html?: string; quoted?: string; to: string[]; cc: string[] };
  template?: { name: string; language: string; params: string[] };
}
type HistoryAttachment = Record<string, unknown> & {
  kind: string;
  name?: string;
  address?: string;
  media?: Record<string, unknown> & { fileName?: string; durationMs?: number };
};

export interface Cast {
  place: Place;
  contactId: ObjectId;
  people: People;
  shelf: Shelf;
}

const hourMs = 3_600_000;

/** Numbered from 1 without a hole; what was changed later carries a later `rev`. */
export async function messagesOf(cast: Cast, played: Played): Promise<HistoryMessage[]> {
  const messages: HistoryMessage[] = [];
  for (const beat of played.beats) messages.push(await messageOf(cast, played, beat, messages));
  let rev = messages.length;
  for (const [index, { line }] of played.beats.entries()) {
    const message = messages[index];
    if (message && (line.edited || line.reaction)) message.rev = ++rev;
  }
  return messages;
}

async function messageOf(
  cast: Cast,
  played: Played,
  beat: Beat,
  before: HistoryMessage[],
): Promise<HistoryMessage> {
  const { line, at, externalId, albumId } = beat;
  const type = typeOf(line);
  const content = await contentOf(cast, beat);
  const seq = before.length + 1;
  return {
    _id: new ObjectId(ObjectId.generate(Math.floor(at.getTime() / 1000))),
    ...cast.place,
    type,
    seq,
    rev: seq,
    externalIds: externalId !== undefined && line.state === undefined ? [externalId] : [],
    sender: senderOf(cast, played, line),
    content,
    ...keysOf(cast, type, seq),
    ...(line.event ? { event: eventOf(cast, line, at) } : {}),
    ...(albumId ? { albumId } : {}),
    ...quoteOf(line, played, before),
    ...(line.forwardedFrom ? { forwardedFrom: line.forwardedFrom } : {}),
    ...(line.mentions?.length
      ? { mentions: line.mentions.map((who) => new ObjectId(cast.people[who].id)) }
      : {}),
    ...(line.reaction ? { reactions: [line.reaction], reactedAt: at } : {}),
    ...(type === "outgoing" ? { delivery: deliveryOf(beat) } : {}),
    ...(line.edited ? { editedAt: at } : {}),
    tokens: type === "event" ? [] : tokenize(content.text, ...namesOf(content)),
    sentAt: at,
    createdAt: at,
  };
}

function typeOf({ kind, by }: Line): HistoryMessage["type"] {
  if (kind === "event" || kind === "note") return kind;
  return by === "customer" ? "incoming" : "outgoing";
}

/** What keeps a message from being stored twice: the event's key of those that came, the client's id of the others. */
function keysOf({ place }: Cast, type: HistoryMessage["type"], seq: number): object {
  const key = `history:${place.conversationId.toHexString()}:${seq}`;
  if (type === "incoming") return { dedupKey: key };
  return type === "event" ? {} : { clientId: key };
}

function senderOf({ contactId, people }: Cast, { story }: Played, line: Line): HistoryMessage["sender"] {
  if (line.by === "customer") return { kind: "contact", id: contactId, name: story.customer.name };
  if (line.by === "system") return { kind: "system", name: "" };
  const who = line.by === "assignee" ? (story.assignee ?? "nina") : line.by;
  return { kind: "staff", id: new ObjectId(people[who].id), name: displayName(who) };
}

export function displayName(who: Colleague): string {
  return roster[who].name.split(" ")[0] ?? who;
}

function eventOf({ people }: Cast, { event }: Line, at: Date): NonNullable<HistoryMessage["event"]> {
  if (!event) throw new Error("the line has no event");
  return {
    what: event.what,
    ...(event.to ? { staffId: new ObjectId(people[event.to].id), staffName: displayName(event.to) } : {}),
    ...(event.hours === undefined ? {} : { until: new Date(at.getTime() + event.hours * hourMs) }),
    ...(event.tag ? { tag: event.tag } : {}),
  };
}

function quoteOf({ replyTo }: Line, { beats }: Played, before: HistoryMessage[]): object {
  const quoted =
    replyTo === undefined ? undefined : before[beats.findIndex(({ index }) => index === replyTo)];
  if (!quoted) return {};
  const [externalId] = quoted.externalIds;
  return {
    replyTo: {
      messageId: quoted._id.toHexString(),
      ...(externalId ? { externalId } : {}),
      text: (quoted.content.text ?? "").slice(0, 300),
      senderName: quoted.sender.name,
    },
  };
}

const failures = {
  failed: {
    class: "blocked",
    code: "blocked",
    message: "sendMessage: Forbidden: bot was blocked by the user",
  },
  unknown: { class: "unknown", code: "network", message: "sendVenue: no answer (ECONNRESET)" },
};

function deliveryOf({ line, state = "sent", at }: Beat): NonNullable<HistoryMessage["delivery"]> {
  const failure = line.state ? (line.failure ?? failures[line.state]) : null;
  return { state: line.state ?? state, at, attempts: 1, failure, nextAttemptAt: null };
}

// ---- content --------------------------------------------------------------------------------------------------------

async function contentOf(cast: Cast, beat: Beat): Promise<HistoryContent> {
  const { line, text, content } = beat;
  if (line.kind === "event") return {};
  if (line.kind === "press" || line.kind === "start") return content ?? {};
  const words = readMarkup(text ?? "");
  const attachment = await attachmentOf(cast, beat);
  return {
    ...(words.text ? { text: words.text } : {}),
    ...(words.entities.length > 0 ? { entities: words.entities } : {}),
    ...(attachment ? { attachments: [attachment] } : {}),
    ...(line.buttons
      ? { buttons: line.buttons.map((title, index) => [{ title, value: valueOf(index) }]) }
      : {}),
    ...(line.template ? { template: line.template } : {}),
    ...content,
  };
}

async function attachmentOf(
  { shelf, place }: Cast,
  { line, supply, source }: Beat,
): Promise<HistoryAttachment | undefined> {
  if (line.place) {
    const { title, ...point } = line.place;
    return { kind: "location", ...point, ...(title ? { name: title } : {}) };
  }
  if (line.card) return { kind: "contact", name: line.card.name, phones: [line.card.phone] };
  if (!supply) return undefined;
  const { id, mime, size, width, height } = await shelf.get(supply, place.channelId);
  return {
    kind: supply.kind,
    media: {
      state: "stored",
      fileId: id,
      mime,
      size,
      ...(width && height ? { width, height } : {}),
      ...(supply.fileName ? { fileName: supply.fileName } : {}),
      ...(supply.durationMs === undefined ? {} : { durationMs: supply.durationMs }),
    },
    ...(supply.emoji ? { emoji: supply.emoji } : {}),
    ...(source ? { source } : {}),
  };
}

function namesOf({ attachments = [] }: HistoryContent): string[] {
  return attachments.flatMap(({ kind, media, name, address }) => {
    if (kind === "location") return [name ?? "", address ?? ""];
    return kind === "contact" ? [name ?? ""] : [media?.fileName ?? ""];
  });
}
