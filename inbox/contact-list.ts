/** The list of contacts: pages, filters, the same as a table for other programs; and contacts made by hand. */
import type { z } from "zod";
import { mayUseChannel, type StaffRecord } from "../core/auth/index.ts";
import { idOf, ObjectId, toObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import { visibleTo } from "./access.ts";
import { contactTokens, keysOf } from "./find-contact.ts";
import type { Inbox } from "./inbox.ts";
import { AliasModel, ContactModel, ConversationModel, type ContactRecord } from "./models/index.ts";
import type { contactQuery, ContactRow, contactTableQuery, newContact } from "./schema.ts";
import { contactFilter } from "./search.ts";
import { suggestMerges } from "./suggest.ts";
import { knowTags } from "./tags.ts";

type Query = z.output<typeof contactQuery>;
const dayMs = 24 * 3_600_000;
const mostCounted = 10_000;

export interface ContactPage {
  items: ContactRow[];
  next: string | null;
  /** Counted to 10,000; of the first page alone. */
  total?: number;
}

/** Those active last come first: one indexed query, and one each for what the rows show beside. */
export async function listContacts(staff: StaffRecord, query: Query): Promise<ContactPage> {
  const filter = filterOf(staff, query);
  if (!filter) return { items: [], next: null, total: 0 };
  const found = await ContactModel.find({ ...filter, $and: [...filter.$and, ...after(query.cursor)] })
    .sort({ lastActivityAt: -1, _id: -1 })
    .limit(query.limit + 1)
    .lean();
  const page = found.slice(0, query.limit);
  const last = page.at(-1);
  const total = query.cursor
    ? {}
    : { total: await ContactModel.countDocuments(filter, { limit: mostCounted }) };
  return {
    items: await describeRows(staff, page),
    next: found.length > query.limit && last ? cursorOf(last) : null,
    ...total,
  };
}

/** Undefined when nothing can be found by the words. */
function filterOf(staff: StaffRecord, query: Omit<Query, "cursor" | "limit">) {
  const words = query.q ? contactFilter(query.q) : {};
  if (!words) return undefined;
  const chosen = query.channelId ? toObjectId(query.channelId) : undefined;
  if (chosen && !mayUseChannel(staff, chosen)) throw new AppError("not_found");
  return {
    workspaceId: staff.workspaceId,
    mergedInto: null,
    $and: [words, chosen ? {} : visibleTo(staff)],
    ...(chosen ? { channelIds: chosen } : {}),
    ...(query.tag ? { tags: query.tag } : {}),
    ...(query.responsibleId ? { responsibleId: new ObjectId(query.responsibleId) } : {}),
    ...(query.days ? { lastActivityAt: { $gte: new Date(Date.now() - query.days * dayMs) } } : {}),
  };
}

function cursorOf({ lastActivityAt, _id }: ContactRecord): string {
  return `${lastActivityAt.getTime()}.${_id.toHexString()}`;
}

function after(cursor: string | undefined): object[] {
  if (!cursor) return [];
  const [time = "", id = ""] = cursor.split(".");
  const _id = toObjectId(id);
  if (!/^\d{1,15}$/.test(time) || !_id) throw new AppError("invalid_input");
  const at = new Date(Number(time));
  return [{ $or: [{ lastActivityAt: { $lt: at } }, { lastActivityAt: at, _id: { $lt: _id } }] }];
}

async function describeRows(staff: StaffRecord, contacts: ContactRecord[]): Promise<ContactRow[]> {
  const { workspaceId } = staff;
  const ids = contacts.map((contact) => contact._id);
  const [aliases, conversations] = await Promise.all([
    AliasModel.find({ workspaceId, contactId: { $in: ids } })
      .limit(500)
      .lean(),
    ConversationModel.find({ workspaceId, contactId: { $in: ids } }, { contactId: 1, channelId: 1 })
      .sort({ lastActivityAt: -1 })
      .limit(500)
      .lean(),
  ]);
  return contacts.map((contact) => {
    const label = aliases.find((alias) => alias.contactId.equals(contact._id) && alias.label)?.label;
    const conversation = conversations.find(
      (one) => one.contactId.equals(contact._id) && mayUseChannel(staff, one.channelId),
    );
    return {
      id: idOf(contact),
      name: contact.name,
      label: contact.phone ?? label ?? contact.email ?? "",
      ...(contact.avatarFileId ? { avatarFileId: contact.avatarFileId.toHexString() } : {}),
      channelIds: contact.channelIds.filter((id) => mayUseChannel(staff, id)).map((id) => id.toHexString()),
      tags: contact.tags,
      ...(contact.responsibleId ? { responsibleId: contact.responsibleId.toHexString() } : {}),
      lastActivityAt: contact.lastActivityAt.toISOString(),
      ...(conversation ? { conversationId: idOf(conversation) } : {}),
    };
  });
}

/** Somebody whom the team knows and who has not written yet. */
export async function addContact(
  inbox: Inbox,
  staff: StaffRecord,
  given: z.output<typeof newContact>,
): Promise<ContactRecord> {
  const { workspaceId } = staff;
  const fields = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ""));
  const now = new Date();
  const contact = await ContactModel.create({
    ...fields,
    workspaceId,
    name: given.name,
    givenName: given.name,
    ...keysOf(given),
    tags: given.tags ?? [],
    tokens: contactTokens(given),
    lastActivityAt: now,
    mergedInto: null,
    createdAt: now,
  });
  await suggestMerges(contact.toObject());
  if (given.tags) await knowTags(inbox, workspaceId, given.tags);
  return contact.toObject();
}

const columns = ["name", "phone", "email", "company", "city", "languages", "timeZone", "about"] as const;
const mostExported = 50_000;

/** The contacts of a filter as CSV (RFC 4180 but for the separator, UTF-8 with its mark, so that spreadsheets read Cyrillic). */
export async function* exportContacts(
  staff: StaffRecord,
  { separator, ...query }: z.output<typeof contactTableQuery>,
): AsyncGenerator<string> {
  yield `\uFEFF${[...columns, "tags", "last_activity"].join(separator)}\r\n`;
  const filter = filterOf(staff, query);
  if (!filter) return;
  const found = ContactModel.find(filter)
    .sort({ lastActivityAt: -1, _id: -1 })
    .limit(mostExported)
    .lean()
    .cursor();
  for await (const contact of found) {
    const cells = [
      ...columns.map((name) => contact[name] ?? ""),
      contact.tags.join("; "),
      contact.lastActivityAt.toISOString(),
    ];
    yield `${cells.map(cell).join(separator)}\r\n`;
  }
}

/** A cell that a spreadsheet would calculate is made a text. */
function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) && !/^\+?[\d\s()-]+$/.test(value) ? `'${value}` : value;
  return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
