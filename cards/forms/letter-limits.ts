/**
 * How many letters go to whom. Whoever fills a form in may type somebody else's address, and where anybody may register a
 * workspace the form is theirs too: without bounds the hub would carry letters of strangers to strangers.
 */
import { acrossWorkspaces, type ObjectId } from "../../core/db.ts";
import { ConnectorError } from "../../connectors/contract.ts";
import { ChannelModel, ContactModel, MessageModel, ThreadModel } from "../../inbox/index.ts";
import { LetterModel } from "../models/letters.ts";

const dayMs = 86_400_000;
const restMs = 7 * dayMs;
/** In a day: of one workspace, and to one address from all of them. */
const limits = {
  team: { workspace: 1000, recipient: 50 },
  anybody: { workspace: 50, recipient: 3 },
};

export interface Sending {
  workspaceId: ObjectId;
  /** Of the message: tried again it is counted once. */
  key: string;
  to: string;
  /** Kinds of channels that are mailboxes. */
  mailboxes: string[];
  /** Anybody may register a workspace here. */
  open: boolean;
}

/** Counts a letter that is about to go; throws `letters_limited` where it may not. */
export async function countLetter(sending: Sending): Promise<void> {
  const { workspaceId, key, to, open } = sending;
  const now = Date.now();
  await LetterModel.updateOne(
    { workspaceId, key },
    { $setOnInsert: { to, createdAt: new Date(now) } },
    { upsert: true },
  );
  const most = open ? limits.anybody : limits.team;
  const day = { createdAt: { $gt: new Date(now - dayMs) } };
  const [ofWorkspace, toRecipient, lately] = await Promise.all([
    LetterModel.countDocuments({ workspaceId, ...day }),
    acrossWorkspaces(LetterModel.countDocuments({ to, ...day })),
    open
      ? acrossWorkspaces(
          LetterModel.countDocuments({ to, workspaceId, createdAt: { $gt: new Date(now - restMs) } }),
        )
      : 1,
  ]);
  const tooMany = ofWorkspace > most.workspace || toRecipient > most.recipient;
  if (!tooMany && (lately <= 1 || (await hasWritten(sending)))) return;
  await forgetLetter(sending);
  throw new ConnectorError(
    "permanent",
    tooMany ? "letters_limited" : "letter_unanswered",
    "no more letters go to this address now",
  );
}

/** What certainly never left does not count. */
export async function forgetLetter({
  workspaceId,
  key,
}: Pick<Sending, "workspaceId" | "key">): Promise<void> {
  await LetterModel.deleteOne({ workspaceId, key });
}

/** By mail, to one of the workspace's own mailboxes: what is typed into a form proves nothing. */
async function hasWritten({ workspaceId, to, mailboxes }: Sending): Promise<boolean> {
  const [channels, contacts] = await Promise.all([
    ChannelModel.find({ workspaceId, kind: { $in: mailboxes } }, { _id: 1 })
      .limit(100)
      .lean(),
    ContactModel.find({ workspaceId, emailKey: to }, { _id: 1 }).limit(20).lean(),
  ]);
  const channelId = { $in: channels.map(({ _id }) => _id) };
  const threads = await ThreadModel.find({
    workspaceId,
    channelId,
    contactId: { $in: contacts.map(({ _id }) => _id) },
  })
    .limit(100)
    .lean();
  const conversationId = { $in: threads.flatMap((thread) => thread.conversationId ?? []) };
  return (await MessageModel.exists({ workspaceId, conversationId, channelId, type: "incoming" })) !== null;
}
