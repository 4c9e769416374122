/** The workspace's tags: made by using them, each with a colour of its own. */
import { createHash } from "node:crypto";
import type { ObjectId } from "../core/db.ts";
import type { Inbox } from "./inbox.ts";
import { AppError, isDuplicate } from "../core/errors.ts";
import { ContactModel, ConversationModel, TagModel } from "./models/index.ts";
import type { Tag } from "./schema.ts";

/** Conversations and contacts that screens learn of at once when their tag is renamed: the latest; others are read anew. */
const mostShown = 200;

export async function listTags(workspaceId: ObjectId): Promise<Tag[]> {
  const tags = await TagModel.find({ workspaceId }).sort({ name: 1 }).limit(1000).lean();
  return tags.map(({ name, hue }) => ({ name, hue }));
}

type TagPatch = Partial<Record<"tags" | "addTags" | "removeTags", string[] | undefined>>;

/** What a patch adds to the tags that something carries, and takes from them. */
export function tagChange(
  carried: string[],
  { tags = carried, addTags = [], removeTags = [] }: TagPatch,
): { added: string[]; removed: string[] } {
  const wanted = new Set([...tags, ...addTags].filter((tag) => !removeTags.includes(tag)));
  return {
    added: [...wanted].filter((tag) => !carried.includes(tag)),
    removed: carried.filter((tag) => !wanted.has(tag)),
  };
}

/** Makes the tags that are new. */
export async function knowTags(inbox: Inbox, workspaceId: ObjectId, names: string[]): Promise<void> {
  if (names.length === 0) return;
  const { upsertedCount } = await TagModel.bulkWrite(
    names.map((name) => ({
      updateOne: {
        filter: { workspaceId, name },
        update: { $setOnInsert: { hue: hueOf(name) } },
        upsert: true,
      },
    })),
  );
  if (upsertedCount > 0) await tell(inbox, workspaceId);
}

export async function setTag(inbox: Inbox, workspaceId: ObjectId, { name, hue }: Tag): Promise<void> {
  await TagModel.updateOne({ workspaceId, name }, { $set: { hue } }, { upsert: true });
  await tell(inbox, workspaceId);
}

/**
 * Conversations and contacts that carry the tag carry the new name; that of another tag is `already_exists`. The tag itself
 * comes last, so that a change that broke off can be made again.
 */
export async function renameTag(
  inbox: Inbox,
  workspaceId: ObjectId,
  { name, to }: { name: string; to: string },
): Promise<void> {
  if (name === to) return;
  if (!(await TagModel.exists({ workspaceId, name }))) throw new AppError("not_found");
  if (await TagModel.exists({ workspaceId, name: to })) throw new AppError("already_exists");
  const carried = { workspaceId, tags: name };
  const [conversations, contacts] = await Promise.all([
    ConversationModel.find(carried, { _id: 1 }).sort({ lastActivityAt: -1 }).limit(mostShown).lean(),
    ContactModel.find(carried, { _id: 1 }).sort({ lastActivityAt: -1 }).limit(mostShown).lean(),
  ]);
  await carryOn(workspaceId, name, to);
  try {
    await TagModel.updateOne({ workspaceId, name }, { $set: { name: to } });
  } catch (error) {
    throw isDuplicate(error) ? new AppError("already_exists") : error;
  }
  await carryOn(workspaceId, name, to); // what got the label meanwhile
  await tell(inbox, workspaceId);
  for (const conversation of await ConversationModel.find({
    workspaceId,
    _id: { $in: idsOf(conversations) },
  }).lean())
    inbox.hub.events.publish("conversation.changed", { conversation });
  for (const contact of await ContactModel.find({ workspaceId, _id: { $in: idsOf(contacts) } }).lean())
    inbox.hub.events.publish("contact.changed", { contact });
}

const idsOf = (found: { _id: ObjectId }[]): ObjectId[] => found.map(({ _id }) => _id);

/** Whatever carries the tag has the new name in its place; where both stand, the old one goes. */
async function carryOn(workspaceId: ObjectId, name: string, to: string): Promise<void> {
  const either = { workspaceId, tags: { $eq: name, $ne: to } };
  const both = { workspaceId, tags: { $all: [name, to] } };
  const rename = { $set: { "tags.$[old]": to } };
  const where = { arrayFilters: [{ old: name }] };
  await ConversationModel.updateMany(either, rename, where);
  await ConversationModel.updateMany(both, { $pull: { tags: name } });
  await ContactModel.updateMany(either, rename, where);
  await ContactModel.updateMany(both, { $pull: { tags: name } });
}

/** The tag is no longer offered; conversations that carry it keep it. */
export async function removeTag(inbox: Inbox, workspaceId: ObjectId, name: string): Promise<void> {
  await TagModel.deleteOne({ workspaceId, name });
  await tell(inbox, workspaceId);
}

async function tell(inbox: Inbox, workspaceId: ObjectId): Promise<void> {
  inbox.hub.realtime.emit([`workspace:${workspaceId.toHexString()}`], "tags", {
    tags: await listTags(workspaceId),
  });
}

function hueOf(name: string): number {
  return createHash("sha256").update(name).digest().readUInt16BE(0) % 360;
}
