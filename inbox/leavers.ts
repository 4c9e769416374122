/**
 * Conversations of somebody who was deactivated go back to everybody: nobody would answer them. The person's record says
 * that this is still to be done, so that a stop in between is finished by the sweep, and every step may be repeated.
 */
import { StaffModel, type StaffRecord } from "../core/auth/index.ts";
import { acrossWorkspaces, anyId, idOf, type ObjectId } from "../core/db.ts";
import type { Inbox } from "./inbox.ts";
import { ContactModel, ConversationModel, type ConversationRecord } from "./models/index.ts";
import { recordEvent } from "./record.ts";

const mostAtOnce = 100;

/** Those who left while nobody was there to do it, or whose conversations could not all be given back. */
export async function sweepLeavers(inbox: Pick<Inbox, "hub">): Promise<void> {
  const left = await acrossWorkspaces(StaffModel.find({ active: false, "left.byId": anyId }))
    .limit(mostAtOnce)
    .lean();
  for (const leaver of left) await giveBackAll(inbox, leaver);
}

/** What is open or snoozed; what is resolved is given back when it is opened again. */
export async function giveBackAll({ hub }: Pick<Inbox, "hub">, leaver: StaffRecord): Promise<void> {
  const { workspaceId, _id: assigneeId, left } = leaver;
  if (!left) return;
  let isAll = true;
  let after: ObjectId | undefined;
  for (;;) {
    const batch = await ConversationModel.find({
      workspaceId,
      assigneeId,
      state: { $in: ["open", "snoozed"] },
      ...(after ? { _id: { $gt: after } } : {}),
    })
      .sort({ _id: 1 })
      .limit(mostAtOnce)
      .lean();
    for (const conversation of batch)
      await giveBack({ hub }, conversation, leaver).catch((err: unknown) => {
        isAll = false;
        hub.log.error({ err, conversation: idOf(conversation) }, "a conversation was not given back");
      });
    after = batch.at(-1)?._id;
    if (batch.length < mostAtOnce) break;
  }
  if (isAll)
    await StaffModel.updateOne({ workspaceId, _id: assigneeId, "left.at": left.at }, { $unset: { left: 1 } });
}

/**
 * Unless somebody has been given it meanwhile, or the person is back. The line first, once for each leaving or closing: a
 * repetition finds it, and the change comes after it.
 */
async function giveBack(
  { hub }: Pick<Inbox, "hub">,
  { workspaceId, _id }: ConversationRecord,
  { left, ...leaver }: StaffRecord,
): Promise<void> {
  const [conversation, isAway] = await Promise.all([
    ConversationModel.findOne({ workspaceId, _id, assigneeId: leaver._id }).lean(),
    StaffModel.exists({ workspaceId, _id: leaver._id, active: false }),
  ]);
  if (!conversation || !isAway) return;
  const since = (conversation.resolvedAt ?? left?.at ?? conversation.createdAt).getTime();
  const by = left && (await StaffModel.findOne({ workspaceId, _id: left.byId }).lean());
  await recordEvent(
    hub,
    conversation,
    { what: "unassigned", staffId: leaver._id, staffName: leaver.displayName },
    by ? { kind: "staff", id: by._id, name: by.displayName } : { kind: "system", name: "" },
    { dedupKey: `left ${idOf(leaver)} ${since} ${idOf(conversation)}` },
  );
  const changed = await ConversationModel.findOneAndUpdate(
    { workspaceId, _id, assigneeId: leaver._id },
    { $set: { assigneeId: null } },
    { returnDocument: "after" },
  ).lean();
  if (!changed) return;
  await ContactModel.updateOne(
    { workspaceId, _id: conversation.contactId, responsibleId: leaver._id },
    { $set: { responsibleId: null } },
  );
  hub.events.publish("conversation.changed", { conversation: changed });
}

/** Before a closed conversation is opened or put off again: whoever had it may have left since. */
export async function giveBackOfLeaver(
  inbox: Pick<Inbox, "hub">,
  conversation: ConversationRecord,
): Promise<ConversationRecord> {
  const { workspaceId, _id, assigneeId, state } = conversation;
  const leaver =
    state === "resolved" &&
    assigneeId &&
    (await StaffModel.findOne({ workspaceId, _id: assigneeId, active: false }).lean());
  if (!leaver) return conversation;
  await giveBack(inbox, conversation, leaver);
  return ConversationModel.findOne({ workspaceId, _id }).orFail().lean();
}
