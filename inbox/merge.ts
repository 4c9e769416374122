/**
 * Two contacts become one, and can be told apart again at any time. What moves remembers the merge; the record is written
 * first, so that a crash in between is finished by the sweep, and every step may be repeated.
 */
import type { StaffRecord } from "../core/auth/index.ts";
import { acrossWorkspaces, idOf, ObjectId, toObjectId } from "../core/db.ts";
import { AppError, isStoreAway } from "../core/errors.ts";
import { accessContact, labelsOf, rename } from "./contacts.ts";
import { putInto } from "./continue.ts";
import { contactTokens, keysOf } from "./find-contact.ts";
import type { Inbox } from "./inbox.ts";
import {
  AliasModel,
  ContactModel,
  ConversationModel,
  MergeModel,
  MessageModel,
  SuggestionModel,
  ThreadModel,
  type ContactFields,
  type ContactRecord,
  type ConversationRecord,
  type MergeRecord,
  type ThreadRecord,
} from "./models/index.ts";

const choosable = ["name", "phone", "email", "company", "city", "languages", "timeZone", "about"] as const;
type Choosable = (typeof choosable)[number];

/** `fromOther` names the fields that are taken from the other one; what the kept one lacks is taken anyway. */
export async function mergeContacts(
  inbox: Inbox,
  staff: StaffRecord,
  request: { keptId: string; otherId: string; fromOther: Choosable[] },
): Promise<MergeRecord> {
  const kept = await accessContact(staff, request.keptId);
  const other = await accessContact(staff, request.otherId);
  if (kept._id.equals(other._id)) throw new AppError("conflict");
  if (kept.mergedInto || other.mergedInto) throw new AppError("conflict");
  const before = fieldsOf(kept);
  const merge = await MergeModel.create({
    workspaceId: staff.workspaceId,
    keptId: kept._id,
    otherId: other._id,
    otherName: other.name,
    before,
    after: chosen(kept, other, request.fromOther),
    state: "merging",
    byId: staff._id,
    byName: staff.displayName,
    createdAt: new Date(),
  });
  if (!(await carryOut(inbox, merge.toObject()))) throw new AppError("conflict");
  return merge.toObject();
}

function fieldsOf(contact: ContactRecord): ContactFields {
  const given = choosable.flatMap((name) => (contact[name] ? [[name, contact[name]] as const] : []));
  return {
    name: contact.name,
    givenName: contact.givenName,
    tags: contact.tags,
    ...Object.fromEntries(given),
  };
}

function chosen(kept: ContactRecord, other: ContactRecord, fromOther: Choosable[]): ContactFields {
  const taken = choosable.flatMap((name) => {
    const value = (fromOther.includes(name) ? other[name] : undefined) ?? kept[name] ?? other[name];
    return value ? [[name, value] as const] : [];
  });
  return {
    name: kept.name,
    givenName: kept.givenName,
    tags: [...new Set([...kept.tags, ...other.tags])],
    ...Object.fromEntries(taken),
  };
}

/**
 * Takes both contacts for a merge or its undoing, the lower id first so that of two that meet one goes on; `free` is what
 * a contact must be that it does not hold yet. False when another holds one of them, and then it holds none.
 */
async function hold(merge: MergeRecord, free: object): Promise<boolean> {
  const ids = [merge.keptId, merge.otherId].sort((a, b) => a.toHexString().localeCompare(b.toHexString()));
  for (const id of ids)
    if (!(await holdOne(merge, id, free))) {
      await letGo(merge);
      return false;
    }
  return true;
}

async function holdOne(
  { workspaceId, _id: heldBy }: MergeRecord,
  _id: ObjectId,
  free: object,
): Promise<boolean> {
  const take = async (filter: object): Promise<boolean> =>
    (await ContactModel.updateOne({ workspaceId, _id, ...filter }, { $set: { heldBy } })).matchedCount === 1;
  if ((await take({ heldBy })) || (await take({ heldBy: null, ...free }))) return true;
  const former = (await ContactModel.findOne({ workspaceId, _id }, { heldBy: 1 }).lean())?.heldBy;
  if (!former) return false;
  const busy = await MergeModel.exists({ workspaceId, _id: former, state: { $in: ["merging", "undoing"] } });
  return !busy && take({ heldBy: former, ...free }); // a stop came between its end and letting go
}

/** A sweep may have read the record before another gave it up: what was refused since is not done after all. */
async function stillStands(merge: MergeRecord): Promise<boolean> {
  const { workspaceId, _id, state } = merge;
  if (await MergeModel.exists({ workspaceId, _id, state })) return true;
  await letGo(merge);
  return false;
}

async function letGo({ workspaceId, _id, keptId, otherId }: MergeRecord): Promise<void> {
  await ContactModel.updateMany(
    { workspaceId, _id: { $in: [keptId, otherId] }, heldBy: _id },
    { $unset: { heldBy: 1 } },
  );
}

/** False when one of the two is being merged otherwise, or was meanwhile: then nothing of this merge is left. */
async function carryOut(inbox: Inbox, merge: MergeRecord): Promise<boolean> {
  const { workspaceId, _id, keptId, otherId } = merge;
  if (!(await hold(merge, { mergedInto: null }))) {
    await MergeModel.deleteOne({ workspaceId, _id, state: "merging" });
    return false;
  }
  if (!(await stillStands(merge))) return false;
  const move = { $set: { contactId: keptId }, $addToSet: { mergeIds: _id } };
  const ofOther = { workspaceId, contactId: otherId };
  const other = await ContactModel.findOne({ workspaceId, _id: otherId }).orFail().lean();
  await ContactModel.updateOne({ workspaceId, _id: otherId }, { $set: { mergedInto: keptId } });
  await AliasModel.updateMany(ofOther, move);
  await ThreadModel.updateMany(ofOther, move);
  await ConversationModel.updateMany(ofOther, move);
  const kept = await ContactModel.findOneAndUpdate(
    { workspaceId, _id: keptId },
    {
      $max: { lastActivityAt: other.lastActivityAt },
      $addToSet: { channelIds: { $each: other.channelIds } },
    },
    { returnDocument: "after" },
  )
    .orFail()
    .lean();
  if (!kept.avatarFileId && other.avatarFileId)
    await ContactModel.updateOne(
      { workspaceId, _id: keptId },
      { $set: { avatarFileId: other.avatarFileId } },
    );
  await writeFields(inbox, merge, keptId, merge.after);
  await SuggestionModel.updateMany(
    { workspaceId, pair: [keptId, otherId].map(String).sort().join(" ") },
    { $set: { settledAt: new Date() } },
  );
  await MergeModel.updateOne({ workspaceId, _id, state: "merging" }, { $set: { state: "merged" } });
  await letGo(merge);
  return true;
}

async function writeFields(
  inbox: Inbox,
  { workspaceId }: MergeRecord,
  _id: ObjectId,
  fields: ContactFields,
): Promise<void> {
  const gone = choosable.filter((name) => !fields[name]);
  const keys = keysOf(fields);
  const contact = await ContactModel.findOne({ workspaceId, _id }).orFail().lean();
  const tokens = contactTokens(fields, fields.givenName, ...(await labelsOf(contact)));
  const unset: Record<string, 1> = {};
  for (const name of gone) unset[name] = 1;
  if (!keys.phoneKey) unset["phoneKey"] = 1;
  if (!keys.emailKey) unset["emailKey"] = 1;
  const changed = await ContactModel.findOneAndUpdate(
    { workspaceId, _id },
    {
      $set: { ...fields, ...keys, tokens },
      $unset: unset,
    },
    { returnDocument: "after" },
  )
    .orFail()
    .lean();
  await rename(inbox, changed);
  inbox.hub.events.publish("contact.changed", { contact: changed });
}

/** Both are again what they were; what came meanwhile stays with the thread that it came by. */
export async function undoMerge(inbox: Inbox, staff: StaffRecord, id: string): Promise<MergeRecord> {
  const { workspaceId } = staff;
  const _id = toObjectId(id);
  const merge = _id && (await MergeModel.findOne({ workspaceId, _id, state: "merged" }).lean());
  if (!merge) throw new AppError("not_found");
  await accessContact(staff, merge.keptId.toHexString());
  const begun = await MergeModel.updateOne(
    { workspaceId, _id, state: "merged" },
    { $set: { state: "undoing" } },
  );
  if (begun.modifiedCount === 0) throw new AppError("conflict");
  if (!(await takeBack(inbox, { ...merge, state: "undoing" }))) throw new AppError("conflict");
  return { ...merge, state: "undone" };
}

/** False when one of the two is being merged otherwise: it stays merged. */
async function takeBack(inbox: Inbox, merge: MergeRecord): Promise<boolean> {
  const { workspaceId, _id, keptId, otherId } = merge;
  if (!(await hold(merge, {}))) {
    await MergeModel.updateOne({ workspaceId, _id, state: "undoing" }, { $set: { state: "merged" } });
    return false;
  }
  if (!(await stillStands(merge))) return false;
  const moved = { workspaceId, mergeIds: _id };
  const back = { $set: { contactId: otherId }, $pull: { mergeIds: _id } };
  const threads = await ThreadModel.find(moved, { channelId: 1, threadKey: 1 }).lean();
  await giveWhatBegan(merge, threads);
  await ConversationModel.updateMany(moved, back);
  await AliasModel.updateMany(moved, back);
  await ThreadModel.updateMany(moved, back);
  await ContactModel.updateOne({ workspaceId, _id: otherId }, { $set: { mergedInto: null } });
  await tellApart(inbox, merge);
  await takeChannels(merge);
  const { before, after } = merge;
  const now = await ContactModel.findOne({ workspaceId, _id: keptId }).orFail().lean();
  const other = await ContactModel.findOne({ workspaceId, _id: otherId }).orFail().lean();
  if (now.avatarFileId && other.avatarFileId?.equals(now.avatarFileId))
    await ContactModel.updateOne({ workspaceId, _id: keptId }, { $unset: { avatarFileId: 1 } });
  await writeFields(inbox, merge, keptId, unchanged(now, after, before));
  await rename(inbox, other);
  inbox.hub.events.publish("contact.changed", { contact: other });
  await MergeModel.updateOne({ workspaceId, _id }, { $set: { state: "undone" } });
  await letGo(merge);
  return true;
}

type Place = Pick<ThreadRecord, "channelId" | "threadKey">;
const isAt = (place: Place) => (thread: Place) =>
  thread.channelId.equals(place.channelId) && thread.threadKey === place.threadKey;

/** Where each of the conversations began: it may have gone on elsewhere since. */
async function beginningsOf(
  workspaceId: ObjectId,
  conversations: ConversationRecord[],
): Promise<Map<string, Place>> {
  const conversationId = { $in: conversations.map((one) => one._id) };
  const first = await MessageModel.find(
    { workspaceId, conversationId, seq: 1 },
    { conversationId: 1, channelId: 1, threadKey: 1 },
  ).lean();
  return new Map<string, Place>([
    ...conversations.map((one) => [idOf(one), one] as const),
    ...first.map((message) => [message.conversationId.toHexString(), message] as const),
  ]);
}

/** What began in the other one's threads since the merge is the other one's. */
async function giveWhatBegan(
  { workspaceId, _id, keptId, otherId }: MergeRecord,
  threads: Place[],
): Promise<void> {
  const filter = { workspaceId, contactId: keptId, mergeIds: { $ne: _id } };
  const conversations = await ConversationModel.find(filter).lean();
  const beginnings = await beginningsOf(workspaceId, conversations);
  const theirs = conversations.filter((one) => threads.some(isAt(beginnings.get(idOf(one)) ?? one)));
  await ConversationModel.updateMany(
    { ...filter, _id: { $in: theirs.map((one) => one._id) } },
    { $set: { contactId: otherId } },
  );
}

/**
 * While they were one, an agent may have led a conversation of one into a thread of the other. Each answers its own person
 * again, and what a person writes comes into a conversation of their own.
 */
async function tellApart(inbox: Inbox, { workspaceId, keptId, otherId }: MergeRecord): Promise<void> {
  const ofBoth = { workspaceId, contactId: { $in: [keptId, otherId] } };
  const threads = await ThreadModel.find(ofBoth).lean();
  const conversations = await ConversationModel.find(ofBoth).lean();
  const beginnings = await beginningsOf(workspaceId, conversations);
  for (const conversation of conversations) {
    const { contactId, _id } = conversation;
    const own = threads.filter((one) => one.contactId.equals(contactId));
    if (own.some(isAt(conversation)) || !threads.some(isAt(conversation))) continue;
    const home =
      own.find(isAt(beginnings.get(idOf(conversation)) ?? conversation)) ??
      own.find((one) => one.conversationId.equals(_id)) ??
      own[0];
    if (home) await putInto(inbox, conversation, home);
  }
  for (const { _id, contactId, channelId, threadKey, conversationId } of threads) {
    const current = conversations.find((one) => one._id.equals(conversationId));
    if (!current || current.contactId.equals(contactId)) continue;
    const former = await ConversationModel.findOne({ workspaceId, contactId, channelId, threadKey })
      .sort({ lastActivityAt: -1 })
      .lean();
    await ThreadModel.updateOne(
      { workspaceId, _id, conversationId },
      { $set: { conversationId: former?._id ?? new ObjectId() } },
    );
  }
}

/** Those who may use a channel of the other one alone do not see the kept one any more. */
async function takeChannels({ workspaceId, keptId, otherId }: MergeRecord): Promise<void> {
  const own = await ThreadModel.distinct("channelId", { workspaceId, contactId: keptId });
  const other = await ContactModel.findOne({ workspaceId, _id: otherId }).orFail().lean();
  const theirs = other.channelIds.filter((id) => !own.some((one) => one.equals(id)));
  await ContactModel.updateOne({ workspaceId, _id: keptId }, { $pull: { channelIds: { $in: theirs } } });
}

/** What somebody has changed since the merge stays as they changed it. */
function unchanged(now: ContactRecord, after: ContactFields, before: ContactFields): ContactFields {
  const fields = choosable.flatMap((name) => {
    const value = now[name] === after[name] ? before[name] : now[name];
    return value ? [[name, value] as const] : [];
  });
  const same = JSON.stringify(now.tags) === JSON.stringify(after.tags);
  return {
    name: now.name,
    givenName: before.givenName,
    tags: same ? before.tags : now.tags,
    ...Object.fromEntries(fields),
  };
}

/** Finishes what a stop left half done. */
export async function sweepMerges(inbox: Inbox): Promise<void> {
  const half = await acrossWorkspaces(MergeModel.find({ state: { $in: ["merging", "undoing"] } }))
    .limit(100)
    .lean();
  for (const merge of half)
    try {
      await (merge.state === "merging" ? carryOut(inbox, merge) : takeBack(inbox, merge));
    } catch (err) {
      if (isStoreAway(err)) throw err;
      inbox.hub.log.error({ err, merge: merge._id.toHexString() }, "a merge could not be finished");
    }
}
