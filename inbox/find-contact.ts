/** Contacts by their ids on the platforms. A first message makes one; every step may be repeated after a crash. */
import type { Peer, PeerAlias } from "../connectors/contract.ts";
import { ObjectId } from "../core/db.ts";
import { isDuplicate } from "../core/errors.ts";
import {
  AliasModel,
  ContactModel,
  type AliasRecord,
  type ChannelRecord,
  type ContactRecord,
} from "./models/index.ts";
import { suggestMerges } from "./suggest.ts";
import { tokenize } from "./tokens.ts";

/**
 * The contact that one of the peer's ids names; made from what the platform tells when nobody has it yet. It belongs to the
 * channel from its first moment: one of no channel is made by hand, and everybody may see it.
 */
export async function findOrMakeContact(
  { workspaceId, _id: channelId, kind: channelKind }: Pick<ChannelRecord, "_id" | "workspaceId" | "kind">,
  peer: Peer,
): Promise<ContactRecord> {
  const known = await findAlias(workspaceId, peer.aliases);
  const alias = known ?? (await claimAlias(workspaceId, channelKind, peer));
  if (known && peer.aliases.length > 1) await addAliases(workspaceId, channelKind, peer, known.contactId);
  const contact = await ContactModel.findOne({ workspaceId, _id: alias.contactId }).lean();
  if (contact?.mergedInto)
    return ContactModel.findOne({ workspaceId, _id: contact.mergedInto }).orFail().lean();
  if (contact) return contact;
  const made = await makeContact({ workspaceId, _id: alias.contactId, channelIds: [channelId] }, peer);
  await suggestMerges(made);
  return made;
}

export async function findAlias(
  workspaceId: ObjectId,
  aliases: PeerAlias[],
): Promise<AliasRecord | undefined> {
  for (const { scheme, scope, value } of aliases) {
    const alias = await AliasModel.findOne({ workspaceId, scheme, scope, value }).lean();
    if (alias) return alias;
  }
  return undefined;
}

/** The first alias decides: whoever stores it first has made the contact. */
async function claimAlias(workspaceId: ObjectId, channelKind: string, peer: Peer): Promise<AliasRecord> {
  const contactId = new ObjectId();
  const label = labelOf(peer);
  const [first, ...others] = peer.aliases;
  const claimed = await upsertAlias({ workspaceId, channelKind, label, ...first, contactId });
  for (const alias of others)
    await upsertAlias({ workspaceId, channelKind, label, ...alias, contactId: claimed.contactId });
  return claimed;
}

/** Ids that nobody has become the contact's too; one that is somebody else's stays theirs. */
export async function addAliases(
  workspaceId: ObjectId,
  channelKind: string,
  peer: Peer,
  contactId: ObjectId,
): Promise<void> {
  const label = labelOf(peer);
  for (const alias of peer.aliases)
    await upsertAlias({ workspaceId, channelKind, label, ...alias, contactId });
}

function labelOf(peer: Peer): string {
  return peer.username ? `@${peer.username}` : (peer.phone ?? peer.email ?? "");
}

async function upsertAlias(alias: Omit<AliasRecord, "_id">): Promise<AliasRecord> {
  const { workspaceId, scheme, scope, value, ...rest } = alias;
  const filter = { workspaceId, scheme, scope, value };
  try {
    return await AliasModel.findOneAndUpdate(
      filter,
      { $setOnInsert: rest },
      { upsert: true, returnDocument: "after" },
    ).lean();
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    return AliasModel.findOne(filter).orFail().lean();
  }
}

/** Until the platform tells a name: what else is known, or the end of an id. */
function standIn({ username, phone, email, aliases: [{ value }] }: Peer): string {
  return username ?? phone ?? email ?? `#${value.slice(-4)}`;
}

async function makeContact(
  { workspaceId, _id, channelIds }: Pick<ContactRecord, "workspaceId" | "_id" | "channelIds">,
  peer: Peer,
): Promise<ContactRecord> {
  const { phone, email, username } = peer;
  const name = peer.name || standIn(peer);
  const fields = {
    name,
    givenName: name,
    ...(phone ? { phone } : {}),
    ...(email ? { email } : {}),
    ...keysOf({ phone, email }),
    tags: [],
    channelIds,
    tokens: contactTokens({ name, phone, email }, username),
    lastActivityAt: new Date(),
    mergedInto: null,
    createdAt: new Date(),
  };
  try {
    return await ContactModel.findOneAndUpdate(
      { workspaceId, _id },
      { $setOnInsert: fields },
      { upsert: true, returnDocument: "after" },
    ).lean();
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    return ContactModel.findOne({ workspaceId, _id }).orFail().lean();
  }
}

/** Numbers that begin as these signs do, however they are written; undefined where it is no number. */
export function phoneFilter(typed: string): object | undefined {
  if (!/^[+(\d][\d\s().+-]*$/.test(typed)) return undefined;
  const digits = typed.replace(/\D/g, "").replace(/^00/, "");
  if (digits.length < 5) return undefined;
  const national = typed.startsWith("+") ? [] : [digits.replace(/^8/, "7"), `7${digits}`.slice(0, 11)];
  return { $or: [...new Set([digits, ...national])].map((one) => ({ phoneKey: new RegExp(`^${one}`) })) };
}

/** How a phone and an e-mail are compared; in Russia 8 916 … is +7 916 …. */
export function keysOf({
  phone,
  email,
}: {
  phone?: string | undefined;
  email?: string | undefined;
}): Pick<ContactRecord, "phoneKey" | "emailKey"> {
  const digits =
    phone
      ?.replace(/\D/g, "")
      .replace(/^00/, "")
      .replace(/^8(?=\d{10}$)/, "7") ?? "";
  return {
    ...(digits.length >= 7 ? { phoneKey: digits } : {}),
    ...(email ? { emailKey: email.trim().toLowerCase() } : {}),
  };
}

/** Words under which a contact is found: names, numbers with and without signs, user names. */
export function contactTokens(
  contact: {
    name: string;
    phone?: string | undefined;
    email?: string | undefined;
    company?: string | undefined;
  },
  ...more: (string | undefined)[]
): string[] {
  const digits = contact.phone?.replace(/\D/g, "");
  return tokenize(contact.name, contact.email, contact.company, contact.phone, digits, ...more);
}
