/** Contacts that are probably one person: the same phone, the same e-mail. Said when it becomes known, done by people alone. */
import type { StaffRecord } from "../core/auth/index.ts";
import { idOf, toObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import { visibleTo } from "./access.ts";
import { ContactModel, SuggestionModel, type ContactRecord, type SuggestionRecord } from "./models/index.ts";

const maxOthers = 5;
/** A phone or an e-mail that so many have is nobody's own. */
const mostSaid = 100;
const mostShown = 50;
const batch = 200;

/** Looks for others with the contact's phone or e-mail; each pair is said once, and never again when it was settled. */
export async function suggestMerges(contact: ContactRecord): Promise<void> {
  const keys = [
    ["phone", "phoneKey", contact.phone],
    ["email", "emailKey", contact.email],
  ] as const;
  if (!keys.some(([, key, value]) => contact[key] && value)) return;
  const { workspaceId } = contact;
  const said = await SuggestionModel.find({ workspaceId, contactIds: contact._id }, { contactIds: 1 })
    .limit(mostSaid)
    .lean();
  if (said.length === mostSaid) return;
  const known = said.flatMap(({ contactIds }) => contactIds);
  for (const [reason, key, value] of keys) {
    if (!contact[key] || !value) continue;
    const others = await ContactModel.find({
      workspaceId,
      [key]: contact[key],
      _id: { $nin: [contact._id, ...known] },
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
  const shown: Suggestion[] = [];
  for await (const some of openBatches(staff)) {
    shown.push(...(await visibleOf(staff, some)));
    if (shown.length >= mostShown) break;
  }
  return shown.slice(0, mostShown);
}

/** Those that the asker may not see must not keep the others from being found. */
async function* openBatches({ workspaceId }: StaffRecord): AsyncGenerator<SuggestionRecord[]> {
  for (let from = 0; ; from += batch) {
    const some = await SuggestionModel.find({ workspaceId, settledAt: null })
      .sort({ createdAt: -1 })
      .skip(from)
      .limit(batch)
      .lean();
    yield some;
    if (some.length < batch) return;
  }
}

async function visibleOf(staff: StaffRecord, open: SuggestionRecord[]): Promise<Suggestion[]> {
  const contacts = await ContactModel.find({
    workspaceId: staff.workspaceId,
    _id: { $in: open.flatMap((one) => one.contactIds) },
    mergedInto: null,
    ...visibleTo(staff),
  }).lean();
  const byId = new Map(contacts.map((contact) => [idOf(contact), contact]));
  return open.flatMap(({ _id, reason, value, contactIds }) => {
    const [first, second] = contactIds.map((id) => byId.get(id.toHexString()));
    return first && second ? [{ id: idOf({ _id }), reason, value, contacts: [first, second] }] : [];
  });
}

/** They are different people: it is not said again. */
export async function settleSuggestion(staff: StaffRecord, id: string): Promise<void> {
  const { workspaceId } = staff;
  const _id = toObjectId(id);
  const found = _id && (await SuggestionModel.findOne({ workspaceId, _id }).lean());
  if (!found || (await visibleOf(staff, [found])).length === 0) throw new AppError("not_found");
  await SuggestionModel.updateOne({ workspaceId, _id }, { $set: { settledAt: new Date() } });
}
