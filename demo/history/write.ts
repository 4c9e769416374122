/**
 * Writes the weeks before today into the store in the hub's own shapes: what happened then cannot come through its doors
 * now, since they stamp everything with the present.
 */
import { ObjectId, type Db, type Document } from "mongodb";
import type { People } from "../people.ts";
import { pictureOf } from "../pictures.ts";
import { kindOf, type Customer, type Desk } from "../story.ts";
import { tokenize } from "../tokens.ts";
import { conversationOf } from "./conversations.ts";
import { messagesOf } from "./messages.ts";
import type { Played } from "./play.ts";
import type { Shelf } from "./shelf.ts";

export interface Scene {
  people: People;
  channelIds: Record<Desk, string>;
  shelf: Shelf;
}

const weekMs = 7 * 24 * 3_600_000;
/** A day before the first story. */
const openedWeeksAgo = 4;

export async function writeHistory(database: Db, scene: Scene, played: Played[]): Promise<void> {
  const documents = await Promise.all(played.map((one) => describe(scene, one)));
  for (const name of collections)
    await database.collection(name).insertMany(documents.flatMap((each) => each[name]));
  await scene.shelf.handOver(database);
  await backdate(database, scene);
}

const collections = ["contacts", "aliases", "threads", "conversations", "messages"] as const;

async function describe(
  { people, channelIds, shelf }: Scene,
  played: Played,
): Promise<Record<(typeof collections)[number], Document[]>> {
  const { story, phone } = played;
  const workspaceId = new ObjectId(people.nina.workspaceId);
  const channelId = new ObjectId(channelIds[story.desk]);
  const [contactId, conversationId] = [new ObjectId(), new ObjectId()];
  const { threadKey } = phone;
  const place = { workspaceId, channelId, conversationId, threadKey };
  const messages = await messagesOf({ place, contactId, people, shelf }, played);
  const createdAt = messages[0]?.createdAt ?? new Date();
  const avatarFileId = await avatarOf(shelf, story.customer);
  const contact = {
    _id: contactId,
    workspaceId,
    createdAt,
    lastActivityAt: messages.at(-1)?.createdAt ?? createdAt,
    channelIds: [channelId],
    responsibleId: messages.findLast(({ event }) => event?.what === "assigned")?.event?.staffId ?? null,
    mergedInto: null,
    ...contactOf(story.customer, avatarFileId),
  };
  const lastInboundAt = messages.findLast(({ type }) => type === "incoming")?.createdAt;
  const blockedAt = messages.find(({ event }) => event?.what === "blocked")?.createdAt;
  return {
    contacts: [contact],
    aliases: phone.aliases.map((alias) => ({
      workspaceId,
      contactId,
      channelKind: kindOf[story.desk],
      ...alias,
    })),
    threads: [
      {
        workspaceId,
        channelId,
        threadKey,
        contactId,
        conversationId,
        lastInboundAt,
        createdAt,
        ...(blockedAt ? { blockedAt } : {}),
      },
    ],
    conversations: [{ ...conversationOf(place, contact, played, messages), lastInboundAt }],
    messages,
  };
}

function contactOf(customer: Customer, avatarFileId: ObjectId | undefined) {
  const { name, username, phone, email, company, city, languages, timeZone, about } = customer;
  const known = Object.entries({ phone, email, company, city, languages, timeZone, about, avatarFileId });
  return {
    name,
    givenName: name,
    tags: [],
    avatarCheckedAt: new Date(),
    ...(phone ? { phoneKey: phone.replace(/\D/g, "") } : {}),
    ...(email ? { emailKey: email.toLowerCase() } : {}),
    tokens: tokenize(name, email, company, phone, phone?.replace(/\D/g, ""), username),
    ...Object.fromEntries(known.filter(([, value]) => value !== undefined)),
  };
}

async function avatarOf(shelf: Shelf, { picture }: Customer): Promise<ObjectId | undefined> {
  if (!picture) return undefined;
  const supply = { key: picture, mime: "image/jpeg", bytes: () => pictureOf(picture) };
  return new ObjectId((await shelf.get(supply)).id);
}

/** The studio did not open this minute. */
async function backdate(database: Db, { people }: Scene): Promise<void> {
  const workspaceId = new ObjectId(people.nina.workspaceId);
  const opened = new Date(Date.now() - openedWeeksAgo * weekMs - weekMs / 7);
  const createdAt = { $set: { createdAt: opened } };
  await database.collection("workspaces").updateOne({ _id: workspaceId }, createdAt);
  await database.collection("staff").updateMany({ workspaceId }, createdAt);
  await database.collection("channels").updateMany({ workspaceId }, createdAt);
  for (const channel of await database.collection("channels").find({ workspaceId }).toArray())
    await database
      .collection("channels")
      .updateOne({ _id: channel._id }, { $set: await lastTimes(database, channel._id) });
}

async function lastTimes(database: Db, channelId: ObjectId): Promise<Document> {
  const last = async (type: string): Promise<Date | undefined> => {
    const [message] = await database
      .collection("messages")
      .find({ channelId, type })
      .sort({ createdAt: -1 })
      .limit(1)
      .toArray();
    const at: unknown = message?.["createdAt"];
    return at instanceof Date ? at : undefined;
  };
  const [lastInboundAt, lastOutboundAt] = [await last("incoming"), await last("outgoing")];
  return { ...(lastInboundAt ? { lastInboundAt } : {}), ...(lastOutboundAt ? { lastOutboundAt } : {}) };
}
