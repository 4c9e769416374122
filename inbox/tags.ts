/** The workspace's tags: made by using them, each with a colour of its own. */
import { createHash } from "node:crypto";
import type { ObjectId } from "../core/db.ts";
import type { Inbox } from "./inbox.ts";
import { TagModel } from "./models/index.ts";
import type { Tag } from "./schema.ts";

export async function listTags(workspaceId: ObjectId): Promise<Tag[]> {
  const tags = await TagModel.find({ workspaceId }).sort({ name: 1 }).limit(1000).lean();
  return tags.map(({ name, hue }) => ({ name, hue }));
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
