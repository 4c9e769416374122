/** Contacts that are probably one person: the same phone, the same e-mail. Said when it becomes known, done by people alone. */
import type { StaffRecord } from "../core/auth/index.ts";
import { idOf, toObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import { visibleTo } from "./access.ts";
import { ContactModel, SuggestionModel, type ContactRecord } from "./models/index.ts";

const maxOthers = 5;

/** Looks for others with the contact's phone or e-mail; each pair is said once, and never again when it was settled. */
export async function suggestMerges(contact: ContactRecord): Promise<void> {
  const keys = [
    ["phone", "phoneKey", contact.phone],
    ["email", "emailKey", contact.email],
  ] as const;
  for (const [reason, key, value] of keys) {
    if (!contact[key] || !value) continue;
    const others = await ContactModel.find({
      workspaceId: contact.workspaceId,
      [key]: contact[key],
      _id: { $ne: contact._id },
      mergedInto: null,
    })
      .limit(maxOthers)
      .lean();
    for (const other of others) await suggest(contact, other, reason, value);
  }
}

async function suggest(
  contact: ContactRecord,
  other: ContactRecord,
  reason: "phone" | "email",
  value: string,
): Promise<void> {
  const { workspaceId } = contact;
  const contactIds = [contact._id, other._id].sort((a, b) => a.toHexString().localeCompare(b.toHexString()));
  await SuggestionModel.updateOne(
    { workspaceId, pair: contactIds.map(String).join(" ") },
    { $setOnInsert: { contactIds, reason, value, settledAt: null, createdAt: new Date() } },
    { upsert: true },
  );
}

export interface Suggestion {
  id: string;
  reason: "phone" | "email";
  value: string;
  contacts: [ContactRecord, ContactRecord];
}

/** Newest first; only pairs of which the asker may see both. */
export async function listSuggestions(staff: StaffRecord): Promise<Suggestion[]> {
  const { workspaceId } = staff;
  const open = await SuggestionModel.find({ workspaceId, settledAt: null })
    .sort({ createdAt: -1 })
    .limit(50)
    .lean();
  const contacts = await ContactModel.find({
    workspaceId,
    _id: { $in: open.flatMap((one) => one.contactIds) },
    mergedInto: null,
    ...visibleTo(staff),
  }).lean();
  return open.flatMap(({ _id, reason, value, contactIds }) => {
    const [first, second] = contactIds.map((id) => contacts.find((one) => one._id.equals(id)));
    return first && second ? [{ id: idOf({ _id }), reason, value, contacts: [first, second] }] : [];
  });
}

/** They are different people: it is not said again. */
export async function settleSuggestion(staff: StaffRecord, id: string): Promise<void> {
  const _id = toObjectId(id);
  const found =
    _id &&
    (await SuggestionModel.findOneAndUpdate(
      { workspaceId: staff.workspaceId, _id },
      { $set: { settledAt: new Date() } },
    ).lean());
  if (!found) throw new AppError("not_found");
}
