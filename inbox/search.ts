/** Search over messages and contacts, with the access rule inside the query. */
import type { z } from "zod";
import { channelFilter, mayUseChannel, type StaffRecord } from "../core/auth/index.ts";
import { idOf, toObjectId, type ObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import {
  AliasModel,
  ContactModel,
  ConversationModel,
  MessageModel,
  type MessageRecord,
} from "./models/index.ts";
import { visibleTo } from "./access.ts";
import { phoneFilter } from "./find-contact.ts";
import type { searchQuery, SearchResult } from "./schema.ts";
import { beginningFilter, queryTokens } from "./tokens.ts";

type Query = z.output<typeof searchQuery>;

export async function search(staff: StaffRecord, query: Query): Promise<SearchResult> {
  const parts = wordFilters(query.q);
  const people = contactFilter(query.q);
  if (!people) return { contacts: [], messages: [] };
  const [contacts, messages] = await Promise.all([
    findContacts(staff, people, query.limit),
    findMessages(staff, { $and: parts }, query),
  ]);
  const nothing = contacts.length + messages.length === 0;
  return { contacts, messages: nothing ? await findByNameAndWords(staff, parts, query) : messages };
}

/** Contacts by every word, the last one as the beginning of a word; a number however it is written. */
export function contactFilter(q: string): object | undefined {
  const parts = wordFilters(q);
  if (parts.length === 0) return undefined;
  const phone = phoneFilter(q.trim());
  return phone ? { $or: [{ $and: parts }, phone] } : { $and: parts };
}

function wordFilters(q: string): object[] {
  const { whole, beginning } = queryTokens(q);
  return [
    ...whole.map((token) => ({ tokens: token })),
    ...(beginning ? [{ tokens: beginningFilter(beginning) }] : []),
  ];
}

const mostWords = 6;
const mostPeople = 50;

/** "Harriet Boyle mug": a name before or after words of a message. The longest name that leads to something counts. */
async function findByNameAndWords(
  staff: StaffRecord,
  parts: object[],
  query: Query,
): Promise<SearchResult["messages"]> {
  if (parts.length < 2 || parts.length > mostWords) return [];
  const cuts = await findCuts(staff, parts);
  for (let count = parts.length - 1; count > 0; count--) {
    const found = await Promise.all(
      cuts
        .filter(({ name }) => name.length === count)
        .map(({ people, words }) => findWordsOf(staff, people, words, query)),
    );
    const hits = found.flat().slice(0, query.limit);
    if (hits.length > 0) return hits;
  }
  return [];
}

interface Cut {
  name: object[];
  words: object[];
  /** The newest contacts of this name. */
  people: ObjectId[];
}

/** Those whose name is somebody's. Where nobody has the outermost word, nobody has a longer name that holds it. */
async function findCuts(staff: StaffRecord, parts: object[]): Promise<Cut[]> {
  const ask = async (name: object[], words: object[]): Promise<Cut> => ({
    name,
    words,
    people: await findPeople(staff, name),
  });
  const outermost = await Promise.all([
    ask(parts.slice(0, 1), parts.slice(1)),
    ask(parts.slice(-1), parts.slice(0, -1)),
  ]);
  const [before, after] = outermost.map(({ people }) => people.length > 0);
  const longer = parts.slice(2).flatMap((_, index) => {
    const count = index + 2;
    return [
      ...(before ? [ask(parts.slice(0, count), parts.slice(count))] : []),
      ...(after ? [ask(parts.slice(-count), parts.slice(0, -count))] : []),
    ];
  });
  return [...outermost, ...(await Promise.all(longer))].filter(({ people }) => people.length > 0);
}

async function findPeople({ workspaceId }: StaffRecord, name: object[]): Promise<ObjectId[]> {
  const people = await ContactModel.find({ workspaceId, mergedInto: null, $and: name }, { _id: 1 })
    .sort({ _id: -1 })
    .limit(mostPeople)
    .lean();
  return people.map(({ _id }) => _id);
}

/** Messages with these words in the conversations of these people. */
async function findWordsOf(
  staff: StaffRecord,
  people: ObjectId[],
  words: object[],
  query: Query,
): Promise<SearchResult["messages"]> {
  const { workspaceId } = staff;
  const conversations = await ConversationModel.find(
    { workspaceId, contactId: { $in: people }, ...channelFilter(staff) },
    { _id: 1 },
  )
    .sort({ lastActivityAt: -1 })
    .limit(4 * mostPeople)
    .lean();
  if (conversations.length === 0) return [];
  const within = { conversationId: { $in: conversations.map(({ _id }) => _id) } };
  return findMessages(staff, { ...within, $and: words }, query);
}

async function findContacts(
  staff: StaffRecord,
  words: object,
  limit: number,
): Promise<SearchResult["contacts"]> {
  const { workspaceId } = staff;
  const found = await ContactModel.find({ workspaceId, mergedInto: null, $and: [words, visibleTo(staff)] })
    .sort({ _id: -1 })
    .limit(limit)
    .lean();
  const contactId = { $in: found.map(({ _id }) => _id) };
  const [conversations, aliases] = await Promise.all([
    ConversationModel.aggregate<{ _id: ObjectId; latest: ObjectId }>([
      { $match: { workspaceId, contactId, ...channelFilter(staff) } },
      { $sort: { lastActivityAt: -1 } },
      { $group: { _id: "$contactId", latest: { $first: "$_id" } } },
    ]),
    AliasModel.find({ workspaceId, contactId }).limit(500).lean(),
  ]);
  return found.map((contact) => {
    const conversation = conversations.find(({ _id }) => _id.equals(contact._id));
    const label = aliases.find((alias) => alias.contactId.equals(contact._id))?.label ?? "";
    return {
      id: idOf(contact),
      name: contact.name,
      label,
      ...(contact.avatarFileId ? { avatarFileId: contact.avatarFileId.toHexString() } : {}),
      ...(conversation ? { conversationId: conversation.latest.toHexString() } : {}),
    };
  });
}

async function findMessages(
  staff: StaffRecord,
  words: object,
  { channelId, limit }: Query,
): Promise<SearchResult["messages"]> {
  const chosen = channelId ? toObjectId(channelId) : undefined;
  if (chosen && !mayUseChannel(staff, chosen)) throw new AppError("not_found");
  const { workspaceId } = staff;
  const found = await MessageModel.find({
    workspaceId,
    ...words,
    ...(chosen ? { channelId: chosen } : channelFilter(staff)),
  })
    .sort({ _id: -1 })
    .limit(limit)
    .lean();
  const conversations = await ConversationModel.find(
    { workspaceId, _id: { $in: found.map((message) => message.conversationId) } },
    { contactName: 1 },
  ).lean();
  const names = new Map(conversations.map((conversation) => [idOf(conversation), conversation.contactName]));
  return found.map((message) => describeHit(message, names.get(message.conversationId.toHexString()) ?? ""));
}

function describeHit(message: MessageRecord, contactName: string): SearchResult["messages"][number] {
  const { content, conversationId, channelId, seq, sender, sentAt } = message;
  const first = content.attachments?.[0];
  const text =
    content.text ??
    (first && "media" in first ? first.media.fileName : first && "name" in first ? first.name : undefined) ??
    "";
  return {
    messageId: idOf(message),
    conversationId: conversationId.toHexString(),
    channelId: channelId.toHexString(),
    seq,
    contactName,
    senderName: sender.name,
    text: text.slice(0, 300),
    at: sentAt.toISOString(),
  };
}
