/** Contacts as the panel beside the thread shows and edits them. */
import type { Peer } from "../connectors/contract.ts";
import { channelFilter, type StaffRecord } from "../core/auth/index.ts";
import { idOf, toObjectId, type ObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import { describePreview } from "./describe.ts";
import { contactTokens, keysOf } from "./find-contact.ts";
import type { Inbox } from "./inbox.ts";
import {
  AliasModel,
  ContactModel,
  ConversationModel,
  MergeModel,
  type ContactRecord,
} from "./models/index.ts";
import type { Contact, ContactPatch } from "./schema.ts";
import { visibleTo } from "./access.ts";
import { suggestMerges } from "./suggest.ts";
import { knowTags, tagChange } from "./tags.ts";

/** A contact who has written where the asker may answer, or one made by hand; else `not_found`. */
export async function accessContact(staff: StaffRecord, id: string): Promise<ContactRecord> {
  const _id = toObjectId(id);
  const contact =
    _id &&
    (await ContactModel.findOne({
      workspaceId: staff.workspaceId,
      _id,
      mergedInto: null,
      ...visibleTo(staff),
    }).lean());
  if (!contact) throw new AppError("not_found");
  return contact;
}

export async function describeContact(staff: StaffRecord, contact: ContactRecord): Promise<Contact> {
  const { workspaceId, _id: contactId } = contact;
  const [aliases, merges, conversations] = await Promise.all([
    AliasModel.find({ workspaceId, contactId }).limit(50).lean(),
    MergeModel.find({ workspaceId, keptId: contactId, state: "merged" })
      .sort({ createdAt: -1 })
      .limit(20)
      .lean(),
    ConversationModel.find({ workspaceId, contactId, ...channelFilter(staff) })
      .sort({ lastActivityAt: -1 })
      .limit(10)
      .lean(),
  ]);
  const optional = (name: "phone" | "email" | "company" | "city" | "languages" | "timeZone" | "about") =>
    contact[name] ? { [name]: contact[name] } : {};
  return {
    id: idOf(contact),
    name: contact.name,
    givenName: contact.givenName,
    ...(contact.avatarFileId ? { avatarFileId: contact.avatarFileId.toHexString() } : {}),
    ...optional("phone"),
    ...optional("email"),
    ...optional("company"),
    ...optional("city"),
    ...optional("languages"),
    ...optional("timeZone"),
    ...optional("about"),
    tags: contact.tags,
    ...(contact.blockedAt ? { blockedAt: contact.blockedAt.toISOString() } : {}),
    createdAt: contact.createdAt.toISOString(),
    aliases: aliases.map(({ channelKind, scheme, value, label }) => ({
      channelKind,
      scheme,
      value,
      label: label || value,
    })),
    conversations: conversations.map((conversation) => ({
      id: idOf(conversation),
      channelId: conversation.channelId.toHexString(),
      state: conversation.state,
      title: conversation.preview?.text || conversation.preview?.kind || "",
      ...(conversation.preview ? { preview: describePreview(conversation.preview) } : {}),
      lastActivityAt: conversation.lastActivityAt.toISOString(),
    })),
    merges: merges.map((merge) => ({
      id: idOf(merge),
      otherName: merge.otherName,
      byName: merge.byName,
      at: merge.createdAt.toISOString(),
    })),
  };
}

/** An empty string clears a field. A new name shows in every list at once. */
export async function changeContact(
  inbox: Inbox,
  staff: StaffRecord,
  id: string,
  patch: ContactPatch,
): Promise<ContactRecord> {
  const contact = await accessContact(staff, id);
  if (patch.timeZone && !isTimeZone(patch.timeZone))
    throw new AppError("invalid_input", {
      fields: [{ path: "body.timeZone", code: "invalid_format", message: "not an IANA time zone" }],
    });
  const { workspaceId, _id } = contact;
  const { tags: _tags, addTags: _added, removeTags: _removed, ...fields } = patch;
  const { added, removed } = tagChange(contact.tags, patch);
  const entries = Object.entries(fields);
  const next = { ...contact, ...patch, name: patch.name ?? contact.name };
  const empty = entries.filter(([, value]) => value === "").map(([name]) => name);
  const cleared = Object.fromEntries(
    empty
      .flatMap((name) => [name, ...(name === "phone" || name === "email" ? [`${name}Key`] : [])])
      .map((name) => [name, 1 as const]),
  );
  const set = {
    ...Object.fromEntries(entries.filter(([, value]) => value !== "")),
    ...keysOf(patch),
    tokens: contactTokens(next, contact.givenName, ...(await labelsOf(contact))),
  };
  const write = (update: object) =>
    ContactModel.findOneAndUpdate({ workspaceId, _id }, update, { returnDocument: "after" }).lean();
  if (removed.length > 0) await write({ $pull: { tags: { $in: removed } } });
  const changed = await write({ $set: set, $unset: cleared, $addToSet: { tags: { $each: added } } });
  if (!changed) throw new AppError("not_found");
  if (patch.phone || patch.email) await suggestMerges(changed);
  await knowTags(inbox, workspaceId, added);
  if (patch.name && patch.name !== contact.name) await rename(inbox, changed);
  inbox.hub.events.publish("contact.changed", { contact: changed });
  return changed;
}

/** Takes over what the platform tells anew: empty fields are filled, and a name that no colleague has changed follows. */
export async function fillContact(inbox: Inbox, contact: ContactRecord, peer: Peer): Promise<ContactRecord> {
  const renamed = contact.name === contact.givenName && peer.name !== "" && peer.name !== contact.name;
  const set = {
    ...(renamed ? { name: peer.name, givenName: peer.name } : {}),
    ...(peer.email && !contact.email ? { email: peer.email } : {}),
    ...(peer.phone && !contact.phone ? { phone: peer.phone } : {}),
    ...(peer.email && !contact.email ? keysOf({ email: peer.email }) : {}),
    ...(peer.phone && !contact.phone ? keysOf({ phone: peer.phone }) : {}),
  };
  if (Object.keys(set).length === 0) return contact;
  const { workspaceId, _id } = contact;
  const tokens = contactTokens({ ...contact, ...set }, ...(await labelsOf(contact)));
  const changed = await ContactModel.findOneAndUpdate(
    { workspaceId, _id },
    { $set: { ...set, tokens } },
    { returnDocument: "after" },
  )
    .orFail()
    .lean();
  if (renamed) await rename(inbox, changed);
  if (changed.phoneKey !== contact.phoneKey || changed.emailKey !== contact.emailKey)
    await suggestMerges(changed);
  inbox.hub.events.publish("contact.changed", { contact: changed });
  return changed;
}

const activityMs = 30_000;

/** The contact has just written or was written to there. Who writes a lot moves once in half a minute. */
export async function noteActivity(
  { workspaceId, _id, lastActivityAt, channelIds }: ContactRecord,
  channelId: ObjectId,
  at: Date,
): Promise<void> {
  const isThere = channelIds.some((id) => id.equals(channelId));
  if (isThere && at.getTime() - lastActivityAt.getTime() < activityMs) return;
  await ContactModel.updateOne(
    { workspaceId, _id },
    { $max: { lastActivityAt: at }, $addToSet: { channelIds: channelId } },
  );
}

export async function labelsOf({ workspaceId, _id }: ContactRecord): Promise<string[]> {
  const aliases = await AliasModel.find({ workspaceId, contactId: _id }).limit(50).lean();
  return aliases.map((alias) => alias.label);
}

export async function rename(
  inbox: Inbox,
  { workspaceId, _id: contactId, name, avatarFileId }: ContactRecord,
): Promise<void> {
  await ConversationModel.updateMany(
    { workspaceId, contactId },
    avatarFileId
      ? { $set: { contactName: name, contactAvatarFileId: avatarFileId } }
      : { $set: { contactName: name }, $unset: { contactAvatarFileId: 1 } },
  );
  const shown = await ConversationModel.find({ workspaceId, contactId })
    .sort({ lastActivityAt: -1 })
    .limit(20)
    .lean();
  for (const conversation of shown) inbox.hub.events.publish("conversation.changed", { conversation });
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}

declare module "../core/events.ts" {
  interface EventMap {
    "contact.changed": { contact: ContactRecord };
  }
}
